"""UserRecordAccess: rows that exist only while they are asked for, one for each record named."""

from sandbox.salesforce.errors import malformed_query
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.records import Row
from sandbox.salesforce.sharing import Level
from sandbox.salesforce.soql.ast import Column, Compare, Condition, InList, Logic, Path, Query, Value
from sandbox.salesforce.soql.bind import Scope

NAME = "UserRecordAccess"
NOBODY = "000000000000000AAA"
MOST_RECORDS = 200
LEVELS = ("HasReadAccess", "HasEditAccess", "HasDeleteAccess", "HasTransferAccess", "HasAllAccess")
SHOWN = {"RecordId", "MaxAccessLevel", *LEVELS}


def access_rows(scope: Scope, query: Query) -> list[Row]:
    """Only what the asker may read himself, whoever is asked about."""
    where = query.where
    parts = where.parts if isinstance(where, Logic) and where.op == "AND" else (where,)
    users = [one for part in parts for one in _named(part, "userid")]
    records = [one for part in parts for one in _named(part, "recordid")]
    if len(users) != 1 or not records:
        raise malformed_query(f"{NAME} needs a filter by one UserId and by RecordId")
    if len(records) > MOST_RECORDS:
        raise malformed_query(f"{NAME} can be asked about no more than {MOST_RECORDS} records")
    _check_columns(query, by_level=len(parts) > 2)
    found = (_row(scope, users[0], record_id) for record_id in dict.fromkeys(records))
    return [row for row in found if row is not None]


def _named(part: Condition | None, field: str) -> list[Id]:
    """The ids one condition asks for."""
    values: tuple[Value, ...] = ()
    if isinstance(part, Compare) and part.op == "=":
        values = (part.value,)
    elif isinstance(part, InList) and part.op == "IN":
        values = tuple(part.values)
    left = getattr(part, "left", None)
    if not isinstance(left, Path) or left.names[-1].lower() != field:
        return []
    return [normalise(value.text) or value.text for value in values]


def _check_columns(query: Query, *, by_level: bool) -> None:
    names = set()
    for item in query.items:
        path = item.expression if isinstance(item, Column) else None
        names.add(path.names[-1].lower() if isinstance(path, Path) else "")
    allowed = {"recordid"} if by_level else {name.lower() for name in SHOWN}
    if "recordid" not in names or not names <= allowed:
        raise malformed_query(f"{NAME}: RecordId must be selected, and besides it only levels that are no filter")


def _row(scope: Scope, user: Id, record_id: Id) -> Row | None:
    core = scope.core
    row = core.live(record_id)
    if row is None:
        return None
    name = core.shape_of(record_id).name
    if not core.access.can_see(scope.user, name, row):
        return None
    level = core.access.level(user, name, row)
    return {
        "Id": NOBODY,
        "UserId": user,
        "RecordId": record_id,
        "HasReadAccess": level >= Level.READ,
        "HasEditAccess": core.access.can_edit(user, name, row),
        "HasDeleteAccess": core.access.can_delete(user, name, row),
        "HasTransferAccess": level >= Level.ALL,
        "HasAllAccess": level >= Level.ALL,
        "MaxAccessLevel": level.name.capitalize(),
    }
