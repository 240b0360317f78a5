"""What Microsoft's directory knows of a person beside the mailbox, and who may sign in to an app."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.graph.aadsts import LoginRefused
from sandbox.graph.entra import App, Tenant
from sandbox.http import Call
from sandbox.mailboxes import Mailbox

ATTEMPTS = 10
"""Wrong passwords in a row until an account is locked: Microsoft's default."""
LOCKED_FOR = timedelta(minutes=1)


@dataclass(slots=True)
class Account:
    password: str = ""
    """Empty: nobody was given one, and a click on the name is enough."""
    admin: bool = False
    """May consent for the whole tenant."""
    mail: str = ""
    """What an administrator wrote as the address; nobody verifies that it is one's own. Empty: the mailbox's."""
    failures: int = 0
    locked_until: datetime | None = None

    def check(self, given: str, now: datetime) -> None:
        """Raises LoginRefused for a wrong password; counts them."""
        if self.locked_until is not None and now < self.locked_until:
            raise LoginRefused(50053)
        if self.password and hmac.compare_digest(given.encode(), self.password.encode()):
            self.failures, self.locked_until = 0, None
            return
        self.failures += 1
        if self.failures >= ATTEMPTS:
            self.failures, self.locked_until = 0, now + LOCKED_FOR
        raise LoginRefused(50126)


def account(call: Call, person: Mailbox) -> Account:
    return call.world.microsoft.accounts.setdefault(str(person.guid), Account())


def admit(call: Call, app: App, tenant: Tenant, person: Mailbox, *, twice_proven: bool) -> None:
    """Raises LoginRefused for a person who may not sign in to this app, in the order in which Microsoft looks."""
    if not person.enabled:
        raise LoginRefused(50057)
    if tenant.id in app.disabled_in:
        raise LoginRefused(7000112, app=app.client_id)
    assigned = app.assigned.get(tenant.id)
    if assigned is not None and person.address not in assigned:
        raise LoginRefused(50105, app=app.client_id)
    policy = policy_for(call, tenant, person)
    if policy == "block":
        raise LoginRefused(53003)
    if policy == "mfa" and not twice_proven:
        raise LoginRefused(50076)


def policy_for(call: Call, tenant: Tenant, person: Mailbox) -> str | None:
    """The kind of conditional access that meets this person."""
    policy = call.world.microsoft.policies.get(tenant.id)
    if policy is None or (policy.users is not None and person.address not in policy.users):
        return None
    return policy.kind
