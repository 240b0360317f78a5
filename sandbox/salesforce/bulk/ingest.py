"""`/jobs/ingest`: rows in."""

from typing import Any

from sandbox.salesforce.bulk import csvtext
from sandbox.salesforce.bulk.csvtext import DELIMITERS, LINE_ENDINGS
from sandbox.salesforce.bulk.info import listed, shown
from sandbox.salesforce.bulk.jobs import Job, wrong_state
from sandbox.salesforce.bulk.run import hand_over
from sandbox.salesforce.bulk.written import BATCHES
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.exchange import Answer, Ask
from sandbox.switches import declare

OPERATIONS = ("insert", "delete", "hardDelete", "update", "upsert")
LARGEST_CONTENT = 150_000_000
"""Bytes of a job's content."""
LONGEST_TAKEN_ALONG = 100_000
RESULTS_AS_GIVEN = declare(
    "salesforce.bulk_results_as_given",
    default=True,
    question="Have the results of a job the delimiter and line ending of its content, not comma and LF?",
    source="the page of the results is silent",
)


def create(ask: Ask) -> Answer:
    wanted = ask.fields
    operation, name = str(wanted.get("operation", "")), str(wanted.get("object", ""))
    if operation not in OPERATIONS:
        raise SalesforceError(
            "INVALIDJOB", f"Unsupported operation for an ingest job: {operation or 'none given'}"
        )
    shape = ask.org.schema.object(name)
    if shape is None:
        raise SalesforceError("INVALIDJOB", f"Unable to find object: {name}")
    if str(wanted.get("contentType", "CSV")) != "CSV":
        raise SalesforceError("INVALIDJOB", f"Unsupported content type: {wanted['contentType']}")
    if ask.site.allowances[BATCHES].exhausted(ask.world.clock.now()):
        raise SalesforceError("EXCEEDEDQUOTA", "ApiBatchItems Limit exceeded.")
    if operation == "hardDelete" and ask.user not in ask.site.jobs.hard_deleters:
        message = "hardDelete operation requires special user profile permission, please contact your "
        raise SalesforceError("FEATURENOTENABLED", message + "system administrator")
    job = Job(
        ask.org.core.ids.make("750"),
        ask.user,
        operation,
        shape.name,
        ask.version,
        ask.world.clock.now(),
        csvtext.choice(wanted.get("columnDelimiter"), DELIMITERS, "COMMA", "columnDelimiter"),
        csvtext.choice(wanted.get("lineEnding"), LINE_ENDINGS, "LF", "lineEnding"),
        key=_key(ask, shape.name, operation, wanted),
        rule=str(wanted.get("assignmentRuleId") or ""),
    )
    _take_along(ask, job)
    return Answer(200, shown(ask.site.jobs.add(job)))


def _take_along(ask: Ask, job: Job) -> None:
    """A multipart request has the content with it, and needs no word that this is whole."""
    content = ask.uploads.get("content")
    if content is None:
        return
    if len(content.decode("utf-8", "replace")) > LONGEST_TAKEN_ALONG:
        message = f"The content of a multipart request has {LONGEST_TAKEN_ALONG} characters at most"
        raise SalesforceError("INVALIDBATCH", message)
    job.content = content
    hand_over(ask.site, job, job.created)


def _key(ask: Ask, object_name: str, operation: str, wanted: dict[str, Any]) -> str:
    name = str(wanted.get("externalIdFieldName") or "")
    if operation != "upsert":
        return ""
    if not name:
        raise SalesforceError("INVALIDJOB", "externalIdFieldName is required for an upsert")
    fact = ask.org.core.shape(object_name).field(name)
    if fact is None or not (fact.external_id or fact.id_lookup or fact.type == "id"):
        message = f"External ID was blank for {object_name}. An External ID must be specified for upsert: {name}"
        raise SalesforceError("INVALIDJOB", message)
    return fact.name


def upload(ask: Ask, job_id: str) -> Answer:
    """Once a job; the content waits until the client says that it is whole."""
    job = ask.site.jobs.find(job_id, query=False)
    if job.state != "Open":
        raise wrong_state(f"The job is {job.state} and takes no content")
    if job.content is not None:
        message = (
            f"Found multiple contents for job: <{job.id}>, please 'Close' / 'Abort' / 'Delete' the current Job "
            "then create a new Job and make sure you only do 'PUT' once on a given Job."
        )
        raise SalesforceError("CLIENTINPUTERROR", message)
    if ask.headers.get("content-type", "").partition(";")[0].strip().lower() != "text/csv":
        raise SalesforceError("INVALIDBATCH", "The Content-Type of a job's content is text/csv", 415)
    job.content = ask.body
    return Answer(201)


def turn(ask: Ask, job_id: str) -> Answer:
    """UploadComplete or Aborted."""
    job, now = ask.site.jobs.find(job_id, query=False), ask.world.clock.now()
    match ask.fields.get("state"):
        case "UploadComplete":
            if job.state != "Open":
                raise wrong_state(f"Closing already {job.state} Job not allowed")
            hand_over(ask.site, job, now)
        case "Aborted":
            ask.site.jobs.abort(job, now)
        case other:
            raise SalesforceError("INVALIDJOBSTATE", f"Unsupported state: {other}")
    return Answer(200, shown(job))


def info(ask: Ask, job_id: str) -> Answer:
    return Answer(200, shown(ask.site.jobs.find(job_id, query=False), whole=True))


def every(ask: Ask) -> Answer:
    return listed(ask, query=False)


def delete(ask: Ask, job_id: str) -> Answer:
    ask.site.jobs.delete(ask.site.jobs.find(job_id, query=False))
    return Answer(204)


def results(ask: Ask, job_id: str, which: str) -> Answer:
    """successfulResults, failedResults or unprocessedRecords, each with the row as it was given."""
    job = ask.site.jobs.find(job_id, query=False)
    match which.lower():
        case "successfulresults":
            head: tuple[str, ...] = ("sf__Id", "sf__Created")
            rows = [(one.id, str(one.created).lower(), *one.row) for one in job.outcomes if not one.error]
        case "failedresults":
            head = ("sf__Id", "sf__Error")
            rows = [(one.id, one.error, *one.row) for one in job.outcomes if one.error]
        case "unprocessedrecords":
            head, rows = (), list(job.rows[len(job.outcomes) :]) if job.state in ("Aborted", "Failed") else []
        case _:
            raise SalesforceError("NOT_FOUND", "The requested resource does not exist", 404)
    as_given = ask.world.switches.on(RESULTS_AS_GIVEN)
    delimiter, ending = (job.delimiter, job.line_ending) if as_given else ("COMMA", "LF")
    content = csvtext.write([(*head, *job.header), *rows], delimiter, ending)
    return Answer(200, content, {"Content-Type": "text/csv"})
