"""A tenant with an org and mailboxes, as rows of the store, for tests that need them there."""

import itertools
from dataclasses import dataclass

from crosstie.domain.clock import Clock
from crosstie.store.models import License, Mailbox, Org, Person, Profile, Scope, Tenant

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Company:
    tenant: Tenant
    license: License
    profile: Profile
    org: Org

    @property
    def scope(self) -> Scope:
        return Scope(self.tenant.pk, self.org.pk)


def company(clock: Clock) -> Company:
    number = next(_numbers)
    tenant = Tenant.objects.create(name=f"Company {number}", created_at=clock.now())
    scope = Scope(tenant.pk)
    license_ = License.of(scope).create(name="standard")
    profile = Profile.of(scope).create(name="Default", is_default=True, license=license_)
    org = Org.of(scope).create(
        org_id=f"00D{number:015d}",
        login_url="https://login.salesforce.test",
        instance_url=f"https://c{number}.salesforce.test",
        auth_mode="jwt",
    )
    return Company(tenant, license_, profile, org)


def person(home: Company, clock: Clock, address: str = "") -> Person:
    number = next(_numbers)
    return Person.of(Scope(home.tenant.pk)).create(
        profile=home.profile,
        license=home.license,
        org=home.org,
        crm_user_id=f"005{number:015d}",
        name=f"Person {number}",
        address=address or f"p{number}@c{home.tenant.pk}.example.com",
        created_at=clock.now(),
    )


def mailbox(home: Company, clock: Clock, owner: Person | None = None) -> Mailbox:
    owner = owner or person(home, clock)
    return Mailbox.of(home.scope).create(
        person=owner,
        vendor="graph",
        address=owner.address,
        activated_at=clock.now(),
        due_at=clock.now(),
    )
