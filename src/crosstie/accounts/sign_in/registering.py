"""Somebody makes themselves an account: a user of an org whose administrator lets its users come.

Who they are, Salesforce has proven (signing_in.py): org and user. Name and address are what the org itself says of
that user; they find nobody, and an account that is there is never given to whoever comes with its address. Whether
that is theirs is yet to be proven (proving.py).
"""

from django.db import transaction

from crosstie.accounts import audit, checks, people, words
from crosstie.accounts.audit import WEB, Actor, Deed
from crosstie.accounts.connection import orgs
from crosstie.accounts.connection.orgs import OrgInfo
from crosstie.accounts.people import PersonDetails, PersonInfo
from crosstie.accounts.sign_in import registering_words
from crosstie.accounts.words import Unacceptable
from crosstie.domain.activation import CrmUser
from crosstie.domain.clock import Clock
from crosstie.domain.speech import say
from crosstie.store.models import Person, Registration, Role, Scope
from crosstie.store.sql import lock_org

NAMED = 3
"""Administrators whom somebody is sent to."""


def is_open(org: OrgInfo) -> bool:
    return org.registration == Registration.USERS


def check(org: OrgInfo, crm_user_id: str, found: CrmUser | None, ourselves: str) -> CrmUser:
    """Who may have an account: an active user of the org's own people. Raises Unacceptable for all others.

    Only such a colleague is told who the administrators are.
    """
    if found is None or not (found.active and found.person) or crm_user_id in ("", ourselves):
        raise Unacceptable(registering_words.REGISTER_NOT_PERSON)
    if not is_open(org):
        raise Unacceptable(registering_words.REGISTER_CLOSED, whom=whom_to_ask(org.scope), user=crm_user_id)
    address = _address(found)
    if people.by_crm_user(org.scope, crm_user_id) is None and people.claimant(org.scope, address):
        raise Unacceptable(
            registering_words.REGISTER_ADDRESS_TAKEN,
            address=address,
            whom=whom_to_ask(org.scope),
            user=crm_user_id,
        )
    return found


def register(org: OrgInfo, user: CrmUser, ourselves: str, clock: Clock) -> PersonInfo:
    """The person, with the default profile and its licence and no rights over anybody; who is there already stays
    as they are, so that asking twice is harmless.
    """
    with transaction.atomic():
        lock_org(org.org_id, shared=False)
        org = orgs.get(org.org_id)
        check(org, user.user_id, user, ourselves)
        known = people.by_crm_user(org.scope, user.user_id)
        if known:
            return known
        name, address = user.name.strip() or user.email, _address(user)
        given = PersonDetails(name, address, user.user_id, org.org_id, address_proven=False)
        made = people.add(org.scope, given, clock, Actor(WEB), first_is_admin=False)
        deed = Deed(clock.now(), Actor(WEB, made.person_id), "person.register", f"person {made.person_id}")
        audit.record(org.scope, deed)
    return made


def whom_to_ask(scope: Scope) -> str:
    """The administrators, by name and address; where there is none yet, in general."""
    rows = Person.of(Scope(scope.tenant_id)).filter(role=Role.PLATFORM_ADMIN).order_by("created_at", "pk")
    named = [f"{name} ({address})" for name, address in rows.values_list("name", "address")[:NAMED]]
    return ", ".join(named) or say(registering_words.YOUR_ADMINISTRATOR)


def _address(user: CrmUser) -> str:
    try:
        return checks.address(user.email)
    except Unacceptable as bad:
        if bad.code != words.ADDRESS_BAD.code:
            raise
        raise Unacceptable(registering_words.REGISTER_NO_ADDRESS) from bad
