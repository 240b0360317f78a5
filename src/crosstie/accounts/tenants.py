"""Tenants, and the licences and profiles each one begins with."""

from collections.abc import Sequence

from django.db import transaction

from crosstie.accounts import audit, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.nearest import hint
from crosstie.accounts.words import Unacceptable
from crosstie.domain.clock import Clock
from crosstie.store.models import DEFAULT_INTERVAL, License, Profile, Scope, Tenant

STANDARD = "Standard"
LONGEST_INTERVAL = 24 * 3600


def create(name: str, clock: Clock, actor: Actor = SYSTEM) -> Scope:
    """A tenant with a standard licence and a default profile."""
    name = _named(name, "tenant")
    with transaction.atomic():
        if Tenant.objects.filter(name__iexact=name).exists():
            raise Unacceptable(words.NAME_TAKEN, what="tenant", name=name)
        scope = Scope(Tenant.objects.create(name=name, created_at=clock.now()).pk)
        standard = License.of(scope).create(name=STANDARD)
        Profile.of(scope).create(name="Default", is_default=True, license=standard)
        audit.record(scope, Deed(clock.now(), actor, "tenant.create", f"tenant {scope.tenant_id}"))
    return scope


def find(name: str = "") -> Scope:
    """By name; without one, the only tenant there is."""
    names = dict(Tenant.objects.order_by("name").values_list("name", "pk"))
    if name:
        for known, tenant_id in names.items():
            if known.casefold() == name.strip().casefold():
                return Scope(tenant_id)
        raise Unacceptable(words.UNKNOWN, what="tenant", name=name, hint=hint(name, names))
    if not names:
        raise Unacceptable(words.NONE_YET, what="tenant")
    if len(names) > 1:
        raise Unacceptable(words.SEVERAL, what="tenant", names=", ".join(names))
    return Scope(next(iter(names.values())))


def all_tenants() -> Sequence[tuple[str, Scope]]:
    return [
        (name, Scope(tenant_id)) for name, tenant_id in Tenant.objects.order_by("name").values_list("name", "pk")
    ]


def add_license(
    scope: Scope, name: str, clock: Clock, interval_seconds: int = DEFAULT_INTERVAL, actor: Actor = SYSTEM
) -> int:
    """Answers the licence's id."""
    name = _named(name, "licence")
    if not 60 <= interval_seconds <= LONGEST_INTERVAL:
        raise Unacceptable(words.INTERVAL_BAD, value=interval_seconds)
    with transaction.atomic():
        if License.of(scope).filter(name__iexact=name).exists():
            raise Unacceptable(words.NAME_TAKEN, what="licence", name=name)
        row = License.of(scope).create(name=name, interval_seconds=interval_seconds)
        details = {"interval_seconds": interval_seconds}
        audit.record(scope, Deed(clock.now(), actor, "license.create", f"license {row.pk}", details))
    return row.pk


def add_profile(scope: Scope, name: str, clock: Clock, license_name: str = "", actor: Actor = SYSTEM) -> int:
    """Answers the profile's id."""
    name = _named(name, "profile")
    with transaction.atomic():
        if Profile.of(scope).filter(name__iexact=name).exists():
            raise Unacceptable(words.NAME_TAKEN, what="profile", name=name)
        given = find_license(scope, license_name) if license_name else None
        row = Profile.of(scope).create(name=name, license=given)
        audit.record(scope, Deed(clock.now(), actor, "profile.create", f"profile {row.pk}"))
    return row.pk


def find_license(scope: Scope, name: str) -> License:
    found = License.of(scope).filter(name__iexact=name.strip()).first()
    if found is None:
        known = License.of(scope).values_list("name", flat=True)
        raise Unacceptable(words.UNKNOWN, what="licence", name=name, hint=hint(name, known))
    return found


def find_profile(scope: Scope, name: str = "") -> Profile:
    """By name; without one, the tenant's default profile."""
    wanted = {"name__iexact": name.strip()} if name else {"is_default": True}
    found = Profile.of(scope).filter(**wanted).first()
    if found is None:
        known = Profile.of(scope).values_list("name", flat=True)
        raise Unacceptable(words.UNKNOWN, what="profile", name=name or "Default", hint=hint(name, known))
    return found


def _named(name: str, what: str) -> str:
    if not name.strip():
        raise Unacceptable(words.NAME_MISSING, what=what)
    return name.strip()
