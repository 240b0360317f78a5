"""What the mirror makes of items and Events that it believes: the other side's, which must fit where it goes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bench.fuzz.targets.drafts import AnyOrg, check_text
from crosstie.domain.calendar import CalendarItem, ChangeItem, CreateItem, DeleteItem, ItemWrite, Present
from crosstie.domain.links import Side
from crosstie.domain.mailboxes import MailboxInfo, Span
from crosstie.domain.records import EVENT, Record, RecordRef
from crosstie.domain.settings import Settings
from crosstie.mailboxes.graph.calendar.drafts import changed_event, new_event
from crosstie.mapping.event.make import New, born, create, placeholder
from crosstie.mapping.event.rows import Columns
from crosstie.mapping.event.table import ROWS, changed_fields, downward, of_item, of_record, upward
from crosstie.ports.calendar import CalendarObservation
from crosstie.rules.calendar import coming, relevance
from crosstie.rules.calendar.window import next_look
from crosstie.rules.linking import Links
from crosstie.store.digests import Digests
from crosstie.store.memory.world import TEST_RING
from sandbox.mailboxes.calendar.model import Rule
from tests.simulation.desk import SOON, Desk
from tests.simulation.house import START, House
from tests.simulation.letters import BEN, NORA

ROOM = {"Subject": 255, "Location": 255, "Description": 32_000}
"""UTF-16 units of the columns of an Event that hold text."""
DAYS = Span(START - timedelta(days=30), START + timedelta(days=60))
_ORG = AnyOrg()
_MIRRORING = Settings(events_meetings=True, events_appointments=True, events_down=True)
_DIGESTS = Digests(1, items=TEST_RING, directory=TEST_RING)
_WEEKLY = Rule("weekly", days=("wednesday",), zone="Europe/Berlin", count=4)
_VISIT = Record(RecordRef(EVENT, "00U000000000001AAA"), START, {"Subject": "Visit", "StartDateTime": SOON})
_OTHER = {"subject", "text", "location", "when", "reminder", "show_as", "sensitivity"}
"""What is written of an item without asking anybody."""


def fill(office: House) -> None:
    """A calendar with one of each kind."""
    desk = Desk(office)
    desk.put("Saw line", text="Bring the plans.")
    desk.put("Fair", (START + timedelta(days=3)).date())
    desk.put("Offer", guests=(NORA, BEN))
    series = desk.repeat("Review", _WEEKLY)
    desk.change_occurrence(series, SOON + timedelta(weeks=1), subject="Review, at last")


def writes(items: Sequence[CalendarItem]) -> list[ItemWrite]:
    """Of each kind."""
    made: list[ItemWrite] = [CreateItem(_plain(items[0]), "1:visit"), DeleteItem(items[-1].item_id, "v")]
    return made + [ChangeItem(one, frozenset(_OTHER if n % 2 else {"categories"})) for n, one in enumerate(items)]


def _plain(item: CalendarItem) -> CalendarItem:
    return replace(item, attendees=(), rule="")


def check_items(found: object, info: MailboxInfo) -> None:
    """Whatever a calendar answered with."""
    several: Iterable[object] = ()
    if isinstance(found, CalendarObservation):
        several = [one.item for one in found.changes({}) if isinstance(one, Present)]
    elif isinstance(found, Mapping):
        several = found.values()
    elif isinstance(found, Sequence):
        several = found
    mirroring = replace(info, settings=_MIRRORING)
    for one in several:
        if isinstance(one, CalendarItem):
            _check_item(one, mirroring)


def _check_item(item: CalendarItem, info: MailboxInfo) -> None:
    """Compared, judged, made an Event of, and merged with one both ways."""
    _DIGESTS.sealed("key", Side.MAILBOX, of_item(item))
    relevance.against(item, info, START, asked=False)
    next_look(item.when, info.settings, START)
    for shown in (item, placeholder(item)):
        _check_columns(dict(create(New(shown, "key", info.crm_user_id, Links()), _ORG).fields))
    _check_columns(upward(item, _VISIT, ROWS, _ORG))
    _check_written(item, downward(_VISIT, item, ROWS, _ORG))


def check_event(record: Record, info: MailboxInfo) -> None:
    """As `_check_item`, from the other side."""
    _DIGESTS.sealed("key", Side.CRM, of_record(record))
    coming.against(record, replace(info, settings=_MIRRORING), START)
    item = born(record, _ORG, "Europe/Berlin", "1:visit")
    if item is not None:
        next_look(item.when, _MIRRORING, START)
        json.dumps(new_event(item, item.token)).encode()
        _check_columns(upward(item, record, ROWS, _ORG))
        _check_written(item, downward(record, item, ROWS, _ORG))


def _check_columns(columns: Columns) -> None:
    for name, value in columns.items():
        if isinstance(value, str):
            check_text(value, f"{EVENT}.{name}", ROOM.get(name, 0))


def _check_written(before: CalendarItem, after: CalendarItem) -> None:
    json.dumps(changed_event(after, changed_fields(before, after), {})).encode()
