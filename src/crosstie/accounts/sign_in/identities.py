"""Who a person is at a provider of identities: bound at the first sign-in, and by it found ever after."""

from collections.abc import Collection, Sequence

from django.db import IntegrityError, transaction

from crosstie.accounts import audit, people, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.sign_in import account_notices, sign_ins
from crosstie.accounts.sign_in.account_notices import Change
from crosstie.accounts.words import Unacceptable
from crosstie.domain.clock import Clock
from crosstie.store.models import Identity, Scope


def find(scope: Scope, issuer: str, subject: str) -> int | None:
    """The person's id."""
    rows = Identity.of(Scope(scope.tenant_id)).filter(issuer=issuer, subject=subject)
    return rows.values_list("person_id", flat=True).first()


def bind(scope: Scope, person_id: int, issuer: str, subject: str, vendor: str, clock: Clock) -> None:
    """For good. Who is bound to another account of this issuer is not bound anew: an address that was given to
    somebody else does not bring its former owner's rights along.
    """
    scope = Scope(scope.tenant_id)
    try:
        with transaction.atomic():
            Identity.of(scope).create(person_id=person_id, issuer=issuer, subject=subject, bound_at=clock.now())
            audit.record(scope, Deed(clock.now(), Actor("web", person_id), "identity.bind", f"person {person_id}"))
    except IntegrityError as taken:
        if find(scope, issuer, subject) != person_id:  # or the same sign-in came twice at once
            raise Unacceptable(words.SIGN_IN_ANOTHER, vendor=vendor) from taken


def came_from(scope: Scope, issuer: str, subject: str, domain: str) -> None:
    """Of which of the company's domains the account is now."""
    rows = Identity.of(Scope(scope.tenant_id)).filter(issuer=issuer, subject=subject)
    rows.exclude(domain=domain).update(domain=domain)


def beyond(scope: Scope, issuer: str, domains: Collection[str]) -> Sequence[int]:
    """People whose account at this issuer was of none of these domains when they last came."""
    rows = Identity.of(Scope(scope.tenant_id)).filter(issuer=issuer).exclude(domain__in=domains)
    return list(rows.values_list("person_id", flat=True))


def release(scope: Scope, person_id: int, clock: Clock, actor: Actor = SYSTEM) -> int:
    """Forget every account, so that the next sign-in binds anew; how many there were.

    Whoever came in by one of them is out: an address that was given to somebody else keeps no former owner in.
    """
    scope = Scope(scope.tenant_id)
    with transaction.atomic():
        count, _ = Identity.of(scope).filter(person_id=person_id).delete()
        audit.record(scope, Deed(clock.now(), actor, "identity.release", f"person {person_id}", {"count": count}))
        account_notices.owe(scope, person_id, Change.RELEASED, clock)
        sign_ins.end_all(people.get(scope, person_id), clock, actor)
    return count
