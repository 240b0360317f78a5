"""The one ordered write to Salesforce: content is fetched, drafted, sent and forgotten chunk by chunk."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from crosstie.domain import reasons
from crosstie.domain.email import Content, Email, Fetched
from crosstie.domain.errors import CrosstieError
from crosstie.domain.operations import Join, Save, Trigger
from crosstie.domain.reasons import FILES_LEFT_OUT, Reason, reason
from crosstie.domain.records import RecordDraft, RecordRef, WriteStatus, Written
from crosstie.domain.states import SavedMail
from crosstie.engine import telling, threads
from crosstie.engine.ports import Ports
from crosstie.engine.relating import relate
from crosstie.engine.resolving import resolve
from crosstie.engine.session import Session
from crosstie.engine.states import settled_states
from crosstie.engine.unread import unread
from crosstie.mapping.email import draft
from crosstie.mapping.enclosed import opened
from crosstie.mapping.person import signed
from crosstie.mapping.quotes import cropped
from crosstie.mapping.signature import signature
from crosstie.ports.journal import Status
from crosstie.rules.files import Files, choose
from crosstie.rules.leftovers import kept_of, with_unpublished
from crosstie.rules.relevance import spam_verdict

CHUNK = 75
"""Mails a write: as many graphs as one call takes."""
CHUNK_BYTES = 48 * 1024 * 1024
"""Content held in memory at a time."""
CONTENT_SECONDS = 120.0
OF_ONE_COPY = (reasons.GONE, reasons.MAILBOX_REFUSED, reasons.SPAM)
"""What befell one copy of a mail says nothing about the others: the next session saves one of them."""


@dataclass(frozen=True, slots=True)
class Job:
    session: Session
    save: Save

    @property
    def item_id(self) -> str:
        return self.save.email.item_id


def save_all(ports: Ports, sessions: Sequence[Session]) -> None:
    """Write every planned record once and settle every Save and Join; a chunk's failure ends its sessions."""
    for session in sessions:
        for join in session.of(Join):
            if join.record:
                session.settle(join.email.item_id, join.reason, join.record)
    jobs = [Job(session, save) for session in sessions for save in session.of(Save)]
    older = {session: session.older_ids for session in sessions}
    jobs.sort(key=lambda job: (job.item_id in older[job.session], job.save.order, job.save.key))
    threads.prepare(ports, sessions)
    leading = [job for job in jobs if job.item_id in job.session.leading]
    others = [job for job in jobs if job.item_id not in job.session.leading]
    for chunk in (*_chunks(leading), *_chunks(others)):
        _save_chunk(ports, [job for job in chunk if job.session.live])
    _settle_followers(sessions)
    for session in sessions:
        if session.live:
            _finish_joins(ports, session)


def _chunks(jobs: Sequence[Job]) -> Iterator[list[Job]]:
    chunk: list[Job] = []
    size = 0
    for job in jobs:
        weight = job.save.email.size or 100_000
        if chunk and (len(chunk) >= CHUNK or size + weight > CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(job)
        size += weight
    if chunk:
        yield chunk


def _save_chunk(ports: Ports, jobs: Sequence[Job]) -> None:
    contents = _contents(ports, jobs)
    jobs = [job for job in jobs if job.item_id in contents and job.session.live]
    if not jobs:
        return
    jobs = _resolved(ports, jobs, contents)
    jobs = _linked(ports, jobs, contents)
    takes_files = ports.crm.capabilities().files
    chosen = {job.item_id: _chosen(job, contents[job.item_id], takes_files) for job in jobs}
    jobs = [replace(job, save=_telling(job.save, job, chosen[job.item_id])) for job in jobs]
    drafts = _drafts(ports, jobs, contents, chosen)
    found = _look_up(ports, jobs, drafts)
    met = [job for job in jobs if job.save.key in found]
    _write(ports, met, drafts, lambda ready: ports.crm.complete(ready, [found[draft.key] for draft in ready]))
    fresh = _wanted(ports, [job for job in jobs if job.save.key not in found])
    _write(ports, fresh, drafts, ports.crm.create)


def _wanted(ports: Ports, jobs: Sequence[Job]) -> list[Job]:
    """Those that are to be saved, though no earlier try has; the others settle here."""
    for job in jobs:
        if job.save.unwanted and job.session.live:
            with job.session.ending():
                _settle(ports, job, Status.SKIPPED, job.save.unwanted)
    return [job for job in jobs if not job.save.unwanted]


def _resolved(ports: Ports, jobs: Sequence[Job], contents: Mapping[str, Content]) -> list[Job]:
    """Those that are saved now, with the people who were made for them; the others settle here."""
    ready: list[Job] = []
    answers = resolve(ports, [(job.session, _signed(job, contents[job.item_id])) for job in jobs])
    for job, answer in zip(jobs, answers, strict=True):
        if isinstance(answer, Save):
            ready.append(replace(job, save=answer))
        elif job.session.live:
            with job.session.ending():
                _settle(ports, job, answer.status, answer.why)
    return [job for job in ready if job.session.live]


def _linked(ports: Ports, jobs: Sequence[Job], contents: Mapping[str, Content]) -> list[Job]:
    """Related to what they name and to what their threads are; what waits for its thread's first mail settles."""
    saves = relate(ports, [(job.session, job.save) for job in jobs], contents)
    pairs = [(job.session, save) for job, save in zip(jobs, saves, strict=True)]
    answers = threads.linked(ports, pairs, contents)
    for job, answer in zip(jobs, answers, strict=True):
        if answer is None and job.session.live:
            _put_off(ports, job)
    return [
        replace(job, save=answer) for job, answer in zip(jobs, answers, strict=True) if answer and job.session.live
    ]


def _signed(job: Job, content: Content) -> Save:
    """A stranger who wrote the mail is known by its signature too."""
    save, sender = job.save, job.save.email.sender
    if sender is None or not save.strangers or not job.session.info.settings.resolving_signatures:
        return save
    found = signature(content, save.email.subject, sender.name, sender.email)
    known = tuple(signed(one, found) if one.email == sender.email else one for one in save.strangers)
    return replace(save, strangers=known)


def _contents(ports: Ports, jobs: Sequence[Job]) -> dict[str, Content]:
    """Item id → its content. A mail that went away, could not be read or is called spam settles here."""
    grouped = list(_by_session(jobs).values())
    calls: list[Callable[[], Fetched]] = [partial(_content, own) for own in grouped]
    found: dict[str, Content] = {}
    for own, fetched in zip(grouped, ports.fanout.run(calls, timeout=CONTENT_SECONDS), strict=True):
        session = own[0].session
        if isinstance(fetched, CrosstieError):
            session.error = fetched
            continue
        session.wait_for(fetched.until)
        _settle_unread(ports, [job for job in own if job.item_id not in fetched.found])
        for job in own:
            content = fetched.found.get(job.item_id)
            if content is not None and not _is_spam(ports, job, content):
                found[job.item_id] = content
    return found


def _drafts(
    ports: Ports, jobs: Sequence[Job], contents: Mapping[str, Content], chosen: Mapping[str, Files]
) -> dict[str, RecordDraft]:
    """Item id → its draft."""
    capabilities = ports.crm.capabilities()
    return {
        job.item_id: draft(
            job.save,
            _shaped(job, contents[job.item_id], chosen[job.item_id]),
            capabilities,
            job.session.info.crm_user_id,
            files_on_related=job.session.info.settings.attachments_on_related,
        )
        for job in jobs
    }


def _chosen(job: Job, content: Content, takes_files: bool) -> Files:
    settings, by_hand = job.session.info.settings, job.save.trigger.by_hand
    return choose(opened(content.attachments), settings, by_hand=by_hand, takes_files=takes_files)


def _telling(save: Save, job: Job, chosen: Files) -> Save:
    """The reason says which attachments are left out."""
    kept = kept_of(chosen.left_out, job.session.info.settings)
    return replace(save, reason=_with_left_out(save.reason, kept)) if kept else save


def _with_left_out(why: Reason, kept: str) -> Reason:
    return reason(why.kind, **{**why.params, FILES_LEFT_OUT: kept})


def _shaped(job: Job, content: Content, chosen: Files) -> Content:
    """As much of it as is to be saved."""
    settings = job.session.info.settings
    content = replace(content, attachments=chosen.kept)
    if not settings.store_body:
        return replace(content, html="", text="")
    return cropped(content, job.save.email.subject) if settings.crop_quotes else content


def _is_spam(ports: Ports, job: Job, content: Content) -> bool:
    """Filters that do not speak to Exchange are known by the headers alone, which come with the text."""
    if job.save.begun or job.save.trigger is not Trigger.AUTO:
        return False
    verdict = spam_verdict(job.session.info, headers=content.headers)
    if verdict:
        with job.session.ending():
            _settle(ports, job, Status.SKIPPED, verdict)
    return verdict is not None


def _content(jobs: Sequence[Job]) -> Fetched:
    session = jobs[0].session
    if session.must_wait:
        return Fetched({})
    emails: list[Email] = [job.save.email for job in jobs]
    return session.mailbox.content(emails, max_attachment_bytes=_limit(session))


def _limit(session: Session) -> int:
    settings = session.info.settings
    return settings.attachments_max_bytes if settings.attachments_save else 0


def _settle_unread(ports: Ports, jobs: Sequence[Job]) -> None:
    if not jobs:
        return
    session = jobs[0].session
    with session.ending():
        found = unread(session, [job.save.email for job in jobs], _limit(session))
        for job in jobs:
            why = found[job.item_id]
            _settle(ports, job, Status.STUCK if why.kind is reasons.MAILBOX_REFUSED else Status.SKIPPED, why)


def _put_off_all(ports: Ports, jobs: Sequence[Job]) -> None:
    """What ends the session is remembered here, or what was said would be the last word on what waits no more."""
    session, waits = jobs[0].session, reason(reasons.WAITS)
    with ports.states.transaction():
        for job in jobs:
            ports.journal.finish(session.lease, session.entries[job.item_id], Status.SKIPPED, waits)
        _store(ports, session, dict.fromkeys((job.item_id for job in jobs), (waits, None)))
    for job in jobs:
        session.settle(job.item_id, waits)


def _put_off(ports: Ports, job: Job) -> None:
    with job.session.ending():
        _settle(ports, job, Status.SKIPPED, reason(reasons.WAITS))


def _settle(ports: Ports, job: Job, status: Status, why: Reason) -> None:
    session = job.session
    with ports.states.transaction():
        ports.journal.finish(session.lease, session.entries[job.item_id], status, why)
    session.settle(job.item_id, why)


def _look_up(ports: Ports, jobs: Sequence[Job], drafts: Mapping[str, RecordDraft]) -> dict[str, str]:
    """Key → record id of what an earlier, unanswered try may have left in an org without key fields."""
    there = {job.save.key: job.save.there for job in jobs if job.save.there}
    doubtful = [drafts[job.item_id] for job in jobs if job.save.look_up and not job.save.there]
    return {**ports.crm.find(doubtful), **there} if doubtful else there


def _write(
    ports: Ports,
    jobs: Sequence[Job],
    drafts: Mapping[str, RecordDraft],
    write: Callable[[Sequence[RecordDraft]], Sequence[Written]],
) -> None:
    """Between *sent* and what became of it; sessions whose lease is too short for the write drop out first."""
    jobs = [job for job in jobs if job.session.live]
    for session, own in _by_session(jobs).items():
        with session.ending():
            ports.check_time(session.lease)
            with ports.states.transaction():
                ports.journal.send(session.lease, [session.entries[job.item_id] for job in own])
    jobs = [job for job in jobs if job.session.live]
    if not jobs:
        return
    try:
        written = write([drafts[job.item_id] for job in jobs])
    except CrosstieError as error:
        for session, own in _by_session(jobs).items():
            with session.ending():
                _put_off_all(ports, own)
            session.error = session.error or error
        return
    results = {job.save.key: one for job, one in zip(jobs, written, strict=True)}
    for session, own in _by_session(jobs).items():
        with session.ending():
            _record(ports, own, results)


def _record(ports: Ports, jobs: Sequence[Job], written: Mapping[str, Written]) -> None:
    """Journal, and what is remembered of the saved mails, in one transaction for a session's part of a chunk."""
    session = jobs[0].session
    if not session.live:
        return
    settled: dict[str, tuple[Reason, RecordRef | None]] = {}
    with ports.states.transaction():
        for job in jobs:
            status, why, record = _outcome(job.save, written[job.save.key])
            ports.journal.finish(session.lease, session.entries[job.item_id], status, why, record)
            settled[job.item_id] = (why, record)
            if known := record or _half_written(job.save, written[job.save.key]):
                ports.states.remember_saved(job.save.natural, replace(_saved(job, known), half=record is None))
            elif written[job.save.key].status is WriteStatus.TAKEN:
                _remember_other(ports, job, written[job.save.key])
        _store(ports, session, settled)
        done = [(job.save, record) for job in jobs if (record := settled[job.item_id][1])]
        threads.note(ports, session, done)
    for item_id, (why, record) in settled.items():
        session.settle(item_id, why, record)


def _store(ports: Ports, session: Session, settled: Mapping[str, tuple[Reason, RecordRef | None]]) -> None:
    """Before a mailbox is told anything: a receipt that nobody remembers would pass for a person's wish, and
    a doubt would stay one.
    """
    telling.expect(session, settled)
    states = settled_states(session, settled, ports.states, ports.clock.now())
    if states:
        ports.states.save_items(session.lease, states, awaits={})


def _outcome(save: Save, written: Written) -> tuple[Status, Reason, RecordRef | None]:
    if written.status in (WriteStatus.CREATED, WriteStatus.EXISTS):
        why = save.reason
        if written.unpublished:
            kept = with_unpublished(why.params.get(FILES_LEFT_OUT, ""), written.unpublished)
            why = _with_left_out(why, kept)
        return Status.DONE, _with_unmet(why, save, written.unmet), RecordRef(save.object, written.record_id)
    if written.status is WriteStatus.UNCLEAR:
        return Status.UNCLEAR, reason(reasons.UNCLEAR), None
    if written.status in (WriteStatus.LATER, WriteStatus.TAKEN):
        half = _half_written(save, written)
        return Status.UNCLEAR if half else Status.SKIPPED, reason(reasons.WAITS), None
    return Status.STUCK, written.reason or reason(reasons.CRM_REFUSED, vendor_code="?"), None


def _with_unmet(why: Reason, save: Save, unmet: Sequence[str]) -> Reason:
    """What else is told of the mail stays."""
    if not unmet:
        return why
    fields = ", ".join(f"{save.object}.{name}" for name in unmet)
    kept = {FILES_LEFT_OUT: why.params[FILES_LEFT_OUT]} if FILES_LEFT_OUT in why.params else {}
    return reason(reasons.SAVED_WITHOUT, **kept, said=why.sentence, fields=fields)


def _half_written(save: Save, written: Written) -> RecordRef | None:
    """The record that is there, and not complete: whoever deletes it now has deleted the mail's."""
    unfinished = written.status in (WriteStatus.UNCLEAR, WriteStatus.LATER)
    return RecordRef(save.object, written.record_id) if unfinished and written.record_id else None


def _remember_other(ports: Ports, job: Job, other: Written) -> None:
    """Another mail of that Message-ID has the key, and nobody remembered it: next time they are told apart."""
    if job.save.natural in ports.states.saved([job.save.natural]):
        return
    record = RecordRef(job.save.object, other.record_id)
    saved = replace(_saved(job, record), sent_at=other.moment, origin=(0, ""))
    ports.states.remember_saved(job.save.natural, saved)


def _saved(job: Job, record: RecordRef) -> SavedMail:
    email = job.save.email
    return SavedMail(
        natural=job.save.natural,
        sender=email.sender.email if email.sender else "",
        sent_at=email.at,
        record=record,
        generation=job.save.generation,
        origin=(job.session.info.mailbox_id, job.item_id),
    )


def _settle_followers(sessions: Sequence[Session]) -> None:
    """Copies of a mail share the fate of the one that was to be saved. One that was to be saved for other reasons
    does not share that nobody could be made.
    """
    fates = {
        save.key: (save.awaits, *session.results[save.email.item_id])
        for session in sessions
        for save in session.of(Save)
        if save.email.item_id in session.results
    }
    for session in sessions:
        for join in session.of(Join):
            if join.record:
                continue
            awaits, why, record = fates.get(join.key, (join.awaits, reason(reasons.WAITS), None))
            if why.kind in OF_ONE_COPY or (not record and awaits and awaits != join.awaits):
                why = reason(reasons.WAITS)
            if why.kind is reasons.WAITS:
                session.followers.add(join.email.item_id)
            session.settle(join.email.item_id, join.reason if record else why, record)


def _finish_joins(ports: Ports, session: Session) -> None:
    joins = session.of(Join)
    if not joins:
        return
    saved: dict[str, tuple[Reason, RecordRef | None]] = {}
    with session.ending(), ports.states.transaction():
        for join in joins:
            why, record = session.results[join.email.item_id]
            status = Status.DONE if record else Status.SKIPPED
            ports.journal.finish(session.lease, session.entries[join.email.item_id], status, why, record)
            if record:
                saved[join.email.item_id] = (why, record)
        _store(ports, session, saved)
        done = [(join, record) for join in joins if (record := session.record_of(join.email.item_id))]
        threads.note(ports, session, done)


def _by_session(jobs: Sequence[Job]) -> dict[Session, list[Job]]:
    grouped: dict[Session, list[Job]] = defaultdict(list)
    for job in jobs:
        grouped[job.session].append(job)
    return grouped
