"""Microsoft's login page by page: who is let in, what is asked, and who hears of a refusal."""

from typing import Any

import httpx2
import pytest

from sandbox.graph.accounts import ATTEMPTS
from tests.unit.sandbox.graph.conftest import CALLBACK, Office, later
from tests.unit.sandbox.graph.test_identity import refreshed, signed_in, steer
from tests.unit.sandbox.graph.test_login import CLICKS, authorize, landed, number, redeem

BEN = {"user": "ben@acme.test"}


def headed(answer: httpx2.Response, title: str) -> bool:
    return answer.status_code == 200 and f"<h1>{title}</h1>" in answer.text


def test_every_click_has_its_page(office: Office) -> None:
    office.world.switches.turn("microsoft.users_may_consent", True)
    steer(office, "policy", tenant="acme.test", kind="mfa")
    assert headed(authorize(office, {}), "Sign in")
    anna = {"user": "anna@acme.test"}
    assert headed(authorize(office, anna), "Approve sign in request")
    proven = anna | {"proof": "approve"}
    assert headed(authorize(office, proven), "Permissions requested")
    assert "code" in landed(authorize(office, proven | {"answer": "accept"}))
    assert "code" in landed(authorize(office, proven)), "consent is asked for once"
    assert headed(authorize(office, proven, prompt="consent"), "Permissions requested")


@pytest.mark.parametrize(
    ("clicks", "refusal", "more"),
    [
        ({"answer": "decline"}, 65004, {"error": "access_denied", "error_subcode": "cancel", "state": "st"}),
        ({"proof": "deny"}, 500121, {"error": "access_denied"}),
    ],
)
def test_a_person_says_no(office: Office, clicks: dict[str, str], refusal: int, more: dict[str, str]) -> None:
    office.world.switches.turn("microsoft.users_may_consent", True)
    steer(office, "policy", tenant="acme.test", kind="mfa")
    back = landed(authorize(office, CLICKS | clicks))
    assert back["error_description"].startswith(f"AADSTS{refusal}: ")
    assert back["error_uri"].endswith(f"error?code={refusal}")
    assert more.items() <= back.items()


def test_name_and_password(office: Office) -> None:
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.ReadWrite"])
    typed = {"loginfmt": "Ben@acme.test", "passwd": "ben's password"}
    assert "code" in landed(authorize(office, typed))
    assert "AADSTS50126" in authorize(office, typed | {"passwd": "x"}).text
    assert "AADSTS50034" in authorize(office, typed | {"loginfmt": "nobody@acme.test"}).text
    assert headed(authorize(office, BEN, prompt="login"), "Enter password")
    assert "code" in landed(authorize(office, typed, prompt="login"))


def test_an_account_is_locked_for_a_while(office: Office) -> None:
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.ReadWrite"])
    typed = {"loginfmt": "ben@acme.test", "passwd": "ben's password"}
    for _ in range(ATTEMPTS):
        authorize(office, typed | {"passwd": "x"})
    assert "AADSTS50053" in authorize(office, typed).text
    later(office, minutes=2)
    assert "code" in landed(authorize(office, typed))


@pytest.mark.parametrize(
    ("path", "body", "refusal", "error"),
    [
        ("account", {"mailbox": "anna@acme.test", "enabled": False}, 50057, "invalid_grant"),
        ("app", {"client_id": "app", "tenant": "acme.test", "enabled": False}, 7000112, "unauthorized_client"),
        (
            "app",
            {"client_id": "app", "tenant": "acme.test", "assigned": ["Ben@acme.test"]},
            50105,
            "invalid_grant",
        ),
        ("policy", {"tenant": "acme.test", "kind": "block"}, 53003, "interaction_required"),
    ],
)
def test_who_is_not_let_in(office: Office, path: str, body: dict[str, Any], refusal: int, error: str) -> None:
    """On the page, and at the token endpoint for a grant of before."""
    tokens = signed_in(office)
    code = landed(authorize(office))["code"]
    steer(office, path, **body)
    page = authorize(office)
    assert (page.status_code, f"AADSTS{refusal}: " in page.text) == (400, True)
    refused = refreshed(office, tokens)
    assert (number(refused), refused["error"]) == (refusal, error)
    assert ("access_token" in redeem(office, code)) is (refusal != 50057), "the code was given before"
    office.world.switches.turn("microsoft.page_keeps_refusals", False)
    assert landed(authorize(office))["error_description"].startswith(f"AADSTS{refusal}: ")


def test_somebody_who_is_let_in_again(office: Office) -> None:
    tokens = signed_in(office)
    steer(office, "account", mailbox="anna@acme.test", enabled=False)
    assert office.get("/v1.0/users/anna@acme.test?$select=accountEnabled")["accountEnabled"] is False
    steer(office, "account", mailbox="anna@acme.test", enabled=True)
    assert "access_token" in refreshed(office, tokens)
    steer(office, "app", client_id="app", tenant="acme.test", assigned=["anna@acme.test"])
    assert "access_token" in refreshed(office, tokens)
    steer(office, "app", client_id="app", tenant="acme.test", assigned=None, enabled=True)
    assert "access_token" in refreshed(office, tokens)


def test_a_new_password_ends_what_was_granted(office: Office) -> None:
    tokens = signed_in(office)
    steer(office, "account", mailbox="anna@acme.test", password="new")
    refused = refreshed(office, tokens)
    assert (number(refused), refused["error"]) == (50173, "invalid_grant")
    typed = {"loginfmt": "anna@acme.test", "passwd": "new"}
    later(office, seconds=1)
    assert "access_token" in refreshed(office, redeem(office, landed(authorize(office, typed))["code"]))


def test_an_administrator_consents_for_everybody(office: Office) -> None:
    page = authorize(office, BEN)
    assert "Consent on behalf of your organization" in page.text
    for_me = BEN | {"answer": "accept"}
    assert "code" in landed(authorize(office, for_me))
    assert headed(authorize(office), "Need admin approval"), "Ben said yes for himself"
    landed(authorize(office, for_me | {"for_all": "1"}, prompt="consent"))
    assert headed(authorize(office), "Need admin approval"), "nothing was missing any more"
    office.app.scope_consents.clear()
    landed(authorize(office, for_me | {"for_all": "1"}))
    assert "code" in landed(authorize(office))


def test_a_part_of_the_consent_is_taken_back(office: Office) -> None:
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.ReadWrite", "User.Read"])
    both = {"scope": "openid offline_access Mail.ReadWrite User.Read"}
    tokens = redeem(office, landed(authorize(office, **both))["code"])
    steer(office, "consent", client_id="app", tenant="acme.test", given=False, scopes=["Mail.ReadWrite"])
    refused = refreshed(office, tokens)
    assert (number(refused), refused["suberror"]) == (65001, "consent_required")
    assert refreshed(office, tokens, scope="User.Read offline_access")["scope"] == "User.Read"


@pytest.mark.parametrize("less", [True, False])
def test_a_part_of_the_consent_is_taken_back_before_the_code_is_used(office: Office, less: bool) -> None:
    office.world.switches.turn("microsoft.codes_give_less", less)
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.ReadWrite", "User.Read"])
    both = {"scope": "openid offline_access Mail.ReadWrite User.Read"}
    code = landed(authorize(office, **both))["code"]
    steer(office, "consent", client_id="app", tenant="acme.test", given=False, scopes=["Mail.ReadWrite"])
    tokens = redeem(office, code)
    if not less:
        assert number(tokens) == 65001
        return
    assert tokens["scope"] == "openid User.Read"
    mine = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert office.call("GET", "/v1.0/me/messages", headers=mine).status_code == 403


def test_a_person_takes_an_app_out_of_their_list(office: Office) -> None:
    office.world.switches.turn("microsoft.users_may_consent", True)
    tokens = redeem(office, landed(authorize(office))["code"])
    steer(office, "consent", client_id="app", tenant="acme.test", given=False, mailbox="anna@acme.test")
    assert number(refreshed(office, tokens)) == 65001


@pytest.mark.parametrize("on", [True, False])
def test_tokens_may_hold_more_than_was_asked_for(office: Office, on: bool) -> None:
    office.world.switches.turn("microsoft.tokens_hold_all_consents", on)
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.ReadWrite", "MailboxSettings.Read"])
    tokens = redeem(office, landed(authorize(office))["code"])
    assert ("MailboxSettings.Read" in tokens["scope"]) is on
    mine = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert office.call("GET", "/v1.0/me/mailboxSettings", headers=mine).status_code == (200 if on else 403)


@pytest.mark.parametrize(
    ("changes", "refusal", "error"),
    [
        ({"response_type": "id_token"}, 700054, "unsupported_response_type"),
        ({"response_type": "token"}, 70005, "unsupported_response_type"),
        ({"response_type": ""}, 900144, "invalid_request"),
        ({"response_mode": "smoke"}, 70007, "invalid_request"),
        ({"prompt": "admin_consent"}, 90023, "invalid_request"),
        ({"code_challenge": "short"}, 501491, "invalid_request"),
        ({"code_challenge_method": "S512"}, 70000, "invalid_grant"),
        ({"scope": ""}, 900144, "invalid_request"),
        ({"scope": "https://graph.microsoft.com/.default Mail.Read"}, 70011, "invalid_scope"),
        ({"scope": "https://outlook.office.com/Mail.Read"}, 70011, "invalid_scope"),
    ],
)
def test_requests_that_are_told_back(office: Office, changes: dict[str, str], refusal: int, error: str) -> None:
    back = landed(authorize(office, {}, **changes))
    assert (back["error"], back["error_description"].startswith(f"AADSTS{refusal}: ")) == (error, True)


def test_a_plain_challenge_is_taken(office: Office) -> None:
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.ReadWrite"])
    code = landed(authorize(office, code_challenge_method="plain", code_challenge="v" * 50))["code"]
    assert "access_token" in redeem(office, code)


def test_an_account_of_another_tenant(office: Office) -> None:
    office.world.mailboxes.add_mailbox("eve@else.test", "Eve")
    query = {"client_id": "app", "redirect_uri": CALLBACK, "state": "s"}
    answer = office.http.post(f"/{office.tenant.id}/adminconsent", data=query | {"loginfmt": "eve@else.test"})
    back = landed(answer)
    assert (back["error"], back["error_description"][:11]) == ("access_denied", "AADSTS50020")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("account", {"mailbox": "nobody@acme.test", "enabled": True}),
        ("account", {"mailbox": "anna@acme.test", "enabled": "yes"}),
        ("account", {"mailbox": "anna@acme.test", "colour": "red"}),
        ("app", {"client_id": "app", "tenant": "acme.test", "enabled": 1}),
        ("app", {"client_id": "app", "tenant": "acme.test", "assigned": "anna@acme.test"}),
        ("consent", {"client_id": "app", "tenant": "acme.test", "given": True, "mailbox": "anna@acme.test"}),
        ("consent", {"client_id": "app", "tenant": "acme.test", "given": True, "scopes": "Mail.Read"}),
    ],
)
def test_steering_says_what_is_wrong(office: Office, path: str, body: dict[str, Any]) -> None:
    steer(office, path, 400, **body)
