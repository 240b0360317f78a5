"""Threads of which a person wants every mail: earlier ones are looked for, and all are linked like the first.

What the first is linked to is read from its record, so that it counts what a person made of it there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crosstie.domain import reasons
from crosstie.domain.email import Content, Email, Folder
from crosstie.domain.keys import letter_key, named_key
from crosstie.domain.mailboxes import Seen
from crosstie.domain.operations import Join, Save, Trigger
from crosstie.domain.records import RecordLinks, RecordRef
from crosstie.domain.threads import Thread, ThreadMail
from crosstie.engine import sight
from crosstie.engine.ports import Ports
from crosstie.engine.session import Session
from crosstie.rules.mentions import answered
from crosstie.rules.threads import combined

GATHERED = 5
"""Threads of one session whose earlier mails are looked for."""
MOST = 500
"""Earlier mails of one thread."""
OLDEST, NEWEST = 5, 15
"""Mails of a thread whose records' links are looked at."""

Saves = Sequence[tuple[Session, Save]]


def marked(ports: Ports, session: Session) -> Mapping[str, Thread]:
    """Conversation → its thread, of the conversations that the session met."""
    if not session.info.saves_threads:
        return {}
    met = {change.email.conversation_id for change in session.changes if isinstance(change, Seen)}
    return ports.states.threads(session.info.mailbox_id, met - {""})


def gather(ports: Ports, session: Session) -> None:
    """Add the mails of threads that were marked since the last session. Of one that was marked at a mail which is
    gone nothing is found; its later mails are saved all the same.
    """
    if not session.info.saves_threads:
        return
    mailbox_id = session.info.mailbox_id
    pending = ports.states.threads_to_gather(mailbox_id, GATHERED + 1)
    if not pending:
        return
    due = pending[:GATHERED]
    emails = _of_threads(session, [thread.item_id for thread in due])
    session.rechecked |= _open(ports, session, due, emails)
    seen = {change.email.item_id for change in session.changes if isinstance(change, Seen)}
    session.changes += tuple(Seen(email) for item_id, email in emails.items() if item_id not in seen)
    session.gathered = tuple(thread.thread_id for thread in due)
    if len(pending) > GATHERED:
        session.observation = replace(session.observation, more=True)


def _open(ports: Ports, session: Session, due: Sequence[Thread], item_ids: Iterable[str]) -> frozenset[str]:
    """What is not in Salesforce. What was taken out stays out, but for a mail that a thread is marked at."""
    records = {
        item_id: state.record
        for item_id, state in ports.states.items(session.info.mailbox_id, item_ids).items()
        if state.record
    }
    chosen = {thread.item_id: record for thread in due if (record := records.get(thread.item_id))}
    gone = ports.states.deleted(chosen.values())
    anew = {item_id for item_id, record in chosen.items() if record.record_id in gone}
    return frozenset(item_ids) - (records.keys() - anew)


def _of_threads(session: Session, item_ids: Sequence[str]) -> dict[str, Email]:
    marked_at = session.mailbox.envelopes(item_ids).values()
    conversations = dict.fromkeys(email.conversation_id for email in marked_at if email.conversation_id)
    found = session.mailbox.conversations(list(conversations), limit=MOST) if conversations else ()
    return {email.item_id: email for email in (*marked_at, *found) if email.folder is not Folder.OTHER}


def prepare(ports: Ports, sessions: Sequence[Session]) -> None:
    """Note what is saved already, and choose whose links the others follow: of a thread of which nothing is saved
    the mail it was marked at, else, where that is not to be saved now, the oldest.
    """
    for session in sessions:
        if session.facts.marked and session.live:
            with session.ending(), ports.states.transaction():
                _write(ports, session, _known(session))
    wanted = {thread for session in sessions for thread, _ in _followers(session)}
    started = {mail.thread_id for mail in ports.states.thread_mails(wanted)} if wanted else set()
    for session in sessions:
        waiting: dict[int, list[Save]] = defaultdict(list)
        for thread_id, save in _followers(session):
            if thread_id not in started:
                waiting[thread_id].append(save)
        session.leading = frozenset(_leader(session, saves) for saves in waiting.values()) - {""}


def _followers(session: Session) -> list[tuple[int, Save]]:
    return [
        (thread.thread_id, save)
        for save in session.of(Save)
        if save.trigger is Trigger.THREAD and (thread := _thread(session, save.email))
    ]


def _leader(session: Session, saves: Sequence[Save]) -> str:
    """The mail it was marked at, even if a colleague's save is to be waited for; else the oldest."""
    thread = _thread(session, saves[0].email)
    planned: list[Save | Join] = [*session.of(Save), *session.of(Join)]
    if thread and any(one.email.item_id == thread.item_id for one in planned):
        return thread.item_id
    oldest = min(saves, key=lambda save: (save.email.at is None, save.email.at, save.email.item_id))
    return oldest.email.item_id


def linked(ports: Ports, saves: Saves, contents: Mapping[str, Content]) -> list[Save | None]:
    """The saves in order, linked to what their threads are; None for one whose thread's first is not saved yet."""
    threads = _threads_of(ports, saves, contents)
    mails: dict[int, list[ThreadMail]] = defaultdict(list)
    for mail in ports.states.thread_mails({one for some in threads for one in some}) if any(threads) else ():
        mails[mail.thread_id].append(mail)
    looked_at = [[mail for thread_id in sorted(some) for mail in _looked_at(mails[thread_id])] for some in threads]
    records = {mail.record.record_id: mail.record for some in looked_at for mail in some}
    links = ports.crm.links(list(records.values())) if records else {}
    seen = sight.filter_links(ports, [session for session, _ in saves], links)
    return [
        _combined(session, save, some, {one: seen(session, links[one]) for one in links}) if named else save
        for (session, save), named, some in zip(saves, threads, looked_at, strict=True)
    ]


def _threads_of(ports: Ports, saves: Saves, contents: Mapping[str, Content]) -> list[frozenset[int]]:
    """For each save the threads like whose mails it is linked; none for one that others follow."""
    by_item = _colleagues(ports, saves, contents)
    found = []
    for session, save in saves:
        thread = _thread(session, save.email)
        follows = save.trigger is Trigger.THREAD and save.email.item_id not in session.leading
        own = frozenset({thread.thread_id}) if thread and follows else frozenset()
        found.append(own | by_item.get((session.info.mailbox_id, save.email.item_id), frozenset()))
    return found


def _colleagues(
    ports: Ports, saves: Saves, contents: Mapping[str, Content]
) -> dict[tuple[int, str], frozenset[int]]:
    """(mailbox, item) → threads that colleagues marked, of mails that are saved by rules alone."""
    asked: dict[Session, dict[str, frozenset[str]]] = defaultdict(dict)
    for session, save in saves:
        if save.trigger is Trigger.AUTO and session.info.settings.mail_threads_allowed:
            named = map(named_key, answered(contents[save.email.item_id].headers))
            asked[session][save.email.item_id] = frozenset((letter_key(save.email), *named))
    found = {}
    for session, letters in asked.items():
        emails = {save.email.item_id: save.email for own, save in saves if own is session}
        conversations = {item_id: emails[item_id].conversation_id for item_id in letters}
        about = ports.states.threads_about(
            session.info.mailbox_id, set(conversations.values()) - {""}, frozenset().union(*letters.values())
        )
        for item_id, some in letters.items():
            keys = (*some, conversations[item_id])
            session.along[item_id] = frozenset().union(*(about.get(key, frozenset()) for key in keys))
            found[session.info.mailbox_id, item_id] = session.along[item_id]
    return found


def _looked_at(mails: Sequence[ThreadMail]) -> list[ThreadMail]:
    return [*mails[:OLDEST], *mails[OLDEST:][-NEWEST:]]


def _combined(
    session: Session, save: Save, mails: Sequence[ThreadMail], links: Mapping[str, RecordLinks]
) -> Save | None:
    """Of its person's own thread the first counts, and what colleagues saved of it; of theirs everything."""
    if not mails:
        return save if save.begun or save.trigger is Trigger.AUTO else None
    live = [mail for mail in mails if mail.record.record_id in links]
    if save.trigger is Trigger.THREAD:
        live = [mail for place, mail in enumerate(live) if place == 0 or mail.foreign]
    if not live or session.situation is None:
        return save
    email, info = save.email, session.info
    participants = session.situation.circle.sort(email, session.facts.outsiders(email.addresses))
    known = session.facts.known(email.addresses)
    return combined(save, [links[mail.record.record_id] for mail in live], participants, known, info.settings)


def note(ports: Ports, session: Session, done: Iterable[tuple[Save | Join, RecordRef]]) -> None:
    """Within the transaction that stores their records: which mails of threads are saved now."""
    _write(ports, session, [mail for operation, record in done for mail in _noted(session, operation, record)])


def _noted(session: Session, operation: Save | Join, record: RecordRef) -> list[ThreadMail]:
    email = operation.email
    mails = [
        ThreadMail(thread_id, letter_key(email), record, foreign=True)
        for thread_id in session.along.get(email.item_id, ())
    ]
    thread = _thread(session, email)
    if thread:
        foreign = operation.reason.kind is reasons.SAVED_SHARED
        mails.append(_mail(thread, email, record, foreign=foreign))
    return mails


def _known(session: Session) -> list[ThreadMail]:
    """Mails of marked threads that have their records already."""
    states = session.situation.states if session.situation else {}
    mails = []
    for change in session.changes:
        state = states.get(change.email.item_id) if isinstance(change, Seen) else None
        if isinstance(change, Seen) and state and state.record and (thread := _thread(session, change.email)):
            foreign = state.reason_code == reasons.SAVED_SHARED.code
            mails.append(_mail(thread, change.email, state.record, foreign=foreign))
    for join in session.of(Join):
        if join.record:
            mails += _noted(session, join, join.record)
    return mails


def _mail(thread: Thread, email: Email, record: RecordRef, *, foreign: bool) -> ThreadMail:
    first = thread.item_id == email.item_id
    return ThreadMail(thread.thread_id, letter_key(email), record, first, foreign and not first)


def _write(ports: Ports, session: Session, mails: Sequence[ThreadMail]) -> None:
    if mails:
        ports.states.note_thread_mails(session.lease, mails)


def _thread(session: Session, email: Email) -> Thread | None:
    return session.facts.marked.get(email.conversation_id)
