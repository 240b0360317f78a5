"""iCalendar files: what a mailbox makes of them, and what it refuses."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sandbox import load
from sandbox.load import Where
from sandbox.mailboxes import Mailbox
from sandbox.mailboxes.calendar import Appointment, NotRepresentable, expand
from sandbox.mailboxes.ics import NotACalendar
from tests.places import SHARED
from tests.unit.sandbox.calendar.conftest import NINE, Office

CORPUS = SHARED / "corpora" / "calendar" / "icalendar"
TIMES = "DTSTART;TZID=Europe/Berlin:20261124T090000\r\nDTEND;TZID=Europe/Berlin:20261124T100000"
SPECIAL = """BEGIN:VTIMEZONE
TZID:Our Time
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
"""
ODD = """BEGIN:VTIMEZONE
TZID:Odd Time
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0117
TZOFFSETTO:+0117
END:STANDARD
END:VTIMEZONE
"""


def bring(
    office: Office, *lines: str, times: str = TIMES, zones: str = "", to: Mailbox | None = None
) -> Appointment:
    text = "\r\n".join(["BEGIN:VEVENT", "UID:1", *times.splitlines(), *lines, "END:VEVENT"])
    raw = f"BEGIN:VCALENDAR\r\n{zones}{text}\r\nEND:VCALENDAR".encode()
    [made] = office.store.put_calendar(to or office.anna, raw)
    return made


def google(office: Office) -> Mailbox:
    return office.store.add_mailbox("gil@acme.test", "Gil", home="google")


def test_all_that_an_event_says_of_itself(office: Office) -> None:
    made = bring(
        office,
        "SUMMARY:A\\, b", "DESCRIPTION:Line\\nnext", "LOCATION:Room 1", "CLASS:PRIVATE", "PRIORITY:1",
        "TRANSP:TRANSPARENT", "CATEGORIES:One,Two\\, too", "CATEGORIES:One", "SEQUENCE:3",
        "ORGANIZER;CN=Nora:mailto:nora@birch.test",
        "ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:Anna@acme.test",
        "ATTENDEE;ROLE=OPT-PARTICIPANT;CN=Omar:mailto:omar@birch.test",
        "ATTENDEE;CUTYPE=ROOM:mailto:room@birch.test",
        "ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=a.txt:SGk=",
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT1H30M", "END:VALARM",
    )  # fmt: skip
    details = made.details
    assert (details.subject, details.text, details.places[0].name) == ("A, b", "Line\nnext", "Room 1")
    assert (details.sensitivity, details.importance, details.show_as) == ("private", "high", "free")
    assert (details.categories, details.reminder, details.reminds) == (("One", "Two, too"), 90, True)
    assert (details.start, details.start_zone) == (NINE, "Europe/Berlin")
    assert [one.role for one in details.attendees] == ["required", "optional", "resource"]
    assert (made.is_organizer, made.sequence, details.answer.response) == (False, 3, "accepted")
    [file] = details.attachments
    assert (file.name, file.content) == ("a.txt", b"Hi")
    assert office.sent() == []


def test_a_series_with_all_that_belongs_to_it(office: Office) -> None:
    text = f"""BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:Late
RECURRENCE-ID;TZID=Europe/Berlin:20261201T090000
DTSTART:20261201T120000Z
DTEND:20261201T130000Z
END:VEVENT
BEGIN:VEVENT
UID:1
SUMMARY:Review
{TIMES}
RRULE:FREQ=WEEKLY;UNTIL=20270105T080000Z
EXDATE;TZID=Europe/Berlin:20261208T090000,20261215T090000
END:VEVENT
END:VCALENDAR"""
    [made] = office.store.put_calendar(office.anna, text.encode())
    seen = expand.first(made, 9)
    starts = [one.details.start.strftime("%m-%d %H") for one in seen]
    assert starts == ["11-24 08", "12-01 12", "12-22 08", "12-29 08", "01-05 08"]
    assert [one.details.subject for one in seen[:2]] == ["Review", "Late"]
    [again] = office.store.put_calendar(office.anna, text.encode())
    assert list(office.anna.appointments.values()) == [again]


def test_times_without_a_zone_are_the_mailboxs(office: Office) -> None:
    made = bring(office, times="DTSTART:20261124T090000\r\nDURATION:PT90M")
    assert (made.details.start, made.details.end) == (NINE, NINE.replace(hour=9, minute=30))
    day = bring(office, times="DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261124")
    assert (day.details.start, day.details.end) == (date(2026, 11, 24), date(2026, 11, 25))


@pytest.mark.parametrize(
    ("name", "zones", "shown"),
    [
        ("W. Europe Standard Time", "", "W. Europe Standard Time"),
        ("/example.org/20050126_1/Europe/Berlin", "", "Europe/Berlin"),
        ("Our Time", SPECIAL, "Europe/"),
        ("Odd Time", ODD, "tzone://Microsoft/Custom"),
        ("Odd Time", ODD.replace(":19700101T000000", ";VALUE=DATE:19700101"), "tzone://Microsoft/Custom"),
    ],
)
def test_zones_by_name_and_by_their_rules(office: Office, name: str, zones: str, shown: str) -> None:
    made = bring(office, times=f"DTSTART;TZID={name}:20261124T090000", zones=zones)
    assert made.details.start == (NINE if "+0117" not in zones else datetime(2026, 11, 24, 7, 43, tzinfo=UTC))
    assert made.details.start_zone.startswith(shown)


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["RRULE:FREQ=SECONDLY"], "event 1 has what no mailbox keeps: RRULE with FREQ=SECONDLY"),
        (["RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY"], "EXRULE"),
        (["RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], "a second RRULE"),
        (["RRULE:FREQ=DAILY", "RDATE:20261201T080000Z"], "RDATE, dates that no RRULE gives"),
        (["RDATE:20261201T080000Z"], "RDATE, dates that no RRULE gives"),
        (["RRULE:FREQ=WEEKLY;BYDAY=MO"], "a DTSTART that its RRULE does not give"),
        (["RRULE:FREQ=DAILY;UNTIL=20200101T000000Z"], "an RRULE that gives no date"),
        (
            ["RRULE:FREQ=DAILY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1", TIMES, "RECURRENCE-ID:20261124T090000Z"],
            "is no date of it",
        ),
        (["RECURRENCE-ID;RANGE=THISANDFUTURE:20261124T080000Z"], "RANGE=THISANDFUTURE"),
    ],
)
def test_what_no_mailbox_keeps_is_named(office: Office, lines: list[str], named: str) -> None:
    with pytest.raises(NotRepresentable, match=named):
        bring(office, *lines)
    assert office.anna.appointments == {}


def test_a_series_in_a_zone_nobody_knows(office: Office) -> None:
    times = "DTSTART;TZID=Odd Time:20261124T090000"
    with pytest.raises(NotRepresentable, match="a series in the time zone Odd Time"):
        bring(office, "RRULE:FREQ=DAILY", times=times, zones=ODD)
    with pytest.raises(NotACalendar, match="TZID Odd Time is not known"):
        bring(office, times=times, to=google(office))


BROKEN = "BEGIN:VTIMEZONE\nTZID:Odd Time\nBEGIN:STANDARD\nTZOFFSETTO:x\nEND:STANDARD\nEND:VTIMEZONE\n"


@pytest.mark.parametrize("zones", ["", BROKEN])
def test_a_zone_that_nobody_knows_is_the_persons(office: Office, zones: str) -> None:
    made = bring(office, "RRULE:FREQ=DAILY;COUNT=2", times="DTSTART;TZID=Odd Time:20261124T090000", zones=zones)
    assert [one.details.start for one in expand.first(made, 9)] == [NINE, NINE.replace(day=25)]


@pytest.mark.parametrize(
    ("times", "start", "minutes"),
    [
        ("", datetime(2026, 11, 20, 12, tzinfo=UTC), 0),
        ("DURATION:PT45M", datetime(2026, 11, 20, 12, tzinfo=UTC), 45),
        ("DTEND;TZID=Europe/Berlin:20261124T100000\nDURATION:PT1H", NINE, 60),
        ("DTEND;TZID=Europe/Berlin:20261124T090000", NINE, 0),
        ("DTSTART:soon\nDTEND;TZID=Europe/Berlin:20261124T090000", NINE, 0),
        ("DTSTART;TZID=Europe/Berlin:20261124T090000\nDTEND:later", NINE, 0),
        ("DTSTART;VALUE=DATE:20261124\nDTEND:20261124T093000", NINE.replace(day=23, hour=23), 570),
    ],
)
def test_outlook_makes_up_for_times_that_are_missing(
    office: Office, times: str, start: datetime, minutes: int
) -> None:
    office.clock.advance(timedelta(minutes=25))
    made = bring(office, times=times)
    assert (made.details.start, made.details.end) == (start, start + timedelta(minutes=minutes))


def test_an_event_of_which_nothing_is_said_may_last_half_an_hour(office: Office) -> None:
    office.world.switches.turn("calendar.timeless_last_half_an_hour", True)
    made = bring(office, times="")
    assert made.details.end == datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


def test_midnights_in_no_zone_are_whole_days(office: Office) -> None:
    times = "DTSTART:20261124T000000\nDTEND:20261126T000000"
    assert bring(office, times=times).details.end == date(2026, 11, 26)
    at_google = bring(office, times=times, to=google(office)).details
    assert at_google.end == datetime(2026, 11, 26, tzinfo=UTC)


def test_events_without_a_uid_or_with_the_same_are_all_kept(office: Office) -> None:
    event = f"BEGIN:VEVENT\n{TIMES}\nEND:VEVENT\n"
    named = event.replace("BEGIN:VEVENT\n", "BEGIN:VEVENT\nUID:1\n")
    raw = f"BEGIN:VCALENDAR\n{event * 2}{named * 2}END:VCALENDAR".encode()
    uids = [one.uid for one in office.store.put_calendar(office.anna, raw)]
    assert len(uids) == 4
    assert len(set(uids)) == 3
    with pytest.raises(NotACalendar, match="no UID"):
        office.store.put_calendar(google(office), raw)


@pytest.mark.parametrize("passed_over", [True, False])
def test_dates_with_periods(office: Office, passed_over: bool) -> None:
    office.world.switches.turn("calendar.periods_are_passed_over", passed_over)
    line = "RDATE;VALUE=PERIOD:20261201T080000Z/PT1H,and more"
    if passed_over:
        assert bring(office, line).details.start == NINE
        assert len(expand.first(bring(office, "RRULE:FREQ=DAILY;COUNT=3", line), 9)) == 3
    else:
        with pytest.raises(NotRepresentable, match="RDATE with a period"):
            bring(office, line)


def test_of_a_deleted_date_the_day_counts(office: Office) -> None:
    """At Google the moment does."""
    lines = ("RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261124T230500Z", "EXDATE;VALUE=DATE:20261126")
    assert [one.details.start for one in expand.first(bring(office, *lines), 9)] == [NINE]
    assert len(expand.first(bring(office, *lines, to=google(office)), 9)) == 3


def test_the_last_of_whole_days_is_in_no_zone(office: Office) -> None:
    times = "DTSTART;VALUE=DATE:20261124"
    made = bring(office, "RRULE:FREQ=DAILY;UNTIL=20261125T235959Z", times=times)
    assert [one.details.start for one in expand.first(made, 9)] == [date(2026, 11, 24), date(2026, 11, 25)]


def test_google_keeps_dates_beside_the_rule(office: Office) -> None:
    made = bring(office, "RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=MO", "RDATE:20261126T080000Z", to=google(office))
    starts = [one.details.start.strftime("%m-%d") for one in expand.first(made, 9)]
    assert starts == ["11-24", "11-26", "11-30", "12-07"]
    office.store.calendar.drop_occurrence(made_in(office), made, NINE.replace(day=26))
    assert [one.details.start.strftime("%m-%d") for one in expand.first(made, 9)] == ["11-24", "11-30", "12-07"]


def made_in(office: Office) -> Mailbox:
    found = office.store.mailbox("gil@acme.test")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("times", "fault"),
    [
        ("DTSTART:20261124T090000Z\r\nDTEND:20261123T090000Z", "DTEND is before DTSTART"),
        ("DTSTART:20261124T090000Z\r\nDURATION:P999999999999D", "DURATION: .* too long"),
        ("DTSTART:99991231T235959", "in the year 9999"),
        ("DTSTART;VALUE=DATE:00010101", "in the year 1"),
        ("DTSTART:44991231T235959\r\nDURATION:P800D", "after all calendars"),
        ("DTSTART:44991231T235959\r\nDURATION:P8000000D", "can not be"),
    ],
)
def test_times_that_can_not_be(office: Office, times: str, fault: str) -> None:
    with pytest.raises(NotACalendar, match=fault):
        bring(office, times=times)


@pytest.mark.parametrize(
    ("times", "fault"),
    [
        ("", "no DTSTART"),
        ("DTSTART:20261399T090000Z", "DTSTART is 20261399T090000Z, which is no time"),
        ("DTSTART;VALUE=DATE:20261124\r\nDTEND:20261124T090000Z", "DTSTART and DTEND are a day at one end"),
    ],
)
def test_times_that_google_does_not_read(office: Office, times: str, fault: str) -> None:
    with pytest.raises(NotACalendar, match=fault):
        bring(office, times=times, to=google(office))


@pytest.mark.shared
def test_other_peoples_calendars(office: Office) -> None:
    """Each is kept or refused with a sentence; all that is kept can be looked at, and written and read again."""
    paths = sorted(CORPUS.glob("*.ics"))
    report = load.load(office.world, paths, Where("anna"))
    assert len(report.loaded) + len(report.refused) == len(paths)
    assert len(report.loaded) > 110
    odd = [
        one for one in report.refused if ": is no calendar that can be read: " not in one and "keeps" not in one
    ]
    assert odd == []
    for one in list(office.anna.appointments.values()):
        seen = [found.details for found in expand.first(one, 3)] if one.rule else [one.details]
        assert seen
        assert all(expand.span(details)[0] <= expand.span(details)[1] for details in seen)


def test_the_verb_names_the_event(office: Office, tmp_path: Path) -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:7\n{TIMES}\nRRULE:FREQ=HOURLY\nEND:VEVENT\nEND:VCALENDAR"
    path = tmp_path / "a.ics"
    path.write_text(text)
    report = load.load(office.world, [path], Where("anna"))
    assert report.refused == [f"{path}: event 7 has what no mailbox keeps: RRULE with FREQ=HOURLY."]
