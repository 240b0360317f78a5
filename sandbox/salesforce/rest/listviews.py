"""List views: which there are, what they ask for, and their rows as a person reads them."""

from datetime import UTC, date, datetime
from typing import Any

from sandbox.digits import is_whole
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.listviews import View, condition_of, orders
from sandbox.salesforce.records import Row
from sandbox.salesforce.rest.exchange import Answer, Ask
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.values import parse_datetime

USUAL_ROWS, MOST_ROWS = 25, 2000


def listed(ask: Ask, object_name: str) -> Answer:
    return _listing(ask, object_name, ask.org.list_views.of_object(object_name))


def recent(ask: Ask, object_name: str) -> Answer:
    return _listing(ask, object_name, ask.org.list_views.recent(ask.user, object_name))


def one(ask: Ask, object_name: str, view_id: str) -> Answer:
    return Answer(200, _summary(ask, ask.org.list_views.view(ask.user, object_name, view_id).row))


def describe(ask: Ask, object_name: str, view_id: str) -> Answer:
    view = ask.org.list_views.view(ask.user, object_name, view_id)
    definition = view.definition
    body = {
        "columns": _columns(view),
        "id": view.row["Id"],
        "orderBy": [
            {"fieldNameOrPath": name, "nullsPosition": "first", "sortDirection": _direction(way)}
            for name, way in orders(definition)
        ],
        "query": view.soql,
        "relatedEntityId": None,
        "scope": None if definition.scope == "everything" else definition.scope,
        "scopeEntityId": None,
        "sobjectType": view.row["SobjectType"],
        "whereCondition": condition_of(view.soql),
    }
    return Answer(200, body)


def results(ask: Ask, object_name: str, view_id: str) -> Answer:
    view = ask.org.list_views.view(ask.user, object_name, view_id)
    limit, offset = _number(ask, "limit", USUAL_ROWS), _number(ask, "offset", 0)
    records = ask.org.list_views.results(ask.user, view, limit, offset)
    body = {
        "columns": _columns(view),
        "developerName": view.row["DeveloperName"],
        "done": len(records) < limit,
        "id": view.row["Id"],
        "label": view.row["Name"],
        "records": [{"columns": _row(record, view)} for record in records],
        "size": len(records),
    }
    return Answer(200, body)


def _listing(ask: Ask, object_name: str, rows: list[Row]) -> Answer:
    body = {
        "done": True,
        "listviews": [_summary(ask, row) for row in rows],
        "nextRecordsUrl": None,
        "size": len(rows),
        "sobjectType": ask.org.schema.object(object_name).name,  # type: ignore[union-attr]
    }
    return Answer(200, body)


def _summary(ask: Ask, row: Row) -> dict[str, Any]:
    url = f"{ask.base}/sobjects/{row['SobjectType']}/listviews/{row['Id']}"
    return {
        "describeUrl": f"{url}/describe",
        "developerName": row["DeveloperName"],
        "id": row["Id"],
        "label": row["Name"],
        "resultsUrl": f"{url}/results",
        "soqlCompatible": bool(row.get("IsSoqlCompatible")),
        "url": url,
    }


def _columns(view: View) -> list[dict[str, Any]]:
    ways = dict(orders(view.definition))
    places = {name: place for place, name in enumerate(ways)}
    return [
        {
            "ascendingLabel": None if hidden else "Z-A",
            "descendingLabel": None if hidden else "A-Z",
            "fieldNameOrPath": name,
            "hidden": hidden,
            "label": fact.label,
            "searchable": not hidden and fact.type in ("string", "email", "phone", "url"),
            "selectListItem": f"toLabel({name})" if f"toLabel({name})" in view.soql else name,
            "sortDirection": _direction(ways[name]) if name in ways else None,
            "sortIndex": places.get(name),
            "sortable": fact.sortable,
            "type": fact.type,
        }
        for name, fact, hidden in view.columns
    ]


def _row(record: dict[str, Any], view: View) -> list[dict[str, Any]]:
    return [{"fieldNameOrPath": name, "value": _read(record, name, fact)} for name, fact, _ in view.columns]


def _direction(way: str) -> str:
    return "ascending" if way == "ASC" else "descending"


def _read(record: dict[str, Any], path: str, fact: Field) -> str | None:
    """Every value is text; days and moments as Java writes them."""
    value: Any = record
    for name in path.split("."):
        value = None if value is None else value.get(name)
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).lower()
    if fact.type == "datetime":
        moment = parse_datetime(value)
        return value if moment is None else _moment(moment)
    if fact.type == "date":
        day = date.fromisoformat(value)
        return _moment(datetime(day.year, day.month, day.day, tzinfo=UTC))
    return str(value)


def _moment(moment: datetime) -> str:
    return f"{moment:%a %b %d %H:%M:%S} GMT {moment:%Y}"


def _number(ask: Ask, name: str, usual: int) -> int:
    text = ask.query.get(name, str(usual))
    if not is_whole(text) or int(text) > MOST_ROWS:
        raise SalesforceError("NUMBER_OUTSIDE_VALID_RANGE", f"{name}: value outside of valid range: {text}")
    return int(text)
