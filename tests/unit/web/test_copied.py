"""Copies that another product makes are one issue, which names the first of them, and ends by a person's word."""

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest

from crosstie.accounts import people
from crosstie.accounts.governance import settings
from crosstie.cli import main
from crosstie.store.models import AuditRow, Link
from sandbox.mailboxes.calendar.model import Appointment, Details
from tests.unit.web.office import ADA, BEN, Office


class Desk:
    """Ada's calendar, with copies in it and in Salesforce."""

    def __init__(self, office: Office) -> None:
        self.office, self.browser = office, office.signed_in()
        for name in ("events.auto-save-appointments", "events.from-salesforce"):
            settings.put(office.scope, settings.EVERYBODY, name, "on", office.clock)
        self.start = office.clock.now().replace(microsecond=0) + timedelta(days=1)
        self.sync()
        self.put("Fair", "Plan")
        self.sync()

    def sync(self) -> None:
        self.office.clock.pass_time(120)
        self.browser.post("/sync/force")
        self.office.sync()

    @property
    def stored(self) -> Any:
        return self.office.app.world.mailboxes.mailbox(ADA)

    @property
    def box(self) -> list[Appointment]:
        return [one for one in self.stored.appointments.values() if one.calendar]

    def put(self, *subjects: str) -> None:
        for subject in subjects:
            details = Details(subject=subject, start=self.start, end=self.start + timedelta(hours=1))
            self.office.app.world.mailboxes.meetings.create(self.stored, details)

    def enter(self, *subjects: str) -> None:
        org = self.office.company.site.org
        user = people.find(self.office.scope, ADA).crm_user_id
        for subject in subjects:
            values = {"Subject": subject, "StartDateTime": self.start, "DurationInMinutes": 60, "OwnerId": user}
            org.insert(user, "Event", values)

    def events(self) -> list[str]:
        org = self.office.company.site.org
        return sorted(row["Subject"] for row in org.query(org.admin, "SELECT Id, Subject FROM Event").records)

    def page(self) -> str:
        return " ".join(html.unescape(self.browser.get("/issues").content.decode()).split())

    def say(self, word: str, seen: str = "") -> str:
        found = re.findall(r'action="/issues/copies".*?name="seen" value="([0-9]+)"', self.page())
        form = {"word": word, "seen": seen or found[0]}
        return self.browser.post("/issues/copies", form, follow=True).content.decode()


@pytest.fixture
def copied(office: Office) -> Desk:
    desk = Desk(office)
    desk.put("Fair", "Fair", "Plan", "Plan")
    desk.enter("Fair", "Plan", "Plan", "Fair")
    desk.put("Another")
    desk.sync()
    desk.sync()
    return desk


def test_they_are_one_issue_that_names_the_first_five_with_their_place(copied: Desk) -> None:
    page = copied.page()
    assert "8 events are copies of others" in page
    assert page.count("EVENT-COPY") == 1
    card = page[page.index("copies of others") : page.index("and 3 more")]
    assert card.count("<li>") == 6
    assert ("in your calendar" in card, "in Salesforce" in card) == (True, True)
    assert "1 other new event waits" in page
    assert copied.events().count("Another") == 0
    assert len(copied.box) == 7
    kept = Link.of(copied.office.scope).filter(reason_code__startswith="EVENT-COPY")
    assert sorted(kept.values_list("reason_code", flat=True)) == [*["EVENT-COPY"] * 8, "EVENT-COPY-WAITS"]


def test_all_goes_on_when_they_are_deleted_and_it_is_looked_at_again(copied: Desk) -> None:
    own = {row.item_id for row in Link.of(copied.office.scope).filter(bond="joined")}
    assert len(own) == 2
    for title in ("Fair", "Plan"):
        for one in [one for one in copied.box if one.details.subject == title][1:]:
            copied.office.app.world.mailboxes.meetings.delete(copied.stored, one)
    org = copied.office.company.site.org
    for row in org.query(org.admin, "SELECT Id FROM Event WHERE Crosstie_Key__c = NULL").records:
        org.delete(org.admin, row["Id"])
    assert "looked at again within seconds: 8" in copied.say("again")
    copied.sync()
    assert copied.events() == ["Another", "Fair", "Plan"]
    assert "There are no issues" in copied.page()
    (deed,) = AuditRow.of(copied.office.scope).filter(action="issues.copies-again")
    assert deed.details == {"events": 8}


def test_what_is_meant_is_made_once_it_is_said(copied: Desk) -> None:
    assert "made within seconds: 8" in copied.say("meant")
    copied.sync()
    copied.sync()
    assert copied.events() == sorted(["Another", *["Fair"] * 5, *["Plan"] * 5])
    assert len(copied.box) == 11
    assert "There are no issues" in copied.page()
    copied.put("Fair")
    copied.sync()
    assert "There are no issues" in copied.page()


def test_more_copies_than_were_seen_are_not_said_to_be_meant(copied: Desk) -> None:
    assert "It is 8 events by now" in copied.say("meant", seen="2")
    copied.sync()
    assert len(copied.box) == 7


@pytest.mark.parametrize("form", [{}, {"word": "meant"}, {"word": "no", "seen": "8"}])
def test_a_form_that_says_nothing_is_refused(copied: Desk, form: dict[str, str]) -> None:
    assert copied.browser.post("/issues/copies", form).status_code == 400


def test_colleagues_see_and_say_nothing_of_it(copied: Desk) -> None:
    browser = copied.office.signed_in(BEN)
    assert "copies of others" not in browser.get("/issues").content.decode()
    answer = browser.post("/issues/copies", {"word": "meant", "seen": "8"}, follow=True)
    assert "No copies are held back any more" in answer.content.decode()
    copied.sync()
    assert len(copied.box) == 7


def test_the_command_says_the_same(copied: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["issues", ADA]) == 0
    said = capsys.readouterr().out
    assert "8 events are copies of others: " in said
    assert "(in the calendar)" in said
    assert main(["issues", ADA, "--json"]) == 0
    (first, *_) = json.loads(capsys.readouterr().out)
    assert (first["code"], first["events"], first["waiting"]) == ("EVENT-COPY", 8, 1)
    assert main(["issues", ADA, "--retry"]) == 0
    assert "looked at again" in capsys.readouterr().out
    copied.sync()
    assert main(["issues", ADA, "--meant"]) == 0
    copied.sync()
    copied.sync()
    assert len(copied.box) == 11
