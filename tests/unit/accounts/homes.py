"""A tenant made with the services themselves: an org, an administrator, and people on request."""

import itertools
from dataclasses import dataclass

from crosstie.accounts import people, tenants
from crosstie.accounts.connection import mailboxes, orgs
from crosstie.accounts.connection.mailboxes import MailboxDetails, MailboxRef
from crosstie.accounts.connection.orgs import OrgDetails, OrgInfo
from crosstie.accounts.people import PersonDetails, PersonInfo
from crosstie.store.models import Scope
from tests.clocks import StepClock

_numbers = itertools.count(1)


def crm_id(prefix: str) -> str:
    return f"{prefix}{next(_numbers):012d}"


def org_details(crm_org_id: str = "") -> OrgDetails:
    return OrgDetails(
        crm_org_id=crm_org_id or crm_id("00D"),
        login_url="https://login.salesforce.test/",
        instance_url="https://acme.my.salesforce.test",
        auth_mode="client-credentials",
        client_id="client",
    )


@dataclass(frozen=True)
class Home:
    scope: Scope
    org: OrgInfo
    clock: StepClock
    domain: str

    @classmethod
    def make(cls, name: str, clock: StepClock) -> "Home":
        scope = tenants.create(name, clock)
        return cls(scope, orgs.connect(scope, org_details(), clock), clock, f"{name.lower()}.example")

    def details(self, name: str = "", address: str = "") -> PersonDetails:
        number = next(_numbers)
        return PersonDetails(
            name=name or f"Person {number}",
            address=address or f"p{number}@{self.domain}",
            crm_user_id=crm_id("005"),
            org_id=self.org.org_id,
        )

    def person(self, name: str = "", address: str = "") -> PersonInfo:
        return people.add(self.scope, self.details(name, address), self.clock)

    def mailbox(self, person: PersonInfo | None = None, address: str = "", time_zone: str = "UTC") -> MailboxRef:
        owner = person or self.person()
        details = MailboxDetails("graph", address, time_zone=time_zone)
        return mailboxes.activate(self.scope, owner.person_id, details, self.clock)
