"""SOQL over REST: query, queryAll, and the pages behind a locator."""

import re
from typing import Any

from sandbox.salesforce import impolite, render
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import normalise
from sandbox.salesforce.org import QueryPage
from sandbox.salesforce.rest.exchange import Answer, Ask
from sandbox.salesforce.soql.explain import explain

_BEFORE_FIELDS = "50.0"
_FIELDS = re.compile(r"^\s*SELECT\b.*?\bFIELDS\s*\(.*?\bFROM\b", re.IGNORECASE | re.DOTALL)


def query(ask: Ask) -> Answer:
    if "explain" in ask.query:
        return _explain(ask, ask.query["explain"])
    return _run(ask, all_rows=False)


def query_all(ask: Ask) -> Answer:
    """Deleted and archived rows too."""
    return _run(ask, all_rows=True)


def more(ask: Ask, locator: str) -> Answer:
    impolite.lose_locator(ask.org, locator)
    page = ask.org.query_more(ask.user, locator)
    return Answer(200, _page(ask, impolite.disturb(ask.org, page, locator)))


def _run(ask: Ask, *, all_rows: bool) -> Answer:
    soql = ask.query.get("q", "")
    if not soql.strip():
        raise SalesforceError("MALFORMED_QUERY", "SOQL statement must not be empty")
    if ask.version == _BEFORE_FIELDS and _FIELDS.search(soql):
        raise SalesforceError("MALFORMED_QUERY", "FIELDS() is available from version 51.0 on")
    impolite.stir(ask.org, ask.user)
    size = impolite.page_size(ask.org, ask.batch_size())
    page = ask.org.query(ask.user, soql, all_rows=all_rows, batch_size=size)
    return Answer(200, _page(ask, impolite.disturb(ask.org, page)))


def _explain(ask: Ask, asked: str) -> Answer:
    """Of a query, or of the one a list view stands for."""
    whole = normalise(asked)
    if whole is not None and whole.startswith("00B"):
        row = ask.org.get(ask.user, "ListView", whole, ["SobjectType"])
        asked = ask.org.list_views.view(ask.user, row["SobjectType"], whole).soql
    return Answer(200, explain(ask.org.queries, ask.user, asked))


def _page(ask: Ask, page: QueryPage) -> dict[str, Any]:
    """The next page's address says `query` for queryAll too, and still goes on with all rows."""
    body: dict[str, Any] = {"totalSize": page.total_size, "done": page.done}
    if page.locator is not None:
        body["nextRecordsUrl"] = f"{ask.base}/query/{page.locator}"
    return body | {"records": [_in_version(record, ask.base) for record in page.records]}


def _in_version(record: dict[str, Any], base: str) -> dict[str, Any]:
    """The record with the addresses of its children's next pages in the version that was asked."""
    shown = dict(record)
    for name, member in record.items():
        if not isinstance(member, dict) or "records" not in member:
            continue
        shown[name] = member | {"records": [_in_version(child, base) for child in member["records"]]}
        if "nextRecordsUrl" in member:
            locator = member["nextRecordsUrl"].removeprefix(render.QUERY_PREFIX)
            shown[name]["nextRecordsUrl"] = f"{base}/query{locator}"
    return shown
