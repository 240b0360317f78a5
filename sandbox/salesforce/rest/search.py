"""SOSL over REST, and the search by parameters that spares one its grammar."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sandbox.digits import is_whole
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.exchange import Answer, Ask
from sandbox.salesforce.soql.ast import Query
from sandbox.salesforce.soql.parse import parse_condition, parse_items, parse_orders
from sandbox.salesforce.sosl.parse import GROUPS, MOST_ROWS, Returning, Search, only_ids
from sandbox.salesforce.sosl.terms import malformed, parse_terms

NOT_MODELLED = ("dataCategory", "dataCategories", "division", "metadata", "netWorkIds", "pricebookId", "snippet")


def search(ask: Ask) -> Answer:
    sosl = ask.query.get("q", "")
    if not sosl.strip():
        raise malformed("No search term found. The search term must be enclosed in braces.")
    return Answer(200, {"searchRecords": ask.org.search(ask.user, sosl)})


def by_address(ask: Ask) -> Answer:
    """`?q=Acme&sobject=Account&Account.fields=id,name&Account.limit=10`."""
    given = ask.query
    objects = [
        {
            "name": name,
            "fields": _split(given.get(f"{name}.fields", "")),
            "where": given.get(f"{name}.where"),
            "orderBy": given.get(f"{name}.orderBy"),
            "limit": given.get(f"{name}.limit"),
        }
        for name in ask.lists.get("sobject", [given["sobject"]] if "sobject" in given else [])
    ]
    return _answer(ask, {**given, "fields": _split(given.get("fields", "")), "sobjects": objects})


def by_body(ask: Ask) -> Answer:
    return _answer(ask, ask.fields)


def _split(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _answer(ask: Ask, given: dict[str, Any]) -> Answer:
    wanted = next((name for name in NOT_MODELLED if given.get(name)), None)
    if wanted is not None:
        raise malformed(f"{wanted} is not supported")
    text, group = given.get("q"), str(given.get("in", "ALL")).upper()
    if not isinstance(text, str) or not text.strip():
        raise SalesforceError("MISSING_ARGUMENT", "q not specified")
    if group not in GROUPS:
        raise SalesforceError("INVALID_SEARCH_SCOPE", f"invalid search scope: {given['in']}")
    listed, general = given.get("sobjects") or [], _names(given.get("fields"))
    if not isinstance(listed, list) or (general and not listed):
        raise malformed("fields can only be given together with objects")
    offset, most = _number(given, "offset", MOST_ROWS), _number(given, "defaultLimit", MOST_ROWS)
    returning = tuple(_returning(item, general, most, offset or 0) for item in listed)
    limit = _number(given, "overallLimit", MOST_ROWS)
    found = ask.org.searches.run(ask.user, Search(parse_terms(text, lenient=True), group, returning, limit))
    return Answer(200, {"searchRecords": found})


def _returning(item: Any, general: Sequence[str], most: int | None, offset: int) -> Returning:
    name = item.get("name") if isinstance(item, dict) else None
    if not isinstance(name, str):
        raise SalesforceError("MISSING_ARGUMENT", "sobjects: name not specified")
    query: Query = only_ids(name)
    names = _names(item.get("fields")) or general
    if names:
        query = replace(query, items=parse_items(",".join(names)))
    if item.get("where"):
        query = replace(query, where=parse_condition(str(item["where"])))
    if item.get("orderBy"):
        query = replace(query, order=parse_orders(str(item["orderBy"])))
    limit = _number(item, "limit", MOST_ROWS)
    return Returning(replace(query, limit=most if limit is None else limit, offset=offset), "")


def _names(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SalesforceError("JSON_PARSER_ERROR", "fields must be a list of names")
    return value


def _number(given: dict[str, Any], name: str, largest: int) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    number = int(value) if isinstance(value, int) or (isinstance(value, str) and is_whole(value)) else -1
    if not 0 <= number <= largest:
        raise SalesforceError("NUMBER_OUTSIDE_VALID_RANGE", f"{name}: value outside of valid range: {value}")
    return number
