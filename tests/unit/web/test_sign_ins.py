"""How long a sign-in lasts, where one is signed in, and ending it."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from psycopg import sql

from crosstie.accounts import people
from crosstie.accounts.sign_in import identities, refused_sign_ins, sign_ins
from crosstie.accounts.sign_in.sign_ins import IDLE, LIFE, PASSWORD
from crosstie.store.cleanup import clean_up
from crosstie.store.models import AuditRow, Purse, RefusedSignIn, SignIn
from tests.unit.web.api.program import of, refused
from tests.unit.web.office import ADA, BEN
from tests.unit.web.test_pages import text

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office


def is_in(browser: "Client", address: str = "/sign-ins") -> bool:
    return browser.get(address).status_code == 200


def test_a_sign_in_ends_after_twelve_hours_whatever_is_done(office: "Office") -> None:
    ada = office.signed_in()
    for _ in range(11):
        office.clock.pass_time(3600)
        assert is_in(ada)
    office.clock.pass_time(3600)
    assert ada.get("/sign-ins").headers["Location"] == "/sign-in?next=%2Fsign-ins"
    assert ada.session.is_empty(), "nothing of it stays in the session"


def test_with_a_password_it_ends_after_half_an_hour_of_silence(office: "Office") -> None:
    browser = office.seated(people.find(office.scope, ADA), PASSWORD)
    for _ in range(3):
        office.clock.pass_time(IDLE[PASSWORD].total_seconds() - 1)
        assert is_in(browser)
    office.clock.pass_time(IDLE[PASSWORD].total_seconds())
    assert not is_in(browser)


def test_a_page_that_asks_by_itself_keeps_nobody_in(office: "Office") -> None:
    browser = office.seated(people.find(office.scope, ADA), PASSWORD)
    for _ in range(3):
        office.clock.pass_time(600)
        answer = browser.get("/sync")
    assert answer.headers["Location"].startswith("/sign-in")


def test_each_browser_is_listed_and_can_be_ended(office: "Office") -> None:
    here, there = office.signed_in(), office.signed_in()
    page = here.get("/sign-ins").content.decode()
    assert page.count("This browser") == 1
    assert page.count('name="sign-in"') == 1
    other = SignIn.of(office.scope).latest("pk")
    assert (
        "Signed out there" in here.post("/sign-ins/end", {"sign-in": str(other.pk)}, follow=True).content.decode()
    )
    assert is_in(here)
    assert not is_in(there)
    assert "over already" in here.post("/sign-ins/end", {"sign-in": str(other.pk)}, follow=True).content.decode()
    assert "over already" in here.post("/sign-ins/end", {"sign-in": "9" * 30}, follow=True).content.decode()


def test_all_of_them_end_at_once(office: "Office") -> None:
    here, there, ben = office.signed_in(), office.signed_in(), office.signed_in(BEN)
    assert here.post("/sign-ins/end").headers["Location"] == "/sign-in"
    assert not is_in(here)
    assert not is_in(there)
    assert is_in(ben)


def test_tokens_end_with_all_of_them_and_the_page_says_so(office: "Office") -> None:
    """Whoever fears that somebody is in with their name means whoever came in by a program too."""
    browser, programs = office.signed_in(), [of(office), of(office)]
    kept = of(office, BEN)
    assert "ends your tokens as well" in text(browser, "/sign-ins")
    browser.post("/sign-ins/end", {"sign-in": "1"})
    assert programs[0].get("/me")
    browser.post("/sign-ins/end")
    for one in programs:
        refused(one.ask("GET", "/me"), 401, "UNAUTHORIZED")
    assert kept.get("/me")
    assert AuditRow.of(office.scope).filter(action="token.revoke").count() == 2


def test_who_is_released_from_an_account_is_signed_out_of_all_that_came_by_it(office: "Office") -> None:
    browser, program = office.signed_in(BEN), of(office, BEN)
    identities.release(office.scope, people.find(office.scope, BEN).person_id, office.clock)
    assert not is_in(browser)
    refused(program.ask("GET", "/me"), 401, "UNAUTHORIZED")


def test_nobody_ends_a_colleagues(office: "Office") -> None:
    ada, ben = office.signed_in(ADA), office.signed_in(BEN)
    theirs = SignIn.of(office.scope).get(person__address=ADA)
    ben.post("/sign-ins/end", {"sign-in": str(theirs.pk)})
    assert is_in(ada)


def test_signing_out_ends_it_on_the_server_too(office: "Office") -> None:
    browser = office.signed_in()
    cookie = browser.cookies["crosstie"].value
    browser.post("/sign-out")
    browser.cookies["crosstie"] = cookie
    assert not is_in(browser)
    assert not SignIn.of(office.scope).exists()


def test_a_session_that_somebody_planted_becomes_nobodys(office: "Office") -> None:
    """Session fixation: whatever key the browser came with, it goes on with another."""
    browser = office.browser()
    answer = office.choose(office.leave(browser), ADA)
    planted = browser.cookies["crosstie"].value
    browser.get("/sign-in/salesforce/callback", answer)
    thief = office.browser()
    thief.cookies["crosstie"] = planted
    assert is_in(browser)
    assert not is_in(thief)


def test_the_audit_has_every_sign_in_and_where_it_came_from(office: "Office") -> None:
    browser = office.signed_in()
    browser.post("/sign-out", REMOTE_ADDR="192.0.2.9")
    rows = AuditRow.of(office.scope).filter(action__startswith="person.sign").order_by("id")
    assert [(row.action, row.caller) for row in rows] == [
        ("person.sign-in", "127.0.0.1"),
        ("person.sign-out", "192.0.2.9"),
    ]


def refuse(office: "Office", caller: str = "192.0.2.9") -> None:
    """Anybody can: nobody need be known for it."""
    Purse.objects.all().delete()
    browser = office.browser()
    browser.post("/sign-in/salesforce", REMOTE_ADDR=caller)
    browser.get("/sign-in/salesforce/callback", {"state": "guess", "code": "guess"}, REMOTE_ADDR=caller)


def refused_in_audit(office: "Office") -> list[tuple[str, object]]:
    rows = AuditRow.of(office.scope).filter(action="sign-in.refused").order_by("id")
    return [(row.caller, row.details.get("count")) for row in rows]


def test_nobody_fills_the_audit_with_refused_sign_ins(office: "Office") -> None:
    """The first of a kind is written down, the tenth, the hundredth; an hour later the first again."""
    for _ in range(25):
        refuse(office)
    refuse(office, "192.0.2.10")
    assert refused_in_audit(office) == [("192.0.2.9", None), ("192.0.2.9", 10), ("192.0.2.10", None)]
    office.clock.pass_time(3600)
    refuse(office)
    assert refused_in_audit(office)[3:] == [("192.0.2.9", None)]


def test_whoever_has_many_addresses_is_summed_up(office: "Office", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused_sign_ins, "CALLERS", 3)
    for number in range(30):
        refuse(office, f"192.0.2.{number}")
    rows = AuditRow.of(office.scope).filter(action="sign-in.refused").order_by("id")
    assert [row.details.get("callers") for row in rows] == [None, None, None, "many", "many"]
    assert [row.details.get("count") for row in rows] == [None, None, None, None, 10]
    assert RefusedSignIn.of(office.scope).count() == 4
    clean_up(office.clock.now() + timedelta(days=2))
    assert not RefusedSignIn.of(office.scope).exists()


def test_where_somebody_signed_in_from_stands_where_it_is_cleared_away_and_nowhere_else(office: "Office") -> None:
    browser = office.browser()
    answer = office.choose(office.leave(browser), ADA)
    browser.get("/sign-in/salesforce/callback", answer, REMOTE_ADDR="192.0.2.77")
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = set()
        for table in tables:
            rows = sql.SQL("SELECT FROM {} AS one WHERE one::text LIKE %s").format(sql.Identifier(table))
            cursor.execute(rows, ["%192.0.2.77%"])
            found |= {table} if cursor.rowcount else set()
    assert found == {"store_signin", "store_auditrow"}


@pytest.mark.parametrize("over", [True, False])
def test_old_ones_are_cleared_away(office: "Office", over: bool) -> None:
    office.signed_in()
    later = office.clock.now() + timedelta(days=2 if over else 0.5)
    clean_up(later)
    assert SignIn.of(office.scope).exists() is not over
    assert timedelta(days=1) > LIFE


def test_a_browsers_name_is_cut(office: "Office") -> None:
    ada = people.find(office.scope, ADA)
    sign_ins.begin(ada, "salesforce", "192.0.2.1", "x" * 10_000, office.clock)
    (one,) = sign_ins.of_person(ada, office.clock)
    assert len(one.agent) == sign_ins.AGENT
