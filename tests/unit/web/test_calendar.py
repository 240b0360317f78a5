"""The page Calendar and the Events box of General."""

import re
from datetime import timedelta
from html import unescape

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crosstie.accounts import people
from crosstie.accounts.governance import settings
from sandbox.faults import Fault
from sandbox.mailboxes.calendar.model import Attendee, Details
from sandbox.mailboxes.model import Person
from tests.unit.web.office import ADA, Office


def text(browser: Client, address: str) -> str:
    return unescape(browser.get(address).content.decode())


def put(office: Office, subject: str, *guests: str) -> None:
    start = office.clock.now().replace(microsecond=0) + timedelta(days=1)
    people = tuple(Attendee(Person(one)) for one in guests)
    details = Details(subject=subject, start=start, end=start + timedelta(hours=1), attendees=people)
    stored = office.app.world.mailboxes.mailbox(ADA)
    assert stored is not None
    office.app.world.mailboxes.meetings.create(stored, details)


def test_the_calendar_says_what_became_of_each(office: Office) -> None:
    browser = office.signed_in()
    office.sync()
    assert "There is nothing in your calendar" in text(browser, "/calendar")
    settings.put(office.scope, settings.EVERYBODY, "events.auto-save-meetings", "on", office.clock)
    put(office, "Saw line <b>", "nora@birchworks.test")
    put(office, "Dentist")
    assert "Not looked at" in text(browser, "/calendar")
    browser.post("/sync/force")
    office.sync()
    page = text(browser, "/calendar")
    print(page[page.index("<ol") :])
    assert "Saved to Salesforce as an Event" in page
    assert "auto-saving of appointments, which nobody is invited to, is off" in page
    assert page.count("Open in Salesforce") == 1
    assert "nora@birchworks.test" in page
    assert "Saw line &lt;b&gt;" in browser.get("/calendar").content.decode()
    saved = text(browser, "/calendar?show=saved")
    assert "Saw line" in saved
    assert "Dentist" not in saved


def test_a_mailbox_that_cannot_be_reached_is_a_sentence(office: Office) -> None:
    browser = office.signed_in()
    office.app.world.faults.add(Fault("refuse", "graph", "calendar.view", status=503, times=50))
    answer = browser.get("/calendar")
    assert answer.status_code == 503
    assert 'role="alert"' in answer.content.decode()


def test_the_box_turns_each_switch_by_itself(office: Office) -> None:
    browser = office.signed_in()
    page = text(browser, "/")
    assert "Sync my Salesforce calendar" in page
    said = browser.post("/settings/events", {"of": "down", "down": "on"}, follow=True).content.decode()
    assert "Events of Salesforce come down" in said
    place = settings.for_person(office.scope, people.find(office.scope, ADA).person_id)
    assert settings.get(office.scope, place, "events.from-salesforce") is True
    assert settings.get(office.scope, place, "events.auto-save-meetings") is False
    browser.post("/settings/events", {"of": "down"})
    assert settings.get(office.scope, place, "events.from-salesforce") is False
    assert browser.post("/settings/events", {"of": "nonsense"}).status_code == 302


def brought(office: Office, browser: Client, *subjects: str) -> None:
    """Down to Ada's calendar, from the next day on."""
    browser.post("/settings/events", {"of": "down", "down": "on"})
    office.sync()
    start = office.clock.now().replace(microsecond=0) + timedelta(days=1)
    org, user = office.company.site.org, office.company.colleagues[0].user
    for number, subject in enumerate(subjects):
        at = start + timedelta(days=number)
        fields = {"Subject": subject, "StartDateTime": at, "DurationInMinutes": 30, "OwnerId": user}
        org.insert(user, "Event", fields)
    office.clock.pass_time(120)
    browser.post("/sync/force")
    office.sync()


def subjects(office: Office) -> list[str]:
    stored = office.app.world.mailboxes.mailbox(ADA)
    assert stored is not None
    there = office.app.world.mailboxes.calendar.inside(stored, stored.default_calendar)
    return sorted(one.details.subject for one in there)


def events(office: Office) -> int:
    org = office.company.site.org
    return len(org.query(org.admin, "SELECT Id FROM Event").records)


def test_switching_off_shows_first_what_would_go_and_may_be_cancelled(office: Office) -> None:
    browser = office.signed_in()
    brought(office, browser, "Call <b>", "Visit")
    assert subjects(office) == ["Call <b>", "Visit"]
    answer = browser.post("/settings/events", {"of": "down"})
    assert answer.headers["Location"] == "/settings/events/leaving"
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "2 items would be taken out of your calendar" in page
    assert "Call &lt;b&gt;" in page
    assert 'href="/">Cancel' in page
    office.clock.pass_time(1800)
    office.sync()
    assert subjects(office) == ["Call <b>", "Visit"]
    assert '<input type="checkbox" id="down" name="down" value="on"' in text(browser, "/")
    place = settings.for_person(office.scope, people.find(office.scope, ADA).person_id)
    assert settings.get(office.scope, place, "events.from-salesforce") is True
    said = browser.post("/settings/events/leave", follow=True).content.decode()
    assert "What came from Salesforce is taken out of your calendar" in said
    office.sync()
    assert (subjects(office), events(office)) == ([], 2)
    assert browser.post("/settings/events", {"of": "down"}).headers["Location"] == "/"
    browser.post("/settings/events", {"of": "down", "down": "on"})
    office.sync()
    assert subjects(office) == ["Call <b>", "Visit"]


def test_that_anything_would_go_is_known_by_the_first_of_it(office: Office) -> None:
    browser = office.signed_in()
    brought(office, browser, "Call", "Visit")
    with CaptureQueriesContext(connection) as seen:
        answer = browser.post("/settings/events", {"of": "down"})
    assert answer.headers["Location"] == "/settings/events/leaving"
    (asked,) = (one["sql"] for one in seen.captured_queries if "FROM store_link" in one["sql"])
    assert "LIMIT 1\n" in asked


def test_taking_ones_own_word_back_may_take_items_away_too(office: Office) -> None:
    browser = office.signed_in()
    brought(office, browser, "Call")
    answer = browser.post("/settings/events", {"of": "down", "down": "on", "reset": "yes"})
    assert answer.headers["Location"] == "/settings/events/leaving?reset=yes"
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "1 item would be taken out of your calendar" in page
    assert '<input type="hidden" name="reset" value="yes">' in page
    browser.post("/settings/events/leave", {"reset": "yes"})
    office.sync()
    assert (subjects(office), events(office)) == ([], 1)
    settings.put(office.scope, settings.EVERYBODY, "events.from-salesforce", "on", office.clock)
    office.sync()
    browser.post("/settings/events", {"of": "down", "down": "on"})
    assert browser.post("/settings/events", {"of": "down", "reset": "yes"}).headers["Location"] == "/"


def test_a_mailbox_that_cannot_be_reached_shows_nothing_and_nothing_goes(office: Office) -> None:
    browser = office.signed_in()
    brought(office, browser, "Call")
    office.app.world.faults.add(Fault("refuse", "graph", "batch", status=503, times=50))
    answer = browser.get("/settings/events/leaving")
    assert answer.status_code == 503
    assert "Switch off and take them out" not in answer.content.decode()


def test_what_is_locked_is_shown_and_cannot_be_turned(office: Office) -> None:
    settings.put(office.scope, settings.EVERYBODY, "events.auto-save-meetings", "on", office.clock, locked=True)
    browser = office.signed_in()
    said = browser.post("/settings/events", {"of": "meetings"}, follow=True).content.decode()
    assert "is locked for everybody" in said


def test_a_meeting_changed_in_salesforce_asks_before_anybody_is_mailed(office: Office) -> None:
    settings.put(office.scope, settings.EVERYBODY, "events.auto-save-meetings", "on", office.clock)
    browser = office.signed_in()
    office.sync()
    put(office, "Saw line", "nora@birchworks.test")
    browser.post("/sync/force")
    office.sync()
    org, box = office.company.site.org, office.app.world.outbox
    (event,) = org.query(org.admin, "SELECT Id FROM Event").records
    office.clock.pass_time(120)
    org.update(org.admin, "Event", event["Id"], {"Subject": "Saw line, moved"})
    sent = len(box.mails)
    browser.post("/sync/force")
    office.sync()
    page = text(browser, "/issues")
    assert "An update would be sent to:" in page
    assert "nora@birchworks.test" in page
    assert len(box.mails) == sent
    (item,) = re.findall(r'name="item" value="([^"]+)"><button class="main">', page)
    said = browser.post("/issues/approve", {"item": item}, follow=True).content.decode()
    assert "its attendees are sent the update" in said
    office.sync()
    assert len(box.mails) == sent + 1
    assert "There are no issues" in text(browser, "/issues")
    again = browser.post("/issues/approve", {"item": item}, follow=True).content.decode()
    assert "the issue is gone already" in again
