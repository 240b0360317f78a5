"""Bring the plans of several mailboxes to completion: ask, answer in bulk, ask again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crosstie.domain.email import Content, Email, Folder
from crosstie.domain.errors import CrosstieError, Fatal, Retry
from crosstie.domain.keys import fingerprint
from crosstie.domain.mailboxes import Removed, Seen
from crosstie.domain.states import ItemState
from crosstie.engine import sight, threads
from crosstie.engine.copies import claims, merge
from crosstie.engine.facts import Facts, Needs
from crosstie.engine.grounds import Situation
from crosstie.engine.plan import Plan, plan
from crosstie.engine.ports import Ports
from crosstie.engine.relating import name_all
from crosstie.engine.requests import mark_of
from crosstie.engine.session import Session
from crosstie.engine.texts import read
from crosstie.engine.tick import is_torn
from crosstie.mapping.plain import plain_text
from crosstie.ports.crm import Crm, CrmCapabilities
from crosstie.rules.participants import Circle

ROUNDS = 10
"""Who is at a free mail service, text of nameless mails, who and what is known, a reused Message-ID, a record's
life, Opportunities, what a text names; a Message-ID that was used twice within this batch, and what is known of
that; then the plan stands.
"""
RECHECKED_ITEMS = 200
"""Items of one slice that are looked at again though their mailbox reports no change."""
WORDS_COMPARED = 20_000
"""Characters of a nameless mail's HTML, read as text, by which its copies are told to be one."""


@dataclass(slots=True)
class Offered:
    """What the org offers, asked once for all sessions of a batch; what went wrong then is everybody's."""

    crm: Crm
    _found: CrmCapabilities | CrosstieError | None = None

    def capabilities(self) -> CrmCapabilities:
        if self._found is None:
            try:
                self._found = self.crm.capabilities()
            except CrosstieError as error:
                self._found = error
        if isinstance(self._found, CrosstieError):
            raise self._found
        return self._found


def plan_all(ports: Ports, sessions: Sequence[Session], *, look_again: bool = True) -> None:
    """Give every live session its complete plan; of copies of one mail only the first is to be saved.

    It is one whose mailbox has had no trouble lately, so that nobody waits for a colleague's.
    """
    if not sessions:
        return
    sessions = sorted(sessions, key=lambda session: session.lease.setbacks)
    shared = Facts()
    offered = Offered(ports.crm)
    for session in sessions:
        try:
            if look_again:
                _look_again(ports, session)
                threads.gather(ports, session)
            if session.changes:
                _prepare(ports, session, offered.capabilities(), shared)
        except CrosstieError as error:
            session.error = error
    _complete(ports, [session for session in sessions if session.live and session.situation], shared)


def _look_again(ports: Ports, session: Session) -> None:
    """Add the items whose last answer may have changed by itself."""
    seen = {change.email.item_id for change in session.changes if isinstance(change, Seen)}
    due = ports.states.recheck_due(session.info.mailbox_id, ports.clock.now(), RECHECKED_ITEMS)
    ids = [item_id for item_id in due if item_id not in seen]
    found = session.mailbox.envelopes(ids) if ids else {}
    gone = tuple(Removed(item_id) for item_id in ids if item_id not in found)
    session.rechecked = frozenset(due)
    session.changes += tuple(Seen(email) for email in found.values()) + gone


def _prepare(ports: Ports, session: Session, capabilities: CrmCapabilities, shared: Facts) -> None:
    info = session.info
    ids = [_item_id(change) for change in session.changes]
    known = ports.states.items(info.mailbox_id, ids)
    session.situation = Situation(
        info=info,
        circle=Circle.of(info),
        capabilities=capabilities,
        now=ports.clock.now(),
        states=_met_before(known, session),
        same=ports.states.same,
        baseline=session.observation.baseline,
        rechecked=session.rechecked,
        begun=frozenset(item_id for item_id, state in known.items() if not state.version),
    )
    marked = [change.email for change in session.changes if isinstance(change, Seen) and mark_of(change.email)]
    fresh = [email for email in marked if email.item_id not in session.situation.states]
    session.facts = Facts(
        people=shared.people,
        saved=shared.saved,
        alive=shared.alive,
        unclear=shared.unclear,
        opportunities=shared.opportunities,
        claimed=shared.claimed,
        sighted=set() if capabilities.private else None,
        threads=_threads(ports, session, fresh),
        marked=threads.marked(ports, session),
    )


def _met_before(known: Mapping[str, ItemState], session: Session) -> dict[str, ItemState]:
    """What a session died over and nobody has seen since is new to whoever sees it; who is told that it is gone
    knows it.
    """
    seen = {change.email.item_id for change in session.changes if isinstance(change, Seen)}
    return {item_id: state for item_id, state in known.items() if state.version or item_id not in seen}


def _item_id(change: Seen | Removed) -> str:
    return change.email.item_id if isinstance(change, Seen) else change.item_id


def _threads(ports: Ports, session: Session, fresh: Sequence[Email]) -> frozenset[str]:
    sent = {email.conversation_id for email in fresh if email.folder is Folder.SENT and email.conversation_id}
    return ports.states.saved_conversations(session.info.mailbox_id, sent) if sent else frozenset()


def _complete(ports: Ports, sessions: Sequence[Session], shared: Facts) -> None:
    plans: list[Plan] = []
    for _ in range(ROUNDS):
        plans = [_plan(session) for session in sessions]
        needs = Needs.union(each.needs for each in plans)
        if not needs:
            contested = claims(plans)
            if contested.keys() <= shared.claimed.keys():
                break
            shared.claimed.update(contested)
            continue
        _answer(ports, sessions, plans, needs, shared)
    else:
        raise Fatal("PLAN-OPEN")
    setbacks = [session.lease.setbacks for session in sessions]
    for session, merged in zip(sessions, merge(plans, setbacks), strict=True):
        session.plan = merged


def _plan(session: Session) -> Plan:
    if session.situation is None or not session.live:
        return Plan((), Needs())
    return plan(session.changes, session.situation, session.facts)


def _answer(ports: Ports, sessions: Sequence[Session], plans: Sequence[Plan], needs: Needs, shared: Facts) -> None:
    if needs.people:
        found = ports.states.people(needs.people)
        if is_torn(ports.states.watermarks()):
            raise Retry("CRM-HALF-READ")  # by another worker's tick, which is between two pages
        shared.people.update({email: found.get(email, ()) for email in needs.people})
        sight.look(ports, list(_eyes(sessions, plans)), ports.crm.capabilities().private)
    if needs.saved:
        saved = ports.states.saved(needs.saved)
        shared.saved.update({natural: saved.get(natural) for natural in needs.saved})
    if needs.unclear:
        unclear = ports.journal.unclear(needs.unclear)
        shared.unclear.update({key: unclear.get(key) for key in needs.unclear})
    if needs.opportunities:
        shared.opportunities.update(ports.states.opportunities(needs.opportunities))
    if needs.alive:
        alive = ports.crm.alive(list(needs.alive))
        shared.alive.update({record.record_id: alive.get(record.record_id) for record in needs.alive})
    naming = [(one, each.needs.named) for one, each in zip(sessions, plans, strict=True) if each.needs.named]
    if naming:
        name_all(ports, naming)
    for session, each in zip(sessions, plans, strict=True):
        if each.needs.fingerprints:
            _read_texts(session, each.needs.fingerprints)
        if each.needs.said:
            rows = ports.journal.why(session.info.mailbox_id, list(each.needs.said))
            session.facts.said.update({item_id: item_id in rows for item_id in each.needs.said})


def _eyes(sessions: Sequence[Session], plans: Sequence[Plan]) -> Iterator[sight.Eyes]:
    for session, each in zip(sessions, plans, strict=True):
        yield sight.Eyes(session.info.crm_user_id, session.facts, each.needs.people)


def _read_texts(session: Session, item_ids: frozenset[str]) -> None:
    with session.ending():
        for email, content in read(session, item_ids):
            session.facts.fingerprints[email.item_id] = fingerprint(_words(content))


def _words(content: Content) -> str:
    return content.text or plain_text(content.html, WORDS_COMPARED)
