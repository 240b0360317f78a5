"""A Salesforce org."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from crosstie.domain.products import OrgLook
from crosstie.domain.records import (
    FieldKind,
    Housed,
    Person,
    Record,
    RecordChange,
    RecordDraft,
    RecordLinks,
    RecordRef,
    RecordUpdate,
    Written,
)

SETTLE_TIME = timedelta(seconds=600)
"""How long Salesforce may still be working on a request whose answer was lost."""


@dataclass(frozen=True, slots=True)
class CrmCapabilities:
    """What this org offers, found by describe; refreshed at most every few hours."""

    enhanced_email: bool
    keyed: bool
    """EmailMessage and Task have our unique key field. Without it the org is *unkeyed*."""
    many_people: bool
    """Shared Activities: a Task may name several Contacts."""
    email_fields: Mapping[str, tuple[str, ...]]
    """Object → its fields of type Email, for Contact, Lead and User."""
    custom_fields: frozenset[str] = frozenset()
    """`Object.Field__c` of our package that exist and may be written."""
    lengths: Mapping[str, int] = field(default_factory=dict)
    """`Object.Field` → longest text it takes, for the fields that are written."""
    files: bool = True
    """ContentVersion can be created: attachments are saved as Files."""
    private: frozenset[str] = frozenset()
    """Of Contact, Lead and Account those whose records not everybody may read."""
    hosts: frozenset[str] = frozenset()
    """Hosts, with a port where it is no standard one, at which people see the org's records."""
    org_id: str = ""
    """The org's own id; empty where it was not told."""
    keyed_events: bool = False
    """Event has our unique key field."""
    many_people_on_events: bool = False
    """Shared Activities: an Event may name several Contacts."""
    long_events: bool = True
    """No Event was refused of late for lasting longer than a day: no description tells, only a refusal does."""
    writable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Object → the fields of its records that may be changed, for objects that are mirrored."""
    fields: Mapping[str, Mapping[str, FieldKind]] = field(default_factory=dict)
    """Object → its fields that we may read, for objects that are mirrored."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A position in one object's change stream: rows after (modstamp, record id), oldest first."""

    object: str
    since: datetime
    after_id: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangePage:
    object: str
    changes: tuple[RecordChange, ...]
    complete: bool
    """False: there may be further rows behind the last one."""


@dataclass(frozen=True, slots=True)
class ChangeSet:
    pages: tuple[ChangePage, ...]
    server_time: datetime
    """The org's own clock when it answered; the only clock watermarks are made of."""


@dataclass(frozen=True, slots=True)
class Mention:
    """What a mail names, for the user who saves it: records by id, Cases by reference, what the mails are related
    to that it answers, Cases by number; each in order.

    Of a reference's ids exactly one must be there. Of Cases found by number only open ones count that were created
    since `cases_since`.
    """

    user_id: str
    records: tuple[str, ...]
    cases: tuple[str, ...]
    cases_since: datetime
    references: tuple[tuple[str, ...], ...] = ()
    answered: tuple[str, ...] = ()
    """Message-IDs, the one answered directly first."""


class Removal(StrEnum):
    DONE = "done"
    """It is deleted, by us or before."""
    FORBIDDEN = "forbidden"
    """The person may not delete it."""
    REFUSED = "refused"
    """Something in the org stands in the way."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Somebody who may be there: under a canonical address, or as the record that was made with a key."""

    email: str
    key: str


@dataclass(frozen=True, slots=True)
class Traced:
    """Who it is now: whom a record was merged into or converted to, too."""

    people: tuple[Person, ...] = ()
    deleted: bool = False
    """A record was made by us, and somebody deleted it."""
    blind: bool = False
    """Addresses of Contacts or Leads are kept from us: who is there cannot be told."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record of an e-mail, whoever made it. What the record does not tell is empty or None."""

    message_id: str
    """Without angle brackets."""
    record: RecordRef
    created_at: datetime
    sender: str = ""
    """As the record has it."""
    at: datetime | None = None
    day: date | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A Lead or Contact that was made with a key of ours, as it is now."""

    record: RecordRef
    changed: bool
    """After it was made, by anybody."""
    hanging: tuple[str, ...] = ()
    """Kinds of other records that name it."""


class Crm(Protocol):
    """One org, opened with one identity. Every method raises the errors of `domain/errors.py`."""

    def capabilities(self) -> CrmCapabilities: ...

    def changes(self, watches: Sequence[Watch]) -> ChangeSet:
        """Rows changed since each watch (deleted ones too), at most five watches, in one metered call.

        An object that the org does not have or hides yields an empty, complete page.
        """

    def create(self, drafts: Sequence[RecordDraft], *, duplicates: bool = True) -> Sequence[Written]:
        """Write each draft with its children, whole or not at all, in as few metered calls as possible.

        One result a draft, in order. EXISTS is answered with the id of the record that holds the key, and its
        children have been completed; TAKEN where it happened on another day than this draft by its `told_by`: it
        is left as it is. Of what is mirrored `unmet` names the fields that the org did not take. Where duplicates
        are not wanted, the org's duplicate rules are obeyed although they only warn, and ALIKE names the record
        they found. Never raises for one draft's failure; raises Throttled or NeedsConsent when nothing was sent.
        """

    def records(self, records: Sequence[RecordRef], fields: Mapping[str, Sequence[str]]) -> Mapping[str, Record]:
        """Id → the record with the fields of its object that the org has, in as few metered calls as possible;
        what is deleted, or kept from us, is left out.
        """

    def update(self, updates: Sequence[RecordUpdate]) -> Sequence[Written]:
        """Write each by itself, in as few metered calls as possible; one result each, in order: UPDATED, GONE,
        REFUSED, LATER or UNCLEAR. Fields that the org lacks or keeps from us are left out, and `unmet`; where we
        may read a field and not write it the rest is written, and the update is REFUSED for that field. What is
        UNCLEAR may come later, over whatever is written meanwhile. Raises as `create` does.
        """

    def delete(self, records: Sequence[RecordRef]) -> Sequence[Written]:
        """Into the org's recycle bin, each by itself: DELETED, GONE, REFUSED, LATER or UNCLEAR. Repeating a delete
        does no harm. Raises as `create` does.
        """

    def find(self, drafts: Sequence[RecordDraft], *, deleted_too: bool = False) -> Mapping[str, str]:
        """Draft key → id of the record that is already there, by key field or, unkeyed, by `lookup`. Of deleted
        ones the recycle bin still tells the key; a live record comes first.
        """

    def complete(self, drafts: Sequence[RecordDraft], record_ids: Sequence[str]) -> Sequence[Written]:
        """Add the children that the records found for these drafts lack; one result a draft, in order.

        EXISTS when it is whole. A write as `create` is one: without keys, what is UNCLEAR may still come.
        """

    def recorded(self, message_ids: Sequence[str], task_fields: Sequence[str]) -> Sequence[Recorded]:
        """Live records of mails with these Message-IDs, the oldest first: EmailMessages by their own field, Tasks
        by those of `task_fields` that the org has.
        """

    def stamp(self, keys: Mapping[RecordRef, str]) -> frozenset[str]:
        """Write our key on records that have none; ids of those that have it now. Repeating does no harm.

        Raises Unclear where the answer was lost.
        """

    def has_room(self) -> bool:
        """Whether today's calls last for what can wait as well; costs none."""

    def alive(self, records: Sequence[RecordRef]) -> Mapping[str, bool]:
        """Record id → False when its delete is confirmed; an id that is merely invisible is left out."""

    def links(self, records: Sequence[RecordRef]) -> Mapping[str, RecordLinks]:
        """Id → what the record of a saved mail is linked to now, without whom somebody added to an EmailMessage
        who is not on the mail; what is not there, or is kept from us, is left out.
        """

    def named(self, mentions: Sequence[Mention]) -> Sequence[str]:
        """For each the id of the first record that is there and that its user may read; empty where none is."""

    def hidden(self, claims: Iterable[tuple[str, str]]) -> Set[tuple[str, str]]:
        """Of pairs of a user and a record those where the user may not read it. What the org does not tell is not
        hidden, and what was readable within the hour is believed to be.
        """

    def remove(self, record: RecordRef, user_id: str) -> Removal:
        """Delete a record that we wrote, with its files, if this user may; the org's recycle bin keeps it."""

    def made(self, keys: Sequence[str], besides: RecordRef) -> Mapping[str, Made]:
        """Key → the Lead or Contact made with it, if it is there. What names it because of the saved mail
        `besides` does not count. In an org without key fields nothing is known to be made.
        """

    def trace(self, sought: Sequence[Sought]) -> Sequence[Traced]:
        """Contacts and Leads as the org has them this moment, one answer each, in order."""

    def persons(self, record_ids: Sequence[str]) -> Mapping[str, Person]:
        """Id → the live Contact or Lead, of a Person Account its Contact; others are left out."""

    def person_type(self) -> str:
        """The record type of new Person Accounts; empty where the org has none."""

    def accounts(self, domains: Mapping[str, str]) -> Mapping[str, Housed]:
        """Domain → key of the Account that may have been made for it; answers every domain."""

    def products(self, since: datetime) -> OrgLook:
        """What other products did in the org since then, in one metered call; what it does not let us see is
        named, not guessed.
        """
