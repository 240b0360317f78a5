"""What a resource is asked and what it answers, whether it came alone or as part of a composite."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from sandbox.digits import is_whole
from sandbox.salesforce.errors import SalesforceError, not_found
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.org import Org, WriteOptions
from sandbox.salesforce.site import Site
from sandbox.switches import declare
from sandbox.world import World

FIRST_VERSION, LAST_VERSION = 50, 68
VERSIONS = range(FIRST_VERSION, LAST_VERSION + 1)
"""Those the sandbox serves; the vendor serves 31.0 to 49.0 too."""
RETIRED = range(7, 31)

CONDITIONAL_WRITES = declare(
    "salesforce.conditional_row_writes",
    default=True,
    question="Does If-Unmodified-Since on a record's PATCH or DELETE answer 412, rather than being ignored?",
    source="notes 0 and 4.4 [recall]",
)

Parent = Literal["composite", "graph", "batch"]


@dataclass(frozen=True, slots=True)
class Ask:
    world: World
    site: Site
    user: Id
    version: str
    """`67.0`."""
    method: str
    query: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, list[str]] = field(default_factory=dict)
    """All values of what an address names more than once; empty for a part of something larger."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: Any = None
    """The JSON value; None when there was no body."""
    uploads: Mapping[str, bytes] = field(default_factory=dict)
    """A multipart request's binary parts by their name."""
    parts: list[str] = field(default_factory=list)
    """For the request log: what a composite carried."""

    @property
    def org(self) -> Org:
        return self.site.org

    @property
    def base(self) -> str:
        return f"/services/data/v{self.version}"

    @property
    def fields(self) -> dict[str, Any]:
        """The body as one record without its `attributes`."""
        if not isinstance(self.body, dict):
            raise SalesforceError("JSON_PARSER_ERROR", "The HTTP entity body is required to be a JSON object.")
        return {name: value for name, value in self.body.items() if name != "attributes"}

    def write_options(self, *, update_only: bool = False) -> WriteOptions:
        duplicates = _directives(self.headers, "sforce-duplicate-rule-header")
        assign = self.headers.get("sforce-auto-assign", "").strip() or "true"
        return WriteOptions(
            allow_duplicates=flag(duplicates.get("allowsave")),
            duplicates_as_user=flag(duplicates.get("runascurrentuser")),
            duplicate_details=flag(duplicates.get("includerecorddetails")),
            auto_assign=assign.lower() != "false",
            assignment_rule="" if assign.lower() in ("true", "false") else normalise(assign) or assign,
            update_only=update_only,
            unmodified_since=self._unmodified_since(),
            client=_directives(self.headers, "sforce-call-options").get("client", ""),
        )

    def _unmodified_since(self) -> datetime | None:
        if not self.world.switches.on(CONDITIONAL_WRITES):
            return None
        return http_date(self.headers.get("if-unmodified-since"))

    def batch_size(self) -> int:
        """Rows a query page may have; out of its range the vendor takes the nearest limit."""
        text = _directives(self.headers, "sforce-query-options").get("batchsize", "")
        return max(200, min(2000, int(text))) if is_whole(text) else 2000


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    body: Any = None
    """A JSON value, or the bytes of a file; None with 204 and 304."""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return self.status >= 300 and self.status != 304


Handler = Callable[..., Answer]
"""`handler(ask, **path_arguments) -> Answer`; a SalesforceError stands for its answer."""


def refusal(error: SalesforceError) -> Answer:
    """The answer of a resource that works on one thing: a list with one error."""
    if error.status == 300:
        return Answer(300, list(error.extra.get("matches", ())))
    return Answer(error.status, error.row_bodies())


def check_version(version: str) -> None:
    """`67.0`; 410 for a retired version, 404 for one that never was or is not served here."""
    number, _, rest = version.partition(".")
    known = rest == "0" and number.isdecimal()
    if known and int(number) in RETIRED:
        raise SalesforceError("GONE", f"API version {version} is retired. Use a later version.", 410)
    if not known or int(number) not in VERSIONS:
        raise not_found()


def flag(value: Any) -> bool:
    """A boolean in JSON or in an address."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def http_date(text: str | None) -> datetime | None:
    """An HTTP date header, in UTC; None when it is absent or no date."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _directives(headers: Mapping[str, str], name: str) -> dict[str, str]:
    """`allowSave=true; includeRecordDetails=false` as a mapping, names and values in their own case but
    the names lowered; the vendor takes commas as well as semicolons."""
    pairs = (part.partition("=") for part in headers.get(name, "").replace(",", ";").split(";"))
    return {key.strip().lower(): value.strip() for key, mark, value in pairs if mark}
