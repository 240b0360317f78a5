"""Our users."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from crosstie.accounts import admin_words, audit, checks, tenants, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.connection import service_words
from crosstie.accounts.nearest import hint
from crosstie.accounts.sign_in import account_notices, proving_words
from crosstie.accounts.sign_in.account_notices import Change
from crosstie.accounts.words import Unacceptable
from crosstie.domain.address import canonical
from crosstie.domain.clock import Clock
from crosstie.store.models import Mailbox, Org, Person, Role, Scope


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """Profile and licence by name; empty ones are the defaults. `crm_user_id` may come with the first sign-in."""

    name: str
    address: str
    crm_user_id: str = ""
    org_id: int | None = None
    profile: str = ""
    license: str = ""
    address_proven: bool = True
    """False: it is what Salesforce says of somebody who registers themselves (accounts/sign_in/proving.py)."""


@dataclass(frozen=True, slots=True)
class PersonInfo:
    scope: Scope
    person_id: int
    name: str
    address: str
    address_proven: bool
    """Else it finds nobody, and opens no mailbox."""
    role: str
    crm_user_id: str
    org_id: int | None
    profile: str
    license: str
    """Empty: none."""
    mailbox_id: int | None


def add(
    scope: Scope, given: PersonDetails, clock: Clock, actor: Actor = SYSTEM, *, first_is_admin: bool = True
) -> PersonInfo:
    """The first person of a tenant becomes its platform admin, unless they are one of many added together."""
    scope = Scope(scope.tenant_id)
    if not given.name.strip():
        raise Unacceptable(words.NAME_MISSING, what="person")
    address = checks.address(given.address)
    profile = tenants.find_profile(scope, given.profile)
    license_ = tenants.find_license(scope, given.license) if given.license else profile.license
    with transaction.atomic():
        if at(scope, address):
            raise Unacceptable(words.PERSON_TAKEN, address=address)
        first = first_is_admin and not Person.of(scope).exists()
        row = Person.of(scope).create(
            name=given.name.strip(),
            address=address,
            address_proven=given.address_proven,
            profile=profile,
            license=license_,
            role=Role.PLATFORM_ADMIN if first else Role.USER,
            created_at=clock.now(),
        )
        if given.crm_user_id:
            _bind(scope, row, given.crm_user_id, given.org_id)
        audit.record(scope, Deed(clock.now(), actor, "person.add", f"person {row.pk}"))
    return _info(row)


def bind_crm_user(
    scope: Scope, person_id: int, crm_user_id: str, org_id: int, clock: Clock, actor: Actor = SYSTEM
) -> PersonInfo:
    """Say which Salesforce user the person is, who comes in as that user from now on."""
    scope = Scope(scope.tenant_id)
    with transaction.atomic():
        row = _row(scope, person_id)
        _bind(scope, row, crm_user_id, org_id)
        audit.record(scope, Deed(clock.now(), actor, "person.bind", f"person {row.pk}"))
        account_notices.owe(scope, row.pk, Change.BOUND, clock)
    return _info(row)


def give_license(scope: Scope, person_id: int, name: str, clock: Clock, actor: Actor = SYSTEM) -> PersonInfo:
    """By the licence's name; an empty one takes the licence away, which ends the sessions of the mailbox."""
    scope = Scope(scope.tenant_id)
    with transaction.atomic():
        row = _row(scope, person_id)
        row.license = tenants.find_license(scope, name) if name else None
        row.save(update_fields=["license"])
        details = {"license": row.license_id}
        audit.record(scope, Deed(clock.now(), actor, "person.license", f"person {row.pk}", details))
    return _info(row)


def give_role(scope: Scope, person_id: int, role: str, clock: Clock, actor: Actor = SYSTEM) -> PersonInfo:
    """In force from the person's next request on. The last platform admin of a tenant stays one."""
    scope = Scope(scope.tenant_id)
    if role not in Role.values:
        raise Unacceptable(admin_words.ROLE_UNKNOWN, value=role, choices=", ".join(Role.values))
    with transaction.atomic():
        admins = set(
            Person.of(scope).select_for_update().filter(role=Role.PLATFORM_ADMIN).values_list("pk", flat=True)
        )
        row = _row(scope, person_id)
        if role != Role.PLATFORM_ADMIN and admins == {row.pk}:
            raise Unacceptable(admin_words.LAST_ADMIN, name=row.name)
        if row.role != role:
            details = {"before": row.role, "after": role}
            row.role = role
            row.save(update_fields=["role"])
            audit.record(scope, Deed(clock.now(), actor, "person.role", f"person {row.pk}", details))
            account_notices.owe(scope, row.pk, Change.ROLE, clock)
    return _info(row)


def choose_language(scope: Scope, person_id: int, language: str, clock: Clock, actor: Actor) -> None:
    """For the mails that they are sent; pages go by the browser."""
    scope = Scope(scope.tenant_id)
    with transaction.atomic():
        if Person.of(scope).filter(pk=person_id).exclude(language=language).update(language=language):
            details = {"language": language}
            audit.record(scope, Deed(clock.now(), actor, "person.language", f"person {person_id}", details))


def get(scope: Scope, person_id: int) -> PersonInfo:
    return _info(_row(Scope(scope.tenant_id), person_id))


def find(scope: Scope, address: str) -> PersonInfo:
    """By e-mail address."""
    return _known(scope, address, at(scope, address))


def at(scope: Scope, address: str) -> PersonInfo | None:
    """Whose e-mail address this is. Raises Unacceptable where nobody has proven that it is theirs."""
    found = claimant(scope, address)
    if found and not found.address_proven:
        raise Unacceptable(proving_words.ADDRESS_UNPROVEN, address=found.address)
    return found


def find_claimant(scope: Scope, address: str) -> PersonInfo:
    """By an e-mail address, be it theirs or not: for whoever decides that, or shuts them out."""
    return _known(scope, address, claimant(scope, address))


def claimant(scope: Scope, address: str) -> PersonInfo | None:
    row = Person.of(Scope(scope.tenant_id)).filter(address=canonical(address)).first()
    return _info(row) if row else None


def by_crm_user(scope: Scope, crm_user_id: str) -> PersonInfo | None:
    """Who signed in to the scope's org; None when nobody here is that user."""
    wanted = checks.record_id(crm_user_id, "005", words.CRM_USER_BAD)
    row = Person.of(scope).filter(crm_user_id=wanted).first()
    return _info(row) if row else None


def of_tenant(scope: Scope, limit: int = 1000) -> Sequence[PersonInfo]:
    """By name."""
    return _infos(scope, Person.of(Scope(scope.tenant_id)).order_by("name", "pk")[:limit])


def unproven(scope: Scope, limit: int = 100) -> Sequence[PersonInfo]:
    """Whose address nobody has proven, the newest first."""
    rows = Person.of(Scope(scope.tenant_id)).filter(address_proven=False)
    return _infos(scope, rows.order_by("-created_at", "-pk")[:limit])


def login(scope: Scope, person_id: int) -> User:
    """The Django user a web session is opened for; it has no password."""
    with transaction.atomic():
        row = Person.of(Scope(scope.tenant_id)).select_for_update().filter(pk=person_id).first()
        if row is None:
            raise Unacceptable(words.UNKNOWN, what="person", name=person_id, hint="")
        if row.login is None:
            row.login = User.objects.create_user(f"person-{row.pk}")
            row.save(update_fields=["login"])
        return row.login


def of_login(user_id: int) -> PersonInfo | None:
    """Whom a web session was opened for; None when the person is gone."""
    row = Person.everywhere().select_related("profile", "license").filter(login_id=user_id).first()
    return _info(row) if row else None


def _known(scope: Scope, address: str, found: PersonInfo | None) -> PersonInfo:
    if found is None:
        known = Person.of(Scope(scope.tenant_id)).values_list("address", flat=True)[:1000]
        raise Unacceptable(words.UNKNOWN, what="person", name=address, hint=hint(address, known))
    return found


def _row(scope: Scope, person_id: int) -> Person:
    row = Person.of(scope).select_related("profile", "license").filter(pk=person_id).first()
    if row is None:
        raise Unacceptable(words.UNKNOWN, what="person", name=person_id, hint="")
    return row


def _bind(scope: Scope, row: Person, crm_user_id: str, org_id: int | None) -> None:
    wanted = checks.record_id(crm_user_id, "005", words.CRM_USER_BAD)
    org = Org.of(scope).filter(**({"pk": org_id} if org_id else {})).first()
    if org is None:
        raise Unacceptable(words.ORG_MISSING)
    if Person.of(Scope(scope.tenant_id, org.pk)).filter(crm_user_id=wanted).exclude(pk=row.pk).exists():
        raise Unacceptable(words.CRM_USER_TAKEN, value=wanted)
    if org.user_id == wanted:
        raise Unacceptable(service_words.PERSON_IS_SERVICE, value=wanted)
    row.org = org
    row.crm_user_id = wanted
    row.save(update_fields=["org", "crm_user_id"])


def _infos(scope: Scope, rows: QuerySet[Person]) -> Sequence[PersonInfo]:
    mailboxes = dict(Mailbox.of(Scope(scope.tenant_id)).values_list("person_id", "pk"))
    return [_info(row, mailboxes.get(row.pk)) for row in rows.select_related("profile", "license")]


_UNASKED = -1


def _info(row: Person, mailbox_id: int | None = _UNASKED) -> PersonInfo:
    scope = Scope(row.tenant_id)
    if mailbox_id == _UNASKED:
        mailbox_id = Mailbox.of(scope).filter(person_id=row.pk).values_list("pk", flat=True).first()
    return PersonInfo(
        scope=scope,
        person_id=row.pk,
        name=row.name,
        address=row.address,
        address_proven=row.address_proven,
        role=row.role,
        crm_user_id=row.crm_user_id,
        org_id=row.org_id,
        profile=row.profile.name,
        license=row.license.name if row.license else "",
        mailbox_id=mailbox_id,
    )
