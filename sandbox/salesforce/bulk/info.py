"""A job as the vendor shows it."""

from typing import Any

from sandbox.digits import is_whole
from sandbox.salesforce.bulk.jobs import Job
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.exchange import Answer, Ask

JOBS_ON_PAGE = 1000
_STAMP = "%Y-%m-%dT%H:%M:%S.000+0000"


def shown(job: Job, *, whole: bool = False) -> dict[str, Any]:
    """`whole` adds how far it is."""
    body: dict[str, Any] = {
        "id": job.id,
        "operation": job.operation,
        "object": job.object_name,
        "createdById": job.user,
        "createdDate": job.created.strftime(_STAMP),
        "systemModstamp": job.changed.strftime(_STAMP),
        "state": job.state,
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(job.version),
        "lineEnding": job.line_ending,
        "columnDelimiter": job.delimiter,
    }
    if not job.is_query:
        body["contentUrl"] = f"services/data/v{job.version}/jobs/ingest/{job.id}/batches"
    optional = {"externalIdFieldName": job.key, "assignmentRuleId": job.rule}
    body |= {name: value for name, value in optional.items() if value}
    return body | (_progress(job) if whole else {})


def _progress(job: Job) -> dict[str, Any]:
    spent = round((job.changed - job.ready).total_seconds() * 1000) if job.ready else 0
    done = len(job.rows) if job.is_query else len(job.outcomes)
    facts: dict[str, Any] = {
        "jobType": "V2Query" if job.is_query else "V2Ingest",
        "numberRecordsProcessed": done,
        "retries": 0,
        "totalProcessingTime": spent,
    }
    if not job.is_query:
        facts |= {
            "numberRecordsFailed": job.failures,
            "apiActiveProcessingTime": spent,
            "apexProcessingTime": 0,
        }
    return facts | ({"errorMessage": job.error} if job.error else {})


def listed(ask: Ask, *, query: bool) -> Answer:
    """Every job of the kind, a thousand a page."""
    base = f"{ask.base}/jobs/{'query' if query else 'ingest'}"
    start = ask.query.get("queryLocator", "0")
    if not is_whole(start):
        raise SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
    kind = ask.query.get("jobType", "")
    own = "V2Query" if query else "V2Ingest"
    jobs = ask.site.jobs.of_kind(query=query) if kind in ("", own) else []
    page = jobs[int(start) : int(start) + JOBS_ON_PAGE]
    end = int(start) + len(page)
    following = f"{base}?queryLocator={end}" if end < len(jobs) else None
    records = [shown(job) | {"jobType": own} for job in page]
    return Answer(200, {"done": following is None, "nextRecordsUrl": following, "records": records})
