"""Browsers in which somebody is signed in: how long each may last, and ending them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from crosstie.accounts import audit, people
from crosstie.accounts.audit import Actor, Deed
from crosstie.accounts.connection import inactive
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import tokens
from crosstie.domain.clock import Clock
from crosstie.store.models import Person, Scope, SignIn

PASSWORD = "password"  # noqa: S105 - the way, not one
LIFE = timedelta(hours=12)
"""From the sign-in on, whatever is done meanwhile: ASVS 3.3.2."""
IDLE = {PASSWORD: timedelta(minutes=30)}
"""Without a request of the person's own. Elsewhere the provider of identities asks again when it thinks fit."""
EXACT = timedelta(seconds=60)
"""How old the last sign of life may be before it is written down anew."""
SHOWN = 100
AGENT = 200
"""Characters of a browser's name for itself."""


@dataclass(frozen=True, slots=True)
class SignInInfo:
    sign_in_id: int
    way: str
    began_at: datetime
    seen_at: datetime
    caller: str
    agent: str


@dataclass(frozen=True, slots=True)
class Ended:
    browsers: int
    tokens: int


def begin(person: PersonInfo, way: str, caller: str, agent: str, clock: Clock) -> int:
    """Answers its id, which the browser's session keeps; goes down in the audit."""
    now = clock.now()
    with transaction.atomic():
        row = SignIn.of(person.scope).create(
            person_id=person.person_id, way=way, began_at=now, seen_at=now, caller=caller, agent=agent[:AGENT]
        )
        tokens.proven(person.scope, person.person_id, now)
        actor = Actor(audit.WEB, person.person_id)
        audit.record(person.scope, Deed(now, actor, "person.sign-in", details={"way": way}))
    return row.pk


def whose(sign_in_id: int, clock: Clock, *, active: bool) -> PersonInfo | None:
    """Who is signed in by it; None when it is over. `active`: the person did something.

    It is over for whoever's user is switched off at Salesforce; operators come in whatever a vendor says.
    """
    now, off = clock.now(), inactive.user("person__org_id", "person__crm_user_id")
    row = SignIn.everywhere().filter(pk=sign_in_id).exclude(~Q(way=PASSWORD) & Q(off)).first()
    if row is None or _is_over(row, now):
        return None
    if active and now - row.seen_at > EXACT:
        SignIn.of(Scope(row.tenant_id)).filter(pk=row.pk).update(seen_at=now)
    return people.get(Scope(row.tenant_id), row.person_id)


def of_person(person: PersonInfo, clock: Clock) -> Sequence[SignInInfo]:
    """Those that go on, the newest first."""
    now = clock.now()
    rows = SignIn.of(person.scope).filter(person_id=person.person_id).order_by("-began_at", "-pk")[:SHOWN]
    return [
        SignInInfo(row.pk, row.way, row.began_at, row.seen_at, row.caller, row.agent)
        for row in rows
        if not _is_over(row, now)
    ]


def end(person: PersonInfo, sign_in_id: int, clock: Clock, actor: Actor) -> bool:
    """Whether there was such a one of this person's."""
    return _end(person, clock, actor, pk=sign_in_id) > 0


def end_all(person: PersonInfo, clock: Clock, actor: Actor) -> Ended:
    """Everywhere, at once, and what programs of theirs show instead too: whoever is to be out is out.

    A token that is being made meanwhile is waited for: both hold the person's row.
    """
    with transaction.atomic():
        Person.of(person.scope).select_for_update(no_key=True).get(pk=person.person_id)
        return Ended(_end(person, clock, actor), tokens.revoke_all(person.scope, person.person_id, clock, actor))


def end_way(scope: Scope, person_ids: Sequence[int], way: str) -> int:
    """These come in by this way no more: how many browsers that ended. Their programs wait until they have come by
    another one; none is made meanwhile.
    """
    scope = Scope(scope.tenant_id)
    with transaction.atomic():
        list(Person.of(scope).select_for_update(no_key=True).filter(pk__in=person_ids).order_by("pk"))
        count, _ = SignIn.of(scope).filter(person_id__in=person_ids, way=way).delete()
        tokens.doubted(scope, person_ids)
    return count


def _end(person: PersonInfo, clock: Clock, actor: Actor, **which: int) -> int:
    with transaction.atomic():
        count, _ = SignIn.of(person.scope).filter(person_id=person.person_id, **which).delete()
        if count:
            deed = Deed(clock.now(), actor, "person.sign-out", f"person {person.person_id}", {"count": count})
            audit.record(person.scope, deed)
    return count


def _is_over(row: SignIn, now: datetime) -> bool:
    return now - row.began_at >= LIFE or now - row.seen_at >= IDLE.get(row.way, LIFE)
