"""Ways in which sync stops, by the code that sessions or ticks ended with, and who can mend it."""

from enum import StrEnum


class Cause(StrEnum):
    """Each has its own reason and steps (accounts/trouble/letters.py)."""

    REVOKED = "revoked"
    """The owner's password was changed, or their sign-ins were ended: Microsoft says the same of both."""
    SIGN_IN = "sign-in"
    CONSENT = "consent"
    USER_DISABLED = "user-disabled"
    POLICY = "policy"
    NO_MAILBOX = "no-mailbox"
    MAIL_APP = "mail-app"
    """The app that enters mailboxes cannot prove itself."""
    CRM_BLOCKED = "crm-blocked"
    CRM_APP = "crm-app"
    CRM_USER = "crm-user"
    OWN_USER = "own-user"
    """The Salesforce user of the mailbox's owner is inactive."""
    CRM_API = "crm-api"
    CRM_ACCESS = "crm-access"
    CRM_FIELDS = "crm-fields"
    CRM_LIMIT = "crm-limit"
    UNREACHABLE = "unreachable"
    OTHER = "other"


class Mender(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    SIGN_IN = "sign-in"
    """An administrator, who signs in to the org as the user that we act as."""
    NOBODY = "nobody"
    """It passes by itself."""


USER_INACTIVE = "USER-INACTIVE"
"""A mailbox's own user, which no session has to meet: the tick reads it."""
APP = "GRAPH-APP-"
"""How codes of an app begin that Microsoft does not accept: they concern all mailboxes that it enters."""
CRM = "CRM-"
"""How codes of Salesforce's errors begin: they concern the org, not the mailbox that met them."""
_CAUSES = (
    ("GRAPH-SIGN-IN-REVOKED", Cause.REVOKED),
    ("GRAPH-SIGN-IN-CONSENT", Cause.CONSENT),
    ("GRAPH-SIGN-IN-DISABLED", Cause.USER_DISABLED),
    ("GRAPH-SIGN-IN-POLICY", Cause.POLICY),
    ("GRAPH-SIGN-IN", Cause.SIGN_IN),
    ("GRAPH-UNAUTHORIZED", Cause.SIGN_IN),
    ("GRAPH-ACCESS-DENIED", Cause.CONSENT),
    ("GRAPH-APP-CONSENT", Cause.CONSENT),
    (APP, Cause.MAIL_APP),
    ("GRAPH-NO-CREDENTIAL", Cause.MAIL_APP),
    ("GRAPH-NO-MAILBOX", Cause.NO_MAILBOX),
    ("CRM-TOKEN-APP-", Cause.CRM_BLOCKED),
    ("CRM-TOKEN-CLIENT", Cause.CRM_APP),
    ("CRM-TOKEN-SCOPE", Cause.CRM_APP),
    ("CRM-PRIVATE-KEY", Cause.CRM_APP),
    ("CRM-TOKEN-INACTIVE-USER", Cause.CRM_USER),
    (USER_INACTIVE, Cause.OWN_USER),
    ("CRM-API-DISABLED", Cause.CRM_API),
    ("CRM-TOKEN-HTTP", Cause.UNREACHABLE),
    ("CRM-TOKEN-", Cause.CRM_ACCESS),
    ("CRM-SESSION", Cause.CRM_ACCESS),
    ("CRM-NO-REFRESH-TOKEN", Cause.CRM_ACCESS),
    ("CRM-INVALID-FIELD", Cause.CRM_FIELDS),
    ("CRM-INVALID-TYPE", Cause.CRM_FIELDS),
    ("CRM-NOT-FOUND", Cause.CRM_FIELDS),
    ("CRM-INSUFFICIENT-ACCESS", Cause.CRM_FIELDS),
    ("CRM-LIMIT", Cause.CRM_LIMIT),
    ("CRM-BUDGET", Cause.CRM_LIMIT),
    ("CRM-BUSY", Cause.CRM_LIMIT),
    ("CRM-CONCURRENT", Cause.CRM_LIMIT),
    ("CRM-LOGIN-RATE", Cause.CRM_LIMIT),
    ("GRAPH-THROTTLED", Cause.CRM_LIMIT),
    ("NET-ADDRESS", Cause.OTHER),
    ("NET-TOO-LARGE", Cause.OTHER),
    ("NET-", Cause.UNREACHABLE),
    ("SLOW", Cause.UNREACHABLE),
    ("CRM-HTTP-", Cause.UNREACHABLE),
    ("CRM-ANSWER", Cause.UNREACHABLE),
    ("CRM-SERVER-UNAVAILABLE", Cause.UNREACHABLE),
    ("GRAPH-UNAVAILABLE", Cause.UNREACHABLE),
    ("GRAPH-GARBLED", Cause.UNREACHABLE),
    ("GRAPH-LOST", Cause.UNREACHABLE),
)
"""Beginnings of codes; the first that fits."""
OWNERS = frozenset({Cause.REVOKED, Cause.SIGN_IN, Cause.CONSENT})
"""What whoever signs in to their own mailbox can mend; an app that enters by itself is an administrator's."""
_ORGS = frozenset({Cause.CRM_ACCESS, Cause.CRM_USER})
"""What signing in mends where the org is entered with somebody's sign-in."""


def cause(code: str) -> Cause:
    return next((found for beginning, found in _CAUSES if code.startswith(beginning)), Cause.OTHER)


def mender(why: Cause, *, delegated: bool) -> Mender:
    """`delegated`: the mailbox is entered with its owner's own sign-in, or the org with a user's."""
    if why is Cause.CRM_LIMIT:
        return Mender.NOBODY
    if delegated and why in OWNERS:
        return Mender.OWNER
    return Mender.SIGN_IN if delegated and why in _ORGS else Mender.ADMIN


def is_crm(code: str) -> bool:
    return code.startswith(CRM)
