"""Whom and what an activity, Task or Event, is linked to, in its columns."""

from typing import Protocol

from crosstie.domain.operations import LinkedPerson
from crosstie.domain.records import CONTACT, LEAD, Person
from crosstie.mapping.fields import MANY_PEOPLE


class Linked(Protocol):
    @property
    def people(self) -> tuple[LinkedPerson, ...]: ...

    @property
    def who(self) -> Person | None: ...

    @property
    def what_id(self) -> str: ...


def who_id(linked: Linked) -> str:
    return linked.who.record_id if linked.who else ""


def what_id(linked: Linked) -> str:
    """A Lead as Who excludes everything else."""
    return "" if linked.who and linked.who.object == LEAD else linked.what_id


def who_ids(linked: Linked, *, many_people: bool) -> tuple[str, ...]:
    """All Contacts, Who first; one alone is in WhoId already."""
    who = linked.who
    if not many_people or who is None or who.object != CONTACT:
        return ()
    others = (one.person.record_id for one in linked.people if one.person.object == CONTACT)
    ids = tuple(dict.fromkeys((who.record_id, *others)))[:MANY_PEOPLE]
    return ids if len(ids) > 1 else ()
