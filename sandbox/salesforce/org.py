"""One Salesforce org: its rows, its rules, its query language. No HTTP here."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox.clock import Clock
from sandbox.salesforce.ids import Id
from sandbox.switches import Switches


@dataclass(slots=True)
class Features:
    """What this org has switched on in its set-up."""

    enhanced_email: bool = True
    shared_activities: bool = True
    multiday_events: bool = True
    person_accounts: bool = False


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What request headers say about one write."""

    allow_duplicates: bool = False
    """Sforce-Duplicate-Rule-Header allowSave."""
    auto_assign: bool = True
    update_only: bool = False
    """Upserts only: no match is NOT_FOUND instead of an insert."""
    unmodified_since: datetime | None = None
    """Refuse (412) when the row changed after this moment."""
    client: str = ""
    """Sforce-Call-Options client."""


@dataclass(frozen=True, slots=True)
class UpsertResult:
    id: Id
    created: bool


@dataclass(frozen=True, slots=True)
class QueryPage:
    """One page of a query. `records` are REST-shaped; for `SELECT COUNT() FROM ...` they are empty."""

    total_size: int
    done: bool
    records: list[dict[str, Any]]
    locator: str | None
    """`01g...-2000`, to be put behind `/query/` by the face; None when done."""


class Org:
    """`user` arguments are ids of User rows; whatever is refused raises SalesforceError and changes nothing.

    Values in `fields` are as JSON has them: str, bool, int, float, None, date and datetime as ISO text
    (date and datetime objects are taken too), JunctionIdLists as a list of ids, VersionData as base64 text
    or, for multipart uploads, as bytes. A relation may be given by external id as the vendor allows:
    `{"Account": {"Ext__c": "value"}}`.
    """

    id: Id
    name: str
    features: Features
    url_prefix: str
    """What `attributes.url` starts with: `/services/data/v67.0/sobjects`."""
    admin: Id
    """The User who exists from the start, a System Administrator with View All Data."""

    def __init__(
        self,
        clock: Clock,
        dice: random.Random,
        *,
        org_id: str | None = None,
        name: str = "Acme",
        switches: Switches | None = None,
    ) -> None:
        raise NotImplementedError

    def load_package(self, path: Path) -> None:
        """Add the custom fields of SFDX source: every `objects/*/fields/*.field-meta.xml` below `path`."""
        raise NotImplementedError

    # -- people and access ---------------------------------------------------------------------------

    def add_user(self, email: str, first_name: str, last_name: str, **fields: Any) -> Id:
        """A standard user; `fields` replace the defaults (Username defaults to the address)."""
        raise NotImplementedError

    def user_by_username(self, username: str) -> Id | None:
        """The active user of that Username, whatever its case."""
        raise NotImplementedError

    def hide_field(
        self, object_name: str, field: str, *, user: Id | None = None, profile: Id | None = None
    ) -> None:
        """Field-level security: for these people the field does not exist. Neither given: for everybody."""
        raise NotImplementedError

    def show_field(
        self, object_name: str, field: str, *, user: Id | None = None, profile: Id | None = None
    ) -> None:
        """Takes back hide_field with the same arguments."""
        raise NotImplementedError

    def set_sharing(self, object_name: str, *, private: bool) -> None:
        """Org-wide default: private rows are seen by their owner, those shared with, and View All Data."""
        raise NotImplementedError

    def share(self, record_id: Id, user: Id) -> None:
        raise NotImplementedError

    def unshare(self, record_id: Id, user: Id) -> None:
        raise NotImplementedError

    # -- rows ----------------------------------------------------------------------------------------

    def insert(
        self, user: Id, object_name: str, fields: dict[str, Any], *, options: WriteOptions = WriteOptions()
    ) -> Id:
        raise NotImplementedError

    def update(
        self,
        user: Id,
        object_name: str,
        record_id: Id,
        fields: dict[str, Any],
        *,
        options: WriteOptions = WriteOptions(),
    ) -> None:
        raise NotImplementedError

    def upsert(
        self,
        user: Id,
        object_name: str,
        field: str,
        value: Any,
        fields: dict[str, Any],
        *,
        options: WriteOptions = WriteOptions(),
    ) -> UpsertResult:
        """By external id or idLookup field (or Id).

        Several matches raise code DUPLICATE_EXTERNAL_ID, status 300, `extra["matches"]` the URLs.
        """
        raise NotImplementedError

    def delete(self, user: Id, record_id: Id, *, options: WriteOptions = WriteOptions()) -> None:
        """Into the recycle bin, with what hangs on it."""
        raise NotImplementedError

    def undelete(self, user: Id, record_id: Id) -> None:
        raise NotImplementedError

    def purge(self, record_id: Id) -> None:
        """Out of the recycle bin for good: the row is in no query any more."""
        raise NotImplementedError

    def get(
        self, user: Id, object_name: str, record_id: Id, fields: list[str] | None = None
    ) -> dict[str, Any]:
        """One row in REST shape, all fields the user may see unless `fields` names some; 404 NOT_FOUND."""
        raise NotImplementedError

    def find_by_external_id(self, user: Id, object_name: str, field: str, value: Any) -> list[Id]:
        """Live rows with that external-id or idLookup value."""
        raise NotImplementedError

    def blob(self, user: Id, record_id: Id, field: str) -> bytes:
        """The bytes of a base64 field (ContentVersion.VersionData)."""
        raise NotImplementedError

    def object_of(self, record_id: str) -> str:
        """The object a record id belongs to, by its key prefix; MALFORMED_ID when there is none."""
        raise NotImplementedError

    def transaction(self) -> AbstractContextManager[None]:
        """All of it or none: an exception that leaves the block undoes every write made in it. Nests."""
        raise NotImplementedError

    # -- queries -------------------------------------------------------------------------------------

    def query(self, user: Id, soql: str, *, all_rows: bool = False, batch_size: int = 2000) -> QueryPage:
        """`all_rows` is queryAll: deleted and archived rows too."""
        raise NotImplementedError

    def query_more(self, user: Id, locator: str) -> QueryPage:
        raise NotImplementedError

    def describe(self, user: Id, object_name: str) -> dict[str, Any]:
        """As REST has it, without the `urls` member; only fields this user may see."""
        raise NotImplementedError

    def describe_global(self, user: Id) -> dict[str, Any]:
        raise NotImplementedError

    # -- what a customer has set up ------------------------------------------------------------------

    def add_validation_rule(
        self,
        object_name: str,
        predicate: Callable[[dict[str, Any]], bool],
        message: str,
        field: str | None = None,
    ) -> None:
        """Refuse writes whose row-to-be satisfies `predicate` (values as stored: dates are date objects)."""
        raise NotImplementedError

    def add_automation(self, object_name: str, when: str, function: "Automation") -> None:
        """A customer's flow; `when` is before (may change the row to be), after_insert, after_update
        or after_delete."""
        raise NotImplementedError

    def add_duplicate_rule(self, object_name: str, fields: tuple[str, ...], name: str) -> None:
        """DUPLICATES_DETECTED for inserts whose named fields all equal those of a live row."""
        raise NotImplementedError


Automation = Callable[[Org, Id, dict[str, Any]], None]
"""`function(org, user, row)`: a before-automation changes `row`, an after-automation writes through `org`."""
