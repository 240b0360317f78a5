"""What the mirror's plan must know beyond the pairs themselves: asked for as questions, answered as facts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from crosstie.domain.address import Address
from crosstie.domain.links import Link
from crosstie.domain.operations import Stranger
from crosstie.engine.facts import Facts, Needs
from crosstie.engine.resolving import Fate
from crosstie.ports.states import Holding
from crosstie.rules.calendar.leading import Sharer


@dataclass(frozen=True, slots=True)
class Questions:
    """An empty one means that the plan is complete."""

    people: frozenset[str] = frozenset()
    """Canonical addresses: who are they in Salesforce?"""
    meetings: frozenset[str] = frozenset()
    """Natural keys: does a colleague's item with that identity have a record?"""
    opportunities: frozenset[Holding] = frozenset()
    records: frozenset[str] = frozenset()
    """Record ids: whose items are joined to them?"""
    users: frozenset[str] = frozenset()
    """User ids: do their mailboxes save their meetings?"""

    addresses: frozenset[str] = frozenset()
    """Ids of Users, Contacts and Leads: at which address are they invited?"""
    strangers: frozenset[Stranger] = frozenset()
    """Who are they, once their records are made? The one question whose answer is an act."""

    def __bool__(self) -> bool:
        asked = (self.people, self.meetings, self.records, self.users, self.addresses, self.strangers)
        return any(asked) or bool(self.opportunities)

    @classmethod
    def union(cls, several: Iterable["Questions"]) -> "Questions":
        listed = tuple(several)
        return cls(
            people=frozenset().union(*(one.people for one in listed)),
            meetings=frozenset().union(*(one.meetings for one in listed)),
            opportunities=frozenset().union(*(one.opportunities for one in listed)),
            records=frozenset().union(*(one.records for one in listed)),
            users=frozenset().union(*(one.users for one in listed)),
            addresses=frozenset().union(*(one.addresses for one in listed)),
            strangers=frozenset().union(*(one.strangers for one in listed)),
        )


@dataclass(slots=True)
class MirrorFacts:
    """Answers so far; a key that is missing was not asked yet."""

    who: Facts
    """People and Opportunities, with the user's eyes."""
    meetings: dict[str, tuple[Link, ...]] = field(default_factory=dict)
    shared: dict[str, tuple[Sharer, ...]] = field(default_factory=dict)
    users: dict[str, bool] = field(default_factory=dict)
    addresses: dict[str, Address | None] = field(default_factory=dict)
    strangers: dict[Stranger, Fate] = field(default_factory=dict)
    wanted_series: frozenset[str] = frozenset()
    """Series that a person marked."""
    gone: frozenset[str] = frozenset()
    """Ids of items that are found to be deleted in this session."""

    def missing(self, asked: Questions) -> Questions:
        known = self.who.missing(Needs(people=asked.people, opportunities=asked.opportunities))
        return Questions(
            known.people,
            asked.meetings - self.meetings.keys(),
            known.opportunities,
            asked.records - self.shared.keys(),
            asked.users - self.users.keys(),
            asked.addresses - self.addresses.keys(),
            asked.strangers - self.strangers.keys(),
        )
