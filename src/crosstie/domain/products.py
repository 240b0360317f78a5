"""Other products that work in an org: what the org shows of them, and what that tells.

Names of apps are shown and never kept: an administrator wrote them. Codes, ids, counts and names of fields are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

_PACKAGED = re.compile(r"([A-Za-z](?:[A-Za-z0-9]|_(?!_))*)__\w+?__c")


def namespace(field: str) -> str:
    """Of a field that came with a package; empty for any other."""
    found = _PACKAGED.fullmatch(field)
    return found[1] if found else ""


class Unseen(StrEnum):
    """What the org does not let us see."""

    SIGN_INS = "sign-ins"
    """Of others than the User we act as."""
    TOKENS = "tokens"
    """Likewise, what apps hold."""
    RECORDS = "records"
    """Who changed ours after us."""
    MANAGED = "managed"
    """Which Events Salesforce's own products keep."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Successful sign-ins of one User by one app."""

    app: str
    user_id: str
    times: int


@dataclass(frozen=True, slots=True)
class Held:
    """How many Users' access an app holds, and has used."""

    app: str
    users: int


@dataclass(frozen=True, slots=True)
class Edited:
    """Records of ours that a User changed last."""

    object: str
    user_id: str
    records: int
    """Without those that are the User's own."""
    filled: Mapping[str, int] = field(default_factory=dict)
    """Key-like field of another package → how many of all of them have a value there."""


@dataclass(frozen=True, slots=True)
class OrgLook:
    """The org as it was from `since` on, without what we did ourselves."""

    since: datetime
    signed_in: Sequence[SignedIn] = ()
    held: Sequence[Held] = ()
    edited: Sequence[Edited] = ()
    packages: frozenset[str] = frozenset()
    """Namespaces of the packages whose fields Events, Tasks and e-mails have."""
    managed: int = 0
    """Events that a product of Salesforce's own keeps, changed since."""
    unseen: frozenset[Unseen] = frozenset()


class Sign(StrEnum):
    """By what a product was told."""

    SIGNS_IN = "signs-in"
    HOLDS = "holds"
    FILLS = "fills"
    """Its package's fields get filled on records after we wrote them."""
    CHANGES = "changes"
    """It signs in again and again as a User who changes what we wrote."""
    MANAGES = "manages"


@dataclass(frozen=True, slots=True)
class Finding:
    """A product that may keep mailboxes and this org in step as we do."""

    product: str
    """Its code in the table of those that are known; empty for one that is not."""
    sign: Sign
    count: int
    """Sign-ins, Users, or records, by the sign."""
    app: str = ""
    user_id: str = ""
    namespace: str = ""
