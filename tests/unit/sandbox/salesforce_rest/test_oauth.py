"""The flows that need no assertion: web server with PKCE, refresh, client credentials; and what follows."""

import base64
import hashlib
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from sandbox.salesforce.logins import Login
from tests.unit.sandbox.salesforce_rest.conftest import BASE, CALLBACK, SECRET, Org

VERIFIER = "a" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "client_id": "crosstie",
    "redirect_uri": CALLBACK,
    "scope": "api refresh_token",
    "state": "x y&z",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def authorize(org: Org, choice: dict[str, str], **asked: str) -> httpx2.Response:
    return org.http.post("/services/oauth2/authorize", params=ASKED | asked, data=choice)


def sent_back(answer: httpx2.Response) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(CALLBACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def choice_of(org: Org, user: str) -> dict[str, str]:
    """A person who says who they are and yes, at once."""
    return {"user": f"{org.site.org.id}/{user}", "allow": "1"}


def code_for(org: Org, user: str, **asked: str) -> str:
    return sent_back(authorize(org, choice_of(org, user), **asked))["code"]


def token(org: Org, **form: str) -> httpx2.Response:
    return org.http.post("/services/oauth2/token", data={"client_id": "crosstie", "client_secret": SECRET} | form)


def redeem(org: Org, code: str, **form: str) -> httpx2.Response:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return token(org, **fields | form)


def refusal(answer: httpx2.Response) -> tuple[str, str]:
    assert answer.status_code == 400, answer.text
    body = answer.json()
    return body["error"], body["error_description"]


def works(org: Org, access_token: str) -> bool:
    answer = org.http.get(f"{BASE}/limits", headers={"Authorization": f"Bearer {access_token}"})
    if answer.status_code == 401:
        expected = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
        assert answer.json() == expected
        return False
    return answer.status_code == 200


def test_web_server_flow(signed_out: Org) -> None:
    page = signed_out.http.get("/services/oauth2/authorize", params=ASKED)
    assert page.status_code == 200
    values = re.findall(r'name="user" value="([^"]+)"', page.text)
    assert choice_of(signed_out, signed_out.colleague)["user"] in values

    mine = {"user": next(value for value in values if signed_out.colleague in value)}
    assert "Allow access?" in authorize(signed_out, mine).text
    back = sent_back(authorize(signed_out, mine | {"allow": "1"}))
    assert back["state"] == "x y&z"
    answer = redeem(signed_out, back["code"])
    assert answer.status_code == 200
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert "expires_in" not in body
    assert body["token_type"] == "Bearer"
    assert body["scope"] == "api refresh_token"
    assert body["instance_url"] == "http://localhost:8401"
    assert body["id"] == f"http://localhost:8401/id/{signed_out.site.org.id}/{signed_out.colleague}"
    assert body["issued_at"] == str(int(signed_out.clock.now().timestamp() * 1000))
    assert works(signed_out, body["access_token"])
    assert refusal(redeem(signed_out, back["code"]))[0] == "invalid_grant"


def test_a_flow_without_offline_scope_gets_no_refresh_token(signed_out: Org) -> None:
    body = redeem(signed_out, code_for(signed_out, signed_out.colleague, scope="api")).json()
    assert "refresh_token" not in body


@pytest.mark.parametrize(
    ("form", "refused"),
    [
        ({"code_verifier": "b" * 43}, ("invalid_grant", "invalid code verifier")),
        ({"code_verifier": ""}, ("invalid_grant", "invalid code verifier")),
        ({"redirect_uri": CALLBACK + "/x"}, ("invalid_grant", "redirect_uri must match configuration")),
        ({"code": "aPrxUnknown"}, ("invalid_grant", "expired authorization code")),
        ({"client_secret": "wrong"}, ("invalid_client", "invalid client credentials")),
        ({"client_secret": ""}, ("invalid_client", "invalid client credentials")),
        ({"client_id": "nobody"}, ("invalid_client_id", "client identifier invalid")),
        ({"grant_type": "device"}, ("unsupported_grant_type", "grant type not supported")),
    ],
)
def test_a_code_is_refused(signed_out: Org, form: dict[str, str], refused: tuple[str, str]) -> None:
    good = {"code": code_for(signed_out, signed_out.colleague)}
    assert refusal(redeem(signed_out, **good | form)) == refused


def test_an_old_code_is_refused(signed_out: Org) -> None:
    code = code_for(signed_out, signed_out.colleague)
    signed_out.wait(minutes=15)
    assert refusal(redeem(signed_out, code)) == ("invalid_grant", "expired authorization code")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "api full"}, "invalid_scope"),
    ],
)
def test_what_is_told_to_the_redirect_address(signed_out: Org, asked: dict[str, str], error: str) -> None:
    back = sent_back(signed_out.http.get("/services/oauth2/authorize", params=ASKED | asked))
    assert (back["error"], back["state"]) == (error, "x y&z")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"client_id": "nobody"}, "invalid_client_id"),
        ({"redirect_uri": "https://elsewhere.test/"}, "redirect_uri_mismatch"),
    ],
)
def test_what_is_told_to_the_person_only(signed_out: Org, asked: dict[str, str], error: str) -> None:
    answer = signed_out.http.get("/services/oauth2/authorize", params=ASKED | asked)
    assert answer.status_code == 400
    assert f"error={error}" in answer.text


def test_a_person_may_deny(signed_out: Org) -> None:
    assert sent_back(authorize(signed_out, {"deny": "1"}))["error"] == "access_denied"


def test_auto_login_only_where_it_is_allowed(signed_out: Org) -> None:
    asked = ASKED | {"auto": "ADA@acme.test"}
    assert signed_out.http.get("/services/oauth2/authorize", params=asked).status_code == 200
    signed_out.world.auto_login = True
    assert "code" in sent_back(signed_out.http.get("/services/oauth2/authorize", params=asked))
    unknown = ASKED | {"auto": "nobody@acme.test"}
    assert signed_out.http.get("/services/oauth2/authorize", params=unknown).status_code == 200


def test_refresh(signed_out: Org) -> None:
    first = redeem(signed_out, code_for(signed_out, signed_out.colleague)).json()
    signed_out.wait(hours=2)
    assert not works(signed_out, first["access_token"])
    second = token(signed_out, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert "refresh_token" not in second
    assert works(signed_out, second["access_token"])
    wrong = token(signed_out, grant_type="refresh_token", refresh_token="5Aep861unknown")
    assert refusal(wrong) == ("invalid_grant", "expired access/refresh token")


def test_rotation_ends_the_old_refresh_token(signed_out: Org) -> None:
    signed_out.site.apps["crosstie"].rotate_refresh_tokens = True
    first = redeem(signed_out, code_for(signed_out, signed_out.colleague)).json()["refresh_token"]
    second = token(signed_out, grant_type="refresh_token", refresh_token=first).json()["refresh_token"]
    assert first != second
    assert refusal(token(signed_out, grant_type="refresh_token", refresh_token=first))[0] == "invalid_grant"
    assert token(signed_out, grant_type="refresh_token", refresh_token=second).status_code == 200


def test_client_credentials_with_http_basic(signed_out: Org) -> None:
    answer = signed_out.http.post(
        "/services/oauth2/token", data={"grant_type": "client_credentials"}, auth=("crosstie", SECRET)
    )
    assert answer.status_code == 200
    assert answer.json()["id"].endswith(signed_out.integration)
    assert "refresh_token" not in answer.json()
    assert works(signed_out, answer.json()["access_token"])


def test_client_credentials_need_a_user_and_the_flow(signed_out: Org) -> None:
    app = signed_out.site.apps["crosstie"]
    app.run_as = None
    asked = token(signed_out, grant_type="client_credentials")
    assert refusal(asked) == ("invalid_grant", "no client credentials user enabled")
    app.flows = frozenset(("web_server",))
    assert refusal(token(signed_out, grant_type="client_credentials"))[0] == "invalid_grant"


def test_revoke(signed_out: Org) -> None:
    body = redeem(signed_out, code_for(signed_out, signed_out.colleague)).json()
    assert (
        signed_out.http.post("/services/oauth2/revoke", data={"token": body["refresh_token"]}).status_code == 200
    )
    assert not works(signed_out, body["access_token"])
    assert refusal(token(signed_out, grant_type="refresh_token", refresh_token=body["refresh_token"]))[0]
    assert refusal(signed_out.http.post("/services/oauth2/revoke", data={"token": "x"}))[0] == "invalid_token"


def test_who_am_i(org: Org) -> None:
    info = org.http.get("/services/oauth2/userinfo").json()
    identity = org.http.get(f"/id/{org.site.org.id}/{org.integration}").json()
    assert info["user_id"] == identity["user_id"] == org.integration
    assert info["organization_id"] == identity["organization_id"] == org.site.org.id
    assert info["preferred_username"] == identity["username"] == "integration@acme.test"
    assert info["email"] == "integration@acme.test"
    assert identity["display_name"] == "Crosstie Integration"
    assert identity["timezone"] == info["zoneinfo"] == "Europe/Berlin"
    assert identity["utcOffset"] == info["utcOffset"] == 3_600_000
    assert info["urls"]["partner"].endswith(f"/services/Soap/u/{{version}}/{org.site.org.id[:15]}")
    assert identity["urls"]["rest"] == "http://localhost:8401/services/data/v{version}/"


@pytest.mark.parametrize(
    ("path", "headers", "text"),
    [
        ("/services/oauth2/userinfo", {"Authorization": ""}, "Missing_OAuth_Token"),
        ("/services/oauth2/userinfo", {"Authorization": "Bearer 00D!x"}, "Bad_OAuth_Token"),
        ("/id/00D000000000000AAA/{user}", {}, "Wrong_Org"),
        ("/id/{org}/005000000000000AAA", {}, "Bad_Id"),
    ],
)
def test_identity_is_refused(org: Org, path: str, headers: dict[str, str], text: str) -> None:
    address = path.format(org=org.site.org.id, user=org.integration)
    answer = org.http.get(address, headers=headers)
    assert (answer.status_code, answer.text) == (403, text)


def test_inactive_people_cannot_sign_in_and_are_thrown_out(org: Org) -> None:
    org.site.org.update(org.site.org.admin, "User", org.integration, {"IsActive": False})
    assert org.call("GET", "/limits").status_code == 401
    assert refusal(token(org, grant_type="client_credentials")) == ("inactive_user", "user is inactive")


def test_a_session_without_the_api_scope(signed_out: Org) -> None:
    signed_out.site.apps["crosstie"].scopes = frozenset(("id",))
    signed_out.sign_in()
    answer = signed_out.call("GET", "/limits")
    assert answer.status_code == 403
    assert answer.json()[0]["errorCode"] == "INVALID_SESSION_ID"


def test_sessions_may_slide(org: Org) -> None:
    org.world.switches.turn("salesforce.session_slides", True)
    for _ in range(3):
        org.wait(minutes=90)
        assert org.call("GET", "/limits").status_code == 200
    org.wait(hours=2)
    assert org.call("GET", "/limits").status_code == 401


def test_sessions_end_on_demand(org: Org) -> None:
    assert org.site.tokens.end_sessions() == 1
    assert org.call("GET", "/limits").status_code == 401
    org.sign_in()
    assert org.call("GET", "/limits").status_code == 200


def test_tokens_of_several_orgs_do_not_mix(signed_out: Org) -> None:
    from sandbox.salesforce.site import open_org

    second = open_org(signed_out.world, name="Globex", my_domain="globex")
    user = second.org.add_user("grace@globex.test", "Grace", "Hopper")
    second.register(replace(signed_out.site.apps["crosstie"], run_as=user, consented=set()))

    page = signed_out.http.get("/services/oauth2/authorize", params=ASKED).text
    assert "ada@acme.test" in page
    assert "grace@globex.test" in page
    only = signed_out.http.get("https://globex.my.salesforce.com/services/oauth2/authorize", params=ASKED).text
    assert "ada@acme.test" not in only

    code = sent_back(authorize(signed_out, {"user": f"{second.org.id}/{user}", "allow": "1"}))["code"]
    body: dict[str, Any] = redeem(signed_out, code).json()
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    people = signed_out.http.get(
        f"{BASE}/query", params={"q": "SELECT Username FROM User"}, headers=headers
    ).json()
    assert "ada@acme.test" not in {row["Username"] for row in people["records"]}
    assert signed_out.world.requests.entries[-1].subject == second.org.id


def test_on_the_vendors_own_hosts(signed_out: Org) -> None:
    answer = signed_out.http.post(
        "https://acme.my.salesforce.com/services/oauth2/token",
        data={"grant_type": "client_credentials", "client_id": "crosstie", "client_secret": SECRET},
    ).json()
    assert answer["instance_url"] == "https://acme.my.salesforce.com"
    assert answer["id"].startswith("https://login.salesforce.com/id/00D")


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({}, ""),
        ({"password": "word"}, "authentication failure"),
        ({"username": "nobody@acme.test"}, "authentication failure"),
        ({"username": "integration@acme.test"}, "authentication failure"),
        ({"client_secret": "wrong"}, "invalid client credentials"),
    ],
)
def test_user_name_and_password(signed_out: Org, given: dict[str, str], refused: str) -> None:
    app = signed_out.site.apps["crosstie"]
    app.flows = app.flows | {"username_password"}
    signed_out.site.logins[signed_out.colleague] = Login("word", "token")
    form = {"grant_type": "password", "client_id": "crosstie", "client_secret": SECRET}
    answer = signed_out.http.post(
        "/services/oauth2/token", data=form | {"username": "ada@acme.test", "password": "wordtoken"} | given
    )
    assert answer.json().get("error_description", "") == refused
    assert answer.status_code == (400 if refused else 200)


def test_user_name_and_password_are_blocked_at_first(signed_out: Org) -> None:
    form = {"grant_type": "password", "client_id": "crosstie", "client_secret": SECRET}
    answer = signed_out.http.post("/services/oauth2/token", data=form)
    assert answer.json()["error"] == "invalid_grant"
