"""Records of a Salesforce org, as far as the engine needs to speak of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from crosstie.domain.reasons import Reason

Value = str | int | float | bool | bytes | date | datetime | tuple[str, ...] | None

EMAIL_MESSAGE = "EmailMessage"
TASK = "Task"
EVENT = "Event"
CONTACT = "Contact"
LEAD = "Lead"
USER, USER_LOGIN = "User", "UserLogin"
ACCOUNT = "Account"
OPPORTUNITY = "Opportunity"
CASE = "Case"
LINKED = (CONTACT, LEAD, ACCOUNT, OPPORTUNITY, CASE)
"""Kinds of records, besides colleagues, that a saved mail is linked or related to."""

KEY_FIELD = "Crosstie_Key__c"
"""Text, External ID, Unique: what makes a repeated insert harmless. See `domain/keys.py`."""


_ID = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Z]{3})?")
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


@lru_cache(maxsize=10_000)
def long_id(text: str) -> str:
    """The 18 characters of an id, whose last three tell the case of the others; empty for what is none."""
    if not _ID.fullmatch(text):
        return ""
    found = text[:15] + "".join(_SUFFIX[_capitals(text[start : start + 5])] for start in (0, 5, 10))
    return found if text in (found, found[:15]) else ""


def whole_id(text: str) -> str:
    """As `long_id`; what is none is told apart as it is."""
    return long_id(text) or text


PEOPLE_BY_PREFIX = {"003": CONTACT, "00Q": LEAD, "005": USER}
"""Which object an id is of, by its first characters: people alone, no rooms."""


def is_person(record_id: str) -> bool:
    return record_id[:3] in PEOPLE_BY_PREFIX


def _capitals(five: str) -> int:
    return sum(1 << place for place, character in enumerate(five) if "A" <= character <= "Z")


@dataclass(frozen=True, slots=True)
class Person:
    """A Contact, Lead or User that an address belongs to."""

    object: str
    record_id: str
    account_id: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """An open one that has an Account. `closes_on` is when its owner expects it to close."""

    record_id: str
    account_id: str
    owner_id: str
    closes_on: date
    modified_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ChildDraft:
    """A record that belongs to the one drafted above it: a file or a relation. `key` may be empty."""

    object: str
    parent_field: str
    fields: Mapping[str, Value]
    key: str = ""


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """What is written whole or not at all. The connector adds `key` as the key field where the org has one.

    `lookup` finds the record again by ordinary fields in an org without key fields: every pair must match.
    """

    object: str
    key: str
    fields: Mapping[str, Value]
    children: tuple[ChildDraft, ...] = ()
    lookup: Mapping[str, Value] = field(default_factory=dict)
    told_by: str = ""
    """The field of `fields` that holds when it happened: a record with our key and another day is another's."""
    files_also_on: str = ""
    """The record the mail is about, where its files are wanted there too."""
    order: str = ""
    """Drafts are written in this order (the Account's id), so that parallel row locks do not arise."""
    wished: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field → values that an administrator wants there. What the org does not take is left out, and told."""


class WriteStatus(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    """It is deleted, by us or before."""
    GONE = "gone"
    """What was to be updated, or deleted, is kept from us, or not there any more; which, `Crm.alive` says."""
    EXISTS = "exists"
    """The key was taken: the record had been written before, by us."""
    TAKEN = "taken"
    """The record that holds the key is another item's: of `record_id`, which happened at `moment`; or it is not
    shown to us, and nobody knows whose it is.
    """
    ALIKE = "alike"
    """Nothing was written: a duplicate rule of the org takes `record_id` for the same."""
    REFUSED = "refused"
    """A person has to do something; `reason` says what."""
    LATER = "later"
    """Nothing was written and trying again later is right: locks, limits, collateral of another's failure."""
    UNCLEAR = "unclear"
    """The answer was lost: the record may or may not be there."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a draft. `vendor_text` is for showing live only: it quotes content."""

    status: WriteStatus
    record_id: str = ""
    reason: Reason | None = None
    vendor_text: str = ""
    moment: datetime | None = None
    unpublished: int = 0
    """Files that are on the record, and that the org refused on the one the mail is about."""
    unmet: tuple[str, ...] = ()
    """Fields whose wished values the org did not take; the record is there without them."""


@dataclass(frozen=True, slots=True)
class FieldKind:
    """Of a field as the org describes it: its type, the longest text it takes, digits behind the point, and
    whether records can be chosen by it.
    """

    type: str
    length: int = 0
    decimals: int = 0
    filterable: bool = True


@dataclass(frozen=True, slots=True)
class RecordRef:
    object: str
    record_id: str


@dataclass(frozen=True, slots=True)
class RecordLinks:
    """What a saved mail's record is linked to in Salesforce at this moment; colleagues are left out."""

    what_id: str = ""
    people: tuple[Person, ...] = ()
    """Contacts and Leads, the one the record is about first."""


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A row of the org's change stream. `fields` holds only what the watch asked for."""

    object: str
    record_id: str
    modstamp: datetime
    deleted: bool
    owner_id: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A live record as the org shows it to us, with the fields that were asked for."""

    ref: RecordRef
    modstamp: datetime
    """Of an Event whose people are shown too the younger of its own and theirs: they change without it."""
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class RecordUpdate:
    """Fields to be written to a record that is there. `order` as in RecordDraft."""

    ref: RecordRef
    fields: Mapping[str, Value]
    order: str = ""


@dataclass(frozen=True, slots=True)
class Housed:
    """Accounts that a domain may stand for, each the first of its kind; empty where there is none."""

    by_people: str = ""
    """Most of the Contacts at the domain belong to it."""
    by_website: str = ""
    by_name: str = ""
    ours: str = ""
    """Made for this domain."""
    deleted: bool = False
    """One was made for it, and somebody deleted it."""
