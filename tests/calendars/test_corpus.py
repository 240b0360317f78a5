"""Real calendar files, each opened in Outlook on the day before its first event: what Salesforce has of it then.

What it must have is ical.js's reading of the file as Microsoft's documents say that Outlook reads it (outlook.py).
Of a file nothing is known here but the field for which Outlook refuses it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.mailboxes.calendar import CalendarProblem
from sandbox.mailboxes.ics import NotACalendar
from tests.calendars import icaljs, outlook
from tests.calendars.icaljs import Answer, Date
from tests.calendars.stage import ZONE, opened, rows
from tests.places import SHARED
from tests.simulation.house import START

pytestmark = [pytest.mark.shared, pytest.mark.node]

FILES = SHARED / "corpora" / "calendar"
DAY = timedelta(days=1)
AHEAD = 59 * DAY
"""Of what is compared; the window is a day longer."""
ALWAYS = (datetime(1600, 1, 1, tzinfo=UTC), datetime(4000, 1, 1, tzinfo=UTC))
STOPS = 4
"""Days on which one looks at a file, each when the window of the one before has ended."""
REFUSED = {
    "calendars__big_bad_calendar.ics": "VCALENDAR",
    "calendars__invalid_duration.ics": "DURATION",
    "calendars__issue_1081_invalid_rrule_freq.ics": "RRULE with FREQ",
    "calendars__issue_156_RDATE_with_PERIOD_TZID_khal.ics": "RECURRENCE-ID with RANGE",
    "calendars__issue_156_RDATE_with_PERIOD_TZID_khal_2.ics": "RECURRENCE-ID with RANGE",
    "calendars__issue_178_custom_component_contains_other.ics": "VCALENDAR",
    "calendars__issue_722_missing_timezones.ics": "RDATE",
    "calendars__multiple_timezones.ics": "RDATE",
    "calendars__period_with_timezone.ics": "RRULE with FREQ=MONTHLY and BYMONTH",
    "calendars__pr_480_summary_with_colon.ics": "VCALENDAR",
    "calendars__rfc_5545_RDATE_example.ics": "RDATE",
    "calendars__rfc_7529.ics": "RRULE with RSCALE",
    "calendars__small_bad_calendar.ics": "VCALENDAR",
    "calendars__timezone_same_start_and_offset.ics": "END:VCALENDARD",
    "events__issue_157_removes_trailing_semicolon.ics": "DTSTART that its RRULE does not give",
}
"""File → the field that its refusal names."""
COPIES = {"calendars__parsing_error.ics"}
"""One event more than three times over in a week: copies stop what is new until somebody says they are meant."""
Row = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class File:
    name: str
    raw: bytes

    @property
    def text(self) -> str:
        return self.raw.decode("utf-8-sig", "replace")

    @property
    def has_events(self) -> bool:
        return "BEGIN:VEVENT" in self.text


@dataclass(slots=True)
class Told:
    """What became of the files."""

    mirrored: Counter[str] = field(default_factory=Counter)
    """File → occurrences that were compared."""
    refused: dict[str, str] = field(default_factory=dict)
    kept_out: dict[str, set[str]] = field(default_factory=dict)
    """File → codes of the reasons for which no event of it is mirrored."""
    different: list[str] = field(default_factory=list)


def test_what_salesforce_has_of_each_file() -> None:
    files = [File(path.name, path.read_bytes()) for path in sorted(FILES.rglob("*.ics"))]
    assert len(files) == 164
    told = Told()
    kept = list(_kept(files, told))
    for file, stops, answers in _looks(kept):
        _one(file, stops, answers, told)
    for name, sentence in told.refused.items():
        print(f"refused: {name}: {sentence}")
    for name, codes in told.kept_out.items():
        print(f"not mirrored: {name}: {', '.join(sorted(codes))}")
    for sentence in told.different:
        print(f"different: {sentence}")
    print(f"no event: {', '.join(one.name for one in files if not one.has_events)}")
    print(f"mirrored: {len(told.mirrored)} files, {told.mirrored.total()} occurrences")
    assert told.different == []
    assert told.refused.keys() == REFUSED.keys()
    assert [name for name, names in REFUSED.items() if names not in told.refused[name]] == []
    assert told.kept_out.keys() == COPIES
    assert all("EVENT-COPY" in codes for codes in told.kept_out.values())
    assert [name for name, compared in told.mirrored.items() if not compared] == []
    assert len(told.mirrored) == sum(one.has_events for one in files) - len(REFUSED) - len(COPIES) >= 110


def _kept(files: Sequence[File], told: Told) -> Iterator[File]:
    desk = opened(START)
    for file in files:
        try:
            if file.has_events and desk.house.world.mailboxes.check_calendar(desk.house.box("ada"), file.raw):
                yield file
        except (CalendarProblem, NotACalendar) as refusal:
            told.refused[file.name] = str(refusal)


def _looks(files: Sequence[File]) -> Iterator[tuple[File, list[datetime], list[Answer]]]:
    """When each file is looked at, and what is to be seen then."""
    first = icaljs.asked(
        [icaljs.File(outlook.read(one.text, ZONE, START), ZONE, *ALWAYS, most=50) for one in files]
    )
    stops = [_stops(answer) for answer in first]
    jobs = [
        icaljs.File(outlook.read(file.text, ZONE, there[0]), ZONE, stop, stop + AHEAD)
        for file, there in zip(files, stops, strict=True)
        for stop in there
    ]
    answers = iter(icaljs.asked(jobs))
    for file, there in zip(files, stops, strict=True):
        yield file, there, [next(answers) for _ in there]


def _stops(answer: Answer) -> list[datetime]:
    stops: list[datetime] = []
    for start in sorted(_moment(one.start) for one in answer.found):
        if not stops or start >= stops[-1] + AHEAD:
            stops.append((start - DAY).replace(minute=0, second=0))
    return stops[:STOPS] or [START]


def _one(file: File, stops: Sequence[datetime], answers: Sequence[Answer], told: Told) -> None:
    desk = opened(stops[0])
    desk.house.world.mailboxes.put_calendar(desk.house.box("ada"), file.raw)
    for stop, answer in zip(stops, answers, strict=True):
        assert answer.problem == "", (file.name, answer.problem)
        desk.house.pass_minutes(max(0.0, (stop - desk.house.clock.now()).total_seconds() / 60))
        desk.sync()
        desk.sync()
        wanted, there = (
            Counter(_shown(one) for one in some if _is_within(one, stop)) for some in (answer.found, rows(desk))
        )
        if wanted and not there:
            told.kept_out[file.name] = desk.reasons()
            return
        if there != wanted:
            told.different.append(f"{file.name}: {dict(there - wanted)} instead of {dict(wanted - there)}")
        told.mirrored[file.name] += wanted.total()


def _is_within(one: Date, stop: datetime) -> bool:
    return stop <= _moment(one.start) < stop + AHEAD


def _moment(at: datetime | date) -> datetime:
    return at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=ZoneInfo(ZONE))


def _shown(one: Date) -> Row:
    """To the minute, and with the name of what has none: declared losses."""
    start, end = (f"{at:%Y-%m-%d %H:%M}" if isinstance(at, datetime) else str(at) for at in (one.start, one.end))
    return start, end, _line(one.subject) or "(no subject)", _line(one.location)


def _line(text: str) -> str:
    return " ".join(text.split())
