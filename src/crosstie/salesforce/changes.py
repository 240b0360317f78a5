"""The tick's reads: what changed in up to five objects, deleted rows included, for one metered call."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crosstie.domain.errors import Fatal, Throttled
from crosstie.domain.records import USER, USER_LOGIN, RecordChange
from crosstie.ports.crm import ChangePage, ChangeSet, Watch
from crosstie.salesforce import describe, errors, soql
from crosstie.salesforce.client import QUERIES, Client, PartAnswer, query_part, rows
from crosstie.salesforce.hidden import Hidden
from crosstie.salesforce.queries import complete
from crosstie.salesforce.values import from_row, parse_moment
from crosstie.transport import HttpResponse, http_date

PAGE = 2000
"""Rows of one page; the vendor hands out no more at once, and a longer page would need a locator."""
NO_OWNER = frozenset(
    (USER, USER_LOGIN, "EmailMessage", "EmailMessageRelation", "EventRelation", "OpportunityContactRole")
)
NO_DELETED = frozenset((USER, USER_LOGIN))
"""Users cannot be deleted; they become inactive, or are frozen."""
STAMPS = {USER_LOGIN: "LastModifiedDate"}
"""Where an object has no SystemModstamp.

https://developer.salesforce.com/docs/platform/field-reference/references/field-reference/salesforce-field-reference-userlogin.html
"""
_SCHEMA_CODES = ("INVALID_FIELD", "INVALID_TYPE", "MALFORMED_QUERY")


def changes(client: Client, hidden: Hidden, watches: Sequence[Watch]) -> ChangeSet:
    if len(watches) > QUERIES:
        raise Fatal("CRM-TOO-MANY-WATCHES")
    pages: dict[int, ChangePage] = {}
    server_time: datetime | None = None
    asked = dict(enumerate(watches))
    for attempt in range(3):
        asked = {at: watch for at, watch in asked.items() if "*" not in hidden.of(watch.object)}
        if not asked:
            break
        parts = [query_part(statement(w, hidden.of(w.object)), deleted_too=True) for w in asked.values()]
        answers, http = client.composite("changes", parts)
        server_time = server_time or _server_time(http)
        again: dict[int, Watch] = {}
        for (at, watch), answer in zip(asked.items(), answers, strict=True):
            if _schema_moved(answer):
                _learn(client, hidden, watch, last=attempt == 1)
                again[at] = watch
            else:
                pages[at] = _page(watch, answer, hidden.of(watch.object))
        asked = again
    found = tuple(pages.get(at, ChangePage(w.object, (), complete=True)) for at, w in enumerate(watches))
    return ChangeSet(found, server_time or _latest(watches, found))


def statement(watch: Watch, hidden: frozenset[str]) -> str:
    """Everything after (since, after_id), or from `since` on, oldest first."""
    stamp = _stamp(watch.object)
    if watch.after_id:
        same_moment = soql.every((soql.equal(stamp, watch.since), soql.above("Id", watch.after_id)))
        where = soql.any_of((soql.above(stamp, watch.since), same_moment))
    else:
        where = soql.at_least(stamp, watch.since)
    return soql.render(soql.Select(watch.object, _fields(watch, hidden), where, (stamp, "Id"), PAGE))


def _stamp(object_name: str) -> str:
    return STAMPS.get(object_name, "SystemModstamp")


def _fields(watch: Watch, hidden: frozenset[str]) -> list[str]:
    wanted = ["Id", _stamp(watch.object)]
    wanted += [] if watch.object in NO_DELETED else ["IsDeleted"]
    wanted += [] if watch.object in NO_OWNER else ["OwnerId"]
    wanted += [name for name in watch.fields if name not in wanted]
    return [name for name in wanted if name not in hidden]


def _schema_moved(answer: PartAnswer) -> bool:
    if answer.status == 404:
        return True
    return any(error.code in _SCHEMA_CODES for error in answer.errors)


def _learn(client: Client, hidden: Hidden, watch: Watch, *, last: bool) -> None:
    """Drop the fields that the object does not have for us; if that did not help, the object."""
    there = describe.fields_of(client, watch.object)
    asked = _fields(watch, hidden.of(watch.object))
    gone = frozenset(name for name in asked if "." not in name and name not in there)
    paths = frozenset(name for name in asked if "." in name)
    if not there or {"Id", _stamp(watch.object)} & gone or (last and not gone):
        hidden.learn(watch.object, frozenset("*"))
    else:
        hidden.learn(watch.object, gone or paths or frozenset("*"))


def _page(watch: Watch, answer: PartAnswer, hidden: frozenset[str]) -> ChangePage:
    """A page in several batches is not read on by its locator: the next read goes on from its last row."""
    if not answer.ok and answer.status == 403:
        raise Throttled("CRM-LIMIT") if _is_limit(answer) else errors.of_call(answer.status, answer.errors)
    found = complete(rows(answer), ("Id", _stamp(watch.object)))
    fields = [name for name in watch.fields if name not in hidden]
    done = answer.body.get("done") is not False
    return ChangePage(
        watch.object,
        tuple(_change(watch.object, row, fields) for row in found),
        complete=done and len(found) < PAGE,
    )


def _is_limit(answer: PartAnswer) -> bool:
    return any(error.code == "REQUEST_LIMIT_EXCEEDED" for error in answer.errors)


def _change(object_name: str, row: Mapping[str, Any], fields: Sequence[str]) -> RecordChange:
    return RecordChange(
        object=object_name,
        record_id=str(row["Id"]),
        modstamp=parse_moment(row.get(_stamp(object_name))),
        deleted=row.get("IsDeleted") is True,
        owner_id=str(row.get("OwnerId") or ""),
        fields={name: from_row(row, name) for name in fields},
    )


def _server_time(answer: HttpResponse) -> datetime | None:
    return http_date(answer.headers.get("Date", ""))


def _latest(watches: Sequence[Watch], pages: Sequence[ChangePage]) -> datetime:
    """Where the answer carried no date: the newest stamp seen, or none newer than we knew."""
    seen = [change.modstamp for page in pages for change in page.changes]
    return max(seen + [watch.since for watch in watches])
