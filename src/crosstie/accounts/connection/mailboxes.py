"""Activation: which mailbox belongs to whom, and what a session is told about it."""

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from crosstie.accounts import audit, checks, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.governance import entries, layers
from crosstie.accounts.governance.layers import Place
from crosstie.accounts.nearest import hint
from crosstie.accounts.sign_in import proving_words
from crosstie.accounts.trouble import stops
from crosstie.accounts.words import Unacceptable
from crosstie.domain.clock import Clock
from crosstie.domain.errors import Fatal
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.settings import Settings
from crosstie.rules.participants import free_mail_domains
from crosstie.store import recheck
from crosstie.store.models import DEFAULT_INTERVAL, Mailbox, MailboxState, Org, Person, Scope, Tenant
from crosstie.store.sql import lock_org

VENDORS = ("graph",)
"""Kinds of mailboxes with a connector."""


@dataclass(frozen=True, slots=True)
class MailboxDetails:
    """An empty address is the person's own. `time_zone` is an IANA name."""

    vendor: str
    address: str = ""
    aliases: tuple[str, ...] = ()
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class MailboxRef:
    scope: Scope
    """Of the mailbox's org."""
    mailbox_id: int
    person_id: int
    address: str
    vendor: str
    state: str
    time_zone: str
    """IANA name."""


def activate(
    scope: Scope, person_id: int, given: MailboxDetails, clock: Clock, actor: Actor = SYSTEM
) -> MailboxRef:
    """Start to sync the person's mailbox; the first session begins at once. Activating it again resumes it."""
    scope = Scope(scope.tenant_id)
    with transaction.atomic():
        person = Person.of(scope).select_related("license", "org").filter(pk=person_id).first()
        if person is None:
            raise Unacceptable(words.UNKNOWN, what="person", name=person_id, hint="")
        org = _entitled(person)
        lock_org(org.pk, shared=False)
        values = _checked(person, given)
        _check_free(scope, person, str(values["address"]), values["aliases"])
        row = _upsert(scope, person, org, values, clock)
        _note_domains(scope, [row.address, *row.aliases])
        audit.record(scope, Deed(clock.now(), actor, "mailbox.activate", f"mailbox {row.pk}"))
    return _ref(row)


def deactivate(scope: Scope, mailbox_id: int, clock: Clock, actor: Actor = SYSTEM) -> None:
    """No further sessions. What was saved stays, and so does what is remembered of it."""
    with transaction.atomic():
        off = {"state": MailboxState.DISABLED, "due_at": None, "leaving_since": None}
        changed = Mailbox.of(scope).filter(pk=mailbox_id).update(**off)
        if not changed:
            raise Unacceptable(words.MAILBOX_UNKNOWN)
        stops.forget(scope, mailbox_id)
        audit.record(scope, Deed(clock.now(), actor, "mailbox.deactivate", f"mailbox {mailbox_id}"))


def get(scope: Scope, mailbox_id: int) -> MailboxRef:
    row = Mailbox.of(scope).filter(pk=mailbox_id).first()
    if row is None:
        raise Unacceptable(words.MAILBOX_UNKNOWN)
    return _ref(row)


def of_person(scope: Scope, person_id: int) -> MailboxRef:
    row = Mailbox.of(Scope(scope.tenant_id)).filter(person_id=person_id).first()
    if row is None:
        raise Unacceptable(words.MAILBOX_UNKNOWN)
    return _ref(row)


def of_scope(scope: Scope) -> list[MailboxRef]:
    """Of a tenant, or of one org of it, by address."""
    return [_ref(row) for row in Mailbox.of(scope).order_by("address")]


def info(scope: Scope, mailbox_id: int) -> MailboxInfo:
    """What a session works with, settings resolved. Raises Fatal for a mailbox outside the scope."""
    row = Mailbox.of(scope).select_related("person__license", "tenant").filter(pk=mailbox_id).first()
    if row is None:
        raise Fatal("MAILBOX-UNKNOWN")
    person = row.person
    read = layers.read(scope, Place(person.profile_id, person.pk))
    settings = layers.resolve(read)
    seconds = person.license.interval_seconds if person.license else DEFAULT_INTERVAL
    return MailboxInfo(
        mailbox_id=row.pk,
        org_id=row.org_id,
        address=row.address,
        crm_user_id=person.crm_user_id,
        activated_at=row.activated_at,
        settings=_with_own_domains(settings, row.tenant.own_domains),
        own_addresses=frozenset({row.address, *row.aliases}),
        interval=timedelta(seconds=seconds),
        listed_by=entries.combine(read).listed,
        leaving=row.leaving_since is not None,
    )


def _with_own_domains(settings: Settings, own: Iterable[str]) -> Settings:
    """The domains of the tenant's mailboxes are internal by themselves, free mail services never are."""
    joined = dict.fromkeys((*settings.internal_domains, *own))
    kept = tuple(domain for domain in joined if domain not in free_mail_domains())
    return replace(settings, internal_domains=kept)


def _entitled(person: Person) -> Org:
    """The org whose user the person is, by whose address a mailbox may be opened."""
    if not person.address_proven:
        raise Unacceptable(proving_words.ADDRESS_UNPROVEN, address=person.address)
    if person.license is None:
        raise Unacceptable(words.NO_LICENSE, name=person.name)
    if not person.license.active:
        raise Unacceptable(words.LICENSE_INACTIVE, name=person.name, license=person.license.name)
    if person.org is None or not person.crm_user_id:
        raise Unacceptable(words.NO_CRM_USER, name=person.name)
    return person.org


def _checked(person: Person, given: MailboxDetails) -> dict[str, str | list[str]]:
    if given.vendor not in VENDORS:
        near, choices = hint(given.vendor, VENDORS), ", ".join(VENDORS)
        raise Unacceptable(words.VENDOR_UNKNOWN, value=given.vendor, hint=near, choices=choices)
    return {
        "vendor": given.vendor,
        "address": checks.address(given.address or person.address),
        "aliases": sorted(set(map(checks.address, given.aliases))),
        "time_zone": _time_zone(given.time_zone),
    }


def _time_zone(name: str) -> str:
    known = zoneinfo.available_timezones()
    if name not in known:
        raise Unacceptable(words.TIME_ZONE_UNKNOWN, value=name, hint=hint(name, known))
    return name


def _check_free(scope: Scope, person: Person, address: str, aliases: Iterable[str]) -> None:
    """A mailbox is the same one by each of its addresses."""
    same = Q(address=address) | Q(aliases__contains=[address])
    for alias in aliases:
        same |= Q(address=alias) | Q(aliases__contains=[alias])
    holder = Mailbox.everywhere().filter(same).exclude(person_id=person.pk).first()
    if holder and holder.tenant_id != scope.tenant_id:
        raise Unacceptable(words.MAILBOX_ELSEWHERE, address=address)
    if holder:
        raise Unacceptable(words.MAILBOX_TAKEN, address=address)
    own = Mailbox.of(scope).filter(person_id=person.pk).exclude(address=address).first()
    if own and own.state != MailboxState.DISABLED:
        raise Unacceptable(words.MAILBOX_OTHER, name=person.name, address=own.address)
    if own:
        own.delete()


def _upsert(scope: Scope, person: Person, org: Org, values: dict[str, str | list[str]], clock: Clock) -> Mailbox:
    now = clock.now()
    row = Mailbox.of(scope).select_for_update().filter(person_id=person.pk).first()
    if row is None:
        return Mailbox.of(scope).create(person=person, org=org, activated_at=now, due_at=now, **values)
    running = row.lease_until is not None
    changes = {
        "state": MailboxState.ACTIVE,
        "rejections": 0,
        "strikes": 0,
        "paused": False,
        "leaving_since": None,
        "due_at": row.due_at if running else now,
        **values,
    }
    returns = row.state == MailboxState.DISABLED or row.leaving_since is not None
    Mailbox.of(scope).filter(pk=row.pk).update(**changes)
    if returns:  # what was taken out of its calendar is wanted there again
        recheck.flag(Scope(row.tenant_id, row.org_id), [row.pk], recheck.codes_of("settings"), now)
    row.refresh_from_db()
    return row


def _note_domains(scope: Scope, addresses: Iterable[str]) -> None:
    tenant = Tenant.objects.select_for_update().get(pk=scope.tenant_id)
    domains = {address.rpartition("@")[2] for address in addresses} - free_mail_domains()
    if not domains <= set(tenant.own_domains):
        tenant.own_domains = sorted(domains | set(tenant.own_domains))
        tenant.save(update_fields=["own_domains"])


def _ref(row: Mailbox) -> MailboxRef:
    scope = Scope(row.tenant_id, row.org_id)
    return MailboxRef(scope, row.pk, row.person_id, row.address, row.vendor, row.state, row.time_zone)
