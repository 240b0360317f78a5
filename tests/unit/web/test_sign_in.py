"""Signing in: over the sandbox's own OAuth, and everything that must not let anybody in."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from crosstie.web import limits, sign_in
from sandbox.faults import Fault
from tests.unit.web.office import ADA, BEN, CLEO, ORIGIN

if TYPE_CHECKING:
    from tests.unit.web.office import Office

BACK = "/sign-in/salesforce/callback"
STALE = "was not begun in this browser"
FOREIGN = "did not come from your company"


def is_in(browser: Client) -> bool:
    return browser.get("/mail").status_code != 302


def refused(browser: Client, answer: dict[str, str], sentence: str) -> None:
    page = browser.get(BACK, answer)
    assert page.status_code == 403
    assert sentence in page.content.decode()
    assert not is_in(browser)


def test_a_person_signs_in_and_out(office: "Office") -> None:
    browser = office.signed_in()
    page = browser.get("/")
    assert "ada@larch.test" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert browser.get("/sign-in").headers["Location"] == "/"
    assert browser.get("/sign-out").status_code == 405
    assert browser.post("/sign-out").headers["Location"] == "/sign-in"
    assert not is_in(browser)


def test_the_session_is_a_new_one_and_salesforces_is_over(office: "Office") -> None:
    browser = office.browser()
    answer = office.choose(office.leave(browser), ADA)
    before = browser.cookies["crosstie"].value
    browser.get(BACK, answer)
    assert browser.cookies["crosstie"].value != before
    assert is_in(browser)
    assert not [
        one
        for one in office.company.site.tokens.sessions.values()
        if one.user == office.company.colleagues[0].user
    ]


def test_each_sees_their_own_mailbox(office: "Office") -> None:
    office.mail("Only for Ben", "nora@birchworks.test", BEN)
    assert "Only for Ben" in office.signed_in(BEN).get("/mail").content.decode()
    assert "Only for Ben" not in office.signed_in(ADA).get("/mail").content.decode()


def test_an_answer_works_once_and_in_the_browser_it_is_for(office: "Office") -> None:
    browser, other = office.browser(), office.browser()
    answer = office.choose(office.leave(browser), ADA)
    office.leave(other)
    refused(other, answer, STALE)
    assert browser.get(BACK, answer).status_code == 302
    browser.post("/sign-out")
    refused(browser, answer, STALE)
    refused(office.browser(), answer, STALE)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": "another"}, STALE),
        ({"state": ""}, STALE),
        ({"code": "another"}, STALE),
        ({"iss": "https://login.example.com"}, FOREIGN),
        ({"error": "access_denied", "error_description": "<b>words</b>"}, "did not let you in"),
    ],
)
def test_a_changed_answer_is_refused_and_spends_what_was_begun(
    office: "Office", changes: dict[str, str], sentence: str
) -> None:
    browser = office.browser()
    answer = office.choose(office.leave(browser), ADA)
    page = browser.get(BACK, answer | changes)
    assert page.status_code == 403
    assert sentence in page.content.decode()
    assert "words" not in page.content.decode()
    refused(browser, answer, STALE)


def test_an_answer_that_takes_too_long_is_refused(office: "Office") -> None:
    browser = office.browser()
    answer = office.choose(office.leave(browser), ADA)
    office.clock.pass_time(601)
    refused(browser, answer, STALE)


def test_metadata_that_lead_to_a_foreign_host_are_not_followed(office: "Office") -> None:
    about = {
        "issuer": ORIGIN,
        "authorization_endpoint": f"{ORIGIN}/services/oauth2/authorize",
        "token_endpoint": "https://evil.example.com/services/oauth2/token",
        "jwks_uri": f"{ORIGIN}/id/keys",
    }
    fault = Fault("refuse", route="oauth_configuration", status=200, body=json.dumps(about).encode())
    office.app.world.faults.add(fault)
    page = office.browser().post("/sign-in/salesforce")
    assert page.status_code == 400
    assert FOREIGN in page.content.decode()


def test_a_token_that_was_made_for_another_question_is_not_believed(office: "Office") -> None:
    """Whoever holds somebody's token, and even Salesforce's own answer with it, gets in with neither."""
    stolen = office.choose(office.leave(office.browser()), ADA)
    site, code = office.company.site, stolen["code"]
    browser = office.browser()
    own = office.choose(office.leave(browser), BEN)
    site.tokens.codes[own["code"]] = replace(
        site.tokens.codes[code], challenge=site.tokens.codes[own["code"]].challenge
    )
    refused(browser, own, FOREIGN)


def test_a_token_that_is_signed_with_another_key_is_not_believed(office: "Office") -> None:
    """Here by keys that are thrown away between the signature and our look at them."""
    browser = office.browser()
    answer = office.choose(office.leave(browser), ADA)
    keys = {"keys": office.app.world.signing.published(office.clock.now() - timedelta(days=365))}
    fault = Fault("refuse", route="oauth_keys", status=200, body=json.dumps(keys).encode())
    office.app.world.faults.add(fault)
    refused(browser, answer, FOREIGN)


def test_a_salesforce_that_does_not_answer_is_named(office: "Office") -> None:
    browser = office.browser()
    answer = office.choose(office.leave(browser), ADA)
    office.app.world.faults.add(Fault("refuse", route="oauth_token", status=503))
    refused(browser, answer, "Salesforce cannot be reached at the moment")


def test_somebody_whom_nobody_added_is_told_what_to_do(office: "Office") -> None:
    browser = office.browser()
    refused(browser, office.choose(office.leave(browser), CLEO), "to add you, and tell them your Salesforce")


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/mail", "/mail"),
        ("https://evil.example.com/", "/"),
        ("//evil.example.com/", "/"),
        ("/\\evil.example.com", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_person_comes_back_to_where_they_wanted_to_go(office: "Office", wanted: str, led_to: str) -> None:
    browser = office.browser()
    answer = office.choose(office.leave(browser, next=wanted), ADA)
    assert browser.get(BACK, answer).headers["Location"] == led_to


def test_signing_in_needs_the_forms_own_token(office: "Office") -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost:8400"})
    page = strict.post("/sign-in/salesforce")
    assert page.status_code == 403
    assert "Please try again" in page.content.decode()
    assert strict.get("/sign-in/salesforce").status_code == 405


def test_nobody_may_try_without_end(office: "Office") -> None:
    browser = office.browser()
    answers = [browser.post("/sign-in/salesforce").status_code for _ in range(sign_in.BEGINNINGS + 1)]
    assert answers == [200] * sign_in.BEGINNINGS + [400]
    assert "too often" in browser.post("/sign-in/salesforce").content.decode()
    assert browser.post("/sign-in/salesforce", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize(
    ("proxy", "written", "expected"),
    [
        (None, "", "127.0.0.1"),
        (None, "192.0.2.7", "127.0.0.1"),
        (("HTTP_X_FORWARDED_PROTO", "https"), "", "127.0.0.1"),
        (("HTTP_X_FORWARDED_PROTO", "https"), "198.51.100.1, 192.0.2.7", "192.0.2.7"),
    ],
)
def test_a_caller_is_who_the_proxy_says_and_nobody_else(
    settings: Settings, proxy: tuple[str, str] | None, written: str, expected: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = proxy
    headers = {"x-forwarded-for": written} if written else {}
    assert limits.caller(RequestFactory(headers=headers).get("/")) == expected


def test_a_person_who_is_gone_is_signed_out(office: "Office") -> None:
    from crosstie.store.models import Person

    browser = office.signed_in()
    Person.of(office.scope).filter(address=ADA).delete()
    assert browser.get("/").headers["Location"] == "/sign-in"
    assert browser.get("/", headers={"hx-request": "true"}).headers["HX-Redirect"] == "/sign-in"


def test_a_person_without_a_mailbox_is_led_to_it(office: "Office") -> None:
    from crosstie.store.models import Mailbox

    browser = office.signed_in()
    Mailbox.of(office.scope).filter(address=ADA).delete()
    assert browser.get("/").headers["Location"] == "/activation"
    assert "Your mailbox is not connected" in browser.get("/activation").content.decode()
    assert browser.post("/sync/force").headers["Location"] == "/activation"
    answer = browser.get("/sync", headers={"hx-request": "true"})
    assert answer.headers["HX-Redirect"] == "/activation"
