"""What is remembered of mirrored items and records, as a part of the port States."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from crosstie.domain.links import Copies, Link, LogPage, Side, SideState, Tally
from crosstie.domain.mailboxes import Lease

MOST_OF_A_MEETING = 50
UNSAID: Mapping[str, str] = MappingProxyType({})
Remembered = tuple[str, str, str, str]
"""Item id, and the version at which the item has nothing to tell; record id, and the version of the record that
was seen last. What there is not, or always has something to tell, is empty.
"""


class Links(Protocol):
    """Bound to one org. Plain natural keys and values go in; digests alone are kept, and come back."""

    def links(self, mailbox_id: int, item_ids: Iterable[str]) -> Mapping[str, Link]:
        """Item id → what is remembered of it."""

    def news_of(self, mailbox_id: int, versions: Mapping[str, str]) -> frozenset[str]:
        """Of these items, by id with the version that each has now, those that have something to tell: all but the
        ones that are kept alike with a record and had this version when they were seen last.
        """

    def links_of_records(self, mailbox_id: int, record_ids: Iterable[str]) -> Mapping[str, Link]:
        """Record id → this mailbox's link to it: of several items the one that leads."""

    def links_of_series(self, mailbox_id: int, series_ids: Iterable[str]) -> Sequence[Link]:
        """Of all occurrences that are remembered."""

    def meetings(self, naturals: Iterable[str]) -> Mapping[str, tuple[Link, ...]]:
        """Plain natural key → the links of all mailboxes of the org with that identity that have or had a record,
        or have begun one, the lead's first, then the oldest; of a meeting of the whole company no more than
        MOST_OF_A_MEETING.
        """

    def brought(
        self, mailbox_ids: Collection[int], but: Collection[str], limit: int
    ) -> Mapping[int, Sequence[Link]]:
        """By mailbox, if there are any, about items that came from the org and are there still: joined to their
        record, but for those of which one of these reasons was told last, or parted and to be looked at again. Of
        each mailbox the `limit` that were remembered first.
        """

    def sharers(self, record_ids: Iterable[str]) -> Mapping[str, tuple[Link, ...]]:
        """Record id → the links of all mailboxes of the org whose items are joined to it, the lead's first, then
        the oldest; no more than MOST_OF_A_MEETING.
        """

    def save_links(
        self,
        lease: Lease,
        links: Iterable[tuple[str, Link]],
        awaits: Mapping[str, frozenset[str]],
        known: Collection[str] = (),
        alike: Mapping[str, str] = UNSAID,
    ) -> None:
        """Upsert; each with its plain natural key, of which `natural` becomes the digest, or an empty one where it
        keeps the digest it has. What has an item is told apart by it, what has none by its record; a record that
        is given an item is not kept without one beside it.
        `awaits` maps item id → plain addresses whose appearance, or end, makes it due, `known` as in `save_items`;
        an item that is not named there awaits nobody. An item alone is due as well when a colleague's item of that
        identity is joined to a record: at once if that was during this session, else after the next
        `record_changes`.
        `alike` maps item id → what its pair says, of which a keyed digest is kept: the same for all that say the
        same. A pair that said nothing once is like no other for good, and of one that is not named there stays
        what was known.
        """

    def forget_links(self, lease: Lease, item_ids: Collection[str], record_ids: Collection[str] = ()) -> None:
        """The items, and the records that had no item, are gone, and so is everything to be remembered of them."""

    def review_links(self, lease: Lease, record_ids: Collection[str]) -> None:
        """The mailbox's links to these records are due, and so is the mailbox."""

    def remembered(self, mailbox_id: int) -> Sequence[Remembered]:
        """Everything, in any order, as far as a comparison with whole listings asks for it."""

    def note_listed(self, lease: Lease, item_ids: Collection[str], *, first: bool) -> None:
        """The listing under way has shown these items. `first`: it has just begun, and forgets what one before it
        noted.
        """

    def unlisted(self, mailbox_id: int, item_ids: Collection[str], limit: int) -> Sequence[str]:
        """Ids of items that are remembered and neither among these nor among those that were noted of the listing
        before; no more than the limit, in any order.
        """

    def review_unlisted(self, lease: Lease, item_ids: Collection[str]) -> None:
        """The links of all such items are due, and so is the mailbox."""

    def links_due(self, mailbox_id: int, now: datetime, limit: int) -> Sequence[Link]:
        """Whose `recheck_at` has come, or that moved settings, blocklists, people or colleagues flagged, the
        longest decided first. Saving the link again takes the flag off, unless it was set since the session began.
        """

    def tally(self, mailbox_id: int, reason_code: str) -> Tally:
        """Pairs that are kept alike, and those of them of which this reason was told last."""

    def alike(self, mailbox_id: int, said: Collection[str]) -> Mapping[str, int]:
        """Of what is said, how many pairs that are kept alike say it too; what no pair says is left out."""

    def copies(self, mailbox_id: int, reason_code: str, since: datetime) -> Copies:
        """Pairs beyond the first of those that say the same and of which one was joined since then; held back are
        those of which this reason was told last.
        """

    def seal(self, key: str, side: Side, values: Mapping[str, str]) -> Mapping[str, str]:
        """Field → keyed digest of its value on this side of the link with that key."""

    def moved(self, key: str, side: Side, state: SideState, values: Mapping[str, str]) -> frozenset[str] | None:
        """Of these fields those whose value is not the one that was sealed, or never was. None where one was
        sealed with a key we no longer have, so that nobody can tell.
        """

    def log(self, mailbox_id: int, objects: Sequence[str], limit: int) -> LogPage:
        """What the org's log names since the mailbox's position: records of these objects, deleted ones too, that
        its user owns or that are or were joined to its items, each once with its last row, oldest first; without
        rows that tell of a record what was seen of it already. A mailbox that never saved a position starts at the
        log's end.
        """

    def save_position(self, lease: Lease, position: int) -> None:
        """From now on `record_changes` makes the mailbox due when it names an Event that `log` would."""
