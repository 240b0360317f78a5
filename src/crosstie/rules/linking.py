"""Whom and what a saved mail or meeting is linked to in Salesforce."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crosstie.domain.address import BCC, CC, FROM, OTHER, TO, Gathering
from crosstie.domain.email import Email
from crosstie.domain.operations import LinkedPerson
from crosstie.domain.records import ACCOUNT, CONTACT, LEAD, USER, Person
from crosstie.rules.participants import Participants


@dataclass(frozen=True, slots=True)
class Links:
    """`people` holds everybody who is linked, colleagues (Users) included, once for each part they have in the
    mail; `who` is the Contact or Lead the mail is about, None where nobody on it is one.
    """

    people: tuple[LinkedPerson, ...] = ()
    who: Person | None = None
    what_id: str = ""
    """The Account behind the mail: of the first Contact who has one, or, with nobody known, by its website. A Task
    cannot have it beside a Lead as its `who`.
    """

    @property
    def leads(self) -> bool:
        return any(one.person.object == LEAD for one in self.people)

    def without(self, objects: Collection[str]) -> "Links":
        """Less what the org does not want mails linked to."""
        if not objects:
            return self
        people = tuple(one for one in self.people if one.person.object not in objects)
        who = next((one.person for one in people if one.person.object in (CONTACT, LEAD)), None)
        return Links(people, who, "" if ACCOUNT in objects else self.what_id)


def link(gathering: Gathering, participants: Participants, people: Mapping[str, tuple[Person, ...]]) -> Links:
    """`people` maps canonical addresses to whom they belong to, and domains to the Accounts that have them.

    Contacts and Leads only at addresses that are neither internal nor blocklisted; known people at free mail
    services are linked when the mail is saved anyway. Colleagues are linked as Users, never as `who`. The first
    Contact or Lead in the order sender, To, Cc, Bcc is `who`: for a received mail that is its sender if known.
    """
    linked = tuple(_linked(gathering, participants, people))
    outsiders = [one.person for one in linked if one.person.object in (CONTACT, LEAD)]
    return Links(
        people=linked,
        who=next(iter(outsiders), None),
        what_id=next((person.account_id for person in outsiders if person.account_id), "")
        if outsiders
        else _account(participants, people),
    )


def along(
    email: Email, participants: Participants, people: Mapping[str, tuple[Person, ...]], wanted: Sequence[Person]
) -> Iterator[LinkedPerson]:
    """Those of its thread, in the parts they have in this mail; who is not on it is linked beside. Somebody whose
    every address on it is blocklisted is left out: what is blocklisted is never linked.
    """
    blocked = {address.email for address in participants.blocked}
    for person in wanted:
        parts = [
            (role, address.email)
            for role, address in email.parts
            if any(one.record_id == person.record_id for one in people.get(address.email, ()))
        ]
        shown = {role: address for role, address in reversed(parts) if address not in blocked}
        if not parts:
            shown = {OTHER: ""}
        for role in (one for one in (FROM, TO, CC, BCC, OTHER) if one in shown):
            yield LinkedPerson(person, role, shown[role])


def _account(participants: Participants, people: Mapping[str, tuple[Person, ...]]) -> str:
    """Where nobody is known: the Account whose website is at the domain of somebody outside. Several Accounts of
    one domain say nothing about which is meant; a free mail service is nobody's domain.
    """
    for domain in dict.fromkeys(address.domain for address in participants.outside):
        accounts = [one for one in people.get(domain, ()) if one.object == ACCOUNT]
        if len(accounts) == 1 and domain in participants.domains:
            return accounts[0].record_id
    return ""


def _linked(
    gathering: Gathering, participants: Participants, people: Mapping[str, tuple[Person, ...]]
) -> Iterator[LinkedPerson]:
    blocked = {address.email for address in participants.blocked}
    linkable = participants.linkable
    given: set[tuple[str, str]] = set()
    for role, address in gathering.parts:
        if address.email in blocked:
            continue
        person = _choose(people.get(address.email, ()), outside=address.email in linkable)
        if person and (role, person.record_id) not in given:
            given.add((role, person.record_id))
            yield LinkedPerson(person, role, address.email)


def _choose(candidates: Sequence[Person], *, outside: bool) -> Person | None:
    """Contact before Lead before User. An address that several Users have says nothing about which one wrote."""
    if outside:
        contacts = [person for person in candidates if person.object == CONTACT]
        leads = [person for person in candidates if person.object == LEAD]
        if contacts or leads:
            return _best(contacts or leads)
    users = [person for person in candidates if person.object == USER]
    return users[0] if len(users) == 1 else None


def _best(candidates: Iterable[Person]) -> Person:
    """With an Account first, then the one created last, then the lowest id: the same answer whoever asks."""
    by_id = sorted(candidates, key=lambda person: person.record_id)
    return max(
        by_id,
        key=lambda person: (
            bool(person.account_id),
            person.created_at.timestamp() if person.created_at else float("-inf"),
        ),
    )
