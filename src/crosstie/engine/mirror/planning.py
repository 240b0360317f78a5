"""Bring the plans of several calendars to completion: ask, answer in bulk, ask again."""

from collections.abc import Sequence

from crosstie.domain import reasons
from crosstie.domain.errors import Fatal, Retry
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.reasons import reason
from crosstie.domain.records import RecordDraft
from crosstie.engine import sight
from crosstie.engine.facts import Facts
from crosstie.engine.mirror.act import lone
from crosstie.engine.mirror.facts import MirrorFacts, Questions
from crosstie.engine.mirror.guarding import guard
from crosstie.engine.mirror.news import Situation
from crosstie.engine.mirror.plan import MirrorPlan, plan
from crosstie.engine.mirror.series import wanted, with_marks
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.session import Ports
from crosstie.engine.tick import is_torn
from crosstie.ports.crm import CrmCapabilities
from crosstie.rules.participants import Circle

ROUNDS = 4
"""Whose meeting it is and who is on it, their Opportunities; then the plan stands."""


def plan_all(ports: Ports, mirrors: Sequence[Mirror]) -> None:
    """Give every mirror its operations."""
    busy = [mirror for mirror in mirrors if mirror.has_pairs]
    if not busy:
        return
    capabilities = ports.crm.capabilities()
    situations = [_situation(ports, mirror, capabilities) for mirror in busy]
    facts = [_facts(mirror, capabilities) for mirror in busy]
    for _ in range(ROUNDS):
        plans = [
            plan(mirror.pairs(), situation, known)
            for mirror, situation, known in zip(busy, situations, facts, strict=True)
        ]
        if not any(one.questions for one in plans):
            break
        _answer(ports, situations, facts, plans)
    else:
        raise Fatal("PLAN-OPEN")
    claimed: set[str] = set()
    for mirror, found in zip(busy, plans, strict=True):
        operations = [_claim(mirror, operation, claimed) for operation in found.operations]
        mirror.operations = with_marks(operations, mirror.items)
        guard(ports, mirror)


def _claim(mirror: Mirror, operation: Mirroring, claimed: set[str]) -> Mirroring:
    """Of several items of one meeting the first makes the record; the others see it before long, and follow."""
    if not isinstance(operation.to_record, RecordDraft) or operation.key not in claimed:
        claimed.add(operation.key)
        return operation
    mirror.session.soon = True
    why = reason(reasons.EVENT_ORGANIZER)
    link = lone(operation.subject, why)
    return Mirroring(
        operation.natural, why, operation.before, link, awaits=operation.awaits, known=operation.known
    )


def _situation(ports: Ports, mirror: Mirror, capabilities: CrmCapabilities) -> Situation:
    info = mirror.session.info
    return Situation(
        info=info,
        circle=Circle.of(info),
        capabilities=capabilities,
        now=ports.clock.now(),
        seal=ports.states.seal,
        moved=ports.states.moved,
        baseline=mirror.observation.baseline,
    )


def _facts(mirror: Mirror, capabilities: CrmCapabilities) -> MirrorFacts:
    who = Facts(sighted=set() if capabilities.private else None)
    return MirrorFacts(who, wanted_series=wanted(mirror))


def _answer(
    ports: Ports, situations: Sequence[Situation], facts: Sequence[MirrorFacts], plans: Sequence[MirrorPlan]
) -> None:
    asked = Questions.union(one.questions for one in plans)
    if asked.people:
        people = ports.states.people(asked.people)
        if is_torn(ports.states.watermarks()):
            raise Retry("CRM-HALF-READ")  # by another worker's tick, which is between two pages
        eyes = []
        for situation, known, one in zip(situations, facts, plans, strict=True):
            known.who.people.update({email: people.get(email, ()) for email in one.questions.people})
            eyes.append(sight.Eyes(situation.info.crm_user_id, known.who, one.questions.people))
        sight.look(ports, eyes, situations[0].capabilities.private)
    meetings = ports.states.meetings(asked.meetings) if asked.meetings else {}
    opportunities = ports.states.opportunities(asked.opportunities) if asked.opportunities else {}
    for known, one in zip(facts, plans, strict=True):
        known.meetings.update({natural: meetings.get(natural, ()) for natural in one.questions.meetings})
        known.who.opportunities.update({held: opportunities.get(held, ()) for held in one.questions.opportunities})
