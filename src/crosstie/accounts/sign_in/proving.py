"""That an address is somebody's own who registered themselves; until then Salesforce alone says so.

Whoever may change users there can write any address. So it finds nobody, takes nothing, and opens no mailbox until
the mailbox's vendor has said the same in this very person's browser, or an administrator has (decision 68).
"""

from collections.abc import Collection

from django.db import transaction

from crosstie.accounts import audit, people
from crosstie.accounts.audit import SYSTEM, WEB, Actor, Deed
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import account_notices, identities, proving_words, registering
from crosstie.accounts.sign_in.account_notices import Change
from crosstie.accounts.sign_in.signing_in import Account, Way
from crosstie.accounts.words import Unacceptable
from crosstie.domain.clock import Clock
from crosstie.store.models import Person, Scope

MAILBOX, ADMIN = "mailbox", "administrator"
"""Whose word it may be beside that of a way of signing in."""


def by_sign_in(person: PersonInfo, way: Way, account: Account, addresses: Collection[str], clock: Clock) -> None:
    """By the account that the person signed in with, whose `addresses` these are. It lets them in from now on."""
    known = identities.find(person.scope, account.issuer, account.subject)
    if person.address not in addresses or known not in (None, person.person_id):
        whom = registering.whom_to_ask(person.scope)
        raise Unacceptable(proving_words.PROOF_OTHER, vendor=way.vendor, own=person.address, whom=whom)
    with transaction.atomic():
        identities.bind(person.scope, person.person_id, account.issuer, account.subject, way.vendor, clock)
        identities.came_from(person.scope, account.issuer, account.subject, account.domain)
        _proven(person, way.value, clock, Actor(WEB, person.person_id))


def by_mailbox(person: PersonInfo, clock: Clock, actor: Actor) -> None:
    """By the mailbox that the person signed in to, which is theirs (`setting_up.check_own`)."""
    _proven(person, MAILBOX, clock, actor)


def confirm(scope: Scope, person_id: int, clock: Clock, actor: Actor = SYSTEM) -> PersonInfo:
    """By an administrator's word. Whoever has the address is told, be it the person or not."""
    if actor.person_id == person_id:
        raise Unacceptable(proving_words.OWN_WORD)
    with transaction.atomic():
        person = _waiting(scope, person_id)
        _proven(person, ADMIN, clock, actor)
        account_notices.owe(person.scope, person_id, Change.CONFIRMED, clock)
    return people.get(person.scope, person_id)


def remove(scope: Scope, person_id: int, clock: Clock, actor: Actor = SYSTEM) -> PersonInfo:
    """The account is given up, so that the address is free for whoever it belongs to."""
    with transaction.atomic():
        person = _waiting(scope, person_id)
        if person.mailbox_id is not None:
            raise Unacceptable(proving_words.HAS_MAILBOX, name=person.name)
        deed = Deed(clock.now(), actor, "person.remove", f"person {person_id}", {"user": person.crm_user_id})
        audit.record(person.scope, deed)
        row = Person.of(person.scope).select_related("login").get(pk=person_id)
        row.delete()
        if row.login:
            row.login.delete()
    return person


def _waiting(scope: Scope, person_id: int) -> PersonInfo:
    """Locked, so that of two words the first one counts. Raises Unacceptable."""
    scope = Scope(scope.tenant_id)
    rows = Person.of(scope).select_for_update(no_key=True).filter(pk=person_id, address_proven=False)
    if not rows.exists():
        raise Unacceptable(proving_words.NOT_WAITING)
    return people.get(scope, person_id)


def _proven(person: PersonInfo, by: str, clock: Clock, actor: Actor) -> None:
    with transaction.atomic():
        if Person.of(person.scope).filter(pk=person.person_id, address_proven=False).update(address_proven=True):
            deed = Deed(clock.now(), actor, "person.prove", f"person {person.person_id}", {"by": by})
            audit.record(person.scope, deed)
