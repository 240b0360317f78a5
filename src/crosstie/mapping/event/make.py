"""What is made new: the Event of an item, and the item of an Event."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crosstie.domain.calendar import CalendarItem, ShowAs
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY
from crosstie.domain.operations import Wish
from crosstie.domain.records import EVENT, Record, RecordDraft
from crosstie.mapping.event.attendees import listed
from crosstie.mapping.event.holding import placeholder
from crosstie.mapping.event.rows import Columns
from crosstie.mapping.event.table import ROWS
from crosstie.mapping.event.time import when_of
from crosstie.mapping.fields import CREATED_BY_SYNC
from crosstie.mapping.people import Linked, what_id, who_id, who_ids
from crosstie.mapping.tables import Org

__all__ = ("LOOKUP", "New", "born", "create", "links", "placeholder")

LOOKUP = ("Subject", "StartDateTime", "OwnerId")
"""What finds the record again without a key. Two meetings of one name at one time look the same here."""


@dataclass(frozen=True, slots=True)
class New:
    """An item that becomes a record. `invited` are ids and answers as `attendees.invitees` has them."""

    item: CalendarItem
    key: str
    owner_id: str
    linked: Linked
    invited: Mapping[str, str] = field(default_factory=dict)
    hidden: bool | None = None
    """Private in Salesforce too, and linked to nobody. None: as the item is; a person's mark may say otherwise."""
    wishes: tuple[Wish, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Field → value that the org requires and an item says nothing about."""


def create(new: New, org: Org) -> RecordDraft:
    """Salesforce links no private record to anybody."""
    columns: Columns = dict(new.defaults)
    is_open = not (new.item.is_private if new.hidden is None else new.hidden)
    for row in ROWS.values():
        columns |= row.up(new.item, org)
    columns |= {"OwnerId": new.owner_id, CREATED_BY_SYNC: True}
    columns |= links(new.linked, org) if is_open else {"IsPrivate": True}
    if new.invited and is_open:
        columns |= listed(new.invited)
    values = {name: value for name, value in columns.items() if value is not None and value not in ("", ())}
    return RecordDraft(
        EVENT,
        new.key,
        values,
        lookup={name: values[name] for name in LOOKUP if name in values},
        order=new.linked.what_id if is_open else "",
        wished={wish.field: wish.values for wish in new.wishes},
    )


def links(linked: Linked, org: Org) -> Columns:
    """Whom and what the record is linked to; they follow the rules of linking and are never brought down."""
    return {
        "WhoId": who_id(linked),
        "WhatId": what_id(linked),
        "EventWhoIds": who_ids(linked, many_people=org.many_people),
    }


def born(record: Record, org: Org, zone: str, token: str) -> CalendarItem | None:
    """The new item of a record, without attendees; None where the record does not say when it is."""
    when = when_of(record, zone)
    if when is None:
        return None
    blank = CalendarItem(
        "", "", when, show_as=ShowAs.BUSY, categories=frozenset({SALESFORCE_CATEGORY}), token=token
    )
    for row in ROWS.values():
        if row.take:
            blank = row.take(record, blank, org)
    return blank
