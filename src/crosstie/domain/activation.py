"""Many mailboxes activated in one action: whom it is about, and how far each of them got."""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where the people of a run come from."""

    USERS = "users"
    """Everybody who is an active user of the org."""
    GROUP = "group"
    """The members of a group of the mailboxes' vendor."""
    FILE = "file"


class Stage(StrEnum):
    LOOKING = "looking"
    """It is found out of each person what an activation would do."""
    READY = "ready"
    """All is known, and nobody said yet that it may begin."""
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """How far one person got."""

    WAITING = "waiting"
    KNOWN = "known"
    """Salesforce was asked about them, their mailbox was not."""
    READY = "ready"
    """Nothing stands in the way of the mailbox."""
    ACTIVE = "active"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as a source names them. Empty: the source does not tell."""

    address: str
    """Canonical (domain/address.py)."""
    name: str = ""
    crm_user_id: str = ""
    time_zone: str = ""
    """IANA name."""
    profile: str = ""
    license: str = ""


@dataclass(frozen=True, slots=True)
class CrmUser:
    """A user of the org."""

    user_id: str
    name: str
    email: str
    """Canonical."""
    active: bool
    person: bool
    """Of the type that people have who sign in; not one of a site, an integration or a machine."""
    time_zone: str
    """IANA name."""


@dataclass(frozen=True, slots=True)
class Member:
    """Of a group."""

    address: str
    """Canonical; of somebody without one, the name they sign in with."""
    name: str
