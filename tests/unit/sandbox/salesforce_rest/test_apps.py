"""What administrators say of connected apps and of people's sign-in, and who hears what of it."""

from typing import Any

import httpx2
import jwt
import pytest

from sandbox.salesforce.logins import Login
from sandbox.salesforce.oauth.grants import JWT_BEARER
from tests.unit.sandbox.salesforce_rest.conftest import CALLBACK, SECRET, Org
from tests.unit.sandbox.salesforce_rest.test_jwt import KEY, claims, public_key
from tests.unit.sandbox.salesforce_rest.test_oauth import (
    ASKED,
    authorize,
    choice_of,
    code_for,
    redeem,
    refusal,
    sent_back,
    token,
    works,
)


def steer(org: Org, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = org.http.post(f"/sandbox/salesforce/orgs/{org.site.org.id}/{path}", json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def by_jwt(org: Org, who: str = "ada@acme.test") -> httpx2.Response:
    org.site.apps["crosstie"].certificate = public_key()
    assertion = jwt.encode(claims(org, sub=who), KEY, algorithm="RS256")
    return org.http.post("/services/oauth2/token", data={"grant_type": JWT_BEARER, "assertion": assertion})


def granted(org: Org) -> dict[str, Any]:
    """What Ada's sign-in gave the app."""
    body: dict[str, Any] = redeem(org, code_for(org, org.colleague)).json()
    return body


def refreshed(org: Org, tokens: dict[str, Any]) -> httpx2.Response:
    return token(org, grant_type="refresh_token", refresh_token=tokens["refresh_token"])


OVER = ("invalid_grant", "expired access/refresh token")


def test_a_blocked_app(signed_out: Org) -> None:
    tokens, code = granted(signed_out), code_for(signed_out, signed_out.colleague)
    assert steer(signed_out, "apps/crosstie", blocked=True)["blocked"] is True
    blocked = ("OAUTH_APP_BLOCKED", "this app is blocked by admin")
    back = sent_back(authorize(signed_out, choice_of(signed_out, signed_out.colleague)))
    assert (back["error"], back["error_description"], back["state"]) == (*blocked, "x y&z")
    assert not works(signed_out, tokens["access_token"])
    assert refusal(refreshed(signed_out, tokens)) == OVER
    assert refusal(redeem(signed_out, code)) == refusal(by_jwt(signed_out)) == blocked
    assert refusal(token(signed_out, grant_type="client_credentials")) == blocked
    steer(signed_out, "apps/crosstie", blocked=False)
    assert "access_token" in granted(signed_out)


@pytest.mark.parametrize("on", [True, False])
def test_only_whom_an_administrator_let_in(signed_out: Org, on: bool) -> None:
    signed_out.world.switches.turn("salesforce.unapproved_is_invalid_app_access", on)
    tokens, denied = granted(signed_out), "user is not admin approved to access this app"
    steer(signed_out, "apps/crosstie", permitted="approved", approved=["integration@acme.test"])
    back = sent_back(authorize(signed_out, choice_of(signed_out, signed_out.colleague)))
    assert (back["error"], back["error_description"]) == ("OAUTH_APP_ACCESS_DENIED", denied)
    told = ("invalid_app_access", denied) if on else ("invalid_grant", "user hasn't approved this consumer")
    assert refusal(refreshed(signed_out, tokens)) == refusal(by_jwt(signed_out)) == told
    assert by_jwt(signed_out, "integration@acme.test").status_code == 200
    steer(signed_out, "apps/crosstie", approved=["ada@acme.test"])
    only_who = {"user": choice_of(signed_out, signed_out.colleague)["user"]}
    assert "code" in sent_back(authorize(signed_out, only_who)), "nobody asks whom an administrator let in"


def test_a_user_who_never_approved(signed_out: Org) -> None:
    assert refusal(by_jwt(signed_out)) == ("invalid_grant", "user hasn't approved this consumer")
    granted(signed_out)
    assert by_jwt(signed_out).status_code == 200
    assert steer(signed_out, "apps/crosstie/revoke", user="ada@acme.test")["ended"] > 0
    assert refusal(by_jwt(signed_out)) == ("invalid_grant", "user hasn't approved this consumer")


def test_an_app_that_is_not_installed(signed_out: Org) -> None:
    steer(signed_out, "apps/crosstie", installed=False)
    told = ("invalid_client", "app must be installed into org")
    back = sent_back(authorize(signed_out, choice_of(signed_out, signed_out.colleague)))
    assert (back["error"], back["error_description"]) == told
    assert refusal(by_jwt(signed_out)) == told


def test_a_client_from_a_foreign_network(signed_out: Org) -> None:
    tokens = granted(signed_out)
    steer(signed_out, "logins", user="ada@acme.test", foreign_network=True)
    restricted = ("invalid_grant", "ip restricted")
    assert refusal(refreshed(signed_out, tokens)) == refusal(by_jwt(signed_out)) == restricted
    back = sent_back(authorize(signed_out, choice_of(signed_out, signed_out.colleague)))
    assert back["error"] == "OAUTH_APPROVAL_ERROR_GENERIC"
    steer(signed_out, "apps/crosstie", relax_ip=True)
    assert refreshed(signed_out, tokens).status_code == 200


@pytest.mark.parametrize("on", [True, False])
def test_a_new_password(signed_out: Org, on: bool) -> None:
    signed_out.world.switches.turn("salesforce.new_password_ends_refresh_tokens", on)
    tokens = granted(signed_out)
    steer(signed_out, "logins", user="ada@acme.test", password="new one")
    assert not works(signed_out, tokens["access_token"])
    answer = refreshed(signed_out, tokens)
    assert (refusal(answer) == OVER) if on else answer.status_code == 200


@pytest.mark.parametrize("on", [True, False])
def test_a_refresh_token_that_was_replaced(signed_out: Org, on: bool) -> None:
    signed_out.world.switches.turn("salesforce.reused_refresh_token_ends_all", on)
    steer(signed_out, "apps/crosstie", rotate_refresh_tokens=True)
    first = granted(signed_out)
    second = refreshed(signed_out, first).json()
    third = refreshed(signed_out, second).json()
    assert works(signed_out, first["access_token"])
    assert refusal(refreshed(signed_out, first)) == OVER
    for tokens in (first, second, third):
        assert works(signed_out, tokens["access_token"]) is not on
    assert (refreshed(signed_out, third).status_code == 200) is not on


@pytest.mark.parametrize(
    ("policy", "uses", "good"),
    [
        ({"refresh_life": 0}, 0, False),
        ({"refresh_life": 7200, "refresh_counts_from": "issue"}, 2, False),
        ({"refresh_life": 7200, "refresh_counts_from": "use"}, 2, True),
        ({"refresh_life": 7200, "refresh_counts_from": "use"}, 0, False),
        ({"refresh_life": None}, 0, True),
    ],
)
def test_how_long_refresh_tokens_are_good(signed_out: Org, policy: dict[str, Any], uses: int, good: bool) -> None:
    steer(signed_out, "apps/crosstie", **policy)
    tokens = granted(signed_out)
    for _ in range(uses):
        signed_out.wait(hours=1)
        refreshed(signed_out, tokens)
    signed_out.wait(hours=1 if uses else 2)
    assert (refreshed(signed_out, tokens).status_code == 200) is good


def test_more_is_asked_for_than_was_granted(signed_out: Org) -> None:
    only_who = {"user": choice_of(signed_out, signed_out.colleague)["user"]}
    assert "code" in sent_back(authorize(signed_out, only_who | {"allow": "1"}, scope="api"))
    assert "code" in sent_back(authorize(signed_out, only_who, scope="api"))
    assert "Allow access?" in authorize(signed_out, only_who, scope="api refresh_token").text
    assert "Allow access?" in authorize(signed_out, only_who, scope="api", prompt="login consent").text
    refused = sent_back(authorize(signed_out, only_who | {"deny": "1"}, scope="api refresh_token"))
    assert (refused["error"], refused["error_description"]) == ("access_denied", "end-user denied authorization")
    assert (
        "refresh_token" not in redeem(signed_out, code_for(signed_out, signed_out.colleague, scope="api")).json()
    )


@pytest.mark.parametrize(
    ("asked", "error"),
    [({"prompt": "none"}, "login_required"), ({"immediate": "true"}, "immediate_unsuccessful")],
)
def test_nobody_may_be_asked(signed_out: Org, asked: dict[str, str], error: str) -> None:
    assert sent_back(signed_out.http.get("/services/oauth2/authorize", params=ASKED | asked))["error"] == error


def test_name_and_password_on_the_page(signed_out: Org) -> None:
    signed_out.site.logins[signed_out.colleague] = Login("word", "token")
    typed = {"username": "Ada@acme.test", "pw": "word"}
    assert "Allow access?" in authorize(signed_out, typed).text
    for wrong in ({"pw": "other"}, {"username": "nobody@acme.test"}):
        page = authorize(signed_out, typed | wrong).text
        assert 'role="alert"' in page
        assert "check your username and password" in page
    signed_out.site.logins[signed_out.colleague].foreign_network = True
    assert sent_back(authorize(signed_out, typed))["error"] == "OAUTH_APPROVAL_ERROR_GENERIC"


def test_hosts(signed_out: Org) -> None:
    """Client credentials want the org's own name; a name that nobody has is nobody's."""
    form = {"grant_type": "client_credentials", "client_id": "crosstie", "client_secret": SECRET}
    common = signed_out.http.post("https://login.salesforce.com/services/oauth2/token", data=form)
    assert refusal(common) == ("invalid_grant", "request not supported on this domain")
    assert (
        signed_out.http.post("https://acme.my.salesforce.com/services/oauth2/token", data=form).status_code == 200
    )
    unknown = signed_out.http.post("https://other.my.salesforce.com/services/oauth2/token", data=form)
    assert refusal(unknown) == ("invalid_client_id", "client identifier invalid")
    steer(signed_out, "domain", own_domain_only=True)
    page = signed_out.http.get("https://login.salesforce.com/services/oauth2/authorize", params=ASKED)
    assert page.status_code == 400
    own = signed_out.http.get("https://acme.my.salesforce.com/services/oauth2/authorize", params=ASKED)
    assert own.status_code == 200


def test_the_apps_are_listed(signed_out: Org) -> None:
    steer(signed_out, "apps/crosstie", callbacks=[CALLBACK], scopes=["api"], approved="everybody", refresh_life=60)
    base = f"/sandbox/salesforce/orgs/{signed_out.site.org.id}/apps"
    [shown] = signed_out.http.get(base).json()["apps"]
    assert (shown["client_id"], shown["approved"], shown["refresh_life"]) == ("crosstie", "everybody", 60)


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("apps/nothing", 404, {"blocked": True}),
        ("apps/crosstie", 400, {"blocked": 1}),
        ("apps/crosstie", 400, {"permitted": "some"}),
        ("apps/crosstie", 400, {"approved": ["nobody@acme.test"]}),
        ("apps/crosstie", 400, {"approved": "ada@acme.test"}),
        ("apps/crosstie", 400, {"refresh_life": "long"}),
        ("apps/crosstie", 400, {"colour": "red"}),
        ("apps/crosstie/revoke", 400, {"user": 7}),
        ("logins", 400, {"user": "nobody@acme.test"}),
        ("logins", 400, {"user": "ada@acme.test", "expired": "yes"}),
        ("domain", 400, {}),
    ],
)
def test_steering_says_what_is_wrong(signed_out: Org, path: str, status: int, body: dict[str, Any]) -> None:
    assert "error" in steer(signed_out, path, status, **body)


def test_a_half_wrong_request_changes_nothing(signed_out: Org) -> None:
    steer(signed_out, "apps/crosstie", 400, blocked=True, permitted="some")
    assert not signed_out.site.apps["crosstie"].blocked
