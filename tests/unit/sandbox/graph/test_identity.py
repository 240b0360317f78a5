"""Conditional access, claims challenges, rotated secrets, withdrawn consent: what an administrator can do."""

import base64
import json
from typing import Any

import httpx2
import pytest

from sandbox.app import Application
from sandbox.control import FACE as CONTROL
from tests.unit.sandbox.graph.conftest import CALLBACK, SECRET, Office, later, token_for
from tests.unit.sandbox.graph.test_login import authorize, landed, number, redeem

CAPABLE = json.dumps({"access_token": {"xms_cc": {"values": ["cp1"]}}})


def steer(office: Office, path: str, status: int = 200, **body: Any) -> None:
    application = Application(office.world, [CONTROL])
    with httpx2.Client(transport=httpx2.WSGITransport(app=application), base_url="http://localhost") as client:
        answer = client.post(f"/sandbox/microsoft/{path}", json=body)
    assert answer.status_code == status, answer.text


def signed_in(office: Office, **changes: str) -> dict[str, Any]:
    office.world.microsoft.consent(office.app, office.tenant, ["Mail.ReadWrite"])
    return redeem(office, landed(authorize(office))["code"], **changes)


def refreshed(office: Office, tokens: dict[str, Any], **changes: str) -> dict[str, Any]:
    held = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    return redeem(office, "", **held, **changes)


def reads(office: Office, token: str, path: str = "/v1.0/me/messages") -> httpx2.Response:
    return office.call("GET", path, headers={"Authorization": f"Bearer {token}"})


# Conditional access


@pytest.mark.parametrize("on", [True, False])
def test_a_policy_that_blocks(office: Office, on: bool) -> None:
    office.world.switches.turn("microsoft.policies_say_interaction_required", on)
    tokens = signed_in(office)
    steer(office, "policy", tenant="acme.test", kind="block", users=["anna@acme.test"])
    refused = refreshed(office, tokens)
    assert number(refused) == 53003
    assert (refused["error"], refused["suberror"]) == (
        "interaction_required" if on else "invalid_grant",
        "message_only",
    )
    page = authorize(office)
    assert (page.status_code, "AADSTS53003" in page.text) == (400, True)
    office.world.switches.turn("microsoft.page_keeps_refusals", False)
    assert landed(authorize(office))["error_description"].startswith("AADSTS53003")
    assert "access_token" in token_for(office), "the app's own sign-in is another matter"
    steer(office, "policy", tenant="acme.test", kind="none")
    assert "access_token" in refreshed(office, tokens)


def test_a_policy_that_wants_a_second_proof(office: Office) -> None:
    tokens = signed_in(office)
    steer(office, "policy", tenant="acme.test", kind="mfa")
    refused = refreshed(office, tokens)
    assert (number(refused), refused["suberror"]) == (50076, "basic_action")
    assert json.loads(refused["claims"])["access_token"]["capolids"]["essential"] is True
    again = signed_in(office)
    assert "access_token" in refreshed(office, again), "at the login page the person proved it"


def test_a_policy_spares_others_and_may_hit_apps(office: Office) -> None:
    tokens = signed_in(office)
    steer(office, "policy", tenant="acme.test", kind="block", users=["ben@acme.test"], apps=["app"])
    assert "access_token" in refreshed(office, tokens)
    assert number(token_for(office)) == 53003


# Continuous access evaluation


def challenge(answer: httpx2.Response) -> dict[str, Any]:
    assert answer.status_code == 401
    head = answer.headers["WWW-Authenticate"]
    assert 'error="insufficient_claims"' in head
    claims: dict[str, Any] = json.loads(base64.b64decode(head.partition('claims="')[2].partition('"')[0]))
    return claims


def test_a_capable_client_is_challenged(office: Office) -> None:
    tokens = signed_in(office, claims=CAPABLE)
    assert tokens["expires_in"] > 20 * 3600 - 60
    assert reads(office, tokens["access_token"]).status_code == 200
    later(office, minutes=1)
    steer(office, "tokens/challenge", mailbox="anna@acme.test")
    claims = challenge(reads(office, tokens["access_token"]))
    later(office, seconds=1)
    better = refreshed(office, tokens, claims=json.dumps({**json.loads(CAPABLE), **claims}))
    assert reads(office, better["access_token"]).status_code == 200


def test_another_client_is_not(office: Office) -> None:
    tokens = signed_in(office)
    steer(office, "tokens/challenge", mailbox="anna@acme.test")
    assert reads(office, tokens["access_token"]).status_code == 200


def test_revoking_a_person_challenges_and_ends_the_refresh(office: Office) -> None:
    tokens = signed_in(office, claims=CAPABLE)
    steer(office, "tokens/revoke", mailbox="anna@acme.test")
    challenge(reads(office, tokens["access_token"]))
    assert number(refreshed(office, tokens, claims=CAPABLE)) == 50173


def test_an_app_of_its_own_is_challenged_too(office: Office) -> None:
    tokens = token_for(office, claims=CAPABLE)
    steer(office, "tokens/challenge", client_id="app", tenant="acme.test")
    challenge(reads(office, tokens["access_token"], "messages"))
    assert office.call("GET", "messages").status_code == 200, "the older token knows no challenges"


@pytest.mark.parametrize("claims", ["{", "[1]", '{"access_token": 5}'])
def test_claims_that_are_none(office: Office, claims: str) -> None:
    assert number(token_for(office, claims=claims)) == 70000


# Apps, consent, mailboxes


def test_a_rotated_secret(office: Office) -> None:
    steer(office, "secrets/rotate", client_id="app", secret="new")
    assert number(token_for(office)) == 7000222
    assert "access_token" in token_for(office, client_secret="new")


def test_consent_comes_and_goes(office: Office) -> None:
    steer(office, "consent", client_id="app", tenant="acme.test", given=False)
    assert number(token_for(office)) == 7000229
    steer(office, "consent", client_id="app", tenant="acme.test", given=True)
    assert "access_token" in token_for(office)


def test_exchange_lets_an_app_into_some_mailboxes(office: Office) -> None:
    steer(office, "mailboxes/restrict", client_id="app", only=["ben@acme.test"])
    assert office.refused("GET", "messages") == (403, "ErrorAccessDenied")
    assert office.call("GET", "/v1.0/users/ben@acme.test/messages").status_code == 200
    steer(office, "mailboxes/restrict", client_id="app", only=None)
    assert office.call("GET", "messages").status_code == 200


def test_a_licence_is_taken_away(office: Office) -> None:
    steer(office, "mailboxes/license", mailbox="anna@acme.test", licensed=False)
    assert office.refused("GET", "messages") == (404, "MailboxNotEnabledForRESTAPI")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("policy", {"tenant": "acme.test", "kind": "nosuch"}),
        ("policy", {"tenant": "nowhere.test", "kind": "none"}),
        ("consent", {"client_id": "app", "tenant": "acme.test"}),
        ("secrets/rotate", {"client_id": "nobody", "secret": "x"}),
        ("secrets/rotate", {"client_id": "app"}),
        ("mailboxes/restrict", {"client_id": "app", "only": 5}),
        ("mailboxes/license", {"mailbox": "nobody@acme.test", "licensed": True}),
        ("mailboxes/license", {"mailbox": "anna@acme.test"}),
    ],
)
def test_steering_says_what_is_wrong(office: Office, path: str, body: dict[str, Any]) -> None:
    steer(office, path, 400, **body)


# The login page


def test_without_a_question_nobody_is_signed_in(office: Office) -> None:
    back = landed(authorize(office, prompt="none"))
    assert (back["error"], back["error_description"][:11]) == ("login_required", "AADSTS50058")


def test_sign_out_goes_where_an_app_may_be_sent(office: Office) -> None:
    path = "/common/oauth2/v2.0/logout"
    back = office.http.get(path, params={"post_logout_redirect_uri": CALLBACK})
    assert back.headers["Location"] == CALLBACK
    assert office.http.get(path, params={"post_logout_redirect_uri": "https://else.test/"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["organizations/adminconsent", "common/adminconsent", "acme.test/v2.0/adminconsent"]
)
def test_other_doors_to_the_administrators_consent(office: Office, path: str) -> None:
    office.world.microsoft.withdraw_consent(office.app, office.tenant)
    query = {"client_id": "app", "redirect_uri": CALLBACK, "scope": "https://graph.microsoft.com/.default"}
    answer = office.http.post(f"/{path}", data=query | {"answer": "accept", "user": "ben@acme.test"})
    assert landed(answer)["tenant"] == office.tenant.id
    assert "access_token" in token_for(office, client_secret=SECRET)
