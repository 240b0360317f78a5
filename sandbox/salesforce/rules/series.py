"""Series of events, classic or Lightning: the pattern is a row, and so is each of its occurrences.

The clock on the wall counts: nine o'clock stays nine o'clock when the zone changes its offset.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import rrule

from sandbox.digits import is_whole
from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError, integrity
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.rules import activities, invitees
from sandbox.salesforce.rules.activities import EVENT
from sandbox.salesforce.rules.recurrence import check_classic, classic_days, limited
from sandbox.salesforce.write import Write

PATTERN, OCCURRENCE = invitees.SERIES, invitees.ALONE
MOST = 999
DAY = timedelta(days=1)
FREQUENCIES = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY, "YEARLY": rrule.YEARLY}
WIDEST = {"DAILY": 999, "WEEKLY": 99, "MONTHLY": 99, "YEARLY": 1}
"""Largest interval of each."""
PARTS = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST", "UNTIL", "COUNT"}
POSITIONS = ("-1", "1", "2", "3", "4")
FOLLOWED = ("Subject", "Location", "Description", "ShowAs", "IsPrivate", "WhoId", "WhatId", "AccountId", "OwnerId")
"""What an occurrence's change carries over to the whole series, besides the hour."""
OWN = ("Id", "ActivityDate", "ActivityDateTime", "StartDateTime", "EndDateTime", "EndDate")
"""What each occurrence has for itself; custom fields stay on the pattern, for they may be keys."""


def prepare(write: Write) -> None:
    """Before start and end are read: what a series says about itself, or why it is none."""
    draft = write.draft
    if write.new and draft.get("IsRecurrence"):
        _prepare_classic(write)
    if write.new and draft.get("Recurrence2PatternText"):
        _parts(draft["Recurrence2PatternText"])
        zone = (write.core.access.user(draft["OwnerId"]) or {}).get("TimeZoneSidKey", "UTC")
        draft |= {
            "IsRecurrence2": True,
            "GroupEventType": PATTERN,
            "Recurrence2PatternVersion": "1",
            "Recurrence2PatternTimeZone": zone,
        }


def _prepare_classic(write: Write) -> None:
    draft = write.draft
    check_classic(draft, "RecurrenceStartDateTime", "RecurrenceEndDateOnly")
    if "Recurrence2PatternText" in write.given:
        raise integrity("An event is part of one kind of series.", "IsRecurrence")
    if not write.given.get("StartDateTime") and not write.given.get("ActivityDateTime"):
        draft["StartDateTime"] = write.given["StartDateTime"] = draft["RecurrenceStartDateTime"]
    draft["RecurrenceActivityId"] = write.id
    write.default("RecurrenceTimeZoneSidKey", "UTC")


def check(write: Write) -> None:
    """After start and end are known."""
    draft = write.draft
    if draft.get("IsRecurrence") and timedelta(minutes=draft["DurationInMinutes"]) > DAY:
        raise integrity("An event of a series cannot last longer than 24 hours.", "DurationInMinutes")
    if write.new and draft.get("Recurrence2PatternText"):
        draft["Recurrence2PatternStartDate"] = draft["StartDateTime"]


def saved(write: Write) -> None:
    draft = write.draft
    if write.new and draft.get("IsRecurrence"):
        zone = draft["RecurrenceTimeZoneSidKey"]
        days = list(classic_days(draft, _local(draft["StartDateTime"], draft, zone)))
        _unfold(write, days, zone, {"RecurrenceActivityId": write.id})
    elif write.new and draft.get("Recurrence2PatternText"):
        days = list(_lightning_days(draft))
        facts = {"IsRecurrence2": True, "GroupEventType": OCCURRENCE}
        _unfold(write, days, draft["Recurrence2PatternTimeZone"], facts)
    elif write.old is not None and draft.get("IsRecurrence2"):
        _changed(write)


def goes_with(core: Core, row: Row) -> list[Id]:
    """Occurrences go with their pattern."""
    return [one for one in core.series.get(row["Id"], ()) if core.live(one) is not None]


# -- the days of a rule


def _refused(why: str) -> SalesforceError:
    return integrity(f"Recurrence Pattern: {why}", "Recurrence2PatternText")


def _parts(text: str) -> dict[str, str]:
    """The rule's parts, judged. It ends by a count or by a day, for a series without end is none here."""
    pairs = (part.partition("=") for part in text.strip().removeprefix("RRULE:").split(";") if part)
    parts = {name.upper(): value.upper() for name, _, value in pairs}
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES or not set(parts) <= PARTS:
        raise _refused("FREQ is DAILY, WEEKLY, MONTHLY or YEARLY, with parts that are supported.")
    if ("UNTIL" in parts) == ("COUNT" in parts):
        raise _refused("either UNTIL or COUNT is required.")
    for name, most in (("INTERVAL", WIDEST[frequency]), ("COUNT", MOST)):
        value = parts.get(name, "1")
        if not is_whole(value) or not 1 <= int(value) <= most:
            raise _refused(f"{name} is a number from 1 to {most}.")
    if parts.get("BYSETPOS", "1") not in POSITIONS:
        raise _refused(f"BYSETPOS is one of {', '.join(POSITIONS)}.")
    try:
        _rule(parts, datetime(2000, 1, 1))  # noqa: DTZ001 - a wall clock's time
        _until(parts)
    except (ValueError, TypeError, KeyError) as error:
        raise _refused("it cannot be read.") from error
    return parts


def _rule(parts: dict[str, str], start: datetime) -> rrule.rrulebase:
    text = ";".join(f"{name}={value}" for name, value in parts.items() if name not in ("UNTIL", "COUNT"))
    rule: rrule.rrulebase = rrule.rrulestr(f"RRULE:{text}", dtstart=start)
    return rule


def _until(parts: dict[str, str]) -> date | None:
    """The last day."""
    text = parts.get("UNTIL")
    return datetime.strptime(text[:8], "%Y%m%d").date() if text else None  # noqa: DTZ007 - a day


def _lightning_days(draft: dict[str, Any]) -> Iterator[datetime]:
    """The occurrences' starts on the wall clock of the owner's zone."""
    parts = _parts(draft["Recurrence2PatternText"])
    start = _local(draft["StartDateTime"], draft, draft["Recurrence2PatternTimeZone"])
    until, count = _until(parts), int(parts.get("COUNT", MOST))
    return limited(_rule(parts, start), count, until)


def _local(start: datetime, draft: dict[str, Any], zone: str) -> datetime:
    """All-day events keep their date in every zone."""
    if draft.get("IsAllDayEvent"):
        return start.replace(tzinfo=None)
    return start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


# -- rows


def _unfold(write: Write, days: list[datetime], zone: str, facts: dict[str, Any]) -> None:
    core, draft = write.core, write.draft
    if not days:
        raise integrity("The series has no occurrence.", "StartDateTime")
    ids = []
    for day in days:
        where = UTC if draft.get("IsAllDayEvent") else ZoneInfo(zone)
        start = day.replace(tzinfo=where).astimezone(UTC)
        ids.append(_occurrence(write, start, facts))
    core.series[write.id] = ids


def _occurrence(write: Write, start: datetime, facts: dict[str, Any]) -> Id:
    core, draft, shape = write.core, write.draft, write.shape
    kept = {
        name: value
        for name, value in draft.items()
        if name not in OWN and not name.startswith("Recurrence") and name != "IsRecurrence"
        and name in shape.fields and not shape.fields[name].custom
    }  # fmt: skip
    row = core.put_new("Event", kept | _times(draft, start) | facts, write.user, draft["SystemModstamp"])
    if core.features.shared_activities:
        for who in activities.whos_of(core, EVENT, write.id):
            activities.add(core, EVENT, row["Id"], who, write.user)
        if draft.get("WhatId"):
            activities.add(core, EVENT, row["Id"], draft["WhatId"], write.user, is_what=True)
    invitees.copy_guests(core, write.id, row["Id"], write.user)
    return str(row["Id"])


def _times(draft: Row | dict[str, Any], start: datetime) -> dict[str, Any]:
    end = start + (draft["EndDateTime"] - draft["StartDateTime"])
    whole = draft.get("IsAllDayEvent")
    return {
        "StartDateTime": start,
        "ActivityDateTime": None if whole else start,
        "ActivityDate": start.date(),
        "EndDateTime": end,
        "EndDate": end.date(),
        "DurationInMinutes": draft["DurationInMinutes"],
    }


def _changed(write: Write) -> None:
    """The pattern or one occurrence was changed: so is all that lies ahead; what lies behind changes alone."""
    core, draft, old = write.core, write.draft, write.old or {}
    if write.id not in core.series and old["StartDateTime"] < core.now():
        alone = {"IsRecurrence2Exclusion": True, "IsRecurrence2Exception": True}
        core.change("Event", core.live(write.id) or draft, alone)
        return
    moved = draft["StartDateTime"] - old["StartDateTime"]
    longer = draft["DurationInMinutes"] != old["DurationInMinutes"]
    changes = {name: draft.get(name) for name in FOLLOWED if draft.get(name) != old.get(name)}
    if not changes and not moved and not longer:
        return
    pattern = next((key for key, ids in core.series.items() if write.id in (key, *ids)), "")
    for one in core.series.get(pattern, ()):
        row = core.live(one)
        if row is None or one == write.id or row["StartDateTime"] < core.now():
            continue
        times = _times(draft, row["StartDateTime"] + moved) if moved or longer else {}
        after = core.change("Event", row, changes | times, stamp=core.stamp(row), user=write.user)
        invitees.carry_over(core, one, after, write.user)
