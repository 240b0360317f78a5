"""What each half of a pair says since it was last seen: news is what differs from what was remembered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

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


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything about one mailbox that its plan depends on, besides its pairs."""

    info: MailboxInfo
    circle: Circle
    capabilities: CrmCapabilities
    now: datetime
    seal: Callable[[str, Side, Mapping[str, str]], Mapping[str, str]]
    moved: Callable[[str, Side, SideState, Mapping[str, str]], frozenset[str] | None]
    zone: str = "UTC"
    """In which new items are shown."""
    baseline: frozenset[str] = frozenset()

    def next_look(self, when: When | None, record: Record | None = None) -> datetime | None:
        """When it leaves the window, or enters it; at once for a record that may change within its second."""
        if record and not self.version(record):
            return self.now + SAME_SECOND
        return next_look(when, self.info.settings, self.now) if when else None

    def version(self, record: Record) -> str:
        """Empty where a further change may come under the same modstamp, which the log would not tell."""
        return record.modstamp.isoformat() if self.now - record.modstamp > SAME_SECOND else ""

    @property
    def me(self) -> str:
        """The mailbox's User."""
        return whole_id(self.info.crm_user_id)

    def seal_item(
        self, key: str, version: str, item: CalendarItem, said: Mapping[str, str] | None = None
    ) -> SideState:
        """With whether its person organizes it: once it is gone, nothing else tells what its deletion means.
        `said`: what its rows say, where that is at hand.
        """
        values = of_item(item) if said is None else said
        return self.sealed(Side.MAILBOX, key, version, {**values, ORGANIZES: str(item.is_organizer)})

    def seal_new_item(self, key: str, item: CalendarItem) -> SideState:
        """Of an item that is about to be made: what its vendor alone says of it is not known yet."""
        values = {name: value for name, value in of_item(item).items() if ROWS[name].two_way}
        return self.sealed(Side.MAILBOX, key, "", {**values, ORGANIZES: str(item.is_organizer)})

    def did_organize(self, link: Link) -> bool:
        """Also where nobody has noted it."""
        if link.item is None or ORGANIZES not in link.item.digests:
            return True
        return self.moved(link.key, Side.MAILBOX, link.item, {ORGANIZES: str(True)}) != frozenset({ORGANIZES})

    def sealed(self, side: Side, key: str, version: str, values: Mapping[str, str]) -> SideState:
        return SideState(version, self.seal(key, side, values))


@dataclass(frozen=True, slots=True)
class Said:
    """What the rows of each side say, where they had to be looked at."""

    mailbox: Mapping[str, str] | None = None
    crm: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class News:
    item: table.Item
    record: table.Record
    moved: Moved = field(default_factory=Moved)
    edited: frozenset[str] = frozenset()
    """What moved in the mailbox, without what an item that we made is first seen to say."""
    said: Said = field(default_factory=Said)


def news(pair: Pair, situation: Situation) -> News:
    said = Said(_said_in_mailbox(pair), _said_in_crm(pair))
    in_mailbox = _moved_in_mailbox(pair, said, situation)
    edited = in_mailbox - _new_in_mailbox(pair)
    moved = Moved(in_mailbox, _moved_in_crm(pair, said, situation))
    return News(_item(pair, bool(edited), situation), _record(pair, moved, edited, situation), moved, edited, said)


def _new_in_mailbox(pair: Pair) -> frozenset[str]:
    """Rows of which nothing was remembered when the item of a record was made."""
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


def _said_in_mailbox(pair: Pair) -> Mapping[str, str] | None:
    """None where there is nothing to compare: at the version that was seen last it says the same."""
    known = pair.link.item if pair.link else None
    if pair.item is None or known is None or known.version == pair.item.version:
        return None
    return of_item(pair.item)


def _said_in_crm(pair: Pair) -> Mapping[str, str] | None:
    """A colleague's copy takes nothing from the record: who leads has it already."""
    link = pair.link
    if pair.record is None or link is None or link.mirrored is None or link.role is Role.COPY:
        return None
    return of_record(pair.record)


def _moved_in_mailbox(pair: Pair, said: Said, situation: Situation) -> frozenset[str]:
    if pair.item is None:
        return frozenset()
    link = pair.link
    if link is None or link.item is None:
        return NAMES
    if said.mailbox is None:
        return frozenset()
    return _changed(link, Side.MAILBOX, link.item, said.mailbox, situation)


def _moved_in_crm(pair: Pair, said: Said, situation: Situation) -> frozenset[str]:
    link = pair.link
    if pair.record is None or (link and link.role is Role.COPY):
        return frozenset()
    if link is None or link.mirrored is None or said.crm is None:
        return NAMES
    return _changed(link, Side.CRM, link.mirrored, said.crm, situation)


def _changed(
    link: Link, side: Side, state: SideState, values: Mapping[str, str], situation: Situation
) -> frozenset[str]:
    """Where a lost key keeps us from telling, nothing is said to have moved: a mass write would be worse."""
    found = situation.moved(link.key, side, state, values)
    return frozenset() if found is None else found & NAMES
