"""Which addresses and methods there are, and where each may stand as a part of something larger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule

from sandbox.salesforce.errors import SalesforceError, not_found
from sandbox.salesforce.rest.exchange import Handler, Parent


@dataclass(frozen=True, slots=True)
class Resource:
    name: str
    """The route's name in the request log; stable."""
    method: str
    rule: str
    """Below `/services/data/vNN.0`."""
    handler: Handler
    within: frozenset[Parent] = frozenset()
    query: bool = False
    collection: bool = False
    """A composite may hold five queries and collections together."""
    raw: int = 0
    """Bytes the body may have that is handed over as it came; 0 for one that is JSON."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a part of a composite points to."""

    resource: Resource
    arguments: dict[str, Any]
    version: str
    query: dict[str, str]


class Table:
    def __init__(self, resources: Sequence[Resource]) -> None:
        self.resources = tuple(resources)
        self._adapter = Map(
            [Rule(one.rule, methods=[one.method], endpoint=one) for one in resources],
            strict_slashes=False,
        ).bind("localhost")

        self._lately = lru_cache(maxsize=64)(self._target)
        """Each part is asked for several times on its way: counted, sorted, noted and run."""

    def target(self, method: str, url: str) -> Target:
        """The resource of a full address `/services/data/vNN.0/...?...`; 404 or 405 as the vendor says."""
        return self._lately(method, url)

    def _target(self, method: str, url: str) -> Target:
        try:
            split = urlsplit(url)
        except ValueError:
            raise not_found() from None
        head, _, rest = split.path.removeprefix("/services/data/v").partition("/")
        if not split.path.startswith("/services/data/v") or not head:
            raise not_found()
        try:
            resource, arguments = self._adapter.match("/" + unquote(rest), method=method)
        except MethodNotAllowed as refusal:
            raise not_allowed(method, refusal.valid_methods or ()) from None
        except (NotFound, RequestRedirect):
            raise not_found() from None
        query = dict(parse_qsl(split.query, keep_blank_values=True))
        return Target(resource, dict(arguments), head, query)


def not_allowed(method: str, allowed: Iterable[str]) -> SalesforceError:
    message = f"HTTP Method '{method}' not allowed. Allowed are {','.join(sorted(allowed))}"
    return SalesforceError("METHOD_NOT_ALLOWED", message, 405)
