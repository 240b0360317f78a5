"""`updated` and `deleted`: ids of the rows of one object that changed within a stretch of time."""

from datetime import UTC, datetime, timedelta

from sandbox.salesforce.core import LATE_COMMIT, LATEST_COMMIT
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.exchange import Answer, Ask
from sandbox.switches import declare

REACH_UPDATED, REACH_DELETED = timedelta(days=30), timedelta(days=15)
MOST_IDS = 600_000
PURGE_ENDS_DELETED = declare(
    "salesforce.purge_ends_deleted",
    default=True,
    question="Once a recycle bin was purged, is a list of deleted rows refused that would begin before the purge?",
    source="the SOAP guide's page on getDeleted says so, without saying whether of one object or of all",
)
_STAMP = "%Y-%m-%dT%H:%M:%S.000+0000"
_MINUTE = timedelta(minutes=1)


def updated(ask: Ask, object_name: str) -> Answer:
    name = _replicated(ask, object_name)
    start, end = _stretch(ask)
    if start < ask.world.clock.now() - REACH_UPDATED:
        raise _wrong("startDate before org replication enabled date")
    rows = _rows(ask, name, start, end, deleted=False)
    return Answer(200, {"ids": [row["Id"] for row in rows], "latestDateCovered": _covered(ask, end)})


def deleted(ask: Ask, object_name: str) -> Answer:
    name = _replicated(ask, object_name)
    start, end = _stretch(ask)
    earliest = _earliest(ask, name)
    if start < earliest:
        raise _wrong(f"startDate before earliestDateAvailable {earliest.strftime(_STAMP)}")
    rows = _rows(ask, name, start, end, deleted=True)
    return Answer(
        200,
        {
            "deletedRecords": [{"id": row["Id"], "deletedDate": row["SystemModstamp"]} for row in rows],
            "earliestDateAvailable": earliest.strftime(_STAMP),
            "latestDateCovered": _covered(ask, end),
        },
    )


def _replicated(ask: Ask, object_name: str) -> str:
    """`object_name` comes from the address: describe refuses what is no object before it reaches SOQL."""
    described = ask.org.describe(ask.user, object_name)
    if not described["replicateable"]:
        raise SalesforceError("INVALID_TYPE_FOR_OPERATION", f"{described['name']} cannot be replicated")
    return str(described["name"])


def _earliest(ask: Ask, name: str) -> datetime:
    """The minute from which on the deletions of an object are known."""
    begins = ask.world.clock.now() - REACH_DELETED
    purged = ask.org.core.purged.get(name)
    if purged is not None and ask.world.switches.on(PURGE_ENDS_DELETED):
        begins = max(begins, purged)
    return begins.replace(second=0, microsecond=0)


def _covered(ask: Ask, end: datetime) -> str:
    """Not beyond the start of what is still being done: its rows are not there yet, or will look older."""
    now = ask.world.clock.now()
    begun = [end, *(one.received for one in ask.world.unfinished if one.early_stamp)]
    begun += [job.ready for job in ask.site.jobs.under_way() if job.ready and not job.is_query]
    if ask.world.switches.on(LATE_COMMIT):
        begun.append(now - timedelta(seconds=LATEST_COMMIT))
    return min(begun).replace(second=0, microsecond=0).strftime(_STAMP)


def _rows(ask: Ask, name: str, start: datetime, end: datetime, *, deleted: bool) -> list[dict[str, str]]:
    conditions = (
        f"IsDeleted = {str(deleted).lower()}",
        f"SystemModstamp >= {_literal(start)}",
        f"SystemModstamp < {_literal(end)}",
    )
    order = "ORDER BY SystemModstamp, Id"
    soql = f"SELECT Id, SystemModstamp FROM {name} WHERE {' AND '.join(conditions)} {order}"  # noqa: S608
    page = ask.org.query(ask.user, soql, all_rows=deleted)
    if page.total_size > MOST_IDS:
        message = f"There is a limit of {MOST_IDS} ids. Choose a start and an end that are closer together."
        raise SalesforceError("EXCEEDED_ID_LIMIT", message)
    rows = list(page.records)
    while page.locator is not None:
        page = ask.org.query_more(ask.user, page.locator)
        rows += page.records
    return rows


def _stretch(ask: Ask) -> tuple[datetime, datetime]:
    """Start and end without their seconds, which the vendor drops."""
    now = ask.world.clock.now()
    start, end = (_moment(ask.query.get(name, ""), name) for name in ("start", "end"))
    if end - start < _MINUTE:
        raise _wrong("startDate and endDate must be at least one minute apart")
    return start, min(end, now.replace(second=0, microsecond=0))


def _moment(text: str, name: str) -> datetime:
    """A `+` that was not percent-encoded arrives as a blank."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise _wrong(f"{name}: not a date and time: {text}") from error
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.replace(second=0, microsecond=0)


def _wrong(message: str) -> SalesforceError:
    return SalesforceError("INVALID_REPLICATION_DATE", message)


def _literal(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
