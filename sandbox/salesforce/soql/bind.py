"""Names in a query looked up in the schema, as this user may see it; what is found can read its value of a row."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sandbox.salesforce import calculated
from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.soql.ast import Join, Path, Query
from sandbox.salesforce.soql.dates import Calendar, calendar_of
from sandbox.salesforce.soql.tokens import located
from sandbox.switches import declare

ACTIVITY_LISTS_ARE_QUERIED = declare(
    "salesforce.activity_lists_are_queried",
    default=True,
    question="May a query name the lists of an activity's people, which no description has among its fields?",
    source="object reference calls them fields; recorded descriptions name them with a relationship",
)
MAX_HOPS = 5
AGGREGATES = frozenset({"COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"})
_HINT = "Please reference your WSDL or the describe call for the appropriate names."

NAME_FIELDS = {
    item.name.lower(): item
    for item in (
        Field("Id", "id", 18),
        Field("Name", "string", 255),
        Field("Type", "picklist", 40),
        Field("FirstName", "string", 40),
        Field("LastName", "string", 80),
        Field("Email", "email", 80),
        Field("Phone", "phone", 40),
        Field("Title", "string", 128),
        Field("Username", "string", 80),
        Field("Alias", "string", 8),
        Field("IsActive", "boolean"),
        Field("NameOrAlias", "string", 255),
        Field("ProfileId", "reference", 18, to=("Profile",), rel="Profile"),
        Field("RecordTypeId", "reference", 18, to=("RecordType",), rel="RecordType"),
        Field("UserRoleId", "reference", 18, to=("UserRole",), rel="UserRole"),
        Field("LastViewedDate", "datetime"),
        Field("LastReferencedDate", "datetime"),
    )
}
"""What can be asked of a relationship that may lead to several objects."""
NAME_RELATIONS = {item.rel.lower(): item for item in NAME_FIELDS.values() if item.rel is not None}


@dataclass(frozen=True, slots=True)
class Bound:
    """An expression that can be evaluated; `get` takes a row, or a group of rows where groups are judged."""

    fact: Field
    get: Callable[[Any], Any]
    direct: str | None = None
    """Name of the field, when it is one of the row itself: an index on it may be used."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step up: `fact` is the reference, `shape` where it leads, None when that depends on the row."""

    fact: Field
    shape: ObjectSchema | None


@dataclass(slots=True)
class Scope:
    """The object a query reads, and everything names are looked up with."""

    core: Core
    user: Id
    text: str
    shape: ObjectSchema
    alias: str | None
    all_rows: bool
    joins: tuple[Join, ...] = ()
    zone: ZoneInfo = field(init=False)
    calendar: Calendar = field(init=False)

    SEEN: ClassVar = ("LastViewedDate", "LastReferencedDate")
    """Fields that differ by who asks."""

    def __post_init__(self) -> None:
        row = self.core.access.user(self.user) or {}
        self.zone = ZoneInfo(row.get("TimeZoneSidKey", "UTC"))
        self.calendar = calendar_of(self.core.organization, row.get("LocaleSidKey", "en_US"))
        for join in self.joins:
            if len(join.path.names) == 1:
                message = "Only one object can be named in the FROM clause"
                raise self.error(join.path.at, message, "MALFORMED_QUERY")
            self.hops(Path((*join.path.names, "Id"), join.path.at))

    def today(self) -> date:
        return self.core.clock.now().astimezone(self.zone).date()

    def error(self, at: int, message: str, code: str = "INVALID_FIELD") -> SalesforceError:
        return located(self.text, at, message, code)

    # -- names

    def own_names(self, path: Path) -> tuple[str, ...]:
        """The path without a leading alias or object name; a name given to a way up is spelled out."""
        return self._own_names(path, self.joins)

    def _own_names(self, path: Path, joins: tuple[Join, ...]) -> tuple[str, ...]:
        """`joins` are those that stood before: a way up may begin with an earlier one."""
        first = path.names[0].lower()
        for place, join in enumerate(joins):
            if len(path.names) > 1 and first == (join.alias or join.path.names[-1]).lower():
                return (*self._own_names(join.path, joins[:place]), *path.names[1:])
        if len(path.names) == 1 or self.shape.parent(first) is not None:
            return path.names
        own = {self.shape.name.lower(), (self.alias or "").lower()}
        return path.names[1:] if first in own else path.names

    def hops(self, path: Path) -> tuple[list[Hop], str]:
        """The way up a path goes, and the field at its end."""
        *relations, last = self.own_names(path)
        if len(relations) > MAX_HOPS:
            raise self.error(path.at, "No more than 5 levels of relationships can be traversed", "MALFORMED_QUERY")
        shape: ObjectSchema | None = self.shape
        found: list[Hop] = []
        for name in relations:
            fact = shape.parent(name) if shape is not None else NAME_RELATIONS.get(name.lower())
            hidden = fact and shape and self.core.access.hides(self.user, shape.name, fact.name)
            targets = [self.core.schema.object(target) for target in fact.to] if fact is not None else []
            if fact is None or hidden or not any(targets):
                raise self.error(
                    path.at,
                    f"Didn't understand relationship '{name}' in field path. If you are attempting to use a "
                    "custom relationship, be sure to append the '__r' after the custom relationship name. "
                    + _HINT,
                )
            shape = targets[0] if len(targets) == 1 else None
            found.append(Hop(fact, shape))
        return found, last

    def column(self, shape: ObjectSchema | None, name: str, at: int) -> Field:
        """A field of an object, or of the Name every record has."""
        fact = NAME_FIELDS.get(name.lower()) if shape is None else shape.field(name)
        hidden = (
            fact is not None and shape is not None and self.core.access.hides(self.user, shape.name, fact.name)
        )
        unlisted = fact is not None and fact.type == "junctionidlist" and not self._lists_are_queried(shape)
        if fact is None or hidden or unlisted:
            raise self.error(at, no_such_column(name, "Name" if shape is None else shape.name).message)
        return fact

    def _lists_are_queried(self, shape: ObjectSchema | None) -> bool:
        described = shape is None or shape.name not in ("Event", "Task")
        return described or self.core.switches.on(ACTIVITY_LISTS_ARE_QUERIED)

    # -- values

    def parent(self, row: Row, hop: Hop) -> Row | None:
        found = self.core.row(row.get(hop.fact.name))
        return None if found is not None and found.get("IsDeleted") and not self.all_rows else found

    def climb(self, row: Row, hops: list[Hop]) -> Row | None:
        current: Row | None = row
        for hop in hops:
            if current is None:
                return None
            current = self.parent(current, hop)
        return current

    def path(self, path: Path) -> Bound:
        hops, last = self.hops(path)
        shape = hops[-1].shape if hops else self.shape
        fact = self.column(shape, last, path.at)
        read = self.reader(shape, fact)
        if not hops:
            return Bound(fact, read, fact.name)

        def get(row: Row) -> Any:
            found = self.climb(row, hops)
            return None if found is None else read(found)

        return Bound(fact, get)

    def reader(self, shape: ObjectSchema | None, fact: Field) -> Callable[[Row], Any]:
        name = fact.name
        if shape is None and name in ("Name", "NameOrAlias"):
            return self._record_name
        if shape is None and name == "Type":
            return self._record_type
        if name in self.SEEN:
            return lambda row: self.core.seen.get((self.user, row["Id"]), {}).get(name, row.get(name))
        if fact.formula and shape is not None:
            return partial(calculated.read, self.core, shape, fact)
        if fact.type == "boolean":
            return lambda row: bool(row.get(name))
        return lambda row: row.get(name)

    def _record_name(self, row: Row) -> Any:
        fact = self.core.shape_of(row["Id"]).name_field
        return row.get(fact.name) if fact else None

    def _record_type(self, row: Row) -> str:
        """The object; of a group what kind it is, when that is a queue."""
        name = self.core.shape_of(row["Id"]).name
        return "Queue" if name == "Group" and row.get("Type") == "Queue" else name

    def coordinates(self, path: Path) -> tuple[Bound, Bound]:
        """Latitude and longitude of a compound address or geolocation."""
        *before, last = path.names
        stem = last[: -len("Address")]
        ends = ("Latitude", "Longitude")
        if last.lower().endswith("__c"):
            stem, ends = last[:-1], ("Latitude__s", "Longitude__s")
        one, other = (self.path(Path((*before, stem + end), path.at)) for end in ends)
        return one, other


def no_such_column(name: str, object_name: str) -> SalesforceError:
    return SalesforceError(
        "INVALID_FIELD",
        f"No such column '{name}' on entity '{object_name}'. If you are attempting to use a custom field, be sure "
        f"to append the '__c' after the custom field name. {_HINT}",
    )


def open_scope(core: Core, user: Id, text: str, query: Query, object_name: str, *, all_rows: bool) -> Scope:
    """What names of a query on this object are looked up with."""
    shape = core.schema.object(object_name)
    if shape is None or not core.access.may(user, shape.name, "read"):
        raise located(
            text,
            query.source.at,
            f"sObject type '{object_name}' is not supported. If you are attempting to use a custom object, be "
            f"sure to append the '__c' after the entity name. {_HINT}",
            "INVALID_TYPE",
        )
    return Scope(core, user, text, shape, query.alias, all_rows, query.joins)
