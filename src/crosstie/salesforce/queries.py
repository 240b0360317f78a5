"""Reads by value: statements split to what an address takes, five to a metered call, read to their end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from crosstie.domain.errors import Retry
from crosstie.domain.records import Value
from crosstie.salesforce import errors, soql
from crosstie.salesforce.client import DATA, QUERIES, Client, PartAnswer, problem_of, query_part, rows
from crosstie.transport import parsed

ROOM = 12_000
"""Encoded bytes of a statement's list.

An address may have 16,384 bytes; whether that also binds the parts of a composite is not known, so it is kept.
"""
ROWS = 2_000
MOST_BATCHES = 50
MOST_LEFT_OUT = 100
"""Ids of rows that were read already, which a statement can name beside its own list."""
LOCATOR_DIED = "INVALID_QUERY_LOCATOR"

Row = Mapping[str, Any]


def fetch(client: Client, kind: str, queries: Sequence[soql.Select], *, deleted_too: bool = False) -> list[Row]:
    """The rows of all queries together, in order; an object that the org lacks or hides has none."""
    found: list[Row] = []
    for start in range(0, len(queries), QUERIES):
        some = [_with_id(query) for query in queries[start : start + QUERIES]]
        parts = [query_part(soql.render(query), deleted_too=deleted_too) for query in some]
        answers, _ = client.composite(kind, parts)
        for query, answer in zip(some, answers, strict=True):
            if not any(error.code == "INVALID_TYPE" for error in answer.errors):
                found += complete(_all_rows(client, kind, query, answer, deleted_too), query.fields)
    return found


def complete(found: Sequence[Row], fields: Sequence[str]) -> Sequence[Row]:
    """The rows, if each has all that was asked for: a field without a value is null, never left out."""
    names = [name for name in fields if "." not in name]
    if not all(name in row for row in found for name in names):
        raise Retry("CRM-ANSWER", "a row without a field that was asked for")
    return found


def selects(object_name: str, fields: Sequence[str], field: str, values: Sequence[Value]) -> list[soql.Select]:
    """`field IN (values)` in as many queries as the list needs; an empty list needs none."""
    return [
        soql.Select(object_name, fields, soql.one_of(field, some)) for some in _split(list(dict.fromkeys(values)))
    ]


def split_conditions(conditions: Sequence[soql.Condition]) -> Iterator[list[soql.Condition]]:
    """Groups of alternatives that fit one statement each."""
    group: list[soql.Condition] = []
    size = 0
    for condition in conditions:
        length = len(quote(condition.text, safe="")) + 20
        if group and size + length > ROOM:
            yield group
            group, size = [], 0
        group.append(condition)
        size += length
    if group:
        yield group


def _split(values: Sequence[Value]) -> Iterator[list[Value]]:
    group: list[Value] = []
    size = 0
    for value in values:
        length = len(quote(soql.literal(value), safe="")) + 3
        if group and (size + length > ROOM or len(group) >= ROWS):
            yield group
            group, size = [], 0
        group.append(value)
        size += length
    if group:
        yield group


def _with_id(query: soql.Select) -> soql.Select:
    return query if "Id" in query.fields else replace(query, fields=("Id", *query.fields))


def _all_rows(client: Client, kind: str, query: soql.Select, answer: PartAnswer, deleted_too: bool) -> list[Row]:
    """Page by page, each row once. A locator may die at any page: what is still unread is then asked for anew."""
    found: dict[str, Row] = {}
    for _ in range(MOST_BATCHES):
        found |= {str(row.get("Id")): row for row in rows(answer)}
        body = answer.body
        if body.get("done") is not False:
            return list(found.values())
        path = str(body.get("nextRecordsUrl", ""))
        if not path.startswith(DATA + "/query"):
            raise Retry("CRM-ANSWER", "a batch without a way to the next")
        http = client.read(kind, path.removeprefix(DATA))
        body = parsed(http)
        if http.status_code == 200:
            answer = PartAnswer(200, body)
        elif any(error.code == LOCATOR_DIED for error in errors.parse(body)):
            statement = soql.render(_less(query, list(found)[:MOST_LEFT_OUT]))
            (answer,), _ = client.composite(kind, [query_part(statement, deleted_too=deleted_too)])
        else:
            raise problem_of(http.status_code, body)
    raise Retry("CRM-ANSWER", "a query without an end")


def _less(query: soql.Select, known: Sequence[str]) -> soql.Select:
    return replace(query, where=soql.every((query.where, soql.none_of("Id", known)))) if known else query
