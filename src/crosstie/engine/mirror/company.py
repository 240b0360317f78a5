"""Who is on an item that is to be saved: whom Salesforce knows of them, and of whom records are made first."""

from dataclasses import dataclass

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem
from crosstie.domain.reasons import Reason, reason
from crosstie.engine.mirror.facts import MirrorFacts, Questions
from crosstie.engine.mirror.news import Situation
from crosstie.engine.resolving import Fate
from crosstie.rules.linking import Links, link
from crosstie.rules.participants import Participants
from crosstie.rules.resolving import strangers


@dataclass(frozen=True, slots=True)
class Company:
    """`links` are to those who are known, or were made known; `fates` tell what became of strangers."""

    participants: Participants
    links: Links
    fates: tuple[Fate, ...] = ()
    made: str = ""
    """The object of which strangers become records."""

    @property
    def is_open(self) -> bool:
        return any(fate.is_open for fate in self.fates)

    @property
    def unmade(self) -> Reason | None:
        """Why somebody stays unknown of whom a record was to be made."""
        why = next((fate.why for fate in self.fates if not fate.people), None)
        if why is None or why.kind is not reasons.PERSON_DELETED:
            return why
        return reason(reasons.EVENT_PERSON_DELETED)

    def saved(self) -> Reason | None:
        """What saving the item automatically says of its strangers; None: nothing."""
        new = next((fate.people[0].object for fate in self.fates if fate.made), "")
        if why := self.unmade:
            return reason(reasons.EVENT_SAVED_UNMADE, made=self.made, why=why.sentence)
        return reason(reasons.EVENT_SAVED_NEW, made=new) if new else None


def company(
    item: CalendarItem, situation: Situation, facts: MirrorFacts, *, resolves: bool
) -> Company | Questions:
    """Somebody who is there and whom the user may not see is no stranger: nobody is made twice."""
    emails = frozenset(one.email for one in item.participants)
    if missing := facts.missing(Questions(people=emails)):
        return missing
    participants = situation.circle.sort(item, facts.who.outsiders(emails))
    names = emails | participants.domains
    if missing := facts.missing(Questions(people=names)):
        return missing
    people, there = facts.who.known(names), facts.who.all_known(names)
    links = link(item, participants, people)
    if not resolves:
        return Company(participants, links)
    met = strangers(item, participants, situation.circle, there, links, situation.info.settings)
    if missing := facts.missing(Questions(strangers=frozenset(met))):
        return missing
    fates = {one.email: facts.strangers[one] for one in met}
    known = {**people, **{email: fate.people for email, fate in fates.items() if fate.people}}
    made = next((one.object for one in met), "")
    return Company(participants, link(item, participants, known), tuple(fates.values()), made)
