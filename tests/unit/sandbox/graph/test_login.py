"""Microsoft's login: three grants, consent, and refusals told by their numbers."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.unit.sandbox.graph.conftest import CALLBACK, DEFAULT_SCOPE, SECRET, START, Office, later, token_for

SCOPE = "openid profile email offline_access Mail.ReadWrite"
CLICKS = {"user": "anna@acme.test", "proof": "approve", "answer": "accept"}


def number(body: dict[str, Any]) -> int:
    assert body["error_description"].startswith(f"AADSTS{body['error_codes'][0]}: ")
    return int(body["error_codes"][0])


def post(office: Office, tenant: str = "", **form: str) -> httpx2.Response:
    return office.http.post(f"/{tenant or office.tenant.id}/oauth2/v2.0/token", data=form)


@pytest.mark.parametrize(
    ("form", "refusal", "status"),
    [
        ({"client_secret": "wrong"}, 7000215, 401),
        ({"client_secret": ""}, 7000218, 401),
        ({"client_id": "nobody"}, 700016, 400),
        ({"client_id": ""}, 900144, 400),
        ({"scope": "Mail.Read"}, 1002012, 400),
        ({"scope": ""}, 1002012, 400),
        ({"grant_type": "password"}, 70003, 400),
        ({"grant_type": ""}, 900144, 400),
        ({"grant_type": "authorization_code", "code": "made-up", "redirect_uri": CALLBACK}, 70000, 400),
        ({"grant_type": "refresh_token", "refresh_token": "made-up"}, 70000, 400),
    ],
)
def test_refusals_of_the_token_endpoint(office: Office, form: dict[str, str], refusal: int, status: int) -> None:
    asked = {
        "grant_type": "client_credentials", "client_id": "app", "client_secret": SECRET, "scope": DEFAULT_SCOPE,
    }  # fmt: skip
    answer = post(office, **{name: value for name, value in (asked | form).items() if value})
    assert (answer.status_code, number(answer.json())) == (status, refusal)


def test_unknown_tenant_and_missing_consent(office: Office) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": "app",
        "client_secret": SECRET,
        "scope": DEFAULT_SCOPE,
    }
    assert number(post(office, "nowhere.test", **form).json()) == 90002
    office.world.microsoft.withdraw_consent(office.app, office.tenant)
    assert number(post(office, **form).json()) == 7000229
    assert office.refused("GET", "messages") == (401, "InvalidAuthenticationToken")


def test_an_expired_secret(office: Office) -> None:
    office.app.secrets["old"] = START - timedelta(days=1)
    assert number(token_for(office, client_secret="old")) == 7000222


def test_tokens_live_between_an_hour_and_ninety_minutes(office: Office) -> None:
    lives = {token_for(office)["expires_in"] for _ in range(30)}
    assert len(lives) > 5
    assert all(3599 <= life <= 5399 for life in lives)
    assert office.call("GET", "messages").status_code == 200
    later(office, minutes=91)
    answer = office.call("GET", "messages")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def signed(office: Office, *, iss: str = "app", age: float = 0, other_key: bool = False) -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "crosstie")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(START).not_valid_after(START + timedelta(days=9))
    certificate = builder.sign(key, hashes.SHA256())
    office.app.certificates.append(certificate.public_bytes(serialization.Encoding.PEM).decode())
    print_ = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).digest()
    head = {"x5t#S256": base64.urlsafe_b64encode(print_).rstrip(b"=").decode()}
    now = START.timestamp() - age
    claims = {"iss": iss, "sub": "app", "nbf": now, "exp": now + 600, "jti": "1",
              "aud": f"http://localhost/{office.tenant.id}/oauth2/v2.0/token"}  # fmt: skip
    if other_key:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assertion = jwt.encode(claims, key, "PS256", headers=head)
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return {"client_assertion": assertion, "client_assertion_type": kind}


def test_a_certificate_stands_for_the_secret(office: Office) -> None:
    form = {"grant_type": "client_credentials", "client_id": "app", "scope": DEFAULT_SCOPE}
    assert "access_token" in post(office, **form, **signed(office)).json()
    assert number(post(office, **form, **signed(office, age=7200)).json()) == 700024
    assert number(post(office, **form, **signed(office, iss="other")).json()) == 700027
    assert number(post(office, **form, **signed(office, other_key=True)).json()) == 700027
    broken = signed(office) | {"client_assertion": "no.jwt.atall"}
    assert number(post(office, **form, **broken).json()) == 700027


def authorize(office: Office, clicks: Mapping[str, str] = CLICKS, /, **changes: str) -> httpx2.Response:
    """A person who presses what there is to press, all at once."""
    query = {
        "client_id": "app", "response_type": "code", "redirect_uri": CALLBACK, "scope": SCOPE, "state": "st",
        "code_challenge_method": "S256", "nonce": "n1",
        "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(b"v" * 50).digest()).rstrip(b"=").decode(),
    } | changes  # fmt: skip
    page = office.http.get("/organizations/oauth2/v2.0/authorize", params=query)
    if page.status_code != 200:
        return page
    return office.http.post("/organizations/oauth2/v2.0/authorize", data=query | dict(clicks))


def landed(answer: httpx2.Response) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def redeem(office: Office, code: str, /, **changes: str) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code", "client_id": "app", "client_secret": SECRET, "code": code,
        "redirect_uri": CALLBACK, "code_verifier": "v" * 50, "client_info": "1",
    }  # fmt: skip
    body: dict[str, Any] = post(office, "common", **form | changes).json()
    return body


def test_people_cannot_consent_to_mail_by_default(office: Office) -> None:
    page = authorize(office)
    assert (page.status_code, "Need admin approval" in page.text) == (200, True)
    leaving = CLICKS | {"answer": "leave"}
    refusal = landed(authorize(office, leaving))
    assert refusal["error"] == "access_denied"
    assert refusal["error_description"].startswith("AADSTS90094")
    office.world.switches.turn("microsoft.needed_admin_is_told", False)
    assert landed(authorize(office, leaving))["error_description"].startswith("AADSTS65004")
    office.world.switches.turn("microsoft.users_may_consent", True)
    assert "code" in landed(authorize(office))


def test_code_tokens_and_refresh(office: Office) -> None:
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.ReadWrite"])
    back = landed(authorize(office))
    assert back["state"] == "st"
    tokens = redeem(office, back["code"])
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert (claims["nonce"], claims["preferred_username"]) == ("n1", "anna@acme.test")
    assert number(redeem(office, back["code"])) == 54005
    mine = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert office.call("GET", "/v1.0/me/messages", headers=mine).status_code == 200
    assert office.refused("GET", "/v1.0/users/ben@acme.test/messages", headers=mine) == (403, "ErrorAccessDenied")
    assert office.refused("GET", "/v1.0/me/mailboxSettings", headers=mine) == (403, "ErrorAccessDenied")
    refreshed = redeem(office, "", grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert refreshed["refresh_token"] != tokens["refresh_token"]
    again = redeem(office, "", grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert "access_token" in again, "the old refresh token stays good"


def test_default_scope_means_all_that_was_consented_to(office: Office) -> None:
    asked = "openid https://graph.microsoft.com/.default"
    assert "Need admin approval" in authorize(office, scope=asked).text
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.Read", "User.Read"])
    tokens = redeem(office, landed(authorize(office, scope=asked))["code"])
    mine = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert office.call("GET", "/v1.0/me/messages", headers=mine).status_code == 200
    assert office.call("GET", "/v1.0/me", headers=mine).json()["mail"] == "anna@acme.test"
    assert office.refused("POST", "/v1.0/me/messages", {}, headers=mine) == (403, "ErrorAccessDenied")


def test_the_id_token_verifies_by_the_published_key(office: Office) -> None:
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.ReadWrite"])
    tokens = redeem(office, landed(authorize(office))["code"])
    metadata = office.http.get("/acme.test/v2.0/.well-known/openid-configuration").json()
    published = jwt.PyJWKSet.from_dict(office.http.get(metadata["jwks_uri"]).json())
    claims = jwt.decode(
        tokens["id_token"],
        published[jwt.get_unverified_header(tokens["id_token"])["kid"]],
        algorithms=["RS256"],
        audience="app",
        issuer=metadata["issuer"],
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    assert claims["tid"] == office.tenant.id


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"code_verifier": "other"}, 501481),
        ({"redirect_uri": "https://else.test/"}, 50011),
        ({"code": ""}, 900144),
    ],
)
def test_refusals_of_a_code(office: Office, changes: dict[str, str], refusal: int) -> None:
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.ReadWrite"])
    code = landed(authorize(office))["code"]
    assert number(redeem(office, code, **changes)) == refusal


def test_codes_and_grants_end(office: Office) -> None:
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.ReadWrite"])
    code = landed(authorize(office))["code"]
    tokens = redeem(office, landed(authorize(office))["code"])
    later(office, minutes=11)
    assert number(redeem(office, code)) == 70008
    held = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    office.world.microsoft.revoke_user(str(office.anna.guid))
    assert number(redeem(office, "", **held)) == 50173
    office.world.microsoft.valid_from.clear()
    office.world.microsoft.withdraw_consent(office.app, office.tenant)
    assert number(redeem(office, "", **held)) == 65001
    later(office, days=91)
    assert number(redeem(office, "", **held)) == 700082


@pytest.mark.parametrize(
    ("changes", "status"), [({"client_id": "nobody"}, 400), ({"redirect_uri": "https://else.test/"}, 400)]
)
def test_a_wrong_app_or_address_stays_on_the_page(office: Office, changes: dict[str, str], status: int) -> None:
    answer = authorize(office, **changes)
    assert answer.status_code == status
    assert "AADSTS" in answer.text


def test_admin_consent(office: Office) -> None:
    office.world.microsoft.withdraw_consent(office.app, office.tenant)
    query = {"client_id": "app", "redirect_uri": CALLBACK, "state": "s"}
    path = f"/{office.tenant.id}/adminconsent"
    assert "Ben" in office.http.get(path, params=query).text
    assert "Mail.ReadWrite" in office.http.post(path, data=query | {"user": "ben@acme.test"}).text
    ben = query | {"user": "ben@acme.test"}
    for told, error in ((False, "access_denied"), (True, "permission_denied")):
        office.world.switches.turn("microsoft.admin_refusal_is_permission_denied", told)
        declined = landed(office.http.post(path, data=ben | {"answer": "decline"}))
        assert (declined["error"], declined["state"]) == (error, "s")
    assert "Need admin approval" in office.http.post(path, data=query | CLICKS).text, "Anna is none"
    accepted = landed(office.http.post(path, data=ben | {"answer": "accept"}))
    assert (accepted["admin_consent"], accepted["tenant"]) == ("True", office.tenant.id)
    assert "access_token" in token_for(office)


def test_login_without_a_click_only_where_it_is_allowed(office: Office) -> None:
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.ReadWrite"])
    query = {"client_id": "app", "response_type": "code", "redirect_uri": CALLBACK, "scope": "openid",
             "auto": "anna@acme.test"}  # fmt: skip
    assert office.http.get("/acme.test/oauth2/v2.0/authorize", params=query).status_code == 200
    office.world.auto_login = True
    assert "code" in landed(office.http.get("/acme.test/oauth2/v2.0/authorize", params=query))


@pytest.mark.parametrize(
    ("uri", "status"),
    [
        ("http://localhost:50123", 200),
        ("http://localhost:50123/", 200),
        ("http://localhost:50123/other", 400),
        ("https://localhost:50123", 400),
        ("http://localhost.evil.test:80", 400),
        ("http://127.0.0.1:50123", 400),
    ],
)
def test_programs_on_a_persons_own_machine_choose_their_port(office: Office, uri: str, status: int) -> None:
    office.app.redirect_uris = ("http://localhost",)
    query = {"client_id": "app", "response_type": "code", "redirect_uri": uri, "scope": "openid"}
    assert office.http.get("/acme.test/oauth2/v2.0/authorize", params=query).status_code == status


def test_msal_asks_for_the_cloud_first(office: Office) -> None:
    found = office.http.get("/common/discovery/instance", params={"api-version": "1.1"}).json()
    assert found["metadata"][0]["aliases"] == ["localhost"]
