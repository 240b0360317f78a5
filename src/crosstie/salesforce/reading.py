"""Live records by their ids, with what the org shows of them: a thousand for one metered call."""

from collections.abc import Iterator, Mapping, Sequence

from crosstie.domain.errors import Refused
from crosstie.domain.records import EVENT, Record, RecordRef, Value
from crosstie.salesforce import relations, soql
from crosstie.salesforce.changes import NO_DELETED
from crosstie.salesforce.client import Client
from crosstie.salesforce.describe import Schema, SchemaCache
from crosstie.salesforce.queries import Row, fetch
from crosstie.salesforce.relations import IS_DELETED, LISTS, OF_EVENT, STAMP, Lists
from crosstie.salesforce.values import parse_moment, typed

TOGETHER = 200
"""Ids of one query. A page of wide rows may be as short as that, and each further page would be a call."""
FIRST = "WhoId"
_SCHEMA_MOVED = ("CRM-INVALID-FIELD", "CRM-INVALID-TYPE", "CRM-MALFORMED-QUERY")


def records(
    client: Client, schemas: SchemaCache, wanted: Sequence[RecordRef], fields: Mapping[str, Sequence[str]]
) -> dict[str, Record]:
    """By id as it was asked for. What the schema says is looked at anew where the org says otherwise."""
    if not wanted:
        return {}
    schema = schemas.get()
    try:
        return _read(client, schema, wanted, fields)
    except Refused as error:
        if error.code not in _SCHEMA_MOVED:
            raise
    return _read(client, schemas.get(stale=schema), wanted, fields)


def _read(
    client: Client, schema: Schema, wanted: Sequence[RecordRef], fields: Mapping[str, Sequence[str]]
) -> dict[str, Record]:
    shown = {name: _shown(schema, name, fields.get(name, ())) for name in {one.object for one in wanted}}
    queries = [query for name in shown for query in _queries(schema, name, shown[name], wanted)]
    found = fetch(client, "records", queries, deleted_too=True)  # what is archived is shown to no other query
    rows = [row for row in found if row.get(IS_DELETED) is not True]
    lists = Lists(rows)
    by_id = {str(row["Id"])[:15]: row for row in rows if OF_EVENT not in row}
    return {
        one.record_id: _record(one, by_id[one.record_id[:15]], shown[one.object], schema, lists)
        for one in wanted
        if one.record_id[:15] in by_id
    }


def _shown(schema: Schema, object_name: str, fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(fields) if schema.shows(object_name, name))


def _queries(
    schema: Schema, object_name: str, shown: Sequence[str], wanted: Sequence[RecordRef]
) -> Iterator[soql.Select]:
    ids = list(dict.fromkeys(one.record_id for one in wanted if one.object == object_name))
    listed = object_name == EVENT and not LISTS.isdisjoint(shown)
    first = (FIRST,) if listed and schema.shows(EVENT, FIRST) else ()
    deleted = () if object_name in NO_DELETED else (IS_DELETED,)
    names = tuple(dict.fromkeys(("Id", STAMP, *deleted, *first, *(name for name in shown if name not in LISTS))))
    for start in range(0, len(ids), TOGETHER):
        some = ids[start : start + TOGETHER]
        yield soql.Select(object_name, names, soql.one_of("Id", some))
        if listed:
            yield relations.query(schema, some)


def _record(ref: RecordRef, row: Row, shown: Sequence[str], schema: Schema, lists: Lists) -> Record:
    values: dict[str, Value] = {
        name: lists.of(ref.record_id, name, str(row.get(FIRST) or ""))
        if name in LISTS
        else typed(row, name, schema.type(ref.object, name))
        for name in shown
    }
    return Record(ref, lists.stamp(ref.record_id, parse_moment(row[STAMP])), values)
