"""What the bulk guard holds back is one issue a side, and a person's word on it is done, once."""

import html
import json
import re
from datetime import timedelta

import pytest

from crosstie.accounts import people
from crosstie.accounts.governance import settings
from crosstie.cli import main
from crosstie.store.models import AuditRow, Link
from sandbox.faults import Fault
from sandbox.mailboxes.calendar.model import Appointment, Details
from tests.unit.web.office import ADA, BEN, Office

SEVEN = [f"Number {number}" for number in range(7)]


class Desk:
    """Ada's calendar and her Events, of which three may be removed at once."""

    def __init__(self, office: Office) -> None:
        self.office, self.browser = office, office.signed_in()
        for name, value in {
            "events.auto-save-appointments": "on",
            "events.from-salesforce": "on",
            "events.removals-at-once": "3",
            "events.removals-percent": "10",
        }.items():
            settings.put(office.scope, settings.EVERYBODY, name, value, office.clock)
        self.sync()

    def sync(self) -> None:
        self.office.clock.pass_time(120)
        self.browser.post("/sync/force")
        self.office.sync()

    @property
    def box(self) -> list[Appointment]:
        stored = self.office.app.world.mailboxes.mailbox(ADA)
        assert stored is not None
        return [one for one in stored.appointments.values() if one.calendar]

    def put(self, subjects: list[str]) -> None:
        stored = self.office.app.world.mailboxes.mailbox(ADA)
        assert stored is not None
        start = self.office.clock.now().replace(microsecond=0) + timedelta(days=1)
        for subject in subjects:
            details = Details(subject=subject, start=start, end=start + timedelta(hours=1))
            self.office.app.world.mailboxes.meetings.create(stored, details)

    def delete(self) -> None:
        stored = self.office.app.world.mailboxes.mailbox(ADA)
        assert stored is not None
        for one in self.box:
            self.office.app.world.mailboxes.meetings.delete(stored, one)

    def enter(self, subjects: list[str]) -> None:
        org = self.office.company.site.org
        user = people.find(self.office.scope, ADA).crm_user_id
        start = self.office.clock.now().replace(microsecond=0) + timedelta(days=1)
        for subject in subjects:
            values = {"Subject": subject, "StartDateTime": start, "DurationInMinutes": 30, "OwnerId": user}
            org.insert(user, "Event", values)

    def events(self) -> list[str]:
        org = self.office.company.site.org
        found = org.query(org.admin, "SELECT Id, Subject FROM Event").records
        return sorted(row["Subject"] for row in found)

    def erase(self) -> None:
        org = self.office.company.site.org
        for row in org.query(org.admin, "SELECT Id FROM Event").records:
            org.delete(org.admin, row["Id"])

    def page(self) -> str:
        return " ".join(html.unescape(self.browser.get("/issues").content.decode()).split())

    def say(self, word: str) -> str:
        """Press the button of what the page shows."""
        page = self.page()
        side, seen = (re.findall(rf'name="{name}" value="([^"]+)"', page)[0] for name in ("side", "seen"))
        form = {"side": side, "seen": seen, "word": word}
        return self.browser.post("/issues/decide", form, follow=True).content.decode()


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


@pytest.fixture
def deleted(desk: Desk) -> Desk:
    """Seven appointments were saved, and deleted."""
    desk.put(SEVEN)
    desk.sync()
    desk.sync()
    assert desk.events() == SEVEN
    desk.delete()
    desk.sync()
    desk.sync()
    assert desk.events() == SEVEN, "held back"
    return desk


def test_what_is_meant_is_deleted_in_salesforce_once_it_is_said(deleted: Desk) -> None:
    page = deleted.page()
    assert "7 Events would be deleted in Salesforce" in page
    assert page.count("EVENT-GUARD") == 1, "one issue, not seven"
    assert sum(title in page for title in SEVEN) == 5
    assert "and 2 more" in page
    fault = Fault("refuse", "salesforce", "collection_delete", times=1, status=503, body=b"[]")
    deleted.office.app.world.faults.add(fault)
    assert "deleted in Salesforce within seconds: 7" in deleted.say("remove")
    deleted.sync()
    assert "would be deleted" not in deleted.page(), "it is not asked again because it has to be tried again"
    deleted.sync()
    assert deleted.events() == []
    (deed,) = AuditRow.of(deleted.office.scope).filter(action="issues.remove")
    assert deed.details == {"side": "crm", "events": 7}
    assert "There are no issues" in deleted.page()
    assert not Link.of(deleted.office.scope).exists()


def test_what_is_kept_stays_in_salesforce_and_does_not_come_down(deleted: Desk) -> None:
    assert "stay in Salesforce: 7" in deleted.say("keep")
    deleted.sync()
    assert "There are no issues" in deleted.page()
    org = deleted.office.company.site.org
    for row in org.query(org.admin, "SELECT Id FROM Event").records:
        org.update(org.admin, "Event", row["Id"], {"Location": "Here"})
    deleted.sync()
    deleted.sync()
    assert (deleted.events(), deleted.box) == (SEVEN, [])
    (deed,) = AuditRow.of(deleted.office.scope).filter(action="issues.keep")
    assert deed.details == {"side": "crm", "events": 7}
    deleted.erase()
    deleted.sync()
    assert not Link.of(deleted.office.scope).exists(), "nothing is remembered of what is gone on both sides"


@pytest.mark.parametrize("word", ["remove", "keep"])
def test_copies_of_deleted_events_go_or_stay(desk: Desk, word: str) -> None:
    desk.enter(SEVEN)
    desk.sync()
    assert len(desk.box) == 7
    desk.erase()
    desk.sync()
    assert len(desk.box) == 7
    page = desk.page()
    assert "7 events would be taken out of your calendar" in page
    assert sum(title in page for title in SEVEN) == 5
    desk.say(word)
    desk.sync()
    desk.sync()
    assert len(desk.box) == (7 if word == "keep" else 0)
    assert {one.details.categories for one in desk.box} <= {()}, "they are not saved any more"
    assert "There are no issues" in desk.page()
    assert desk.events() == []


def test_another_number_than_was_seen_is_not_answered(deleted: Desk) -> None:
    form = {"side": "crm", "word": "remove", "seen": "6"}
    said = deleted.browser.post("/issues/decide", form, follow=True).content.decode()
    assert "It is 7 events by now" in said
    deleted.sync()
    assert deleted.events() == SEVEN
    assert deleted.browser.post("/issues/decide", {**form, "word": "burn"}).status_code == 400
    nothing = deleted.browser.post("/issues/decide", {**form, "side": "mailbox"}, follow=True).content.decode()
    assert "Nothing is held back there any more" in nothing


def test_the_command_line_says_and_does_the_same(deleted: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["issues", ADA]) == 0
    assert "7 events would be deleted in Salesforce: Number " in capsys.readouterr().out
    assert main(["issues", ADA, "--json", "--keep", "salesforce"]) == 0
    assert json.loads(capsys.readouterr().out)["code"] == "HELD-KEPT"
    assert main(["issues", ADA, "--remove", "salesforce"]) == 1


def test_what_the_viewer_may_not_see_is_counted_and_not_named(deleted: Desk) -> None:
    office = deleted.office
    org, user = office.company.site.org, people.find(office.scope, ADA).crm_user_id
    org.setup.org_defaults({"Event": "private"})
    for row in org.query(org.admin, "SELECT Id FROM Event").records:
        org.update(org.admin, "Event", row["Id"], {"OwnerId": people.find(office.scope, BEN).crm_user_id})
    assert org.query(user, "SELECT Id FROM Event").records == []
    page = deleted.page()
    assert "7 Events would be deleted in Salesforce" in page
    assert sum(title in page for title in SEVEN) == 0
