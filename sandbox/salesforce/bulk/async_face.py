"""`/services/async/NN.0/job`: the Bulk API 1.0 in JSON, the one of its content types the sandbox has."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.http import Call, Response, json_response
from sandbox.salesforce.bulk.ingest import OPERATIONS
from sandbox.salesforce.bulk.jobs import QUERIES, Batch, ClassicJob
from sandbox.salesforce.bulk.written import BATCHES
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import normalise
from sandbox.salesforce.rest.admission import admitted
from sandbox.salesforce.rest.exchange import check_version
from sandbox.salesforce.site import Site, live_session
from sandbox.salesforce.tokens import Session

MOST_RECORDS = 10_000
LARGEST_BATCH = 10_000_000
"""Characters."""
_STAMP = "%Y-%m-%dT%H:%M:%S.000+0000"
Answers = Callable[["_Talk"], Any]


class _Talk:
    """A request whose session is known."""

    def __init__(self, call: Call, site: Site, session: Session, version: str, ids: dict[str, str]) -> None:
        self.call = call
        self.site = site
        self.session = session
        self.version = version
        self.ids = ids

    @property
    def now(self) -> datetime:
        return self.call.world.clock.now()

    @property
    def text(self) -> str:
        return self.call.request.get_data(as_text=True)

    def json(self) -> Any:
        try:
            return json.loads(self.text)
        except ValueError as error:
            raise SalesforceError("InvalidBatch", f"Failed to parse JSON: {error}") from error

    def wanted(self) -> dict[str, Any]:
        body = self.json()
        if not isinstance(body, dict):
            raise SalesforceError("InvalidJob", "A job is described by a JSON object")
        return body

    def job(self) -> ClassicJob:
        found = self.site.jobs.classic.get(normalise(self.ids["job_id"]) or "")
        if found is None:
            raise SalesforceError("InvalidJob", f"Invalid job id: {self.ids['job_id']}")
        return found

    def batch(self) -> Batch:
        found = self.job().batches.get(normalise(self.ids["batch_id"]) or "")
        if found is None:
            raise SalesforceError("InvalidBatch", f"Invalid batch id: {self.ids['batch_id']}")
        return found


def _serve(answer: Answers, status: int = 200) -> Callable[..., Response]:
    def handler(call: Call, version: str, **ids: str) -> Response:
        try:
            talk = _open(call, version, ids)
            with admitted(call, talk.site, talk.session):
                return json_response(answer(talk), status)
        except SalesforceError as error:
            return json_response({"exceptionCode": error.code, "exceptionMessage": error.message}, 400)

    return handler


def _open(call: Call, version: str, ids: dict[str, str]) -> _Talk:
    try:
        check_version(version)
    except SalesforceError as error:
        raise SalesforceError("InvalidVersion", f"Invalid API version: {version}") from error
    found = live_session(call.world, call.request.headers.get("X-SFDC-Session", ""))
    if found is None:
        raise SalesforceError("InvalidSessionId", "Invalid session id")
    return _Talk(call, *found, version, ids)


def _create(talk: _Talk) -> dict[str, Any]:
    wanted, now = talk.wanted(), talk.now
    if wanted.get("contentType") != "JSON":
        raise SalesforceError("InvalidJob", "The sandbox takes jobs of contentType JSON only")
    operation, key = str(wanted.get("operation", "")), str(wanted.get("externalIdFieldName") or "")
    if operation not in (*OPERATIONS, *QUERIES):
        raise SalesforceError("InvalidJob", f"Unknown operation: {operation}")
    shape = talk.site.org.schema.object(str(wanted.get("object", "")))
    if shape is None:
        raise SalesforceError("InvalidJob", f"Unable to find object: {wanted.get('object')}")
    if operation == "upsert" and not key:
        raise SalesforceError("InvalidJob", "External ID was blank. An External ID must be specified for upsert")
    if operation == "hardDelete" and talk.session.user not in talk.site.jobs.hard_deleters:
        raise SalesforceError("FeatureNotEnabled", "hardDelete operation requires special user profile permission")
    job = ClassicJob(
        talk.site.org.core.ids.make("750"),
        talk.session.user,
        operation,
        shape.name,
        talk.version,
        now,
        key=key,
        rule=str(wanted.get("assignmentRuleId") or ""),
        serial=wanted.get("concurrencyMode") in (1, "Serial"),
    )
    talk.site.jobs.classic[job.id] = job
    return _shown(job)


def _turn(talk: _Talk) -> dict[str, Any]:
    job, state = talk.job(), talk.wanted().get("state")
    if job.state != "Open":
        raise SalesforceError("InvalidJobState", f"{state} already {job.state} Job not allowed")
    match state:
        case "Closed":
            job.state = "Closed"
        case "Aborted":
            job.state = "Aborted"
            for batch in job.batches.values():
                if batch.state == "Queued":
                    batch.state, batch.message = "Failed", "The job was aborted"
        case _:
            raise SalesforceError("InvalidJobState", f"Unknown state: {state}")
    return _shown(job)


def _add(talk: _Talk) -> dict[str, Any]:
    job, now = talk.job(), talk.now
    if job.state != "Open":
        raise SalesforceError("InvalidJobState", f"Can't add batches to a job that is {job.state}")
    if talk.site.allowances[BATCHES].exhausted(now):
        raise SalesforceError("ExceededQuota", "ApiBatchItems Limit exceeded.")
    if len(talk.text) > LARGEST_BATCH:
        raise SalesforceError("ClientInputError", f"A batch has {LARGEST_BATCH} characters at most")
    records = [] if job.is_query else talk.json()
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise SalesforceError("InvalidBatch", "A batch is a list of records")
    if len(records) > MOST_RECORDS:
        raise SalesforceError("InvalidBatch", f"A batch has {MOST_RECORDS} records at most")
    batch = Batch(talk.site.org.core.ids.make("751"), now, records, talk.text if job.is_query else "")
    job.batches[batch.id] = batch
    return _batch_shown(job, batch)


def _results(talk: _Talk) -> list[Any]:
    """Outcomes of rows, or the id of what a query found."""
    job, batch = talk.job(), talk.batch()
    if batch.state == "Failed":
        raise SalesforceError("InvalidBatch", "Records not processed")
    if batch.state != "Completed":
        raise SalesforceError("InvalidBatch", "Batch not completed")
    return [batch.result_id] if job.is_query else batch.results


def _found(talk: _Talk) -> list[Any]:
    batch = talk.batch()
    if not batch.result_id or normalise(talk.ids["result_id"]) != batch.result_id:
        raise SalesforceError("InvalidBatch", f"Invalid result id: {talk.ids['result_id']}")
    return batch.results


def _shown(job: ClassicJob) -> dict[str, Any]:
    states = [batch.state for batch in job.batches.values()]
    done = [one for batch in job.batches.values() for one in batch.results]
    counts = {
        f"numberBatches{state}": states.count(state) for state in ("Queued", "InProgress", "Completed", "Failed")
    }
    return {
        "id": job.id,
        "operation": job.operation,
        "object": job.object_name,
        "createdById": job.user,
        "createdDate": job.created.strftime(_STAMP),
        "systemModstamp": job.created.strftime(_STAMP),
        "state": job.state,
        "concurrencyMode": "Serial" if job.serial else "Parallel",
        "contentType": "JSON",
        "externalIdFieldName": job.key or None,
        "assignmentRuleId": job.rule or None,
        "apiVersion": float(job.version),
        "numberBatchesTotal": len(states),
        "numberRecordsProcessed": len(done),
        "numberRecordsFailed": 0 if job.is_query else sum(1 for one in done if not one["success"]),
        "numberRetries": 0,
    } | counts


def _batch_shown(job: ClassicJob, batch: Batch) -> dict[str, Any]:
    failed = 0 if job.is_query else sum(1 for one in batch.results if not one["success"])
    return {
        "id": batch.id,
        "jobId": job.id,
        "state": batch.state,
        "stateMessage": batch.message or None,
        "createdDate": batch.created.strftime(_STAMP),
        "systemModstamp": batch.changed.strftime(_STAMP),
        "numberRecordsProcessed": len(batch.results),
        "numberRecordsFailed": failed,
    }


def _every_batch(talk: _Talk) -> dict[str, Any]:
    job = talk.job()
    return {"batchInfo": [_batch_shown(job, batch) for batch in job.batches.values()]}


_BATCH = "/<job_id>/batch/<batch_id>"
ASYNC: tuple[tuple[str, str, str, Callable[..., Response]], ...] = (
    ("create", "POST", "", _serve(_create, 201)),
    ("info", "GET", "/<job_id>", _serve(lambda talk: _shown(talk.job()))),
    ("turn", "POST", "/<job_id>", _serve(_turn)),
    ("batches", "GET", "/<job_id>/batch", _serve(_every_batch)),
    ("add", "POST", "/<job_id>/batch", _serve(_add, 201)),
    ("batch", "GET", _BATCH, _serve(lambda talk: _batch_shown(talk.job(), talk.batch()))),
    ("request", "GET", f"{_BATCH}/request", _serve(lambda talk: talk.batch().records)),
    ("results", "GET", f"{_BATCH}/result", _serve(_results)),
    ("found", "GET", f"{_BATCH}/result/<result_id>", _serve(_found)),
)
"""Name, method, address below `/job`, handler."""
