"""One write on its way in, what a request says about it, and what objects and customers may add to it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema

if TYPE_CHECKING:
    from sandbox.salesforce.dml import Dml


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What request headers say about one write."""

    allow_duplicates: bool = False
    """Sforce-Duplicate-Rule-Header allowSave: duplicates that only alert are saved."""
    duplicates_as_user: bool = False
    """runAsCurrentUser of the same: only what the user may see is a duplicate."""
    duplicate_details: bool = False
    """includeRecordDetails of the same: a refusal tells the duplicates' fields, not only their ids."""
    auto_assign: bool = True
    """Sforce-Auto-Assign: assignment rules are run unless it says FALSE."""
    assignment_rule: str = ""
    """The same header with an id: that rule in place of the active one."""
    replaces: Id = ""
    """The row that this one takes the place of, which is no duplicate of it."""
    update_only: bool = False
    """Upserts only: no match is NOT_FOUND instead of an insert."""
    unmodified_since: datetime | None = None
    """Refuse (412) when the row changed after this moment."""
    client: str = ""
    """Sforce-Call-Options client."""


PLAIN = WriteOptions()


@dataclass(frozen=True, slots=True)
class UpsertResult:
    id: Id
    created: bool


@dataclass(slots=True)
class Write:
    """One row on its way in. Rules change `draft`; None in it means no value."""

    dml: "Dml"
    user: Id
    shape: ObjectSchema
    old: Row | None
    draft: dict[str, Any]
    given: dict[str, Any] = field(default_factory=dict)
    """What the client sent, converted; a field sent as null is there with None."""
    lists: dict[str, list[Id]] = field(default_factory=dict)
    """The JunctionIdLists the client sent; null means an empty one."""
    options: WriteOptions = PLAIN

    @property
    def core(self) -> Core:
        return self.dml.core

    @property
    def id(self) -> Id:
        return str(self.draft["Id"])

    @property
    def new(self) -> bool:
        return self.old is None

    def changed(self, *names: str) -> bool:
        """The draft differs from what is stored in one of these fields."""
        old = self.old or {}
        return any(self.draft.get(name) != old.get(name) for name in names)

    def default(self, name: str, value: Any) -> None:
        if self.draft.get(name) is None:
            self.draft[name] = value


class Rules(Protocol):
    """What one object adds to the general steps. `rules.RULES` holds one for each object that adds something."""

    def prepare(self, write: Write) -> None:
        """Defaults, derived fields and refusals, before anything is stored."""

    def saved(self, write: Write) -> None:
        """What the vendor does on its own once the row is stored."""

    def goes_with(self, core: Core, row: Row) -> Iterable[Id]:
        """Rows that go when this one goes, beyond what the schema's cascades say; or why it may not go."""

    def skips_bin(self, core: Core) -> bool:
        """A row deleted by itself vanishes at once; what a cascade takes goes into the bin anyway."""

    def removed(self, core: Core, user: Id, row: Row) -> None:
        """What follows when a row was deleted by itself."""


def refuse_modified(row: Row, options: WriteOptions) -> None:
    since = options.unmodified_since
    if since is not None and row["SystemModstamp"] > since:
        raise SalesforceError("PRECONDITION_FAILED", "The record has been modified since the given time", 412)
