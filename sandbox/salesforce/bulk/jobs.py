"""A job: what was asked, how far it is, and what came of it.

`Open` (ingest only) → `UploadComplete` → `InProgress` → `JobComplete` or `Failed`; `Aborted` from any but the last
two. A job begins a second after it is ready and does 200 rows every tenth of a second.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sandbox.salesforce.bulk.csvtext import Row
from sandbox.salesforce.errors import SalesforceError, not_found
from sandbox.salesforce.ids import Id, normalise

State = Literal["Open", "UploadComplete", "InProgress", "Aborted", "JobComplete", "Failed"]
OVER: frozenset[State] = frozenset(("Aborted", "JobComplete", "Failed"))
QUERIES = ("query", "queryAll")
DELAY = timedelta(seconds=1)
CHUNK = 200
"""Rows a customer's triggers see at once."""
PACE = timedelta(seconds=0.1)
"""Time a chunk takes."""
KEPT = timedelta(days=7)
"""A job and its results are forgotten that long after its last change."""


class Outcome(NamedTuple):
    """What came of one row of an ingest job."""

    row: Row
    id: Id
    created: bool
    error: str
    """`CODE:message:fields --`; empty for a row that was written."""


@dataclass(slots=True)
class Job:
    id: Id
    user: Id
    operation: str
    object_name: str
    version: str
    """Of the address it was made at, `67.0`."""
    created: datetime
    delimiter: str = "COMMA"
    line_ending: str = "LF"
    key: str = ""
    """The external id of an upsert."""
    rule: str = ""
    """Id of an assignment rule."""
    soql: str = ""
    state: State = "Open"
    changed: datetime = field(init=False)
    ready: datetime | None = None
    """When it was handed over to be done."""
    content: bytes | None = None
    header: Row = ()
    rows: list[Row] = field(default_factory=list)
    """Of an ingest job what it was given, of a query what it found."""
    outcomes: list[Outcome] = field(default_factory=list)
    error: str = ""

    def __post_init__(self) -> None:
        self.changed = self.created

    @property
    def is_query(self) -> bool:
        return self.operation in QUERIES

    @property
    def failures(self) -> int:
        return sum(1 for one in self.outcomes if one.error)

    def turn(self, state: State, now: datetime) -> None:
        self.state, self.changed = state, now


@dataclass(slots=True)
class Batch:
    """Of a job of the older version; each is done for itself."""

    id: Id
    created: datetime
    records: list[dict[str, Any]]
    soql: str = ""
    state: Literal["Queued", "InProgress", "Completed", "Failed"] = "Queued"
    changed: datetime = field(init=False)
    results: list[dict[str, Any]] = field(default_factory=list)
    """Outcomes of rows written, or the rows a query found."""
    message: str = ""
    result_id: Id = ""
    """Of what a query found."""

    def __post_init__(self) -> None:
        self.changed = self.created


@dataclass(slots=True)
class ClassicJob:
    id: Id
    user: Id
    operation: str
    object_name: str
    version: str
    created: datetime
    key: str = ""
    rule: str = ""
    serial: bool = False
    state: Literal["Open", "Closed", "Aborted"] = "Open"
    batches: dict[Id, Batch] = field(default_factory=dict)

    @property
    def is_query(self) -> bool:
        return self.operation in QUERIES


@dataclass(slots=True)
class Jobs:
    by_id: dict[Id, Job] = field(default_factory=dict)
    classic: dict[Id, ClassicJob] = field(default_factory=dict)
    """Of the older version, Bulk API 1.0."""
    hard_deleters: set[Id] = field(default_factory=set)
    """Users with the permission Bulk API Hard Delete, which administrators do not have by themselves."""

    def add(self, job: Job) -> Job:
        self.by_id[job.id] = job
        return job

    def find(self, job_id: str, *, query: bool) -> Job:
        job = self.by_id.get(normalise(job_id) or "")
        if job is None or job.is_query != query:
            raise not_found()
        return job

    def of_kind(self, *, query: bool) -> list[Job]:
        return [job for job in self.by_id.values() if job.is_query == query]

    def under_way(self) -> Iterator[Job]:
        return (job for job in self.by_id.values() if job.ready is not None and job.state not in OVER)

    def forget_old(self, now: datetime) -> None:
        for job in [one for one in self.by_id.values() if one.changed + KEPT <= now]:
            del self.by_id[job.id]

    def abort(self, job: Job, now: datetime) -> None:
        if job.state in OVER:
            raise wrong_state(f"Aborting already {_past(job.state)} Job not allowed")
        job.turn("Aborted", now)

    def delete(self, job: Job) -> None:
        if job.state not in OVER and job.state != "UploadComplete":
            raise wrong_state(f"Deleting a Job that is {job.state} is not allowed")
        del self.by_id[job.id]


def wrong_state(message: str) -> SalesforceError:
    return SalesforceError("INVALIDJOBSTATE", message)


def _past(state: State) -> str:
    return {"JobComplete": "Completed"}.get(state, state)
