"""Bulk API 1.0: batches of a job, done one after the other in their own time."""

from datetime import datetime
from typing import Any

from sandbox.salesforce.bulk.found import every_row
from sandbox.salesforce.bulk.jobs import CHUNK, DELAY, KEPT, PACE, Batch, ClassicJob
from sandbox.salesforce.bulk.written import BATCHES, written
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.org import Org
from sandbox.salesforce.site import Site
from sandbox.world import World


def settle(world: World, site: Site, now: datetime) -> None:
    for job in list(site.jobs.classic.values()):
        if job.created + KEPT <= now:
            del site.jobs.classic[job.id]
            continue
        for batch in job.batches.values():
            if batch.state in ("Queued", "InProgress") and batch.created + DELAY <= now:
                _go_on(world, site, job, batch, now)


def _go_on(world: World, site: Site, job: ClassicJob, batch: Batch, now: datetime) -> None:
    begins = batch.created + DELAY
    if batch.state == "Queued":
        site.allowances[BATCHES].count(begins)
        batch.state, batch.changed = "InProgress", begins
        unknown = _unknown(site, job, batch)
        if unknown:
            _end(batch, "Failed", begins, f"InvalidBatch : Field name not found : {unknown}")
    if job.is_query:
        _find(site.org, job, batch, begins)
        return
    due = begins + PACE * (len(batch.results) // CHUNK + 1)
    while batch.state == "InProgress" and due <= now:
        chunk = batch.records[len(batch.results) : len(batch.results) + CHUNK]
        with site.clock.as_of(due), site.org.acting(job.user, f"com/salesforce/api/bulk/{job.version};client="):
            named = [record | {"attributes": {"type": job.object_name}} for record in chunk]
            batch.results += [_outcome(job, one) for one in written(world, site, job, named)]
        if len(batch.results) >= len(batch.records):
            _end(batch, "Completed", due)
        due += PACE


def _find(org: Org, job: ClassicJob, batch: Batch, now: datetime) -> None:
    try:
        rows = every_row(org, job.user, batch.soql, all_rows=job.operation == "queryAll")
    except SalesforceError as error:
        _end(batch, "Failed", now, f"InvalidBatch : Failed to process query: {error.code}: {error.message}")
        return
    batch.results = rows
    batch.result_id = org.core.ids.make("752")
    _end(batch, "Completed", now)


def _end(batch: Batch, state: Any, now: datetime, message: str = "") -> None:
    batch.state, batch.changed, batch.message = state, now, message


def _unknown(site: Site, job: ClassicJob, batch: Batch) -> str:
    """The first field that this user has not; relations are left to the org."""
    shape, hides = site.org.core.shape(job.object_name), site.org.core.access.hides
    relations = {(fact.rel or "").lower() for fact in shape.present()}
    for name in dict.fromkeys(name for record in batch.records for name in record):
        fact = shape.field(name)
        known = fact is not None and not hides(job.user, shape.name, fact.name)
        if not known and name.lower() not in relations and name != "attributes":
            return name
    return ""


def _outcome(job: ClassicJob, result: dict[str, Any]) -> dict[str, Any]:
    created = result["success"] and bool(result.get("created", job.operation == "insert"))
    errors = [one | {"extendedErrorDetails": None} for one in result["errors"]]
    return {"success": result["success"], "created": created, "id": result.get("id"), "errors": errors}
