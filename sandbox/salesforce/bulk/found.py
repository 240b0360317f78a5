"""What a query job finds: which queries are taken, and their rows as text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from sandbox.salesforce.bulk.csvtext import Row
from sandbox.salesforce.bulk.jobs import Job
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.org import Org
from sandbox.salesforce.site import Site
from sandbox.salesforce.soql.aggregate import is_aggregate
from sandbox.salesforce.soql.ast import Fields, Query, SubSelect, TypeOf
from sandbox.salesforce.soql.bind import Scope
from sandbox.salesforce.soql.parse import parse
from sandbox.salesforce.soql.project import Node, Parent, projection

STORAGE = "DailyBulkV2QueryFileStorageMB"
_MEGABYTE = 1024 * 1024
_UNSUITED = frozenset(("address", "location", "base64", "junctionidlist", "complexvalue"))


@dataclass(frozen=True, slots=True)
class Cell:
    path: tuple[str, ...]
    type: str

    @property
    def title(self) -> str:
        return ".".join(self.path)


def cells(org: Org, user: Id, soql: str, *, all_rows: bool) -> tuple[str, list[Cell]]:
    """The object asked about and the columns of the result; refuses what bulk queries do not do."""
    query = parse(soql)
    _refuse(query)
    scope = org.queries.scope(user, soql, query, all_rows=all_rows)
    node = projection(scope, query, _no_children)
    found = list(_cells(node, ()))
    unsuited = next((cell.title for cell in found if cell.type in _UNSUITED), None)
    if unsuited:
        raise _not_enabled(f"Selecting compound data not supported in Bulk Query: {unsuited}")
    return scope.shape.name, found


def _refuse(query: Query) -> None:
    if query.count_only or is_aggregate(query):
        raise _not_enabled("Aggregate Relationships not supported in Bulk Query")
    if query.offset:
        raise _not_enabled("OFFSET not supported in Bulk Query")
    if any(isinstance(item, Fields | TypeOf) for item in query.items):
        raise _not_enabled("FIELDS() and TYPEOF not supported in Bulk Query")


def _no_children(_item: SubSelect, _place: int, _scope: Scope) -> NoReturn:
    raise _not_enabled("Nested queries not supported in Bulk Query")


def _not_enabled(message: str) -> SalesforceError:
    return SalesforceError("FUNCTIONALITY_NOT_ENABLED", message)


def _cells(node: Node, before: tuple[str, ...]) -> "list[Cell]":
    found: list[Cell] = []
    for name, member in node.members.items():
        if isinstance(member, Parent):
            found += _cells(member.node, (*before, name))
            continue
        fact = node.shape.field(name) if node.shape else None
        found.append(Cell((*before, name), fact.type if fact else "string"))
    return found


def run(site: Site, job: Job, now: datetime) -> None:
    org, all_rows = site.org, job.operation == "queryAll"
    try:
        _, columns = cells(org, job.user, job.soql, all_rows=all_rows)
        records = every_row(org, job.user, job.soql, all_rows=all_rows)
    except SalesforceError as error:
        job.error = f"{error.code}: {error.message}"
        job.turn("Failed", now)
        return
    job.header = tuple(cell.title for cell in columns)
    job.rows = [_row(record, columns) for record in records]
    job.turn("JobComplete", now)
    size = sum(len(value) + 3 for row in job.rows for value in row)
    site.allowances[STORAGE].count(now, -(-size // _MEGABYTE))


def every_row(org: Org, user: Id, soql: str, *, all_rows: bool) -> list[dict[str, Any]]:
    page = org.query(user, soql, all_rows=all_rows)
    rows = list(page.records)
    while page.locator is not None:
        page = org.query_more(user, page.locator)
        rows += page.records
    return rows


def _row(record: dict[str, Any], columns: list[Cell]) -> Row:
    return tuple(_text(record, cell) for cell in columns)


def _text(record: dict[str, Any], cell: Cell) -> str:
    value: Any = record
    for name in cell.path:
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).replace("+0000", "Z") if cell.type == "datetime" else str(value)
