"""What both implementations of the port Links do alike."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from crosstie.domain.links import Bond, Link, LogPage, Role, Touched
from crosstie.domain.mailboxes import Lease
from crosstie.domain.records import long_id, whole_id
from crosstie.ports.links import MOST_OF_A_MEETING

SKEW = timedelta(minutes=1)
"""How far two machines' clocks may be apart where it is asked what happened since a session began."""

JOINED = (Bond.JOINED, Bond.PARTED)
"""A record that is, or was, kept alike with an item: what becomes of it concerns the item's mailbox."""


def forms(user_ids: Iterable[str]) -> list[str]:
    """Ids of Users in both lengths, as nobody knows in which they are stored."""
    found: set[str] = set()
    for one in user_ids:
        found |= {one, whole_id(one), long_id(one)[:15]}
    return sorted(found - {""})


def distinct(lease: Lease, links: Iterable[tuple[str, Link]]) -> list[tuple[str, Link]]:
    """The last of each, with its plain natural key, and of a record that has an item none without. Raises
    ValueError for a link of another mailbox.
    """
    last = {}
    for natural, link in links:
        if link.mailbox_id != lease.mailbox_id:
            raise ValueError("A link is saved under the lease of its own mailbox.")
        last[link.place] = (natural, link)
    with_items = {link.record for _, link in last.values() if link.item_id}
    return [(natural, link) for natural, link in last.values() if link.item_id or link.record not in with_items]


def is_seen(link: Link | None, version: str) -> bool:
    """Whether there is nothing to be decided of a pair whose item has this version."""
    if link is None or link.bond is not Bond.JOINED or link.mirrored is None:
        return False
    return bool(version) and link.item is not None and link.item.version == version


def by_natural(plain: Mapping[str, str], links: Iterable[Link]) -> dict[str, tuple[Link, ...]]:
    """What Links.meetings answers: `plain` has each digest's natural key, and `links` come the oldest first."""
    return _told_apart((plain[link.natural], link) for link in links)


def by_record(links: Iterable[Link]) -> dict[str, tuple[Link, ...]]:
    """What Links.sharers answers; the oldest come first."""
    return _told_apart((link.record.record_id, link) for link in links if link.record)


def _told_apart(links: Iterable[tuple[str, Link]]) -> dict[str, tuple[Link, ...]]:
    """By their names, who leads first."""
    found: dict[str, tuple[Link, ...]] = {}
    for name, link in sorted(links, key=lambda named: named[1].role is not Role.LEAD):
        found[name] = (*found.get(name, ()), link)[:MOST_OF_A_MEETING]
    return found


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
