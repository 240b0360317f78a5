"""When it is, and when it is reminded of.

Whole days are days in Salesforce and are never shifted by a zone. They are written as their first day and their
length: whether EndDateTime is then the last day or the one after it is said differently in different places.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crosstie.domain.calendar import CalendarItem, When
from crosstie.domain.records import Record
from crosstie.mapping.event.rows import Columns, Row
from crosstie.mapping.event.values import day_of, flag_of, moment_of
from crosstie.mapping.tables import Org

DAY = 24 * 60
"""Minutes."""
NO_TIME = timedelta()


def zone_of(name: str) -> ZoneInfo:
    """A zone nobody knows is UTC: an item is not worth less for a name that its author's program made up."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def begins(when: When) -> datetime:
    """The moment; a whole day begins at midnight where its owner is."""
    return _moment(when.start, when.zone)


def ends(when: When) -> datetime:
    return _moment(when.end, when.zone)


def _moment(at: datetime | date, zone: str) -> datetime:
    if isinstance(at, datetime):
        return at.astimezone(UTC)
    return datetime.combine(at, clock_time.min, zone_of(zone)).astimezone(UTC)


def when_of(record: Record, zone: str = "UTC") -> When | None:
    """None where the record does not say when it starts."""
    if flag_of(record, "IsAllDayEvent"):
        first = day_of(record, "StartDateTime") or day_of(record, "ActivityDate")
        return When(first, first + timedelta(days=_days(record, first)), zone) if first else None
    start = moment_of(record, "StartDateTime") or moment_of(record, "ActivityDateTime")
    if start is None:
        return None
    end = moment_of(record, "EndDateTime") or start + timedelta(minutes=_minutes(record))
    return When(start, max(end, start), zone)


def _minutes(record: Record) -> int:
    value = record.fields.get("DurationInMinutes")
    return int(value) if isinstance(value, int | float) else 0


def _days(record: Record, first: date) -> int:
    if minutes := _minutes(record):
        return max(1, -(-minutes // DAY))
    last = day_of(record, "EndDateTime") or first
    return max(1, (last - first).days + 1)


def _up_when(item: CalendarItem, _org: Org) -> Columns:
    start, end = item.when.start, item.when.end
    if isinstance(start, datetime) and isinstance(end, datetime):
        return {"IsAllDayEvent": False, "StartDateTime": _whole(start), "EndDateTime": _whole(end)}
    days = max(1, item.when.length.days)
    midnight = datetime(start.year, start.month, start.day, tzinfo=UTC)
    return {"IsAllDayEvent": True, "StartDateTime": midnight, "DurationInMinutes": days * DAY}


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _fits_when(item: CalendarItem, record: Record, _org: Org) -> bool:
    there = when_of(record)
    return there is not None and _coarse(item.when) == _coarse(there)


def _coarse(when: When) -> tuple[datetime | date, datetime | date]:
    start, end = when.start, when.end
    if isinstance(start, datetime) and isinstance(end, datetime):
        return _whole(start), _whole(end)
    return start, start + timedelta(days=max(1, when.length.days))


def _take_when(record: Record, item: CalendarItem, _org: Org) -> CalendarItem:
    found = when_of(record, item.when.zone)
    return replace(item, when=found) if found else item


def _of_when(when: When | None) -> str:
    return f"{when.start.isoformat()}/{when.end.isoformat()}" if when else ""


WHEN = Row(
    "when",
    ("IsAllDayEvent", "StartDateTime", "EndDateTime", "ActivityDate", "DurationInMinutes"),
    frozenset({"when"}),
    of_item=lambda item: _of_when(item.when),
    of_record=lambda record: _of_when(when_of(record)),
    up=_up_when,
    take=_take_when,
    fits=_fits_when,
    beside=lambda item, record, _org: moved_reminder(item, record),
    announced=True,
    up_loss="Seconds. The zone in which it is shown stands in our own field.",
    down_loss="Seconds of an item that is otherwise at the same time stay as they are, as its zone does.",
)


def lead_of(record: Record, zone: str) -> timedelta | None:
    """How long before it begins the record reminds its owner; None where it does not."""
    at, when = moment_of(record, "ReminderDateTime"), when_of(record, zone)
    if not flag_of(record, "IsReminderSet") or at is None or when is None:
        return None
    return begins(when) - at


def moved_reminder(item: CalendarItem, record: Record) -> Columns:
    """The record's own reminder, as long before the item's time as it was before the record's."""
    lead = lead_of(record, item.when.zone)
    return {} if lead is None else {"ReminderDateTime": _whole(begins(item.when)) - lead}


def _up_reminder(item: CalendarItem, _org: Org) -> Columns:
    if item.reminder is None:
        return {"IsReminderSet": False}
    return {"IsReminderSet": True, "ReminderDateTime": _whole(begins(item.when)) - item.reminder}


def _take_reminder(record: Record, item: CalendarItem, _org: Org) -> CalendarItem:
    lead = lead_of(record, item.when.zone)
    return replace(item, reminder=None if lead is None else max(lead, NO_TIME))


def _of_reminder(record: Record) -> str:
    lead = lead_of(record, "UTC")
    return "" if lead is None else str(lead.total_seconds())


REMINDER = Row(
    "reminder",
    ("IsReminderSet", "ReminderDateTime"),
    frozenset({"reminder"}),
    of_item=lambda item: "" if item.reminder is None else str(item.reminder.total_seconds()),
    of_record=_of_reminder,
    up=_up_reminder,
    take=_take_reminder,
    down_loss="A reminder after the start becomes one at the start.",
)
