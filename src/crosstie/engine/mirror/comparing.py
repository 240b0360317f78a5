"""What nobody tells any more: behind a calendar's dead cursor, and behind a log that is older than its last row.

The calendar is listed once more, and what is remembered and not listed is absent. Of the records that are
remembered the org is asked for their versions, and those that have another one are what the log would have named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from crosstie.domain.calendar import Absent
from crosstie.domain.links import Touched
from crosstie.domain.records import EVENT, RecordRef
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.ports import Ports
from crosstie.mapping.event.attendees import LISTS
from crosstie.ports.links import Remembered

PATIENCE = timedelta(seconds=30)
"""Within which one question for versions after the other is begun."""
AT_ONCE = 1_000
"""Records of one question."""


def remembered(ports: Ports, mirror: Mirror) -> Sequence[Remembered]:
    """Read once a session."""
    if mirror.remembered is None:
        mirror.remembered = ports.states.remembered(mirror.mailbox_id)
    return mirror.remembered


def quiet(ports: Ports, mirror: Mirror) -> Mapping[str, str]:
    """Item id → the version at which it has nothing to tell."""
    if not mirror.quiet:
        mirror.quiet = {item_id: version for item_id, version, _, _ in remembered(ports, mirror) if version}
    return mirror.quiet


def take_unlisted(ports: Ports, mirror: Mirror, limit: int) -> None:
    """What of it exceeds the limit is due soon, one slice after the other."""
    seen = mirror.observation
    if not seen.anew:
        return
    missing = _unlisted(ports, mirror, limit)
    told = {one.item_id for one in seen.told}
    mirror.observation = replace(seen, told=(*seen.told, *(Absent(one) for one in missing if one not in told)))
    mirror.unlisted = len(missing) == limit
    mirror.listed.update(missing)


def _unlisted(ports: Ports, mirror: Mirror, limit: int) -> Sequence[str]:
    """Of a listing that took one session everything is at hand."""
    if not mirror.observation.begins:
        return ports.states.unlisted(mirror.mailbox_id, mirror.listed, limit)
    known = (item_id for item_id, _, _, _ in remembered(ports, mirror) if item_id and item_id not in mirror.listed)
    return list(islice(known, limit))


def keep_listed(ports: Ports, mirror: Mirror) -> None:
    """What was listed is noted until the listing is over."""
    seen, lease = mirror.observation, mirror.session.lease
    if not mirror.lists:
        return
    if seen.more:
        ports.states.note_listed(lease, mirror.listed, first=seen.begins)
        return
    if mirror.unlisted:
        if seen.begins:
            ports.states.note_listed(lease, (), first=True)
        ports.states.review_unlisted(lease, mirror.listed)
        mirror.session.soon = True
    ports.states.note_listed(lease, (), first=True)


def make_up(ports: Ports, mirror: Mirror, limit: int) -> None:
    """The log's page, as it would have been, as far as a slice goes."""
    versions: dict[str, str] = {}
    for _, _, record_id, version in remembered(ports, mirror):
        if record_id and versions.setdefault(record_id, version) != version:
            versions[record_id] = ""
    moved = [*_moved(ports, versions)]
    mirror.page = replace(mirror.page, touched=tuple(moved[:limit]))
    mirror.unseen = tuple(one.record.record_id for one in moved[limit:])


def _moved(ports: Ports, versions: Mapping[str, str]) -> Iterator[Touched]:
    """Of more than there is time to ask about nobody knows, so they may have."""
    began, names = ports.clock.now(), iter(versions)
    while some := [RecordRef(EVENT, record_id) for record_id in islice(names, AT_ONCE)]:
        late = ports.clock.now() - began > PATIENCE
        yield from (Touched(ref, began, False, "") for ref in some) if late else _compared(ports, some, versions)


def _compared(ports: Ports, refs: Sequence[RecordRef], versions: Mapping[str, str]) -> Iterator[Touched]:
    """A record that is not shown may be deleted, or hidden: that is asked when it is looked at. What changes about
    its invitees alone is a part of its version.
    """
    found = ports.crm.records(refs, {EVENT: tuple(LISTS)})
    for ref in refs:
        record, version = found.get(ref.record_id), versions[ref.record_id]
        modstamp = record.modstamp if record else ports.clock.now()
        if record is None or not version or datetime.fromisoformat(version) != modstamp:
            yield Touched(ref, modstamp, deleted=False, owner_id="")
