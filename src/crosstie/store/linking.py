"""What both implementations of the port Links do alike."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from crosstie.domain.links import Bond, Link, LogPage, Touched
from crosstie.domain.mailboxes import Lease

SKEW = timedelta(minutes=1)
"""How far two machines' clocks may be apart where it is asked what happened since a session began."""

JOINED = (Bond.JOINED, Bond.PARTED)
"""A record that is, or was, kept alike with an item: what becomes of it concerns the item's mailbox."""


def distinct(lease: Lease, links: Iterable[tuple[str, Link]]) -> list[tuple[str, Link]]:
    """The last of each, with its plain natural key. Raises ValueError for a link of another mailbox."""
    last = {}
    for natural, link in links:
        if link.mailbox_id != lease.mailbox_id:
            raise ValueError("A link is saved under the lease of its own mailbox.")
        last[link.place] = (natural, link)
    return list(last.values())


def page_of(
    position: int | None, cleared: int, ends: int, lines: Sequence[tuple[int, Touched]], limit: int
) -> LogPage:
    """`cleared` is the last row that was deleted for its age, `ends` the last there ever was. `lines` are rows
    that concern the mailbox behind its position, one more than `limit` where there are more.
    """
    if position is None or position < cleared:
        return LogPage(ends, (), lost=position is not None)
    records: dict[str, Touched] = {}
    for _, line in lines[:limit]:
        records.pop(line.record.record_id, None)
        records[line.record.record_id] = line
    more = len(lines) > limit
    return LogPage(lines[limit - 1][0] if more else ends, tuple(records.values()), more)
