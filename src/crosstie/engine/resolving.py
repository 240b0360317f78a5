"""Records of strangers are made before the mails that name them: each once, whoever meets them how often.

A stranger is claimed in the journal, so that nobody else makes the same; then looked for in the org itself, which
may know more than the directory; then made. What is not certain puts the mail off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crosstie.domain import reasons
from crosstie.domain.errors import CrosstieError, Retry
from crosstie.domain.keys import person_key
from crosstie.domain.operations import Make, Save, Stranger
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import Person, RecordRef, WriteStatus, Written
from crosstie.engine.plan import SETTLE_TIME, relinked, stands_alone, why_saved
from crosstie.engine.session import Ports, Session
from crosstie.mapping.person import draft
from crosstie.ports.crm import Sought
from crosstie.ports.journal import Status


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


@dataclass(frozen=True, slots=True)
class Claim:
    """Whoever met the stranger first makes the record, and owns it."""

    session: Session
    stranger: Stranger
    entry: int


def resolve(ports: Ports, saves: Sequence[tuple[Session, Save]]) -> list[Save | Unresolved]:
    """The saves in order, linked to whom their strangers have become; or what keeps one from being saved."""
    met: dict[str, tuple[Session, Stranger]] = {}
    for session, save in saves:
        for stranger in save.strangers:
            met.setdefault(stranger.email, (session, stranger))
    fates = _fates(ports, list(met.values())) if met else {}
    return [_resolved(session, save, fates) if save.strangers else save for session, save in saves]


def _fates(ports: Ports, met: Sequence[tuple[Session, Stranger]]) -> dict[str, Fate]:
    """Of those who are not in it nothing is certain: they are somebody else's, or a session ended over them."""
    claims = _claimed(ports, met)
    fates: dict[str, Fate] = {}
    try:
        fates |= _found(ports, claims)
        fates |= _made(ports, [claim for claim in claims if claim.stranger.email not in fates])
    except CrosstieError as error:
        for claim in claims:
            claim.session.error = claim.session.error or error
            fates.setdefault(claim.stranger.email, Fate(status=Status.SKIPPED))
    for claim in claims:
        _finish(ports, claim, fates[claim.stranger.email])
    return fates


def _claimed(ports: Ports, met: Sequence[tuple[Session, Stranger]]) -> list[Claim]:
    claims: list[Claim] = []
    now = ports.clock.now()
    for session in dict.fromkeys(session for session, _ in met):
        own = [stranger for other, stranger in met if other is session]
        with session.ending():
            if session.lease.until - now < ports.write_margin:
                raise Retry("LEASE-SHORT")
            makes = [Make(ports.states.digest(person_key(one.email)), one.object) for one in own]
            entries = ports.journal.make(session.lease, makes, now - SETTLE_TIME)
            claims += [
                Claim(session, stranger, entry)
                for stranger, entry in zip(own, entries, strict=True)
                if entry is not None
            ]
    return claims


def _found(ports: Ports, claims: Sequence[Claim]) -> dict[str, Fate]:
    emails = [claim.stranger.email for claim in claims]
    traced = ports.crm.trace([Sought(email, person_key(email)) for email in emails]) if emails else ()
    fates = {}
    for email, found in zip(emails, traced, strict=True):
        if found.people:
            fates[email] = Fate(found.people, why=reason(reasons.SAVED_SHARED, object=found.people[0].object))
        elif found.deleted:
            fates[email] = Fate(status=Status.SKIPPED, why=reason(reasons.PERSON_DELETED))
    return fates


def _made(ports: Ports, claims: Sequence[Claim]) -> dict[str, Fate]:
    drafts = [draft(claim.stranger, claim.session.info.crm_user_id) for claim in claims]
    written = ports.crm.create(drafts, duplicates=False) if drafts else ()
    there = [one.record_id for one in written if one.status in (WriteStatus.EXISTS, WriteStatus.ALIKE)]
    known = ports.crm.persons(there) if there else {}
    return {
        claim.stranger.email: _fate(claim.stranger, one, known) for claim, one in zip(claims, written, strict=True)
    }


def _fate(stranger: Stranger, written: Written, known: Mapping[str, Person]) -> Fate:
    if written.status is WriteStatus.CREATED:
        person = Person(stranger.object, written.record_id)
        return Fate((person,), made=True, why=reason(reasons.SAVED_NEW, made=stranger.object))
    if written.status in (WriteStatus.EXISTS, WriteStatus.ALIKE):
        met = known.get(written.record_id)
        if met is None:
            return _refused(stranger, reason(reasons.DUPLICATE))
        return Fate((met,), why=reason(reasons.SAVED_SHARED, object=met.object))
    if written.status is WriteStatus.REFUSED:
        return _refused(stranger, written.reason or reason(reasons.CRM_REFUSED, vendor_code="?"))
    if written.status is WriteStatus.UNCLEAR:
        return Fate(status=Status.UNCLEAR, why=reason(reasons.UNCLEAR))
    return Fate(status=Status.SKIPPED)


def _refused(stranger: Stranger, why: Reason) -> Fate:
    """Fields are told with the object they lack on: the mail's own record is another."""
    if why.kind is reasons.REQUIRED:
        names = (f"{stranger.object}.{name}" for name in why.params["fields"].split(", "))
        why = reason(reasons.REQUIRED, fields=", ".join(names))
    return Fate(status=Status.STUCK, why=why)


def _finish(ports: Ports, claim: Claim, fate: Fate) -> None:
    with claim.session.ending():
        record = RecordRef(fate.people[0].object, fate.people[0].record_id) if fate.people else None
        ports.journal.finish(claim.session.lease, claim.entry, fate.status, fate.why, record)


def _resolved(session: Session, save: Save, fates: Mapping[str, Fate]) -> Save | Unresolved:
    waiting = Fate(status=Status.SKIPPED)
    own = [fates.get(stranger.email, waiting) for stranger in save.strangers]
    for fate in own:
        if not fate.people and fate.why.kind in (reasons.WAITS, reasons.UNCLEAR):
            return Unresolved(Status.SKIPPED, fate.why)
    people = {one.email: fate.people for one, fate in zip(save.strangers, own, strict=True) if fate.people}
    if session.situation is None:
        return save
    save = relinked(save, session.situation, session.facts, people)
    against = next((fate for fate in own if not fate.people), None)
    if against is None or save.who is not None or stands_alone(save, session.situation, session.facts):
        return _told(save, own)
    return Unresolved(against.status, against.why)


def _told(save: Save, fates: Sequence[Fate]) -> Save:
    refused = next((fate.why for fate in fates if fate.status is Status.STUCK), None)
    made = save.strangers[0].object
    if refused is not None:
        why = reason(reasons.SAVED_UNMADE, object=save.object, made=made, why=refused.sentence)
    else:
        why = save.reason if any(fate.made for fate in fates) else why_saved(save)
    return replace(save, reason=why)
