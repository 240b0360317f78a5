"""Which Events come down to the calendar of whom they are assigned to."""

from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.reasons import Reason, ReasonKind, reason
from crosstie.domain.records import Record
from crosstie.mapping.event.time import when_of
from crosstie.mapping.event.values import flag_of, moment_of, text_of
from crosstie.mapping.fields import CREATED_BY_SYNC
from crosstie.rules.calendar.conditions import met
from crosstie.rules.calendar.keeping import is_anothers
from crosstie.rules.calendar.relevance import LONGEST
from crosstie.rules.calendar.window import Place, place

COLUMNS = (
    "OwnerId", "IsChild", "GroupEventType", "IsRecurrence", "IsRecurrence2", "IsArchived", "IsClientManaged",
    "CreatedDate", CREATED_BY_SYNC,
)  # fmt: skip
"""What is read of a record beside what is mirrored (`mapping.event.COLUMNS`)."""
PATTERN = "3"
"""GroupEventType of the row that stands for a whole series of Lightning; nothing takes place then."""
_FLAGS: tuple[tuple[str, ReasonKind], ...] = (
    ("IsChild", reasons.EVENT_CHILD),
    ("IsRecurrence", reasons.EVENT_PATTERN),
    ("IsRecurrence2", reasons.EVENT_LIGHTNING),
    ("IsArchived", reasons.EVENT_ARCHIVED),
    ("IsClientManaged", reasons.EVENT_OTHERS),
    (CREATED_BY_SYNC, reasons.EVENT_OURS),
)


def against(record: Record, info: MailboxInfo, now: datetime) -> Reason | None:
    """Why a record without an item does not come down: what it is → the switch → the field's value → when."""
    return _being(record, info) or _wanted(record, info) or _time(record, info, now)


def _being(record: Record, info: MailboxInfo) -> Reason | None:
    if is_anothers(record, info):
        return reason(reasons.EVENT_NOT_YOURS)
    if text_of(record, "GroupEventType") == PATTERN:
        return reason(reasons.EVENT_PATTERN)
    found = next((kind for column, kind in _FLAGS if flag_of(record, column)), None)
    return reason(found) if found else None


def _wanted(record: Record, info: MailboxInfo) -> Reason | None:
    if not info.brings_down:
        return reason(reasons.EVENT_DOWN_OFF)
    field = met(record, info.settings)
    return reason(reasons.EVENT_CONDITION, field=field) if field else None


def _time(record: Record, info: MailboxInfo, now: datetime) -> Reason | None:
    when, settings = when_of(record), info.settings
    if when is None:
        return reason(reasons.EVENT_TIMELESS)
    if when.length > LONGEST:
        return reason(reasons.EVENT_LONG)
    created = moment_of(record, "CreatedDate")
    if created is not None and created < info.activated_at:
        return reason(reasons.EVENT_BEFORE)
    found = place(when, settings, now)
    if found is Place.PAST:
        return reason(reasons.EVENT_PAST, days=str(settings.events_days_back))
    return reason(reasons.EVENT_EARLY, days=str(settings.events_days_ahead)) if found is Place.AHEAD else None
