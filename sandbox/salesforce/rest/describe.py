"""What the org is made of: objects, their fields, and whether that changed since the client last looked."""

from datetime import datetime
from typing import Any

from sandbox.clock import as_http_date
from sandbox.digits import is_whole
from sandbox.salesforce import impolite
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.recent import KEPT, item, looked_at
from sandbox.salesforce.rest.encoded import described
from sandbox.salesforce.rest.exchange import VERSIONS, Answer, Ask, http_date

_RELEASES = ("Winter", "Spring", "Summer")
_FIRST_WINTER = 50
"""Version 50 is Winter '21; three releases a year since."""


def versions() -> list[dict[str, str]]:
    """The body of `/services/data`, oldest first."""
    return [
        {"label": _label(number), "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        for number in VERSIONS
    ]


def resources(ask: Ask) -> Answer:
    """What of the vendor's list the sandbox serves."""
    names = (
        "sobjects",
        "query",
        "queryAll",
        "search",
        "parameterizedSearch",
        "recent",
        "limits",
        "composite",
        "jobs",
    )
    return Answer(200, {name: f"{ask.base}/{name}" for name in names})


def composite_resources(ask: Ask) -> Answer:
    names = ("graph", "batch", "sobjects", "tree")
    return Answer(200, {name: f"{ask.base}/composite/{name}" for name in names})


def everything(ask: Ask) -> Answer:
    body = dict(ask.org.describe_global(ask.user))
    body["sobjects"] = [one | {"urls": _urls(ask, one["name"])} for one in body["sobjects"]]
    return _conditional(ask, body)


def one(ask: Ask, object_name: str) -> Answer:
    impolite.stir(ask.org, ask.user)
    body = ask.org.describe(ask.user, object_name)
    return _conditional(ask, body | {"urls": _urls(ask, body["name"], whole=True)})


def basics(ask: Ask, object_name: str) -> Answer:
    """The object without its fields, and what this user looked at last of it."""
    whole = ask.org.describe(ask.user, object_name)
    brief = {name: value for name, value in whole.items() if not isinstance(value, list)}
    items = recent_items(ask, whole["keyPrefix"])
    return Answer(200, {"objectDescribe": brief | {"urls": _urls(ask, whole["name"])}, "recentItems": items})


def recent(ask: Ask) -> Answer:
    """Of all objects."""
    limit = ask.query.get("limit", str(KEPT))
    if not is_whole(limit):
        raise SalesforceError("NUMBER_OUTSIDE_VALID_RANGE", f"limit: value outside of valid range: {limit}")
    return Answer(200, recent_items(ask)[: int(limit)])


def recent_items(ask: Ask, prefix: str = "") -> list[dict[str, Any]]:
    return [item(ask.org.core, row) for row in looked_at(ask.org.core, ask.user, prefix)]


def _conditional(ask: Ask, body: dict[str, Any]) -> Answer:
    """304 for a client that has this very description, by ETag or by date.

    A description's date is the first time anybody was given it, since the org keeps no date of its set-up.
    """
    kept, now = described(body), ask.world.clock.now()
    first_given = ask.site.described.setdefault(kept.digest, now.isoformat())
    changed = datetime.fromisoformat(first_given).replace(microsecond=0)
    headers = {"ETag": f'"{kept.digest}"', "Last-Modified": as_http_date(changed)}
    since = http_date(ask.headers.get("if-modified-since"))
    if kept.digest in ask.headers.get("if-none-match", "") or (since is not None and changed <= since):
        return Answer(304, None, headers)
    return Answer(200, kept, headers)


def _urls(ask: Ask, object_name: str, *, whole: bool = False) -> dict[str, str]:
    base = f"{ask.base}/sobjects/{object_name}"
    urls = {"rowTemplate": f"{base}/{{ID}}", "describe": f"{base}/describe", "sobject": base}
    return urls | ({"updated": f"{base}/updated", "deleted": f"{base}/deleted"} if whole else {})


def _label(number: int) -> str:
    steps = number - _FIRST_WINTER
    return f"{_RELEASES[steps % 3]} '{21 + steps // 3:02d}"
