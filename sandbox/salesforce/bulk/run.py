"""Jobs done: whenever a request reaches the org, everything that was due by then has happened at its own time."""

from datetime import datetime
from typing import Any

from sandbox.salesforce.bulk import classic, csvtext, found
from sandbox.salesforce.bulk.csvtext import BadContent, Row
from sandbox.salesforce.bulk.jobs import CHUNK, DELAY, PACE, Job, Outcome
from sandbox.salesforce.bulk.written import BATCHES, written
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.site import Site
from sandbox.world import World

NOTHING = "#N/A"
"""In a cell: take the value away. An empty cell says nothing."""
ROWS_IN_BATCH = 10_000
_BOOLEANS = dict.fromkeys(("true", "yes", "y", "on", "1"), True) | dict.fromkeys(
    ("false", "no", "n", "off", "0"), False
)


def settle(world: World, site: Site, now: datetime) -> None:
    """Bring every job of the org up to this moment."""
    classic.settle(world, site, now)
    if not site.jobs.by_id:
        return
    site.jobs.forget_old(now)
    for job in list(site.jobs.under_way()):
        assert job.ready is not None
        begins = job.ready + DELAY
        if begins > now:
            continue
        if job.state == "UploadComplete":
            _begin(site, job, begins)
        if job.state == "InProgress":
            _go_on(world, site, job, begins, now)


def hand_over(site: Site, job: Job, now: datetime) -> None:
    job.ready = now
    job.turn("UploadComplete", now)


def _begin(site: Site, job: Job, begins: datetime) -> None:
    job.turn("InProgress", begins)
    if job.is_query:
        return
    try:
        job.header, job.rows = csvtext.read(job.content or b"", job.delimiter, job.line_ending)
        _check_header(site, job)
    except BadContent as bad:
        job.error = str(bad)
        job.turn("Failed", begins)
    batches = -(-len(job.rows) // ROWS_IN_BATCH) or 1
    site.allowances[BATCHES].count(begins, batches)


def _go_on(world: World, site: Site, job: Job, begins: datetime, now: datetime) -> None:
    if job.is_query:
        found.run(site, job, begins)
        return
    due = begins + PACE * (len(job.outcomes) // CHUNK + 1)
    while due <= now and len(job.outcomes) < len(job.rows):
        start = len(job.outcomes)
        with site.clock.as_of(due), site.org.acting(job.user, f"com/salesforce/api/bulk/{job.version};client="):
            job.outcomes += _chunk(world, site, job, job.rows[start : start + CHUNK])
        job.changed = due
        due += PACE
    if len(job.outcomes) >= len(job.rows):
        job.turn("JobComplete", job.changed)


def _check_header(site: Site, job: Job) -> None:
    """Columns are fields this user may see, of the object or, behind a relation, of another one."""
    shape = site.org.core.shape(job.object_name)
    names = [name.lower() for name in job.header]
    for name in job.header:
        owner, last = _owner(site, shape, name)
        fact = owner.field(last) if owner else None
        if owner is None or fact is None or site.org.core.access.hides(job.user, owner.name, fact.name):
            raise BadContent(f"InvalidBatch : Field name not found : {name}")
    needed = {"update": "Id", "delete": "Id", "hardDelete": "Id", "upsert": job.key}.get(job.operation, "")
    if needed and needed.lower() not in names:
        raise BadContent(f"InvalidBatch : Field name not found : {needed}")
    if job.operation in ("delete", "hardDelete") and len(names) > 1:
        raise BadContent("InvalidBatch : A delete takes a single column, Id")


def _owner(site: Site, shape: ObjectSchema, name: str) -> tuple[ObjectSchema | None, str]:
    """The object a column's field belongs to: `Account.Ext__c` is a field of Account."""
    relation, dot, last = name.partition(".")
    if not dot:
        return shape, name
    fact = next((one for one in shape.present() if (one.rel or "").lower() == relation.lower()), None)
    return (site.org.schema.object(fact.to[0]) if fact and len(fact.to) == 1 else None), last


def _chunk(world: World, site: Site, job: Job, rows: list[Row]) -> list[Outcome]:
    """Rows of one chunk are written as a collection would, each for itself."""
    shape = site.org.core.shape(job.object_name)
    whole = [row for row in rows if len(row) <= len(job.header)]
    results = iter(written(world, site, job, [_record(shape, job.header, row) for row in whole]))
    return [_outcome(job, row, next(results) if len(row) <= len(job.header) else _TOO_MANY) for row in rows]


_TOO_MANY = {
    "success": False,
    "errors": [
        {"statusCode": "INVALIDBATCH", "message": "The row has more columns than the header", "fields": []}
    ],
}


def _record(shape: ObjectSchema, header: Row, row: Row) -> dict[str, Any]:
    record: dict[str, Any] = {"attributes": {"type": shape.name}}
    for name, text in zip(header, row, strict=False):
        if text == "":
            continue
        relation, dot, last = name.partition(".")
        fact = None if dot else shape.field(name)
        value: str | bool | None = None if text == NOTHING else text
        if fact is not None and fact.type == "boolean":
            value = _BOOLEANS.get(text.lower(), text)
        record[relation if dot else fact.name if fact else name] = {last: value} if dot else value
    return record


def _outcome(job: Job, row: Row, result: dict[str, Any]) -> Outcome:
    if result["success"]:
        created = bool(result.get("created", job.operation == "insert"))
        return Outcome(row, result["id"], created, "")
    error = result["errors"][0]
    place = next((at for at, name in enumerate(job.header) if name.lower() == "id"), None)
    known = row[place] if place is not None and place < len(row) else ""
    return Outcome(row, known, False, f"{error['statusCode']}:{error['message']}:{','.join(error['fields'])} --")
