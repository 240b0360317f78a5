"""What each half of a pair says since it was last seen: news is what differs from what was remembered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, When
from crosstie.domain.links import Bond, Link, Role, Side, SideState
from crosstie.domain.mailboxes import UNSYNC_CATEGORY, MailboxInfo
from crosstie.domain.records import Record, whole_id
from crosstie.engine.mirror import table
from crosstie.engine.mirror.merge import Moved
from crosstie.engine.mirror.session import Pair
from crosstie.mapping.event.table import ROWS, of_item, of_record
from crosstie.ports.crm import CrmCapabilities
from crosstie.rules.calendar.keeping import is_aside, kept_out
from crosstie.rules.calendar.ways import up_rows
from crosstie.rules.calendar.window import is_within, next_look
from crosstie.rules.participants import Circle

NAMES = frozenset(ROWS)
ORGANIZES = "organizes"
"""Beside the rows, in what is remembered of an item."""
SAME_SECOND = timedelta(seconds=10)
"""Modstamps count seconds; this much is left for two clocks that disagree."""
UNKNOWN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything about one mailbox that its plan depends on, besides its pairs."""

    info: MailboxInfo
    circle: Circle
    capabilities: CrmCapabilities
    now: datetime
    seal: Callable[[str, Side, Mapping[str, str]], Mapping[str, str]]
    moved: Callable[[str, Side, SideState, Mapping[str, str]], frozenset[str] | None]
    read: datetime
    """When the log was read last, by the org's clock."""
    zone: str = "UTC"
    """In which new items are shown."""
    baseline: frozenset[str] = frozenset()

    def next_look(self, when: When | None, record: Record | None = None) -> datetime | None:
        """When it leaves the window, or enters it; at once for a record that may change within its second, of
        which the log has told; so may what we write to it.
        """
        if record and not self.version(record):
            return self.now + SAME_SECOND
        return next_look(when, self.info.settings, self.now) if when else None

    def version(self, record: Record) -> str:
        """Empty where a further change may come under the same modstamp, which the log would not tell. Our own
        clock may be ahead of the org's, by which the log was read.
        """
        over = min(self.now, self.read) - record.modstamp > SAME_SECOND
        return record.modstamp.isoformat() if over else ""

    @property
    def me(self) -> str:
        """The mailbox's User."""
        return whole_id(self.info.crm_user_id)

    def seal_item(self, key: str, item: CalendarItem, still: Mapping[str, str] = UNKNOWN) -> SideState:
        """With whether its person organizes it: once it is gone, nothing else tells what its deletion means."""
        kept = {name: still[name] for name in (*ROWS, ORGANIZES) if name in still}
        new = of_item(item, NAMES - kept.keys())
        if ORGANIZES not in kept:
            new[ORGANIZES] = str(item.is_organizer)
        return self.sealed(Side.MAILBOX, key, item.version, new, kept)

    def seal_new_item(self, key: str, item: CalendarItem) -> SideState:
        """Of an item that is about to be made: what its vendor alone says of it is not known yet."""
        values = {name: value for name, value in of_item(item).items() if ROWS[name].two_way}
        return self.sealed(Side.MAILBOX, key, "", {**values, ORGANIZES: str(item.is_organizer)})

    def did_organize(self, link: Link) -> bool:
        """Also where nobody has noted it."""
        if link.item is None or ORGANIZES not in link.item.digests:
            return True
        return self.moved(link.key, Side.MAILBOX, link.item, {ORGANIZES: str(True)}) != frozenset({ORGANIZES})

    def sealed(
        self, side: Side, key: str, version: str, values: Mapping[str, str], still: Mapping[str, str] = UNKNOWN
    ) -> SideState:
        """`still`: other fields, by digests that are right as they stand."""
        return SideState(version, {**still, **self.seal(key, side, values)})


@dataclass(frozen=True, slots=True)
class Heard:
    """Of one half."""

    moved: frozenset[str] = frozenset()
    still: Mapping[str, str] = field(default_factory=dict)
    """Fields that say what they said before, and the digests by which that is known."""


@dataclass(frozen=True, slots=True)
class News:
    item: table.Item
    record: table.Record
    moved: Moved = field(default_factory=Moved)
    edited: frozenset[str] = frozenset()
    """What moved in the mailbox, without what an item that we made is first seen to say."""
    in_mailbox: Heard = field(default_factory=Heard)
    in_crm: Heard = field(default_factory=Heard)

    def is_hidden_since(self, pair: Pair) -> bool:
        """Its person has made the item private since it was last carried over: no record of it is made anew."""
        stopped = pair.link is not None and pair.link.reason_code == reasons.EVENT_MADE_PRIVATE.code
        return pair.item is not None and pair.item.is_private and (stopped or "private" in self.edited)


def news(pair: Pair, situation: Situation) -> News:
    in_mailbox, in_crm = _heard_in_mailbox(pair, situation), _heard_in_crm(pair, situation)
    edited = in_mailbox.moved - _new_in_mailbox(pair)
    moved = Moved(in_mailbox.moved if edited else edited, in_crm.moved)
    item, record = _item(pair, bool(edited), situation), _record(pair, moved, edited, situation)
    return News(item, record, moved, edited, in_mailbox, in_crm)


def _new_in_mailbox(pair: Pair) -> frozenset[str]:
    """Rows of which nothing was remembered when the item of a record was made: they go up with somebody's edit."""
    known = pair.link.item if pair.link and pair.link.is_born_in_crm else None
    return NAMES - known.digests.keys() if known else frozenset()


def _item(pair: Pair, moved: bool, situation: Situation) -> table.Item:
    if not pair.item_id:
        return table.Item.NONE
    if pair.gone or pair.item is None:
        return table.Item.GONE
    if pair.item.cancelled:
        return table.Item.CANCELLED
    if UNSYNC_CATEGORY in pair.item.categories:
        return table.Item.UNSYNC
    if moved:
        return table.Item.MOVED
    joined = pair.bond is Bond.JOINED
    left = joined and not is_within(pair.item.when, situation.info.settings, situation.now)
    return table.Item.LEFT if left else table.Item.SAME


def _record(pair: Pair, moved: Moved, edited: frozenset[str], situation: Situation) -> table.Record:
    if not pair.record_id:
        return table.Record.NONE
    if pair.deleted:
        return table.Record.GONE
    if _is_kept_out(pair, edited, situation):
        return table.Record.KEPT_OUT
    if pair.asked and pair.record is None:
        return table.Record.HIDDEN
    return table.Record.MOVED if moved.crm else table.Record.SAME


def _is_kept_out(pair: Pair, edited: frozenset[str], situation: Situation) -> bool:
    """An edit of the item goes up first, if it goes up at all."""
    link = pair.link
    if link is None or link.bond is not Bond.JOINED or not kept_out(link, pair.record, situation.info):
        return False
    stopped = is_aside(link) or link.reason_code == reasons.EVENT_MADE_PRIVATE.code
    return stopped or not edited & up_rows(situation.info.settings)


def _heard_in_mailbox(pair: Pair, situation: Situation) -> Heard:
    """At the version that was seen last it says the same."""
    item, link = pair.item, pair.link
    if item is None:
        return Heard()
    if link is None or link.item is None:
        return Heard(NAMES)
    if link.item.version == item.version:
        return Heard(still=link.item.digests)
    return _compared(link, Side.MAILBOX, link.item, of_item(item), situation)


def _heard_in_crm(pair: Pair, situation: Situation) -> Heard:
    """A colleague's copy takes nothing from the record: who leads has it already."""
    record, link = pair.record, pair.link
    if record is None or (link and link.role is Role.COPY):
        return Heard()
    if link is None or link.mirrored is None:
        return Heard(NAMES)
    return _compared(link, Side.CRM, link.mirrored, of_record(record), situation)


def _compared(link: Link, side: Side, known: SideState, values: Mapping[str, str], situation: Situation) -> Heard:
    """Where a lost key keeps us from telling, nothing is said to have moved: a mass write would be worse."""
    moved = situation.moved(link.key, side, known, values)
    if moved is None:
        return Heard()
    return Heard(moved, {name: known.digests[name] for name in values if name not in moved})
