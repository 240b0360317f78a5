"""Older e-mails on the pages: what an administrator asks for there, and what everybody sees of it."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crosstie.accounts import people
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.governance import settings
from crosstie.accounts.sync.backfills import Place
from crosstie.jobs import backfills
from crosstie.store.models import AuditRow, Backfill, ItemState, JournalRow, Mailbox, Person
from sandbox.faults import Fault
from tests.simulation.letters import letter
from tests.unit.web.office import ADA, BEN, START
from tests.unit.web.test_pages import text

if TYPE_CHECKING:
    from django.test import Client

    from crosstie.accounts.connection.mailboxes import MailboxRef
    from tests.unit.web.office import Office

WINDOW = {"from": "2026-08-01", "to": "2026-11-01"}
NORA, WIM = "nora@birchworks.test", "wim@willow.test"


def put(office: "Office", subject: str, sender: str, days: int, to: str = ADA) -> None:
    box = office.app.world.mailboxes.mailbox(to)
    assert box is not None
    then = START - timedelta(days=days)
    office.app.world.mailboxes.put(box, letter(subject, sender, to, then).as_bytes(), received=then)


@pytest.fixture
def ada(office: "Office") -> "Client":
    """An administrator, with three mails from before she was activated."""
    for number in range(2):
        put(office, f"Old {number}", NORA, 20 + number)
    put(office, "Strange", WIM, 30)
    browser = office.signed_in()
    for _ in range(2):
        office.clock.pass_time(120)
        office.sync()
    return browser


def ref(office: "Office", address: str = ADA) -> "MailboxRef":
    return mailboxes.of_person(office.scope, people.find(office.scope, address).person_id)


def saved(office: "Office") -> int:
    org = office.company.site.org
    return len(org.query(org.admin, "SELECT Id FROM EmailMessage").records)


def work(office: "Office") -> None:
    office.clock.pass_time(1800)
    office.sync()


def test_what_would_happen_is_shown_and_nothing_happens(ada: "Client", office: "Office") -> None:
    before = [list(model.everywhere().values()) for model in (ItemState, JournalRow, Backfill, Mailbox, AuditRow)]
    page = ada.get("/backfill", WINDOW).content.decode()
    assert "1 Aug 2026 to 1 Nov 2026. Nothing was saved or changed yet." in page
    assert "<dt>E-mails looked at</dt><dd>3</dd>" in page
    assert "<dt>Would be saved</dt><dd>2</dd>" in page
    assert "<dt>Calls to Salesforce, about</dt><dd>1</dd>" in page
    assert "nobody on the e-mail is a Contact or Lead" in page
    assert before == [
        list(model.everywhere().values()) for model in (ItemState, JournalRow, Backfill, Mailbox, AuditRow)
    ]
    assert saved(office) == 0


def test_it_is_asked_for_worked_off_and_told(ada: "Client", office: "Office") -> None:
    page = ada.post("/backfill/start", WINDOW, follow=True).content.decode()
    assert "E-mails from 2026-08-01 to 2026-11-01 are looked at from the next session on" in page
    work(office)
    assert saved(office) == 2
    page = text(ada)
    assert "3 of 3 e-mails looked at" in page
    assert "2 saved, 0 were in Salesforce already." in page
    assert ">Done</span>" in page
    assert "MAIL-UNKNOWN" in page
    deed = AuditRow.of(office.scope).get(action="backfill.start")
    assert (deed.face, deed.details["first"], deed.details["last"]) == ("web", "2026-08-01", "2026-11-01")
    assert deed.actor is not None
    assert deed.actor.address == ADA


def test_the_mail_page_says_why_as_for_any_other(ada: "Client", office: "Office") -> None:
    ada.post("/backfill/start", WINDOW)
    work(office)
    page = text(ada, "/mail")
    assert page.count("Saved automatically to Salesforce as EmailMessage") == 2
    assert "nobody on the e-mail is a Contact or Lead" in page


def test_pausing_and_resuming(ada: "Client", office: "Office") -> None:
    assert "there is none to pause" in ada.post("/backfill/pause", follow=True).content.decode()
    ada.post("/backfill/start", WINDOW)
    assert "The back-fill is paused" in ada.post("/backfill/pause", follow=True).content.decode()
    work(office)
    assert saved(office) == 0
    page = text(ada)
    assert ">Paused</span>" in page
    assert "Pause the back-fill" not in page
    assert "goes on with the next session" in ada.post("/backfill/resume", follow=True).content.decode()
    work(office)
    assert saved(office) == 2
    assert [
        deed.action for deed in AuditRow.of(office.scope).filter(action__startswith="backfill").order_by("id")
    ] == [
        "backfill.start",
        "backfill.pause",
        "backfill.resume",
    ]


def test_where_no_session_is_to_come_that_is_said(ada: "Client", office: "Office") -> None:
    ada.post("/backfill/start", WINDOW)
    said = "Nothing is saved automatically until you press Start."
    assert said not in text(ada)
    ada.post("/sync/pause", follow=True)
    assert text(ada).count(said) == 2, "of sync, and of the back-fill"
    (found,) = backfills.progress(ref(office))
    assert said in found.waits
    ada.post("/sync/start")
    assert said not in text(ada)


def test_a_second_one_follows_or_takes_the_place_of_the_first(ada: "Client", office: "Office") -> None:
    ada.post("/backfill/start", WINDOW)
    other = {"from": "2026-01-01", "to": "2026-02-01"}
    page = ada.get("/backfill", other).content.decode()
    assert "Start when that one is over" in page
    refused = ada.post("/backfill/start", other, follow=True).content.decode()
    assert "A back-fill from 2026-08-01 to 2026-11-01 is not over yet." in refused
    assert Backfill.of(office.scope).count() == 1
    line = ada.post("/backfill/start", other | {"place": "behind"}, follow=True).content.decode()
    assert "when the back-fill before this one is over" in line
    place = ada.post("/backfill/start", other | {"place": "instead"}, follow=True).content.decode()
    assert "ended where it was" in place
    assert list(Backfill.of(office.scope).order_by("id").values_list("stage", flat=True)) == [
        "ended",
        "ended",
        "running",
    ]


def test_only_an_administrator_may_and_everybody_sees_their_own(ada: "Client", office: "Office") -> None:
    ben = office.signed_in(BEN)
    assert "Older e-mails" not in text(ben)
    assert ben.get("/backfill", WINDOW).status_code == 403
    for what in ("start", "pause", "resume"):
        page = ben.post(f"/backfill/{what}", WINDOW, follow=True).content.decode()
        assert "Only an administrator can do that." in page
    assert not Backfill.of(office.scope).exists()
    assert backfills.start(ref(office, BEN), WINDOW["from"], WINDOW["to"], Place.ALONE).ok
    page = text(ben)
    assert "Older e-mails" in page
    assert "Show what would be saved" not in page
    assert ">Running</span>" not in text(ada)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("", "2026-11-01", "Nothing is not a day."),
        ("2026-02-30", "2026-11-01", "2026-02-30 is not a day."),
        ("01.02.2026", "2026-11-01", "01.02.2026 is not a day."),
        ("2026-11-01", "2026-10-31", "2026-10-31 is before 2026-11-01."),
        ("2027-01-01", "2027-02-01", "There are no e-mails of 2027-01-01 yet."),
    ],
)
def test_days_that_cannot_be_meant(ada: "Client", office: "Office", first: str, last: str, said: str) -> None:
    page = ada.get("/backfill", {"from": first, "to": last})
    assert page.status_code == 400
    assert said in page.content.decode()
    assert said in ada.post("/backfill/start", {"from": first, "to": last}, follow=True).content.decode()
    assert not Backfill.of(office.scope).exists()


@pytest.mark.parametrize("last", ["9999-12-31", "2026-12-31"])
def test_a_window_that_reaches_into_the_future_ends_now(ada: "Client", office: "Office", last: str) -> None:
    ada.post("/backfill/start", {"from": "0001-01-01", "to": last})
    assert Backfill.of(office.scope).get().before == office.clock.now()
    work(office)
    assert Backfill.of(office.scope).get().stage == "done"


def test_days_are_those_of_the_mailboxs_time_zone(ada: "Client", office: "Office") -> None:
    ada.post("/backfill/start", WINDOW)
    row = Backfill.of(office.scope).get()
    assert (row.since.isoformat(), row.before.isoformat()) == (
        "2026-07-31T22:00:00+00:00",
        "2026-11-01T23:00:00+00:00",
    )


def test_with_auto_saving_off_nothing_is_begun(ada: "Client", office: "Office") -> None:
    settings.put(office.scope, settings.EVERYBODY, "mail.auto-save", "off", office.clock)
    page = ada.post("/backfill/start", WINDOW, follow=True).content.decode()
    assert "Auto-saving of e-mails is off for this mailbox" in page
    assert not Backfill.of(office.scope).exists()


def test_a_mailbox_out_of_reach_is_told(ada: "Client", office: "Office") -> None:
    office.app.world.faults.add(Fault("refuse", "graph", status=503, times=9))
    answer = ada.get("/backfill", WINDOW)
    assert answer.status_code == 503
    assert "mailbox" in answer.content.decode()


def test_looking_too_often_is_refused(ada: "Client", office: "Office") -> None:
    codes = [ada.get("/backfill", WINDOW).status_code for _ in range(12)]
    assert codes == [200] * 10 + [429] * 2


def test_who_lost_the_role_may_no_more(ada: "Client", office: "Office") -> None:
    Person.of(office.scope).filter(address=ADA).update(role="user")
    assert ada.get("/backfill", WINDOW).status_code == 403
