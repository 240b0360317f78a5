"""Who may sign in with user name and password, and what the vendor says to those who may not.

Codes are the partner WSDL's; that a locked user is told the same as one with a wrong password is [recall].
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.salesforce.errors import SalesforceError

ATTEMPTS = 10
"""Wrong passwords in a row until a user is locked out: the vendor's default policy [recall]."""
LOCKED_FOR = timedelta(minutes=15)
_STATUS = {
    "LOGIN_DURING_RESTRICTED_TIME": "Restricted Time",
    "LOGIN_DURING_RESTRICTED_DOMAIN": "Restricted IP",
    "LOGIN_MUST_USE_SECURITY_TOKEN": "Failed: API security token required",
}
_INVALID = "Invalid username, password, security token; or user locked out."


@dataclass(slots=True)
class Login:
    password: str
    security_token: str = ""
    """Must follow the password; empty when the org trusts the network, where nobody is asked for one."""
    expired: bool = False
    """The password has to be changed: the session opens, and does nothing else."""
    hours: tuple[int, int] | None = None
    """Login hours of the profile, from and until, in UTC."""
    foreign_network: bool = False
    """The client's address is outside of the profile's login ranges."""
    failures: int = 0
    locked_until: datetime | None = None

    def check(self, given: str, now: datetime) -> None:
        """Raises what the vendor answers to this password at this moment; counts wrong ones."""
        if self.locked_until is not None and now < self.locked_until:
            raise invalid_login()
        if not _same(given, self.password + self.security_token):
            if self.security_token and _same(given, self.password):
                raise SalesforceError("LOGIN_MUST_USE_SECURITY_TOKEN", f"{_INVALID} Are you at a new location?")
            self._count(now)
            raise invalid_login()
        self.failures, self.locked_until = 0, None
        if self.hours is not None and not self.hours[0] <= now.hour < self.hours[1]:
            raise SalesforceError("LOGIN_DURING_RESTRICTED_TIME", "You cannot login at this time")
        if self.foreign_network:
            message = "You cannot login from your current IP address. Please contact your administrator."
            raise SalesforceError("LOGIN_DURING_RESTRICTED_DOMAIN", message)

    def change(self, password: str) -> None:
        self.password, self.expired = password, False
        self.failures, self.locked_until = 0, None

    def _count(self, now: datetime) -> None:
        self.failures += 1
        if self.failures >= ATTEMPTS:
            self.failures, self.locked_until = 0, now + LOCKED_FOR


def status_of(code: str) -> str:
    """How the history of sign-ins words a refusal."""
    return _STATUS.get(code, "Invalid Password")


def invalid_login() -> SalesforceError:
    return SalesforceError("INVALID_LOGIN", _INVALID)


def expired_password() -> SalesforceError:
    message = (
        "The users password has expired, you must call SetPassword before attempting any other API operations"
    )
    return SalesforceError("INVALID_OPERATION_WITH_EXPIRED_PASSWORD", message, 403)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
