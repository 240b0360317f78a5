"""The door every API of an org shares: the allowance counted, jobs brought up to date, the org's clock set."""

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.http import Call
from sandbox.salesforce.bulk.run import settle
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.site import Site
from sandbox.salesforce.tokens import Session

LARGEST_BODY = 50 * 1024 * 1024


@contextmanager
def admitted(call: Call, site: Site, session: Session) -> Iterator[None]:
    """Counts the call and lets it in, or raises REQUEST_LIMIT_EXCEEDED."""
    now = call.world.clock.now()
    if site.usage.exhausted(now):
        raise SalesforceError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403)
    site.usage.count(now)
    app = site.apps.get(session.client_id)
    if app is not None and app.calls is not None:
        app.calls.count(now)
    settle(call.world, site, now)
    with site.clock.as_of(call.began or now):
        yield
