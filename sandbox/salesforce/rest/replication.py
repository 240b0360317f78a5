"""`updated` and `deleted`: ids of the rows of one object that changed within a stretch of time."""

from datetime import UTC, datetime, timedelta

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.exchange import Answer, Ask

_REACH = timedelta(days=30)
_STAMP = "%Y-%m-%dT%H:%M:%S.000+0000"


def updated(ask: Ask, object_name: str) -> Answer:
    start, end = _stretch(ask)
    rows = _rows(ask, object_name, start, end, deleted=False)
    return Answer(200, {"ids": [row["Id"] for row in rows], "latestDateCovered": end.strftime(_STAMP)})


def deleted(ask: Ask, object_name: str) -> Answer:
    start, end = _stretch(ask)
    rows = _rows(ask, object_name, start, end, deleted=True)
    return Answer(
        200,
        {
            "deletedRecords": [{"id": row["Id"], "deletedDate": row["SystemModstamp"]} for row in rows],
            "earliestDateAvailable": (ask.world.clock.now() - _REACH).strftime(_STAMP),
            "latestDateCovered": end.strftime(_STAMP),
        },
    )


def _rows(ask: Ask, object_name: str, start: datetime, end: datetime, *, deleted: bool) -> list[dict[str, str]]:
    """`object_name` comes from the address: describe refuses what is no object before it reaches SOQL."""
    name = ask.org.describe(ask.user, object_name)["name"]
    conditions = (
        f"IsDeleted = {str(deleted).lower()}",
        f"SystemModstamp >= {_literal(start)}",
        f"SystemModstamp < {_literal(end)}",
    )
    order = "ORDER BY SystemModstamp, Id"
    soql = f"SELECT Id, SystemModstamp FROM {name} WHERE {' AND '.join(conditions)} {order}"  # noqa: S608
    page = ask.org.query(ask.user, soql, all_rows=deleted)
    rows = list(page.records)
    while page.locator is not None:
        page = ask.org.query_more(ask.user, page.locator)
        rows += page.records
    return rows


def _stretch(ask: Ask) -> tuple[datetime, datetime]:
    """Start and end without their seconds, which the vendor drops."""
    now = ask.world.clock.now()
    start, end = (_moment(ask.query.get(name, ""), name) for name in ("start", "end"))
    if start < now - _REACH:
        raise SalesforceError("INVALID_REPLICATION_DATE", "startDate before org replication enabled date")
    if end - start < timedelta(minutes=1):
        raise SalesforceError(
            "INVALID_REPLICATION_DATE", "startDate and endDate must be at least one minute apart"
        )
    return start, min(end, now.replace(second=0, microsecond=0))


def _moment(text: str, name: str) -> datetime:
    """A `+` that was not percent-encoded arrives as a blank."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise SalesforceError("INVALID_REPLICATION_DATE", f"{name}: not a date and time: {text}") from error
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.replace(second=0, microsecond=0)


def _literal(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
