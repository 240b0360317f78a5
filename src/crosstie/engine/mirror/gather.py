"""What both sides say, for several mailboxes at once: change streams first, then what they leave open, by id."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from crosstie.domain.calendar import Absent, CalendarItem, Present, Shape
from crosstie.domain.errors import CrosstieError, Throttled
from crosstie.domain.links import Bond, Link, Touched
from crosstie.domain.mailboxes import UNSYNC_CATEGORY, Span
from crosstie.domain.records import EVENT, RecordRef
from crosstie.engine.mirror.begun import join_born, join_made, recall
from crosstie.engine.mirror.comparing import make_up, quiet, take_unlisted
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.mirror.turning import SERIES, hand_over
from crosstie.engine.ports import Ports
from crosstie.mapping.event import COLUMNS
from crosstie.mapping.event.attendees import LISTS
from crosstie.ports.calendar import CalendarObservation
from crosstie.ports.crm import SETTLE_TIME
from crosstie.rules.calendar import coming
from crosstie.rules.calendar.conditions import columns

OBSERVE_SECONDS = 60.0
PATIENCE = timedelta(seconds=30)
"""Within which one page after the other is begun."""
SLICE = 500
"""Items, and records, with news of one slice; what lies behind them is the next one's."""
MOST_PAGES = 200
LONG = 2
"""Pages; a listing that goes on behind them has little to tell."""
BACK, AHEAD = timedelta(days=30), timedelta(days=180)
"""The cursor's window, wider than any in which items are mirrored."""


def gather(ports: Ports, mirrors: Sequence[Mirror]) -> None:
    """Fill in items, records and links of every live mirror."""
    for mirror in mirrors:
        with mirror.session.ending():
            _look_back(ports, mirror)
    _observe(ports, mirrors)
    for mirror in mirrors:
        if mirror.live:
            with mirror.session.ending():
                _remember(ports, mirror)
    _fetch_items(ports, [mirror for mirror in mirrors if mirror.live])
    recall(ports, [mirror for mirror in mirrors if mirror.live])
    _fetch_records(ports, [mirror for mirror in mirrors if mirror.live])
    for mirror in mirrors:
        hand_over(mirror)
        join_made(ports, mirror)
        join_born(mirror, ports.clock.now())


def _look_back(ports: Ports, mirror: Mirror) -> None:
    """What the org's log tells, and what is to be looked at again."""
    _take(mirror, mirror.brought)
    mirror.due = frozenset(link.item_id for link in mirror.brought)
    if mirror.closing:
        return
    mirror.page = ports.states.log(mirror.mailbox_id, (EVENT,), SLICE)
    if mirror.page.lost:
        make_up(ports, mirror, SLICE)
    due = ports.states.links_due(mirror.mailbox_id, ports.clock.now(), SLICE)
    mirror.due |= {link.item_id or link.place[1] for link in due}
    mirror.due_links, mirror.more_due = tuple(due), len(due) == SLICE
    mirror.reviewed = frozenset(link.item_id for link in due if _is_reviewed(link, ports.clock.now()))
    touched = _ids(mirror.page.touched)
    _take(mirror, ports.states.links_of_records(mirror.mailbox_id, touched).values() if touched else ())
    _take(mirror, due)


def _is_reviewed(link: Link, now: datetime) -> bool:
    """It is looked at though its time has not come: a cursor may have died that would have told of it. Or that it
    is gone was told before.
    """
    return link.is_gone or link.recheck_at is None or link.recheck_at > now


def _observe(ports: Ports, mirrors: Sequence[Mirror]) -> None:
    """Page by page, until what is news fills a slice: a listing that began again tells nothing else for long."""
    now = ports.clock.now()
    window = Span(now - BACK, now + AHEAD)
    reading = [mirror for mirror in mirrors if mirror.live and not mirror.closing]
    cursors = {mirror: ports.states.cursors(mirror.mailbox_id) for mirror in reading}
    for number in range(MOST_PAGES):
        calls = [partial(mirror.calendar.observe, cursors[mirror], window, limit=SLICE) for mirror in reading]
        pages = ports.fanout.run(calls, timeout=OBSERVE_SECONDS)
        for mirror, seen in zip(reading, pages, strict=True):
            if isinstance(seen, CrosstieError):
                _stop(mirror, seen, first=number == 0)
                continue
            mirror.session.trouble = mirror.session.trouble or seen.trouble
            with mirror.session.ending():
                mirror.hear(replace(seen, told=_news(ports, mirror, seen, long=number >= LONG)))
            cursors[mirror] = {**cursors[mirror], **{one.collection: one for one in seen.cursors}}
        late = ports.clock.now() - now > PATIENCE
        reading = [mirror for mirror in reading if mirror.live and not late and _reads_on(mirror)]
        if not reading:
            return


def _stop(mirror: Mirror, error: CrosstieError, *, first: bool) -> None:
    """Of a further page nothing is lost: the next session begins with it."""
    if first:
        mirror.session.error = error
    mirror.session.wait_for(error.until if isinstance(error, Throttled) else None)
    mirror.stopped = True


def _reads_on(mirror: Mirror) -> bool:
    """What is looked at in any case, and is shown instead of asked for, fills no slice."""
    if mirror.stopped or not mirror.observation.more:
        return False
    return sum(one.item_id not in mirror.links for one in mirror.observation.told) <= SLICE


def _news(ports: Ports, mirror: Mirror, seen: CalendarObservation, *, long: bool) -> tuple[Present | Absent, ...]:
    """What was told, without items that say what they said before and that nothing else makes worth a look. Of a
    `long` listing all that is known is read at once, instead of page by page.
    """
    if seen.told and seen.listed is not None and (long or mirror.remembered is not None):
        known = quiet(ports, mirror)
        return tuple(
            one
            for one in seen.told
            if isinstance(one, Absent)
            or known.get(one.item.item_id) != one.item.version
            or _is_looked_at(one.item, mirror)
        )
    shown = [one.item for one in seen.told if isinstance(one, Present)]
    versions = {item.item_id: item.version for item in shown if not _is_looked_at(item, mirror)}
    silent = versions.keys() - ports.states.news_of(mirror.mailbox_id, versions) if versions else ()
    return tuple(one for one in seen.told if isinstance(one, Absent) or one.item.item_id not in silent)


def _remember(ports: Ports, mirror: Mirror) -> None:
    """What is known of all that moved."""
    if mirror.closing:
        return
    take_unlisted(ports, mirror, SLICE)
    told = [one.item_id for one in mirror.observation.told]
    unknown = [item_id for item_id in told if item_id not in mirror.links]
    mirror.links |= ports.states.links(mirror.mailbox_id, unknown) if unknown else {}
    series = {**mirror.observation.series, **_lapsed(mirror)}
    mirror.observation = replace(mirror.observation, series=series)
    of_series = ports.states.links_of_series(mirror.mailbox_id, series) if series else ()
    known: dict[str, list[str]] = {}
    for link in of_series:
        known.setdefault(link.series_id, []).append(link.item_id)
    mirror.changes = mirror.observation.changes(known)
    mirror.items |= {one.item.item_id: one.item for one in mirror.changes if isinstance(one, Present)}
    missing = [one.item_id for one in mirror.changes[len(told) :]]
    mirror.links |= ports.states.links(mirror.mailbox_id, missing) if missing else {}
    _await_born(ports, mirror)
    at_hand = {link.series_id for link in mirror.links.values()} | set(series)
    at_hand |= {item.series_id for item in mirror.items.values() if item}
    mirror.masters |= ports.states.links(mirror.mailbox_id, at_hand - {""}) if at_hand - {""} else {}


def _await_born(ports: Ports, mirror: Mirror) -> None:
    """An item may be told of before the record is due for which it was made, of whose making nobody heard. The
    clock of whoever made it may be ahead of ours.
    """
    new = (item for item in mirror.items.values() if item and item.token and item.item_id not in mirror.links)
    if not (tokens := {item.token for item in new}):
        return
    begun = ports.states.links_due(mirror.mailbox_id, ports.clock.now() + SETTLE_TIME, SLICE)
    ours = [link for link in begun if link.key in tokens and not link.item_id]
    _take(mirror, ours)
    mirror.due |= {link.place[1] for link in ours}


def _lapsed(mirror: Mirror) -> dict[str, frozenset[str]]:
    """Series that are single items now: there are no items of theirs any more, and nobody tells so."""
    told = (one.item for one in mirror.observation.told if isinstance(one, Present))
    singles = {item.item_id for item in told if item.shape is Shape.SINGLE} & mirror.links.keys()
    return {item_id: frozenset() for item_id in singles if mirror.links[item_id].reason_code in SERIES}


def _is_looked_at(item: CalendarItem, mirror: Mirror) -> bool:
    """In any case: an occurrence may be cancelled, or unmarked, because its series is, and keep its version."""
    return item.item_id in mirror.links or item.cancelled or UNSYNC_CATEGORY in item.categories


def _take(mirror: Mirror, links: Iterable[Link]) -> None:
    for link in links:
        if link.item_id:
            mirror.links[link.item_id] = link
        elif link.record:
            mirror.alone[link.record.record_id] = link


def _ids(touched: Iterable[Touched]) -> list[str]:
    return [one.record.record_id for one in touched]


def _fetch_items(ports: Ports, mirrors: Sequence[Mirror]) -> None:
    """Those that are not shown any more, are due, or whose record moved."""
    wanted = {mirror: _open_items(mirror) for mirror in mirrors}
    asking = [mirror for mirror in mirrors if wanted[mirror]]
    calls = [partial(mirror.calendar.items, sorted(wanted[mirror]), mirror.reviewed) for mirror in asking]
    for mirror, found in zip(asking, ports.fanout.run(calls, timeout=OBSERVE_SECONDS), strict=True):
        if isinstance(found, CrosstieError):
            mirror.session.error = found
            continue
        mirror.items |= {item_id: found.get(item_id) for item_id in wanted[mirror]}
        mirror.gone = wanted[mirror] - found.keys()


def _open_items(mirror: Mirror) -> Set[str]:
    """An item of which nothing is remembered and that is not shown any more leaves no question."""
    absent = {one.item_id for one in mirror.changes if isinstance(one, Absent)}
    touched = {one.record: one for one in mirror.page.touched}
    moved = {
        link.item_id
        for link in mirror.links.values()
        if link.record and (told := touched.get(link.record)) and is_news(link, told)
    }
    wanted = (absent | moved | mirror.due) & mirror.links.keys()
    return wanted - mirror.items.keys()


def is_news(link: Link, touched: Touched) -> bool:
    """Whether the log tells more of the record than we know: our own write coming back is none."""
    known = link.mirrored.version if link.mirrored else ""
    return touched.deleted or touched.modstamp.isoformat() != known


def _fetch_records(ports: Ports, mirrors: Sequence[Mirror]) -> None:
    """The records of all pairs that may have to be written, as they are now, in one go for all mailboxes."""
    wanted = {mirror: _open_records(mirror) for mirror in mirrors}
    refs = sorted({ref for several in wanted.values() for ref in several}, key=lambda ref: ref.record_id)
    if not refs:
        return
    found = ports.crm.records(refs, {EVENT: _columns(mirrors)})
    missing = [ref for ref in refs if ref.record_id not in found]
    alive = ports.crm.alive(missing) if missing else {}
    for mirror, own in wanted.items():
        mirror.records |= {ref.record_id: found.get(ref.record_id) for ref in own}
        told = {one.record.record_id for one in mirror.page.touched if one.deleted}
        mirror.deleted |= {
            ref.record_id
            for ref in own
            if ref.record_id not in found and (alive.get(ref.record_id) is False or ref.record_id in told)
        }


def _columns(mirrors: Sequence[Mirror]) -> tuple[str, ...]:
    """What is compared, what decides whether a record comes down, and what somebody's settings look at."""
    conditions = (name for mirror in mirrors for name in columns(mirror.session.info.settings))
    return tuple(dict.fromkeys((*COLUMNS, *LISTS, *coming.COLUMNS, *conditions)))


def _open_records(mirror: Mirror) -> frozenset[RecordRef]:
    """A record that the log names and that no item of ours is joined to is its user's, or was taken from them."""
    known = {link.record: link for link in (*mirror.alone.values(), *mirror.links.values())}
    touched = {
        one.record for one in mirror.page.touched if (link := known.get(one.record)) is None or is_news(link, one)
    }
    joined = {
        link.record
        for item_id, link in mirror.links.items()
        if link.record and link.bond is not Bond.NONE and _has_news(mirror, item_id, link)
    }
    due = {link.record for link in mirror.alone.values() if link.record and link.record.record_id in mirror.due}
    return frozenset(touched | joined | due)


def _has_news(mirror: Mirror, item_id: str, link: Link) -> bool:
    """Whether its item was looked at, and is not what it was: our own write coming back is."""
    if item_id not in mirror.items:
        return False
    item, known = mirror.items[item_id], link.item.version if link.item else ""
    return item is None or item_id in mirror.due or item.version != known
