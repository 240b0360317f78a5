"""How the time is shown to others, how private it is, and what the item says of itself that no record changes."""

from collections.abc import Callable
from dataclasses import replace

from crosstie.domain.calendar import CalendarItem, Part, Sensitivity, ShowAs
from crosstie.domain.records import Record
from crosstie.mapping.event.reference import in_part, names, reference, within
from crosstie.mapping.event.rows import Columns, Row, room, written
from crosstie.mapping.event.values import flag_of, text_of
from crosstie.mapping.event.words import LINE, TEXT, described, text_there
from crosstie.mapping.fields import (
    IS_PRIVATE,
    MEETING_ID,
    OPTIONAL_ATTENDEES,
    ORGANIZER,
    RECURRENCE,
    REQUIRED_ATTENDEES,
    RESOURCES,
    TIME_ZONE,
)
from crosstie.mapping.source import identifier
from crosstie.mapping.tables import Org
from crosstie.mapping.text import displayed, shorten

SHOWN = {
    ShowAs.BUSY: "Busy",
    ShowAs.TENTATIVE: "Busy",
    ShowAs.AWAY: "OutOfOffice",
    ShowAs.FREE: "Free",
    ShowAs.ELSEWHERE: "Free",
}
MEANT = {"Busy": ShowAs.BUSY, "OutOfOffice": ShowAs.AWAY, "Free": ShowAs.FREE}


def _take_show_as(record: Record, item: CalendarItem, _org: Org) -> CalendarItem:
    """A value of the org's own says nothing to a calendar."""
    meant = MEANT.get(text_of(record, "ShowAs"))
    return replace(item, show_as=meant) if meant else item


SHOW_AS = Row(
    "show_as",
    ("ShowAs",),
    frozenset({"show_as"}),
    of_item=lambda item: item.show_as.value,
    of_record=lambda record: text_of(record, "ShowAs"),
    up=lambda item, _org: {"ShowAs": SHOWN[item.show_as]},
    take=_take_show_as,
    up_loss="Tentative is busy; working elsewhere is free.",
    down_loss="Tentative and working elsewhere stay while the record says what was made of them. "
    "A value that the org added itself says nothing.",
)


def _up_private(item: CalendarItem, _org: Org) -> Columns:
    """Nothing is made private: a record with people on it cannot be, and what was saved openly was meant so."""
    return {} if item.is_private else {"IsPrivate": False}


def _take_private(record: Record, item: CalendarItem, _org: Org) -> CalendarItem:
    if item.is_private or not flag_of(record, "IsPrivate"):
        return item
    return replace(item, sensitivity=Sensitivity.PRIVATE)


PRIVATE = Row(
    "private",
    ("IsPrivate",),
    frozenset({"sensitivity"}),
    of_item=lambda item: item.sensitivity.value,
    of_record=lambda record: str(flag_of(record, "IsPrivate")),
    up=_up_private,
    take=_take_private,
    up_loss="Personal and confidential. A private item that a person has saved is not private in Salesforce.",
    down_loss="A private item stays private, whatever becomes of its record.",
)


def _up_about(item: CalendarItem, org: Org) -> Columns:
    return {
        MEETING_ID: identifier(item.uid, room(org, MEETING_ID, LINE)),
        RECURRENCE: identifier(item.rule, room(org, RECURRENCE, LINE)),
        TIME_ZONE: identifier(item.when.zone, room(org, TIME_ZONE, LINE)),
        IS_PRIVATE: item.sensitivity is not Sensitivity.NORMAL,
    }


OF_ITSELF = (MEETING_ID, RECURRENCE, TIME_ZONE, IS_PRIVATE)
ABOUT = Row(
    "about",
    OF_ITSELF,
    frozenset(),
    of_item=lambda item: "\n".join((item.uid, item.rule, item.when.zone, item.sensitivity.value)),
    of_record=lambda record: "\n".join(str(record.fields.get(name) or "") for name in OF_ITSELF),
    up=_up_about,
    up_loss="Left out if longer; private, personal and confidential are one mark.",
)

NAMED: dict[str, Callable[[CalendarItem, int], str]] = {
    ORGANIZER: lambda item, limit: shorten(displayed(item.organizer), limit) if item.organizer else "",
    REQUIRED_ATTENDEES: lambda item, limit: names(in_part(item, Part.REQUIRED), limit),
    OPTIONAL_ATTENDEES: lambda item, limit: names(in_part(item, Part.OPTIONAL), limit),
    RESOURCES: lambda item, limit: names(in_part(item, Part.RESOURCE), limit),
}


def _up_with(item: CalendarItem, org: Org) -> Columns:
    return {name: told(item, room(org, name, LINE)) for name, told in NAMED.items()}


def _fits_with(item: CalendarItem, record: Record, org: Org) -> bool:
    return written(_up_with(item, org), record) and not reference_differs(item, record, org)


def reference_differs(item: CalendarItem, record: Record, org: Org) -> bool:
    """Whether the lines in the Description are not today's. Somebody who took them out did not want them."""
    there = within(text_of(record, "Description"))
    return bool(there) and there != reference(item, room(org, "Description", TEXT))


def _reference(item: CalendarItem, record: Record, org: Org) -> Columns:
    return described(text_there(record), item, org) if reference_differs(item, record, org) else {}


def _of_with(item: CalendarItem) -> str:
    people = [f"{one.part} {displayed(one.address)}" for one in item.attendees]
    return "\n".join([displayed(item.organizer) if item.organizer else "", *people])


WITH = Row(
    "with",
    tuple(NAMED),
    frozenset(),
    of_item=_of_with,
    of_record=lambda record: "\n".join(text_of(record, name) for name in NAMED),
    up=_up_with,
    fits=_fits_with,
    beside=_reference,
    up_loss="Of very many people the last ones become a number.",
)
