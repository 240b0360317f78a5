"""Carry out what was decided, for several mailboxes at once: journal, the records once, then the items."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from crosstie.domain import reasons
from crosstie.domain.calendar import ChangeItem, CreateItem, DeleteItem
from crosstie.domain.errors import CrosstieError, Throttled
from crosstie.domain.links import Bond, Link
from crosstie.domain.mailboxes import Lease, WriteResult
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.operations import Kind
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import EVENT, RecordDraft, RecordRef, RecordUpdate, WriteStatus, Written
from crosstie.engine.mirror.begun import is_begun_again, is_found_again
from crosstie.engine.mirror.conflicts import note_of
from crosstie.engine.mirror.parting import is_cut_short
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.pacing import ISSUE_RETRY, SOON
from crosstie.engine.ports import Ports
from crosstie.ports.journal import Ending, Status

WRITE_SECONDS = 60.0
_SAID = reasons.ANSWERED | {reasons.EVENT_COPY_MEANT.code}
_THERE = (WriteStatus.CREATED, WriteStatus.EXISTS, WriteStatus.UPDATED, WriteStatus.DELETED)


@dataclass(slots=True, eq=False)
class Job:
    """One pair on its way; `link` is what is remembered of it so far."""

    mirror: Mirror
    operation: Mirroring
    entry: int
    why: Reason
    link: Link | None
    status: Status = Status.DONE
    sent: bool = False
    stopped: bool = False
    """A write failed; what was to follow does not."""

    def stop(self, status: Status, why: Reason) -> None:
        self.stopped, self.status, self.why = True, status, why


def act(ports: Ports, mirrors: Sequence[Mirror]) -> None:
    """Every operation of every live mirror settles, with its link as it is to be remembered now."""
    jobs = [job for mirror in mirrors for job in _journalled(ports, mirror)]
    _keep_lost([job for job in jobs if job.operation.lost])
    _write_records(ports, [job for job in jobs if job.operation.to_record is not None and not job.stopped])
    _write_items(ports, [job for job in jobs if job.operation.to_item is not None and not job.stopped])
    own: dict[Mirror, list[Job]] = {}
    for job in jobs:
        own.setdefault(job.mirror, []).append(job)
    for mirror, several in own.items():
        if mirror.live:
            with mirror.session.ending():
                _settle(ports, mirror, several)


def _journalled(ports: Ports, mirror: Mirror) -> list[Job]:
    """The journal learns what is going to happen before it does."""
    jobs: list[Job] = []
    if not mirror.live:
        return jobs
    with mirror.session.ending(), ports.states.transaction():
        told = [one for one in mirror.operations if one.news]
        entries = ports.journal.plan(mirror.session.lease, told)
        jobs = [
            Job(mirror, one, entry, one.reason, one.before if one.writes else one.link)
            for one, entry in zip(told, entries, strict=True)
        ]
    mirror.settled += [(one, one.link) for one in mirror.operations if not one.news]
    return jobs


def _keep_lost(jobs: Sequence[Job]) -> None:
    """What is about to be overwritten is kept for its person first; where that fails, nothing is overwritten."""
    for job in jobs:
        try:
            job.mirror.session.mailbox.keep([note_of(job.operation)])
        except CrosstieError as error:
            job.mirror.session.wait_for(error.until if isinstance(error, Throttled) else None)
            job.stop(Status.UNCLEAR, reason(reasons.EVENT_WAITS))


def _write_records(ports: Ports, jobs: Sequence[Job]) -> None:
    """New ones, changes, deletes: each kind in one go for all mailboxes."""
    writers: tuple[tuple[type, Callable[[Any], Sequence[Written]]], ...] = (
        (RecordDraft, ports.crm.create),
        (RecordUpdate, ports.crm.update),
        (RecordRef, ports.crm.delete),
    )
    for kind, write in writers:
        own = _begin(ports, [job for job in jobs if isinstance(job.operation.to_record, kind)])
        if not own:
            continue
        try:
            results = write([job.operation.to_record for job in own])
        except CrosstieError as error:
            for job in own:
                job.mirror.session.error = job.mirror.session.error or error
            continue
        for job, written in zip(own, results, strict=True):
            _take_record(job, written)


def _begin(ports: Ports, jobs: Sequence[Job]) -> list[Job]:
    """Those whose lease outlives the write; their rows say *sent* before it starts. A lease that was lost, or is
    too short, ends its session here.
    """
    own: dict[Mirror, list[Job]] = {}
    for job in jobs:
        own.setdefault(job.mirror, []).append(job)
    for mirror, several in own.items():
        if mirror.live:
            with mirror.session.ending():
                _send(ports, mirror.session.lease, [job for job in several if not job.sent])
    return [job for job in jobs if job.mirror.live]


def _send(ports: Ports, lease: Lease, jobs: Sequence[Job]) -> None:
    ports.check_time(lease)
    firsts = [(job.operation.natural, first) for job in jobs if (first := _first(job.operation))]
    with ports.states.transaction():
        ports.states.check(lease)
        ports.journal.send(lease, [job.entry for job in jobs])
        ports.states.save_links(lease, firsts, {})
    for job in jobs:
        job.sent, job.link = True, job.operation.first or job.link


def _first(operation: Mirroring) -> Link | None:
    """What whoever comes after a death is to know. That a record was found again is part of it: by then it may say
    something else, and not be found once more.
    """
    before = operation.before
    return operation.first or (before if is_found_again(before) else None)


def _take_record(job: Job, written: Written) -> None:
    operation = job.operation
    if written.status in _THERE:
        after = operation.half if operation.to_item is not None else operation.link
        if after and written.record_id and after.record is None:
            after = replace(after, record=RecordRef(EVENT, written.record_id))
        job.link = after
        unmet = written.unmet and isinstance(operation.to_record, RecordDraft)
        if after and (written.status is WriteStatus.EXISTS or unmet):
            job.link = replace(after, item=None)  # so that whatever else than was written it says is a conflict
            job.mirror.session.soon = True
            job.stop(Status.DONE, job.why)
    elif written.status is WriteStatus.UNCLEAR:
        job.stop(Status.UNCLEAR, reason(reasons.EVENT_UNCLEAR))
    elif written.status is WriteStatus.TAKEN:
        job.link = operation.before
        job.stop(Status.UNCLEAR, reason(reasons.EVENT_HIDDEN if _had_waited(job) else reasons.EVENT_WAITS))
    else:
        job.link = operation.before  # nothing was written
        if written.status is WriteStatus.REFUSED:
            job.stop(Status.STUCK, written.reason or reason(reasons.CRM_REFUSED, vendor_code="?"))
        else:
            job.stop(Status.UNCLEAR, reason(reasons.EVENT_WAITS))


def _had_waited(job: Job) -> bool:
    """Whoever wrote a record a moment ago shows it by the next session, or not at all."""
    before = job.operation.before
    waiting = (reasons.EVENT_WAITS.code, reasons.EVENT_HIDDEN.code)
    return before is not None and (before.is_begun or before.reason_code in waiting)


def _write_items(ports: Ports, jobs: Sequence[Job]) -> None:
    own: dict[Mirror, list[Job]] = {}
    for job in _begin(ports, jobs):
        own.setdefault(job.mirror, []).append(job)
    calls = [
        partial(mirror.calendar.apply, [job.operation.to_item for job in several if job.operation.to_item])
        for mirror, several in own.items()
    ]
    for mirror, results in zip(own, ports.fanout.run(calls, timeout=WRITE_SECONDS), strict=True):
        if isinstance(results, CrosstieError):
            mirror.session.error = results
            continue
        for job, result in zip(own[mirror], results, strict=True):
            _take_item(job, result)


def _take_item(job: Job, result: WriteResult) -> None:
    write, after = job.operation.to_item, job.operation.link
    job.mirror.session.wait_for(result.until)
    if result.applied or (isinstance(write, DeleteItem) and result.code == "gone"):
        job.link = _written(after, job.link, result, new=isinstance(write, CreateItem))
        if isinstance(write, ChangeItem):
            job.mirror.items[write.item.item_id] = replace(write.item, version=result.version)
    elif result.code in ("conflict", "gone"):
        before = job.operation.before
        job.link = before if isinstance(write, DeleteItem) else job.link  # it is one of a pair as ever
        again = before is not None and before.reason_code == reasons.EVENT_WAITS.code
        job.mirror.session.soon |= not again  # whoever is there first each time is waited for a whole interval
        job.stop(
            Status.DONE, reason(reasons.EVENT_WAITS)
        )  # a person was there first: their change is looked at next
    elif result.code == "refused":
        job.link = job.operation.before if isinstance(write, DeleteItem) else job.link
        job.stop(Status.STUCK, reason(reasons.EVENT_BOX_REFUSED))
    else:
        job.stop(Status.UNCLEAR, reason(reasons.EVENT_WAITS))


def _written(after: Link | None, so_far: Link | None, result: WriteResult, *, new: bool) -> Link | None:
    """`after`, with what only the writes can tell: the new item's id, its version, and the record just made."""
    if after is None:
        return None
    state = replace(after.item, version=result.version) if after.item else None
    record = after.record or (so_far.record if so_far else None)
    return replace(after, item=state, item_id=result.item_id if new else after.item_id, record=record)


def _settle(ports: Ports, mirror: Mirror, jobs: Sequence[Job]) -> None:
    """The journal learns of all of them at once."""
    settled = [(job, _remembered(ports, job)) for job in jobs]
    endings = [_ending(job, link) for job, link in settled if job.operation.kind is not Kind.SKIP]
    if endings:
        ports.journal.end(mirror.session.lease, endings)
    mirror.settled += [(job.operation, link) for job, link in settled]
    mirror.session.counts.update(job.why.kind.outcome.value for job in jobs)


def _remembered(ports: Ports, job: Job) -> Link | None:
    """What was put off is due soon, what was refused or is hidden a day later; a person's change wakes it."""
    if not job.stopped:
        return job.link
    link = job.link or lone(job.operation.first or job.operation.subject, job.why)
    again = _again(job, link, ports.clock.now())
    # what is still to be withdrawn, or unmarked, and what a person said, keep their reasons: by these the next
    # session knows them
    before = job.operation.before
    if before and before.reason_code == reasons.EVENT_COPY_MEANT.code and not link.is_begun:
        link = replace(link, reason_code=before.reason_code)
    said = link.reason_code in _SAID and job.status is not Status.STUCK
    kept = said or link.bond is Bond.PARTED or is_cut_short(link) or is_begun_again(link)
    code = link.reason_code if kept else job.why.code
    return replace(link, recheck_at=again, reason_code=code)


def _again(job: Job, link: Link, now: datetime) -> datetime | None:
    if job.why.kind is reasons.EVENT_HIDDEN:
        return now + ISSUE_RETRY
    if link.is_begun:
        return link.recheck_at
    return now + {Status.STUCK: ISSUE_RETRY, Status.DONE: timedelta()}.get(job.status, SOON)


def _ending(job: Job, link: Link | None) -> Ending:
    record = link.record if link else job.operation.record
    return Ending(job.entry, job.status, job.why, record, link.item_id if link else "")


def lone(link: Link, why: Reason) -> Link:
    """The half that is there, where the other one was to be made."""
    record = None if link.item_id else link.record
    return replace(link, bond=Bond.NONE, record=record, mirrored=None, item=None, reason_code=why.code)
