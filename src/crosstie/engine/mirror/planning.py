"""Bring the plans of several calendars to completion: ask, answer in bulk, ask again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.address import Address
from crosstie.domain.errors import Fatal, Retry
from crosstie.domain.links import Link, Role
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.mirroring import Mirroring, RecordWrite
from crosstie.domain.operations import Stranger
from crosstie.domain.reasons import reason
from crosstie.domain.records import EVENT, PEOPLE_BY_PREFIX, RecordDraft, RecordRef, RecordUpdate, whole_id
from crosstie.engine import sight
from crosstie.engine.facts import Facts
from crosstie.engine.mirror.act import lone
from crosstie.engine.mirror.begun import is_found_again
from crosstie.engine.mirror.copying import hold_copies
from crosstie.engine.mirror.facts import MirrorFacts, Questions
from crosstie.engine.mirror.guarding import guard
from crosstie.engine.mirror.news import Situation
from crosstie.engine.mirror.plan import MirrorPlan, plan
from crosstie.engine.mirror.series import wanted, with_marks
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.ports import Ports
from crosstie.engine.resolving import WAITING, fates_of
from crosstie.engine.session import Session
from crosstie.engine.tick import is_torn, read_until
from crosstie.ports.crm import CrmCapabilities
from crosstie.rules.calendar.leading import Sharer
from crosstie.rules.calendar.relevance import keeps_meetings
from crosstie.rules.participants import Circle

ROUNDS = 7
"""Whose meeting it is and who is on it, whether its organizer saves it, whose Accounts their domains are, who the
strangers are, Opportunities; then the plan stands.
"""


def plan_all(ports: Ports, mirrors: Sequence[Mirror]) -> None:
    """Give every mirror its operations."""
    busy = [mirror for mirror in mirrors if mirror.has_pairs]
    if not busy:
        return
    capabilities = ports.crm.capabilities()
    read = read_until(ports.states.watermarks(), EVENT)
    situations = [_situation(ports, mirror, capabilities, read) for mirror in busy]
    facts = [_facts(mirror, capabilities) for mirror in busy]
    for _ in range(ROUNDS):
        plans = [
            plan(mirror.pairs(), situation, known)
            for mirror, situation, known in zip(busy, situations, facts, strict=True)
        ]
        if not any(one.questions for one in plans):
            break
        _answer(ports, situations, facts, plans)
        _answer_strangers(ports, busy, facts, plans)
    else:
        raise Fatal("PLAN-OPEN")
    claimed, now = _begun(busy), ports.clock.now()
    for mirror, situation, found in zip(busy, situations, plans, strict=True):
        operations = [_claim(mirror, operation, claimed, now) for operation in found.operations]
        mirror.operations = with_marks(operations, mirror.items)
        mirror.session.soon |= any(_is_followed_up(one, now) for one in operations)
        guard(ports, mirror, situation)
        hold_copies(ports, mirror)


def _begun(mirrors: Sequence[Mirror]) -> set[str]:
    """Keys of records that whoever died had begun, and that were found again, or may still come. Where there are
    no keys nothing else keeps a colleague's item of the meeting from having one more.
    """
    joined = (link.key for mirror in mirrors for link in mirror.links.values() if is_found_again(link))
    parked = (
        link.key for mirror in mirrors for item_id, link in mirror.parked.items() if item_id not in mirror.items
    )
    return {*joined, *parked}


def _claim(mirror: Mirror, operation: Mirroring, claimed: set[str], now: datetime) -> Mirroring:
    """Of several items of one meeting the first makes the record; the others see it before long, and follow. Of
    several that change one record the first does: what the next one writes depends on what is there then.
    """
    write = operation.to_record
    name = operation.key if isinstance(write, RecordDraft) else _written(write)
    if not name or name not in claimed:
        claimed.add(name)
        return operation
    mirror.session.soon = True
    if operation.before and not isinstance(write, RecordDraft):
        later = replace(operation.before, recheck_at=now)
        return Mirroring(operation.natural, reason(reasons.EVENT_WAITS), operation.before, later, news=False)
    why = reason(reasons.EVENT_ORGANIZER)
    link = lone(operation.first or operation.subject, why)
    return Mirroring(
        operation.natural, why, operation.before, link, awaits=operation.awaits, known=operation.known
    )


def _is_followed_up(operation: Mirroring, now: datetime) -> bool:
    """It has just joined a colleague's record, of which it may have to take over the lead."""
    link = operation.link
    again = link.recheck_at if link and link.role is Role.COPY else None
    return operation.news and again is not None and again <= now


def _written(write: RecordWrite | None) -> str:
    if isinstance(write, RecordUpdate):
        return write.ref.record_id
    return write.record_id if isinstance(write, RecordRef) else ""


def _situation(ports: Ports, mirror: Mirror, capabilities: CrmCapabilities, read: datetime) -> Situation:
    info = mirror.session.info
    return Situation(
        info=info,
        circle=Circle.of(info),
        capabilities=capabilities,
        now=ports.clock.now(),
        seal=ports.states.seal,
        moved=ports.states.moved,
        read=read,
        baseline=mirror.observation.baseline,
    )


def _facts(mirror: Mirror, capabilities: CrmCapabilities) -> MirrorFacts:
    who = Facts(sighted=set() if capabilities.private else None)
    gone = frozenset(item_id for item_id, item in mirror.items.items() if item is None)
    return MirrorFacts(who, wanted_series=wanted(mirror), gone=gone)


def _answer(
    ports: Ports, situations: Sequence[Situation], facts: Sequence[MirrorFacts], plans: Sequence[MirrorPlan]
) -> None:
    asked = Questions.union(one.questions for one in plans)
    if asked.people:
        _answer_people(ports, situations, facts, plans, asked)
    meetings = ports.states.meetings(asked.meetings) if asked.meetings else {}
    opportunities = ports.states.opportunities(asked.opportunities) if asked.opportunities else {}
    shared, users = _colleagues(ports, asked)
    addresses = _addresses(ports, asked)
    for known, one in zip(facts, plans, strict=True):
        known.meetings.update({natural: meetings.get(natural, ()) for natural in one.questions.meetings})
        known.who.opportunities.update({held: opportunities.get(held, ()) for held in one.questions.opportunities})
        known.shared.update({record_id: shared.get(record_id, ()) for record_id in one.questions.records})
        known.users.update({user: whole_id(user) in users for user in one.questions.users})
        known.addresses.update({person: addresses.get(person) for person in one.questions.addresses})


def _answer_people(
    ports: Ports,
    situations: Sequence[Situation],
    facts: Sequence[MirrorFacts],
    plans: Sequence[MirrorPlan],
    asked: Questions,
) -> None:
    people = ports.states.people(asked.people)
    if is_torn(ports.states.watermarks()):
        raise Retry("CRM-HALF-READ")  # by another worker's tick, which is between two pages
    eyes = []
    for situation, known, one in zip(situations, facts, plans, strict=True):
        known.who.people.update({email: people.get(email, ()) for email in one.questions.people})
        eyes.append(sight.Eyes(situation.info.crm_user_id, known.who, one.questions.people))
    sight.look(ports, eyes, situations[0].capabilities.private)


def _answer_strangers(
    ports: Ports, mirrors: Sequence[Mirror], facts: Sequence[MirrorFacts], plans: Sequence[MirrorPlan]
) -> None:
    """The records are made in the same go for all mailboxes, each for the first that asks."""
    met: dict[str, tuple[Session, Stranger]] = {}
    for mirror, one in zip(mirrors, plans, strict=True):
        for stranger in sorted(one.questions.strangers, key=lambda stranger: stranger.email):
            met.setdefault(stranger.email, (mirror.session, stranger))
    fates = fates_of(ports, list(met.values())) if met else {}
    for known, one in zip(facts, plans, strict=True):
        known.strangers.update(
            {stranger: fates.get(stranger.email, WAITING) for stranger in one.questions.strangers}
        )


def _colleagues(ports: Ports, asked: Questions) -> tuple[Mapping[str, tuple[Sharer, ...]], frozenset[str]]:
    """Whose items are joined to the records, and which of the Users save their meetings."""
    links = ports.states.sharers(asked.records) if asked.records else {}
    boxes = {link.mailbox_id for several in links.values() for link in several}
    working = ports.states.working(boxes, asked.users) if boxes or asked.users else {}
    shared = {
        record_id: tuple(_sharer(link, working.get(link.mailbox_id)) for link in several)
        for record_id, several in links.items()
    }
    return shared, frozenset(whole_id(info.crm_user_id) for info in working.values() if keeps_meetings(info))


def _addresses(ports: Ports, asked: Questions) -> Mapping[str, Address]:
    """Nothing of them is kept, so the org is asked."""
    if not asked.addresses:
        return {}
    refs = [RecordRef(PEOPLE_BY_PREFIX[person[:3]], person) for person in sorted(asked.addresses)]
    found = ports.crm.records(refs, dict.fromkeys(PEOPLE_BY_PREFIX.values(), ("Email", "Name")))
    said = {ref.record_id: found[ref.record_id].fields for ref in refs if ref.record_id in found}
    return {
        person: Address.of(str(fields["Email"]), str(fields.get("Name") or ""))
        for person, fields in said.items()
        if fields.get("Email")
    }


def _sharer(link: Link, info: MailboxInfo | None) -> Sharer:
    if info is None:
        return Sharer(link, "", works=False)
    return Sharer(link, whole_id(info.crm_user_id), works=info.keeps_calendar)
