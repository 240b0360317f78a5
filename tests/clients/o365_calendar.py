"""O365 (PyPI) judges the calendars: events and series, meetings and their answers, free times."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from O365 import Account  # type: ignore[import-untyped]
from O365.utils.token import MemoryTokenBackend  # type: ignore[import-untyped]

from tests.clients.steering import ADA, BEN, ROLES, TENANT, register, steer

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=BERLIN)
HOUR = timedelta(hours=1)
FROM, TO = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def account() -> Any:
    name = register("calendar-judge", secret="s", roles=[*ROLES, "Calendars.ReadWrite"])
    account = Account(
        (name, "s"), auth_flow_type="credentials", tenant_id=TENANT, token_backend=MemoryTokenBackend(),
        main_resource=ADA, requests_delay=1, timezone="Europe/Berlin",
    )  # fmt: skip
    assert account.authenticate()
    return account


@pytest.fixture
def calendar(account: Any) -> Iterator[Any]:
    """Ada's, emptied afterwards, and Ben's with it."""
    yield account.schedule().get_default_calendar()
    for who in (ADA, BEN):
        for event in list(
            account.schedule(resource=who).get_default_calendar().get_events(limit=None, include_recurring=False)
        ):
            event.delete()


def planned(calendar: Any, subject: str = "Plan", **values: Any) -> Any:
    event = calendar.new_event(subject)
    event.start, event.end = MONDAY, MONDAY + HOUR
    for name, value in values.items():
        setattr(event, name, value)
    assert event.save()
    return event


def dates(calendar: Any, event: Any, until: datetime = TO) -> list[Any]:
    """O365 asks only what it knows to be a series, which it learns by reading it."""
    return list(calendar.get_event(event.object_id).get_occurrences(FROM, until))


def test_an_event_is_written_read_changed_and_removed(calendar: Any) -> None:
    event = planned(calendar, location="Room 1", body="<b>Agenda</b>", remind_before_minutes=45)
    again = calendar.get_event(event.object_id)
    assert (again.subject, again.location["displayName"], again.remind_before_minutes) == ("Plan", "Room 1", 45)
    assert (again.start, again.end) == (MONDAY, MONDAY + HOUR)
    assert "<b>Agenda</b>" in again.body
    again.subject, again.end = "Plan B", MONDAY + 2 * HOUR
    again.categories = ["Red category"]
    assert again.save()
    third = calendar.get_event(event.object_id)
    assert (third.subject, third.end, third.categories) == ("Plan B", MONDAY + 2 * HOUR, ["Red category"])
    assert third.delete()
    assert list(calendar.get_events(include_recurring=False)) == []


def test_a_whole_day(calendar: Any) -> None:
    day = datetime(2026, 11, 24, tzinfo=BERLIN)
    event = planned(calendar, start=day, end=day + timedelta(days=1), is_all_day=True)
    again = calendar.get_event(event.object_id)
    assert again.is_all_day
    assert again.start.date() == day.date()


def test_a_series_and_its_dates(calendar: Any) -> None:
    event = calendar.new_event("Weekly")
    event.start, event.end = MONDAY, MONDAY + HOUR
    event.recurrence.set_weekly(
        1, days_of_week=["monday", "thursday"], first_day_of_week="monday", start=MONDAY.date(), occurrences=4
    )
    assert event.save()
    rows = dates(calendar, event)
    assert [one.start.day for one in rows] == [23, 26, 30, 3]
    assert {one.event_type.value for one in rows} == {"occurrence"}
    rows[1].subject = "Once otherwise"
    assert rows[1].save()
    assert rows[2].delete()
    seen = list(calendar.get_events(include_recurring=True, start_recurring=FROM, end_recurring=TO))
    assert [(one.subject, one.start.day) for one in seen] == [
        ("Weekly", 23),
        ("Once otherwise", 26),
        ("Weekly", 3),
    ]
    master = next(iter(calendar.get_events(include_recurring=False)))
    assert (master.event_type.value, bool(master.recurrence)) == ("series_master", True)
    assert master.recurrence.occurrences == 4


def test_monthly_and_yearly(calendar: Any) -> None:
    event = calendar.new_event("Last Friday")
    event.start, event.end = MONDAY, MONDAY + HOUR
    event.recurrence.set_monthly(1, days_of_week=["friday"], index="last", start=MONDAY.date())
    assert event.save()
    assert [(one.start.month, one.start.day) for one in dates(calendar, event)] == [(11, 27), (12, 25)]
    yearly = calendar.new_event("Yearly")
    yearly.start, yearly.end = MONDAY, MONDAY + HOUR
    yearly.recurrence.set_yearly(1, 11, day_of_month=23, start=MONDAY.date(), end=date(2029, 1, 1))
    assert yearly.save()
    far = dates(calendar, yearly, datetime(2030, 1, 1, tzinfo=UTC))
    assert [one.start.year for one in far] == [2026, 2027, 2028]


def test_queries(calendar: Any) -> None:
    for day, subject in enumerate(("Alpha", "Beta", "Gamma")):
        start = MONDAY + timedelta(days=day)
        planned(calendar, subject, start=start, end=start + HOUR)
    q = calendar.q()
    late = q.greater_equal("start", MONDAY + timedelta(days=1))
    assert {one.subject for one in calendar.get_events(query=late, include_recurring=False)} == {"Beta", "Gamma"}
    named = calendar.get_events(query=q.startswith("subject", "Al"), include_recurring=False)
    assert [one.subject for one in named] == ["Alpha"]
    paged = calendar.get_events(limit=None, batch=2, include_recurring=False, order_by="subject desc")
    assert [one.subject for one in paged] == ["Gamma", "Beta", "Alpha"]


def test_a_meeting_is_answered_and_called_off(account: Any, calendar: Any) -> None:
    event = calendar.new_event("Kick-off")
    event.start, event.end = MONDAY, MONDAY + HOUR
    event.attendees.add([("Ben", BEN)])
    assert event.save()
    theirs = account.schedule(resource=BEN).get_default_calendar()
    [copy] = list(theirs.get_events(include_recurring=False))
    assert (copy.subject, copy.organizer.address) == ("Kick-off", ADA)
    assert copy.accept_event("Gladly")
    [attendee] = list(calendar.get_event(event.object_id).attendees)
    assert (attendee.address, attendee.response_status.status.value) == (BEN, "accepted")
    assert event.cancel_event("Not now")
    told = [one["reason"] for one in steer("GET", "outbox")["mails"] if "Kick-off" in one["subject"]]
    assert told == ["invitation", "answer", "cancellation"]
    [left] = list(theirs.get_events(include_recurring=False))
    assert left.is_cancelled


def test_calendars(account: Any) -> None:
    schedule = account.schedule()
    made = schedule.new_calendar("Projects")
    assert {one.name for one in schedule.list_calendars()} >= {"Calendar", "Projects"}
    event = made.new_event("Inside")
    event.start, event.end = MONDAY, MONDAY + HOUR
    assert event.save()
    assert [one.subject for one in made.get_events(include_recurring=False)] == ["Inside"]
    made.name = "Old projects"
    assert made.update()
    assert schedule.get_calendar(calendar_name="Old projects").calendar_id == made.calendar_id
    assert made.delete()
    assert schedule.get_calendar(calendar_name="Old projects") is None


def test_files_on_events(calendar: Any) -> None:
    event = calendar.new_event("With a file")
    event.start, event.end = MONDAY, MONDAY + HOUR
    event.attachments.add([(BytesIO(b"content"), "a.txt")])
    assert event.save()
    again = calendar.get_event(event.object_id)
    assert again.has_attachments
    assert again.attachments.download_attachments()
    assert [one.name for one in again.attachments] == ["a.txt"]


def test_when_people_are_free(account: Any, calendar: Any) -> None:
    planned(calendar)
    start = MONDAY - HOUR
    [row] = account.schedule().get_availability([ADA], start, start + 3 * HOUR, interval=60)
    assert row["availabilityView"] == ["free", "busy", "free"]
