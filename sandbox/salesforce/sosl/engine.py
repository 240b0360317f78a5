"""Running searches: rows of many objects that hold the words, as far as this user may see rows and fields."""

import re
from datetime import timedelta
from typing import Any

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError, malformed_query
from sandbox.salesforce.ids import Id
from sandbox.salesforce.listviews import ListViews
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.soql import rows
from sandbox.salesforce.soql.ast import SubSelect
from sandbox.salesforce.soql.bind import Scope, open_scope
from sandbox.salesforce.soql.engine import QueryEngine
from sandbox.salesforce.soql.functions import Maker
from sandbox.salesforce.soql.project import projection
from sandbox.salesforce.sosl.fields import searched
from sandbox.salesforce.sosl.parse import MOST_ROWS, Returning, Search, only_ids, parse_search
from sandbox.salesforce.sosl.terms import Term, malformed, matches, within
from sandbox.switches import declare

SEARCH_LAGS = declare(
    "salesforce.search_lags",
    default=False,
    question="Does it take a minute until a search finds what was written?",
    source="notes 4.3: index lag of seconds to minutes",
)
WHOLE_ADDRESSES = declare(
    "salesforce.search_takes_addresses_whole",
    default=False,
    question="Is an e-mail address one word to a search, so that it finds no longer address which ends with it?",
    source="the SOSL reference does not say how addresses are cut into words",
)
LAG = timedelta(seconds=60)


class SearchEngine:
    def __init__(self, core: Core, queries: QueryEngine, list_views: ListViews) -> None:
        self.core = core
        self.queries = queries
        self.list_views = list_views

    def find(self, user: Id, sosl: str) -> list[dict[str, Any]]:
        return self.run(user, parse_search(sosl))

    def run(self, user: Id, search: Search) -> list[dict[str, Any]]:
        """Records in REST shape, object by object in the order they were named."""
        self.core.expire_bin()
        returning = search.returning or tuple(
            Returning(only_ids(shape.name), "")
            for shape in self.core.schema.present()
            if "s" in shape.facts.verbs and self.core.access.may(user, shape.name, "read")
        )
        if len(returning) > 1 and any(item.query.offset for item in returning):
            raise malformed("OFFSET can only be used when a search returns one object")
        found = [self._of_object(user, search, item) for item in returning]
        limit = MOST_ROWS if search.limit is None else search.limit
        return [record for records in evenly(found, limit) for record in records]

    def _of_object(self, user: Id, search: Search, item: Returning) -> list[dict[str, Any]]:
        query = item.query
        scope = open_scope(self.core, user, item.text, query, item.object_name, all_rows=False)
        if "s" not in scope.shape.facts.verbs:
            raise SalesforceError("INVALID_SEARCH", f"entity type {scope.shape.name} does not support search")
        node = projection(scope, query, _no_children)
        holds = self._holds(scope, search)
        found = [row for row in self.queries.rows(scope, query) if holds(row)]
        if item.list_view is not None:
            ids = self.list_views.ids(user, item.object_name, item.list_view)
            found = [row for row in found if row["Id"] in ids]
        return [node.show(row) for row in rows.cut(query, found)[:MOST_ROWS]]

    def _holds(self, scope: Scope, search: Search) -> "_Holds":
        hides, user = self.core.access.hides, scope.user
        facts = [
            fact for fact in searched(scope.shape, search.group) if not hides(user, scope.shape.name, fact.name)
        ]
        whole = self.core.switches.on(WHOLE_ADDRESSES)
        indexed_until = self.core.clock.now() - LAG if self.core.switches.on(SEARCH_LAGS) else None
        return _Holds(search, facts, whole, indexed_until)


class _Holds:
    """Whether a row holds what is searched."""

    def __init__(self, search: Search, facts: list[Field], whole_addresses: bool, indexed_until: Any) -> None:
        self.search = search
        self.facts = facts
        self.whole_addresses = whole_addresses
        self.indexed_until = indexed_until

    def __call__(self, row: Row) -> bool:
        """What was written after the index was last brought up to date is not in it, changed rows included."""
        late = self.indexed_until is not None and row["SystemModstamp"] > self.indexed_until
        if self.search.terms is None or late:
            return False
        return matches(self.search.terms, lambda term: any(self._in(term, fact, row) for fact in self.facts))

    def _in(self, term: Term, fact: Field, row: Row) -> bool:
        value = row.get(fact.name)
        if not isinstance(value, str):
            return False
        if term.address is not None and self.whole_addresses:
            return term.address in re.split(r"[\s,;<>]+", value.lower())
        if fact.type == "phone" and within(term, re.sub(r"\D", "", value)):
            return True
        return within(term, value)


def evenly(found: list[list[dict[str, Any]]], limit: int) -> list[list[dict[str, Any]]]:
    """At most `limit` rows in all, each object getting as many as the others as far as it has them."""
    counts = [0] * len(found)
    while limit > 0:
        hungry = [place for place, rows_of in enumerate(found) if counts[place] < len(rows_of)]
        if not hungry:
            break
        for place in hungry[:limit]:
            counts[place] += 1
        limit -= min(limit, len(hungry))
    return [rows_of[:count] for rows_of, count in zip(found, counts, strict=True)]


def _no_children(_item: SubSelect, _place: int, _scope: Scope) -> Maker:
    raise malformed_query("A search returns no child relationship queries")
