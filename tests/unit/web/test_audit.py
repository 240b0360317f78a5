"""The audit: who sees it, what is found in it, and that nobody changes it."""

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction

from crosstie.accounts import audit, people
from crosstie.accounts.audit import Actor, Deed, Wanted
from crosstie.accounts.governance import settings
from crosstie.store.cleanup import AUDIT_DAYS, clean_up
from crosstie.store.models import AuditRow, Mailbox, Person
from tests.unit.web.office import ADA, BEN

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office


@pytest.fixture
def ada(office: "Office") -> "Client":
    return office.signed_in(ADA)


def table(browser: "Client", query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/audit/table{query}")
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_a_change_on_a_page_is_found_with_who_when_what_and_from_where(office: "Office", ada: "Client") -> None:
    ada.post("/blocklist/add", {"entries": "eve@oak.test"}, REMOTE_ADDR="192.0.2.9")
    ada.post("/sync/pause", REMOTE_ADDR="192.0.2.9")
    page = ada.get("/audit").content.decode()
    assert "<code>mailbox.pause</code>" in page
    (row,) = table(ada, "?action=mailbox.pause")
    assert (row["who"], row["face"], row["address"]) == (ADA, "web", "192.0.2.9")
    assert row["at"] == office.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    assert table(ada, "?action=mailbox")[0]["action"] == "mailbox.pause", "by its kind too"


def test_filters_narrow_it(office: "Office", ada: "Client") -> None:
    office.signed_in(BEN)
    assert {row["who"] for row in table(ada, "?who=ben@")} == {BEN}
    assert {row["who"] for row in table(ada, "?who=Keller")} == {ADA}
    assert table(ada, "?who=nobody") == []
    office.clock.pass_time(2 * 3600)
    today = office.clock.now().date()
    assert table(ada, f"?from={today + timedelta(days=1)}") == []
    assert table(ada, f"?to={today - timedelta(days=1)}") == []
    assert table(ada, f"?from={today}&to={today}&action=person.sign-in")
    for bad in ("?from=yesterday", "?to=9999-12-31x", "?page=-1", "?page=x", "?from=0001-01-01"):
        assert ada.get(f"/audit{bad}").status_code == 200, bad


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_first_and_the_last_day_there_is_are_no_limit(office: "Office", ada: "Client", zone: str) -> None:
    """Where the reader is it may be another day than in UTC."""
    Mailbox.of(office.scope).update(time_zone=zone)
    for query in ("?to=9999-12-31", "?from=9999-12-31", "?from=0001-01-01", "?to=0001-01-01"):
        assert ada.get(f"/audit{query}").status_code == 200, query
        assert ada.get(f"/audit/table{query}").status_code == 200, query
    assert table(ada, "?from=0001-01-01&to=9999-12-31&action=person.sign-in")


def test_it_comes_in_pages(office: "Office", ada: "Client") -> None:
    for number in range(60):
        audit.record(office.scope, Deed(office.clock.now(), Actor("cli"), "test.deed", f"thing {number}"))
    first = ada.get("/audit?action=test").content.decode()
    assert "thing 59" in first
    assert "thing 9<" not in first.replace("\n", "<")
    assert "action=test&amp;page=1" in first
    second = ada.get("/audit?action=test&page=1").content.decode()
    assert "thing 9\n" in second
    assert "thing 10\n" not in second


def test_taking_it_along_is_written_down_and_no_cell_is_a_formula(office: "Office", ada: "Client") -> None:
    audit.record(office.scope, Deed(office.clock.now(), Actor("cli"), "test.deed", "=HYPERLINK(1)"))
    (row,) = table(ada, "?action=test")
    assert row["target"] == "'=HYPERLINK(1)"
    assert AuditRow.of(office.scope).filter(action="audit.export").count() == 1


def test_what_was_done_elsewhere_has_no_address(office: "Office", ada: "Client") -> None:
    settings.put(office.scope, settings.EVERYBODY, "mail.auto-save", "off", office.clock)
    (row, *_) = table(ada, "?action=settings")
    assert (row["who"], row["address"]) == ("system", "")


def test_the_database_refuses_to_change_or_delete_a_row(office: "Office") -> None:
    row = AuditRow.of(office.scope).latest("pk")
    rows = AuditRow.of(office.scope).filter(pk=row.pk)
    for change in (lambda: rows.update(action="nothing"), rows.delete, lambda: rows.update(actor=None)):
        with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
            change()
    assert AuditRow.of(office.scope).get(pk=row.pk).action == row.action


def test_a_row_goes_when_its_year_is_over(office: "Office") -> None:
    now = office.clock.now()
    for days in (AUDIT_DAYS - 1, AUDIT_DAYS + 30):
        audit.record(office.scope, Deed(now - timedelta(days=days), Actor("cli"), "test.deed", f"{days} days"))
    clean_up(now)
    kept = [entry.deed.target for entry in audit.entries(office.scope, Wanted(action="test"))]
    assert kept == [f"{AUDIT_DAYS - 1} days"]


def test_who_is_gone_is_named_by_number(office: "Office", ada: "Client") -> None:
    office.signed_in(BEN)
    gone = people.find(office.scope, BEN).person_id
    Person.of(office.scope).filter(pk=gone).delete()
    assert f"person {gone}" in {row["who"] for row in table(ada)}
