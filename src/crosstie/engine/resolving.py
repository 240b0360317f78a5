"""Records of strangers are made before what names them is saved: each once, whoever meets them how often.

A stranger is claimed in the journal, so that nobody else makes the same; then looked for in the org itself, which
may know more than the directory; then made. What is not certain puts off what they are on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crosstie.domain import reasons
from crosstie.domain.errors import CrosstieError
from crosstie.domain.keys import person_key
from crosstie.domain.operations import Save, Stranger
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import ACCOUNT, CONTACT, LEAD, Person, RecordDraft, RecordRef, WriteStatus, Written
from crosstie.domain.settings import Resolving
from crosstie.engine.claims import claimed
from crosstie.engine.facts import Facts, Needs
from crosstie.engine.grounds import Situation
from crosstie.engine.housing import Home, homes
from crosstie.engine.ports import Ports
from crosstie.engine.saves import relinked, stands_alone, why_saved
from crosstie.engine.session import Session
from crosstie.mapping.person import draft, person_account_draft
from crosstie.ports.crm import Sought
from crosstie.ports.journal import Status
from crosstie.rules.resolving import defaults_of


@dataclass(frozen=True, slots=True)
class Unresolved:
    """The mail is not saved now: how its journal row ends, and why."""

    status: Status
    why: Reason


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a stranger: known now, or why not."""

    people: tuple[Person, ...] = ()
    made: bool = False
    status: Status = Status.DONE
    why: Reason = field(default_factory=lambda: reason(reasons.WAITS))

    @property
    def is_open(self) -> bool:
        """Nobody can tell yet."""
        return not self.people and self.why.kind in (reasons.WAITS, reasons.UNCLEAR)


WAITING = Fate(status=Status.SKIPPED)


def resolve(ports: Ports, saves: Sequence[tuple[Session, Save]]) -> list[Save | Unresolved]:
    """The saves in order, linked to whom their strangers have become; or what keeps one from being saved."""
    met: dict[str, tuple[Session, Stranger]] = {}
    for session, save in saves:
        for stranger in save.strangers:
            first, before = met.get(stranger.email, (session, stranger))
            met[stranger.email] = (first, before if before.known else stranger)
    fates = fates_of(ports, list(met.values())) if met else {}
    return [_resolved(ports, session, save, fates) if save.strangers else save for session, save in saves]


Met = tuple[Session, Stranger]
"""Whoever met the stranger first makes the record, and owns it."""


def fates_of(ports: Ports, met: Sequence[Met]) -> dict[str, Fate]:
    """Address → what became of whoever has it: everybody is met once. Of those who are not in it nothing is
    certain: they are somebody else's, or a session ended over them.
    """
    claims = claimed(ports, [(session, person_key(one.email), one.object) for session, one in met])
    held = [(session, one) for session, one in met if person_key(one.email) in claims]
    fates: dict[str, Fate] = {}
    try:
        fates |= _found(ports, [one for _, one in held])
        fates |= _made(ports, [(session, one) for session, one in held if one.email not in fates])
    except CrosstieError as error:
        for session, _ in held:
            session.error = session.error or error
    for _, one in held:
        fate = fates.setdefault(one.email, WAITING)
        record = RecordRef(fate.people[0].object, fate.people[0].record_id) if fate.people else None
        claims[person_key(one.email)].finish(ports, fate.status, fate.why, record)
    return fates


def _found(ports: Ports, claimed: Sequence[Stranger]) -> dict[str, Fate]:
    emails = [one.email for one in claimed]
    traced = ports.crm.trace([Sought(email, person_key(email)) for email in emails]) if emails else ()
    fates = {}
    for email, found in zip(emails, traced, strict=True):
        if found.people:
            fates[email] = Fate(found.people, why=reason(reasons.SAVED_SHARED, object=found.people[0].object))
        elif found.blind:
            fates[email] = Fate(status=Status.STUCK, why=reason(reasons.ACCESS))
        elif found.deleted:
            fates[email] = Fate(status=Status.SKIPPED, why=reason(reasons.PERSON_DELETED))
    return fates


def _made(ports: Ports, missing: Sequence[Met]) -> dict[str, Fate]:
    kind = _person_type(ports, missing)
    unhoused = (
        {} if kind else {_domain(one): session for session, one in reversed(missing) if one.object == CONTACT}
    )
    housed = homes(ports, unhoused)
    fates = {
        one.email: _refused(home.status, home.why, ACCOUNT)
        for _, one in missing
        if (home := housed.get(_domain(one), Home())).why is not None
    }
    ready = [
        (session, one if kind else _settled(session, one, housed))
        for session, one in missing
        if one.email not in fates and session.live
    ]
    drafts = [_draft(session, one, housed.get(_domain(one), Home()), kind) for session, one in ready]
    written = ports.crm.create(drafts, duplicates=False) if drafts else ()
    known = _known(ports, drafts, written)
    for (_, one), drafted, answer in zip(ready, drafts, written, strict=True):
        fates[one.email] = _fate(one, drafted, answer, known)
    return fates


def _person_type(ports: Ports, missing: Sequence[Met]) -> str:
    wanted = [one for session, one in missing if session.info.settings.resolving_persons and one.object == CONTACT]
    return ports.crm.person_type() if wanted else ""


def _draft(session: Session, stranger: Stranger, home: Home, person_type: str) -> RecordDraft:
    settings, owner = session.info.settings, session.info.crm_user_id
    if person_type and stranger.object == CONTACT:
        return person_account_draft(stranger, owner, person_type, defaults_of(ACCOUNT, settings))
    return draft(stranger, owner, home.account_id, defaults_of(stranger.object, settings))


def _domain(stranger: Stranger) -> str:
    return stranger.email.rpartition("@")[2]


def _settled(session: Session, stranger: Stranger, housed: Mapping[str, Home]) -> Stranger:
    """What is smart becomes a Contact only where there is an Account for it."""
    smart = session.info.settings.resolving is Resolving.SMART
    return replace(stranger, object=LEAD) if smart and not housed[_domain(stranger)].account_id else stranger


def _known(ports: Ports, drafts: Sequence[RecordDraft], written: Sequence[Written]) -> Mapping[str, Person] | None:
    """Whom the org named instead of making them, and the Contacts of new Person Accounts; None where it would not
    say who they are.
    """
    there = [
        one.record_id
        for drafted, one in zip(drafts, written, strict=True)
        if one.status in (WriteStatus.EXISTS, WriteStatus.ALIKE)
        or (one.status is WriteStatus.CREATED and drafted.object == ACCOUNT)
    ]
    try:
        return ports.crm.persons(there) if there else {}
    except CrosstieError:
        return None


def _fate(stranger: Stranger, drafted: RecordDraft, written: Written, known: Mapping[str, Person] | None) -> Fate:
    if written.status is WriteStatus.CREATED:
        person = Person(stranger.object, written.record_id, str(drafted.fields.get("AccountId", "")))
        if drafted.object == ACCOUNT:
            contact = (known or {}).get(written.record_id)
            if contact is None:
                return WAITING  # it is there, and found by its address next time
            person = contact
        return Fate((person,), made=True, why=reason(reasons.SAVED_NEW, made=stranger.object))
    if written.status in (WriteStatus.EXISTS, WriteStatus.ALIKE):
        if known is None:
            return WAITING
        met = known.get(written.record_id)
        if met is None:
            return _refused(Status.STUCK, reason(reasons.DUPLICATE), stranger.object)
        return Fate((met,), why=reason(reasons.SAVED_SHARED, object=met.object))
    if written.status is WriteStatus.REFUSED:
        return _refused(Status.STUCK, written.reason, stranger.object)
    if written.status is WriteStatus.UNCLEAR:
        return Fate(status=Status.UNCLEAR, why=reason(reasons.UNCLEAR))
    return WAITING


def _refused(status: Status, why: Reason | None, object_name: str) -> Fate:
    """Fields are told with the object they lack on: the mail's own record is another."""
    why = why or reason(reasons.CRM_REFUSED, vendor_code="?")
    if why.kind is reasons.REQUIRED:
        names = (f"{object_name}.{name}" for name in why.params["fields"].split(", "))
        why = reason(reasons.REQUIRED, fields=", ".join(names))
    return Fate(status=Status.SKIPPED if status is Status.UNCLEAR else status, why=why)


def _resolved(ports: Ports, session: Session, save: Save, fates: Mapping[str, Fate]) -> Save | Unresolved:
    own = [fates.get(stranger.email, WAITING) for stranger in save.strangers]
    for fate in own:
        if fate.is_open:
            return Unresolved(Status.SKIPPED, fate.why)
    people = {one.email: fate.people for one, fate in zip(save.strangers, own, strict=True) if fate.people}
    if session.situation is None:
        return save
    save = _relinked(ports, session.situation, session.facts, save, people)
    against = next((fate for fate in own if not fate.people), None)
    if against is None or save.who is not None or stands_alone(save, session.situation, session.facts):
        return _told(save, own)
    return Unresolved(against.status, against.why)


def _relinked(
    ports: Ports, situation: Situation, facts: Facts, save: Save, people: Mapping[str, tuple[Person, ...]]
) -> Save:
    """The Opportunities on their Accounts were not asked for while nobody was known."""
    found = relinked(save, situation, facts, people)
    if isinstance(found, Needs):
        facts.opportunities.update(ports.states.opportunities(found.opportunities))
        found = relinked(save, situation, facts, people)
    return save if isinstance(found, Needs) else found


def _told(save: Save, fates: Sequence[Fate]) -> Save:
    refused = next((fate.why for fate in fates if fate.status is Status.STUCK), None)
    made = next((fate.people[0].object for fate in fates if fate.made), save.strangers[0].object)
    if refused is not None:
        why = reason(reasons.SAVED_UNMADE, object=save.object, made=made, why=refused.sentence)
    else:
        new = reason(reasons.SAVED_NEW, object=save.object, made=made)
        why = new if any(fate.made for fate in fates) else why_saved(save)
    return replace(save, reason=why)
