"""`crosstie adopt` from the tables to the vendors, as an administrator runs it."""

import json
from argparse import Namespace
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crosstie.accounts import people
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.governance import settings
from crosstie.accounts.sync import schedule
from crosstie.accounts.words import Unacceptable
from crosstie.cli import adopt as command
from crosstie.cli import frame
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import adopting
from crosstie.store.models import AuditRow, ItemState, JournalRow, Mailbox, SavedMail, SessionRun
from sandbox.faults import Fault
from tests.simulation.letters import letter
from tests.unit.web.office import ADA, START

if TYPE_CHECKING:
    from crosstie.accounts.connection.mailboxes import MailboxRef
    from crosstie.jobs.adopting import Report
    from tests.unit.web.office import Office

NORA = "nora@birchworks.test"
FIRST, LAST = "2026-01-01", "2026-11-10"


@pytest.fixture
def ref(office: "Office") -> "MailboxRef":
    """Ada came from another product: of three marked mails two have a record."""
    settings.put(office.scope, settings.EVERYBODY, "mail.auto-save", "off", office.clock)
    box = office.app.world.mailboxes.mailbox(ADA)
    assert box is not None
    org = office.company.site.org
    for number in range(3):
        then = START - timedelta(days=20 + number)
        subject = f"Old {number}"
        message = office.app.world.mailboxes.put(box, letter(subject, NORA, ADA, then).as_bytes(), received=then)
        office.app.world.mailboxes.set_categories(box, message, ("Salesforce",))
        if number:
            record = {
                "Subject": subject,
                "MessageIdentifier": f"<Old.{number}@birchworks.test>",
                "FromAddress": NORA,
                "MessageDate": then.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
                "Status": "1",
            }
            org.insert(org.admin, "EmailMessage", record)
    office.clock.pass_time(120)
    office.sync()
    return mailboxes.of_person(office.scope, people.find(office.scope, ADA).person_id)


def run(ref: "MailboxRef", *, dry: bool = False, most: int = 1000, **given: Any) -> "Report":
    wanted: dict[str, Any] = {"everything": False, "imports": False, "stamps": False, "fields": []}
    return adopting.adopt(ref, adopting.wishes(**wanted | given), FIRST, LAST, dry=dry, most=most)


def tables() -> list[list[Any]]:
    models: tuple[Any, ...] = (ItemState, JournalRow, SavedMail, Mailbox, SessionRun, AuditRow)
    return [list(model.everywhere().order_by("pk").values()) for model in models]


def test_a_dry_run_counts_names_and_writes_nothing(ref: "MailboxRef") -> None:
    before = tables()
    report = run(ref, dry=True, imports=True)
    assert (report.looked, report.counts["adopted"], report.counts["imported"], report.calls) == (3, 2, 1, 1)
    assert [(one.fate, one.subject) for one in report.sample] == [
        ("imported", "Old 0"),
        ("adopted", "Old 1"),
        ("adopted", "Old 2"),
    ]
    assert tables() == before


def test_what_is_found_is_remembered_audited_and_looked_up_once(ref: "MailboxRef", office: "Office") -> None:
    report = run(ref, stamps=True)
    assert (report.counts["adopted"], report.counts["missing"], report.stamped, report.calls) == (2, 1, 2, 2)
    assert ItemState.of(office.scope).filter(reason_code="MAIL-ADOPTED").exclude(record_id="").count() == 2
    deed = AuditRow.of(office.scope).get(action="mailbox.adopt")
    assert deed.details["stamps"] == "True"
    again = run(ref)
    assert (again.counts["known"], again.counts["missing"], again.calls) == (2, 1, 1)


def test_a_run_ends_after_so_many_mails_and_says_where_to_go_on(
    ref: "MailboxRef", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crosstie.engine.adopting.PAGE", 1)
    report = run(ref, most=2)
    assert report.looked == 2
    assert report.stopped_at is not None
    day = report.stopped_at.date().isoformat()
    wanted = adopting.wishes(everything=False, imports=False, stamps=False, fields=[])
    found = adopting.adopt(ref, wanted, FIRST, day, dry=False, most=1000)
    assert found.counts["adopted"] == 1
    assert found.stopped_at is None


def test_a_mailbox_that_is_at_work_or_paused_is_left_alone(ref: "MailboxRef", office: "Office") -> None:
    schedule.pause(ref.scope, ref.mailbox_id, office.clock)
    with pytest.raises(Unacceptable, match="Nobody could work on ada"):
        run(ref)
    assert not ItemState.of(office.scope).filter(reason_code="MAIL-ADOPTED").exists()


def test_a_vendor_out_of_reach_ends_it_and_the_mailbox_is_free_again(ref: "MailboxRef", office: "Office") -> None:
    office.app.world.faults.add(Fault("refuse", "salesforce", status=503, times=9))
    with pytest.raises(CrosstieError):
        run(ref)
    row = Mailbox.of(office.scope).get(pk=ref.mailbox_id)
    assert (row.lease_until, row.last_error_code) == (None, "CRM-HTTP-503")
    office.app.world.faults.clear()
    assert run(ref).counts["adopted"] == 2


@pytest.mark.parametrize("name", ["", "Id FROM Task", "x' OR 1=1", "9__c", "Ünïcode__c"])
def test_what_no_field_is_called(name: str) -> None:
    with pytest.raises(Unacceptable, match="is not the name of a field"):
        adopting.wishes(everything=False, imports=False, stamps=False, fields=[name])


def test_the_command_says_it_in_words(ref: "MailboxRef") -> None:
    said = "\n".join(command._lines(run(ref, dry=True)))
    assert "E-mails looked at: 3, with so many calls to Salesforce: 1" in said
    assert "Nothing was written." in said
    assert "With a record in Salesforce, to which they point: 2" in said
    assert "Without a record: 1" in said
    assert "2026-10-27 missing: Old 0" in said


def test_the_command_answers_in_json(ref: "MailboxRef", capsys: pytest.CaptureFixture[str]) -> None:
    frame.answer(Namespace(json=True), asdict(run(ref, dry=True)), "")
    found = json.loads(capsys.readouterr().out)
    assert (found["counts"], found["dry"]) == ({"adopted": 2, "missing": 1}, True)
    assert {one["fate"] for one in found["sample"]} == {"adopted", "missing"}
