"""The JWT bearer flow: what an assertion must say, and who may be meant."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from sandbox.salesforce.oauth.grants import JWT_BEARER
from tests.unit.sandbox.salesforce_rest.conftest import Org

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate() -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "crosstie.test")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .sign(KEY, hashes.SHA256())
    )
    return built.public_bytes(Encoding.PEM).decode()


def public_key() -> str:
    return KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def claims(org: Org, **changed: Any) -> dict[str, Any]:
    usual = {
        "iss": "crosstie",
        "sub": "integration@acme.test",
        "aud": "https://login.salesforce.com",
        "exp": int(org.clock.now().timestamp()) + 180,
    }
    return {name: value for name, value in (usual | changed).items() if value is not None}


def ask(org: Org, assertion: str) -> httpx2.Response:
    return org.http.post("/services/oauth2/token", data={"grant_type": JWT_BEARER, "assertion": assertion})


@pytest.mark.parametrize("pem", [certificate, public_key])
def test_an_assertion_opens_a_session(signed_out: Org, pem: Callable[[], str]) -> None:
    signed_out.site.apps["crosstie"].certificate = pem()
    answer = ask(signed_out, jwt.encode(claims(signed_out), KEY, algorithm="RS256"))
    assert answer.status_code == 200, answer.text
    assert answer.json()["id"].endswith(signed_out.integration)
    assert "refresh_token" not in answer.json()
    signed_out.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    assert signed_out.call("GET", "/limits").status_code == 200


@pytest.mark.parametrize(
    "audience",
    [
        "https://test.salesforce.com",
        "https://acme.my.salesforce.com",
        "http://localhost:8401",
        "http://localhost:8401/",
    ],
)
def test_audiences(signed_out: Org, audience: str) -> None:
    signed_out.site.apps["crosstie"].certificate = public_key()
    assertion = jwt.encode(claims(signed_out, aud=audience), KEY, algorithm="RS256")
    assert ask(signed_out, assertion).status_code == 200


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"iss": "nobody"}, ("invalid_client_id", "client identifier invalid")),
        ({"iss": None}, ("invalid_client_id", "client identifier invalid")),
        ({"aud": "https://elsewhere.test"}, ("invalid_grant", "audience is invalid")),
        ({"aud": None}, ("invalid_grant", "audience is invalid")),
        ({"sub": "nobody@acme.test"}, ("invalid_grant", "user hasn't approved this consumer")),
        ({"sub": "ada@acme.test"}, ("invalid_grant", "user hasn't approved this consumer")),
        ({"exp": None}, ("invalid_grant", "invalid assertion")),
        ({"exp": "soon"}, ("invalid_grant", "invalid assertion")),
    ],
)
def test_what_an_assertion_says_is_checked(
    signed_out: Org, changed: dict[str, Any], refused: tuple[str, str]
) -> None:
    signed_out.site.apps["crosstie"].certificate = public_key()
    answer = ask(signed_out, jwt.encode(claims(signed_out, **changed), KEY, algorithm="RS256"))
    assert answer.status_code == 400
    assert (answer.json()["error"], answer.json()["error_description"]) == refused


@pytest.mark.parametrize(
    ("ahead", "description"),
    [(0, "expired authorization code"), (-60, "expired authorization code"), (182, "invalid assertion")],
)
def test_expiry_lies_within_three_minutes(signed_out: Org, ahead: int, description: str) -> None:
    signed_out.site.apps["crosstie"].certificate = public_key()
    exp = int((signed_out.clock.now() + timedelta(seconds=ahead)).timestamp())
    answer = ask(signed_out, jwt.encode(claims(signed_out, exp=exp), KEY, algorithm="RS256"))
    assert answer.json()["error_description"] == description


@pytest.mark.parametrize("spoil", ["key", "algorithm", "text", "certificate"])
def test_the_signature_is_checked(signed_out: Org, spoil: str) -> None:
    app = signed_out.site.apps["crosstie"]
    app.certificate = "" if spoil == "certificate" else public_key()
    if spoil == "key":
        assertion = jwt.encode(claims(signed_out), OTHER_KEY, algorithm="RS256")
    elif spoil == "algorithm":
        assertion = jwt.encode(claims(signed_out), "a shared secret of at least 32 bytes", algorithm="HS256")
    elif spoil == "text":
        assertion = "no.assertion.atall"
    else:
        assertion = jwt.encode(claims(signed_out), KEY, algorithm="RS256")
    assert ask(signed_out, assertion).json() == {
        "error": "invalid_grant",
        "error_description": "invalid assertion",
    }


def test_a_person_who_consented_may_be_meant(signed_out: Org) -> None:
    app = signed_out.site.apps["crosstie"]
    app.certificate = public_key()
    app.consented.add(signed_out.colleague)
    assertion = jwt.encode(claims(signed_out, sub="Ada@Acme.test"), KEY, algorithm="RS256")
    assert ask(signed_out, assertion).json()["id"].endswith(signed_out.colleague)


def test_everybody_may_be_meant(signed_out: Org) -> None:
    app = signed_out.site.apps["crosstie"]
    app.certificate = public_key()
    app.preauthorised = "everybody"
    assertion = jwt.encode(claims(signed_out, sub="ada@acme.test"), KEY, algorithm="RS256")
    assert ask(signed_out, assertion).status_code == 200
