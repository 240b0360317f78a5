"""The page My tokens: made, shown once, revoked; and what lies in the tables of it."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from crosstie.accounts import people
from crosstie.accounts.sign_in import api_words, tokens
from crosstie.accounts.sign_in.tokens import FRESH, PROVEN, TokenDetails
from crosstie.accounts.words import Unacceptable
from crosstie.config.secrets import KeyRing
from crosstie.store.cleanup import clean_up
from crosstie.store.models import AccessToken, AuditRow
from tests.unit.web import forms
from tests.unit.web.api.program import Program, refused, token_of
from tests.unit.web.office import ADA, BEN
from tests.unit.web.test_pages import text

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

TOKEN = re.compile(r"crosstie_[\w-]{12}\.[\w-]{44}")


@pytest.fixture
def browser(office: "Office") -> "Client":
    return office.signed_in()


def made(browser: "Client", **form: str) -> str:
    page = browser.post("/tokens/make", {"name": "Reports", "days": "90"} | form).content.decode()
    found = TOKEN.findall(page)
    assert len(found) == 1, page
    return str(found[0])


def test_a_token_is_shown_once_and_works(office: "Office", browser: "Client") -> None:
    assert "There is none." in text(browser, "/tokens")
    token = made(browser)
    assert Program(token).get("/me")["token"]["may_act"] is False
    page = text(browser, "/tokens")
    assert token not in page
    assert token.partition(".")[0] in page
    assert "Reports" in page
    assert "last used on 16 Nov 2026" in page
    assert "no-store" in browser.get("/tokens").headers["Cache-Control"]
    assert Program(made(browser, may_act="on")).get("/me")["token"]["may_act"] is True


def test_a_token_is_revoked_on_the_page(office: "Office", browser: "Client") -> None:
    token = made(browser)
    row = AccessToken.of(office.scope).get()
    page = browser.post("/tokens/revoke", {"token": str(row.pk)}, follow=True).content.decode()
    assert "The token Reports is good for nothing any more." in page
    refused(Program(token).ask("GET", "/me"), 401, "UNAUTHORIZED")
    page = browser.post("/tokens/revoke", {"token": str(row.pk)}, follow=True).content.decode()
    assert "You have no such token" in page
    deeds = AuditRow.of(office.scope).filter(target=f"token {row.pk}").order_by("id")
    ada = people.find(office.scope, ADA).person_id
    assert [(one.face, one.actor_id, one.action) for one in deeds] == [
        ("web", ada, "token.make"),
        ("web", ada, "token.revoke"),
    ]


FORMS = (
    ({"name": ""}, "Give the token a name"),
    ({"name": "x" * 61}, "Give the token a name"),
    ({"name": "a\nb"}, "Give the token a name"),
    ({"days": "0"}, "1 to 365 days"),
    ({"days": "366"}, "1 to 365 days"),
    ({"days": "-5"}, "1 to 365 days"),
    ({"days": "x"}, "1 to 365 days"),
    ({"days": "\u0661"}, "1 to 365 days"),
    ({"days": "9" * 30}, "1 to 365 days"),
)


def test_a_form_that_cannot_be_taken(office: "Office", browser: "Client") -> None:
    for form, said in FORMS:
        answer = browser.post("/tokens/make", {"name": "Reports", "days": "90"} | form)
        assert answer.status_code == 400
        assert said in answer.content.decode(), form
    answer = browser.post("/tokens/make", {"name": "x" * 61, "days": "180", "may_act": "on"})
    typed = {"name": "x" * 61, "days": "180", "may_act": "on"}
    assert forms.form(answer, "/tokens/make").fields.items() >= typed.items(), "as it was typed"
    assert not AccessToken.of(office.scope).exists()


def test_a_token_wants_a_sign_in_that_is_fresh(office: "Office", browser: "Client") -> None:
    """Who finds an open browser makes nothing that lets them in tomorrow."""
    office.clock.pass_time(FRESH.total_seconds() - 1)
    made(browser)
    office.clock.pass_time(1)
    answer = browser.post("/tokens/make", {"name": "Reports", "days": "90"})
    assert (answer.status_code, "Sign in once more" in text(browser, "/tokens")) == (403, True)
    assert AccessToken.of(office.scope).count() == 1
    again = browser.post("/sign-out", {"next": "/tokens"})
    assert again.headers["Location"] == "/sign-in?next=%2Ftokens"
    assert 'name="next" value="/tokens"' in browser.get(again.headers["Location"]).content.decode()
    assert "Make the token" in text(office.signed_in(), "/tokens")


def test_programs_go_on_while_their_person_signs_in_and_no_longer(office: "Office") -> None:
    """An account that was taken away at Microsoft or Google lets nobody sign in, and nobody tells us of it."""
    program = Program(token_of(office, days=365)[1])
    for _ in range(2):
        office.clock.pass_time((PROVEN - timedelta(seconds=1)).total_seconds())
        assert program.get("/me")
        office.signed_in()
    office.clock.pass_time(PROVEN.total_seconds())
    refused(program.ask("GET", "/me"), 401, "UNAUTHORIZED")
    office.signed_in(BEN)
    refused(program.ask("GET", "/me"), 401, "UNAUTHORIZED")
    office.signed_in()
    assert program.get("/me")


def test_revoking_what_is_none(browser: "Client") -> None:
    for token in ("", "x", "-1", "9" * 30):
        page = browser.post("/tokens/revoke", {"token": token}, follow=True).content.decode()
        assert "You have no such token" in page


def test_a_name_is_shown_as_text(browser: "Client") -> None:
    made(browser, name="<script>alert(1)</script>")
    assert "<script>alert" not in text(browser, "/tokens")


def test_there_is_an_end_to_the_number_of_tokens(office: "Office", browser: "Client") -> None:
    for _ in range(tokens.MOST):
        token_of(office, days=30)
    page = browser.post("/tokens/make", {"name": "one more", "days": "90"})
    assert (page.status_code, api_words.TOKENS_MANY.code) == (400, "TOKENS-MANY")
    assert "You have 20 tokens" in page.content.decode()
    office.clock.pass_time(30 * 24 * 3600)
    browser = office.seated(people.find(office.scope, ADA))  # the sign-in before has ended
    assert "expired on 16 Dec 2026" in text(browser, "/tokens")
    made(browser)


def test_the_tables_hold_nothing_to_sign_in_with(office: "Office") -> None:
    _, token = token_of(office)
    rest = token.partition(".")[2]
    with connection.cursor() as cursor:
        for table in ("store_accesstoken", "store_auditrow", "django_session"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            assert not [row for (row,) in cursor.fetchall() if rest in row or rest.encode().hex() in row]
        cursor.execute("SELECT length(digest) FROM store_accesstoken")
        assert cursor.fetchone()[0] > 16


def test_a_key_that_is_gone_takes_its_tokens_with_it(office: "Office") -> None:
    """One that was only replaced does not."""
    ring, (_, token) = office.house.stores.secrets.digest, token_of(office)
    other = KeyRing("new", {"new": b"n" * 32})
    turned = KeyRing("new", {**ring.keys, "new": b"n" * 32})
    assert tokens.bearer(token, turned, office.clock.now()) is not None
    assert tokens.bearer(token, other, office.clock.now()) is None
    impostor = KeyRing(ring.current, {ring.current: b"n" * 32})
    assert tokens.bearer(token, impostor, office.clock.now()) is None


def test_when_it_was_used_is_written_down_once_a_day(office: "Office") -> None:
    program = Program(token_of(office)[1])
    program.get("/me")
    first = AccessToken.of(office.scope).get()
    assert first.used_on == office.clock.now().date()
    AccessToken.of(office.scope).update(name="not written again")
    program.get("/me")
    assert AccessToken.of(office.scope).get().name == "not written again"
    office.clock.pass_time(24 * 3600)
    program.get("/me")
    assert AccessToken.of(office.scope).get().used_on == office.clock.now().date()


def test_tokens_that_expired_long_ago_are_cleared_away(office: "Office") -> None:
    made_, _ = token_of(office, days=1)
    clean_up(made_.expires_at + timedelta(days=89))
    assert AccessToken.of(office.scope).exists()
    clean_up(made_.expires_at + timedelta(days=91))
    assert not AccessToken.of(office.scope).exists()


def test_a_person_of_another_customer_is_given_none(office: "Office") -> None:
    from crosstie.accounts import tenants

    rival = tenants.create("Rival", office.clock)
    ada = people.find(office.scope, ADA).person_id
    with pytest.raises(Unacceptable, match="no person"):
        tokens.make(rival, ada, TokenDetails("x"), office.house.stores.secrets.digest, office.clock)
