"""What Graph is told: only what is named, never who comes, and an online meeting stays one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crosstie.domain.address import Address
from crosstie.domain.calendar import Attendee, CalendarItem, Sensitivity, ShowAs, When
from crosstie.domain.errors import Fatal
from crosstie.mailboxes.graph.calendar.bodies import body_of
from crosstie.mailboxes.graph.calendar.drafts import KEY, changed_event, new_event

START = datetime(2026, 12, 9, 8, tzinfo=UTC)
TWICE = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
"""An hour later clocks in Berlin show the same."""


def item(**fields: Any) -> CalendarItem:
    when = fields.pop("when", When(START, START + timedelta(hours=1), "Europe/Berlin"))
    return CalendarItem("E1", "CK", when, **fields)


def test_a_new_event_is_told_whole_and_named_twice() -> None:
    one = item(
        subject="Roof",
        text="Bring the plans.",
        location="Site",
        show_as=ShowAs.ELSEWHERE,
        sensitivity=Sensitivity.PRIVATE,
        reminder=timedelta(minutes=15),
        categories=frozenset({"Salesforce", "Blue"}),
    )
    zone = "W. Europe Standard Time"
    assert new_event(one, "1:abc") == {
        "transactionId": "1:abc",
        "singleValueExtendedProperties": [{"id": KEY, "value": "1:abc"}],
        "subject": "Roof",
        "body": {"contentType": "text", "content": "Bring the plans."},
        "location": {"displayName": "Site"},
        "showAs": "workingElsewhere",
        "sensitivity": "private",
        "isReminderOn": True,
        "reminderMinutesBeforeStart": 15,
        "categories": ["Blue", "Salesforce"],
        "start": {"dateTime": "2026-12-09T09:00:00", "timeZone": zone},
        "end": {"dateTime": "2026-12-09T10:00:00", "timeZone": zone},
        "isAllDay": False,
    }


def test_nobody_is_ever_invited() -> None:
    with pytest.raises(Fatal, match="GRAPH-INVITES"):
        new_event(item(attendees=(Attendee(Address("nora@birchworks.test")),)), "1:abc")


def test_no_series_is_made_by_mistake() -> None:
    with pytest.raises(Fatal, match="GRAPH-SERIES"):
        new_event(item(rule="FREQ=DAILY"), "1:abc")


def test_a_change_tells_the_named_fields_alone() -> None:
    one = item(subject="Roof", text="Bring the plans.")
    assert changed_event(one, frozenset({"subject", "reminder"}), {}) == {"subject": "Roof", "isReminderOn": False}


@pytest.mark.parametrize("field", ["answer", "organizer", "rule", "uid", "nonsense"])
def test_what_nobody_may_write_is_refused(field: str) -> None:
    with pytest.raises(Fatal, match="GRAPH-FIELD"):
        changed_event(item(), frozenset({"subject", field}), {})


@pytest.mark.parametrize(
    ("when", "start", "end", "zone"),
    [
        (When(date(2026, 12, 9), date(2026, 12, 10), "Asia/Tokyo"), "2026-12-09T00:00:00", "2026-12-10T00:00:00",
         "Tokyo Standard Time"),
        (When(START, START, "Mars/Olympus"), "2026-12-09T08:00:00", "2026-12-09T08:00:00", "UTC"),
        (When(TWICE, TWICE + timedelta(hours=1), "Europe/Berlin"), "2026-10-25T00:30:00", "2026-10-25T01:30:00",
         "UTC"),
    ],
    ids=["whole days", "a zone nobody knows", "a clock that shows the end twice"],
)  # fmt: skip
def test_when(when: When, start: str, end: str, zone: str) -> None:
    told = changed_event(item(when=when), frozenset({"when"}), {})
    assert told == {
        "start": {"dateTime": start, "timeZone": zone},
        "end": {"dateTime": end, "timeZone": zone},
        "isAllDay": when.all_day,
    }


URL = "https://teams.test/l/meetup-join/19%3ameeting_AB%40thread.v2/0?context=%7b%22Tid%22%3a%22T%22%7d&x=1"
RULER = "_" * 80
PART = f"""<div class="me-email-text" lang="en-US">
<div><span>Microsoft Teams meeting</span></div>
<div><a class="me-email-headline" href="{URL.replace("&", "&amp;")}">Join the meeting now</a></div>
<div><span>Meeting ID: 123 456</span></div><div><a href="https://aka.test/JoinTeamsMeeting">Need help?</a></div>
</div>"""
ONLINE = {
    "onlineMeeting": {"joinUrl": URL},
    "body": {
        "contentType": "html",
        "content": f"<html><body><p>Old words</p><div>{RULER}</div>{PART}</body></html>",
    },
}
AS_TEXT = f"""Old words

{RULER}
Microsoft Teams meeting
Join the meeting now<{URL}>
Meeting ID: 123 456
Need help?<https://aka.test/JoinTeamsMeeting>
{RULER}"""


@pytest.mark.parametrize(
    "text",
    [
        "New words & more",
        AS_TEXT.replace("Old words", "New words & more"),
        AS_TEXT.replace("Old words", "New words & more").replace(f"<{URL}>", ""),
    ],
    ids=["words alone", "with the meeting as text", "with the meeting as text without its link"],
)
def test_the_part_that_leads_to_an_online_meeting_stays(text: str) -> None:
    body = body_of(text, ONLINE)
    assert body["contentType"] == "html"
    assert body["content"].count("me-email-text") == 1
    assert body["content"].count("Meeting ID: 123 456") == 1
    assert URL.replace("&", "&amp;") in body["content"]
    assert body["content"].startswith("<html><body>New words &amp; more<br>")
    assert "Old words" not in body["content"]


def test_words_behind_the_meeting_stay_too() -> None:
    body = body_of(f"{AS_TEXT}\n\nPS: the roof", ONLINE)
    assert "PS: the roof" in body["content"]
    assert body["content"].count("Meeting ID") == 1


def test_a_meeting_part_that_nobody_marked_is_its_block() -> None:
    content = f'<html><body><p>Old</p><p>Call <a href="{URL.replace("&", "&amp;")}">here</a></p></body></html>'
    body = body_of("New", {**ONLINE, "body": {"contentType": "html", "content": content}})
    assert "Old" not in body["content"]
    assert f'<p>Call <a href="{URL.replace("&", "&amp;")}">here</a></p>' in body["content"]


def test_what_is_no_online_meeting_is_told_as_text() -> None:
    assert body_of("New", {"body": {"contentType": "html", "content": "<p>Old</p>"}}) == {
        "contentType": "text",
        "content": "New",
    }
