"""On what ground a mail is saved, and what it is related to by it. Pure, as the decision table that asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crosstie.domain import reasons
from crosstie.domain.email import Email
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.operations import Skip, Trigger
from crosstie.domain.reasons import Reason
from crosstie.domain.records import Opportunity
from crosstie.domain.settings import AutoTrackMode
from crosstie.domain.states import ItemState
from crosstie.engine.facts import Facts, Needs
from crosstie.ports.crm import CrmCapabilities
from crosstie.ports.states import Holding
from crosstie.rules.linking import Links
from crosstie.rules.participants import Circle, Participants
from crosstie.rules.relating import account_verdict, latest, sought
from crosstie.rules.relevance import text_decides, unknown_verdict


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything about one mailbox that a plan depends on, besides its items."""

    info: MailboxInfo
    circle: Circle
    capabilities: CrmCapabilities
    now: datetime
    states: Mapping[str, ItemState]
    same: Callable[[str, str], bool]
    """Whether a remembered digest is that of a plain value (States.same)."""
    baseline: frozenset[str] = frozenset()
    rechecked: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    """Items of which nothing is remembered but that a session died while it saved them."""


def participants_of(email: Email, situation: Situation, facts: Facts) -> Participants:
    return situation.circle.sort(email, facts.outsiders(email.addresses))


class Surroundings(Protocol):
    """As much of a situation as matters to what anything is related to."""

    @property
    def info(self) -> MailboxInfo: ...

    @property
    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Ground:
    """What a mail is related to, the Account behind it, and whether that is more than the people on it say."""

    what_id: str
    order: str
    opportunity: bool = False
    named: bool = False


def by_people(links: Links, trigger: Trigger, situation: Surroundings, facts: Facts) -> Ground | Needs:
    if trigger is Trigger.AUTO:
        missing = facts.missing(Needs(opportunities=_holdings(links, situation)))
        if missing:
            return missing
        opportunity = _opportunity(links, situation, facts)
        if opportunity:
            return Ground(opportunity.record_id, opportunity.account_id, opportunity=True)
    what_id = links.without(situation.info.settings.never_linked).what_id
    return Ground(what_id, what_id)


def by_name(
    email: Email, natural: str, against: Reason, situation: Situation, facts: Facts
) -> Ground | Skip | Needs:
    """What speaks against saving a mail automatically is outdone by a record that it names, in the mode Useful: in
    that one alone a text is read to know whether its mail is saved.
    """
    if text_decides(situation.info):
        missing = facts.missing(Needs(named=frozenset({email.item_id})))
        if missing:
            return missing
        if record_id := facts.named.get(email.item_id):
            return Ground(record_id, record_id, named=True)
        why = facts.unread.get(email.item_id, against)
        against = against if why.kind is reasons.MAILBOX_REFUSED else why
    awaits = awaited(participants_of(email, situation, facts), against, situation)
    return skip(email, natural, against, awaits, facts)


def skip(email: Email, natural: str, why: Reason, awaits: frozenset[str], facts: Facts) -> Skip:
    """Until somebody who is awaited appears, or is there no more."""
    awaits -= facts.unseen(awaits)
    return Skip(email, natural, why, awaits=awaits, known=facts.outsiders(awaits))


def awaited(participants: Participants, against: Reason, situation: Situation) -> frozenset[str]:
    """Who may have a mail saved that is left out because nobody is known."""
    awaits = participants.linkable | situation.circle.awaited(participants)
    if situation.info.settings.mail_auto_track_mode is AutoTrackMode.SMART and against.kind is reasons.UNKNOWN:
        awaits |= participants.domains  # where somebody is known, the Account of a domain settles nothing
    return awaits


def unlinkable(links: Links, participants: Participants, info: MailboxInfo) -> Reason | None:
    return unknown_verdict(links, participants, info) or account_verdict(links, participants, info)


def _holdings(links: Links, situation: Surroundings) -> frozenset[Holding]:
    info = situation.info
    return frozenset((info.crm_user_id, account) for account in sought(links, info.settings))


def _opportunity(links: Links, situation: Surroundings, facts: Facts) -> Opportunity | None:
    known = [one for holding in _holdings(links, situation) for one in facts.opportunities[holding]]
    return latest(known, situation.info.settings, situation.now.date())
