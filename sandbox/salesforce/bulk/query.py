"""`/jobs/query`: rows out."""

import base64
import binascii

from sandbox.digits import is_whole
from sandbox.salesforce.bulk import csvtext, found
from sandbox.salesforce.bulk.csvtext import DELIMITERS, LINE_ENDINGS
from sandbox.salesforce.bulk.info import listed, shown
from sandbox.salesforce.bulk.jobs import QUERIES, Job, wrong_state
from sandbox.salesforce.bulk.run import hand_over
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.exchange import Answer, Ask

JOBS = "DailyBulkV2QueryJobs"
MOST_ROWS = 250_000
"""Of a page when the client does not say."""


def create(ask: Ask) -> Answer:
    wanted, now = ask.fields, ask.world.clock.now()
    operation, soql = str(wanted.get("operation", "")), str(wanted.get("query") or "")
    if operation not in QUERIES:
        raise SalesforceError("INVALIDJOB", f"Unsupported operation for a query job: {operation or 'none given'}")
    if not soql.strip():
        raise SalesforceError("INVALIDJOB", "query is required")
    if ask.site.allowances[JOBS].exhausted(now):
        most = ask.site.allowances[JOBS].allowance
        raise SalesforceError("LIMIT_EXCEEDED", f"Max bulk v2 query jobs ({most}) per 24 hrs has been reached")
    name, _ = found.cells(ask.org, ask.user, soql, all_rows=operation == "queryAll")
    job = Job(
        ask.org.core.ids.make("750"),
        ask.user,
        operation,
        name,
        ask.version,
        now,
        csvtext.choice(wanted.get("columnDelimiter"), DELIMITERS, "COMMA", "columnDelimiter"),
        csvtext.choice(wanted.get("lineEnding"), LINE_ENDINGS, "LF", "lineEnding"),
        soql=soql,
    )
    ask.site.allowances[JOBS].count(now)
    hand_over(ask.site, job, now)
    return Answer(200, shown(ask.site.jobs.add(job)))


def info(ask: Ask, job_id: str) -> Answer:
    return Answer(200, shown(ask.site.jobs.find(job_id, query=True), whole=True))


def every(ask: Ask) -> Answer:
    return listed(ask, query=True)


def turn(ask: Ask, job_id: str) -> Answer:
    job = ask.site.jobs.find(job_id, query=True)
    if ask.fields.get("state") != "Aborted":
        raise SalesforceError("INVALIDJOBSTATE", "A query job can only be aborted")
    ask.site.jobs.abort(job, ask.world.clock.now())
    return Answer(200, shown(job))


def delete(ask: Ask, job_id: str) -> Answer:
    ask.site.jobs.delete(ask.site.jobs.find(job_id, query=True))
    return Answer(204)


def results(ask: Ask, job_id: str) -> Answer:
    """A page of rows below their header; the next one's locator is in a header, `null` after the last."""
    job = ask.site.jobs.find(job_id, query=True)
    if job.state != "JobComplete":
        raise wrong_state(f"The job is {job.state} and has no results")
    asked = ask.query.get("maxRecords", str(MOST_ROWS))
    if not is_whole(asked) or asked == "0":
        raise SalesforceError("CLIENTINPUTERROR", f"maxRecords is a number above 0: {asked}")
    start = _start(ask.query.get("locator", ""))
    rows = job.rows[start : start + int(asked)]
    if start and not rows:
        raise _no_locator()
    end = start + len(rows)
    headers = {
        "Content-Type": "text/csv",
        "Sforce-Locator": _locator(end) if end < len(job.rows) else "null",
        "Sforce-NumberOfRecords": str(len(rows)),
    }
    return Answer(200, csvtext.write([job.header, *rows], job.delimiter, job.line_ending), headers)


def _locator(start: int) -> str:
    return base64.urlsafe_b64encode(str(start).encode()).rstrip(b"=").decode()


def _start(locator: str) -> int:
    if not locator:
        return 0
    try:
        text = base64.urlsafe_b64decode(locator + "=" * (-len(locator) % 4)).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise _no_locator() from error
    if not is_whole(text):
        raise _no_locator()
    return int(text)


def _no_locator() -> SalesforceError:
    return SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
