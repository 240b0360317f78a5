"""The subscription service's own limits, per app and tenant."""

import math
from collections import deque
from datetime import timedelta

from sandbox.graph.entra import Grant
from sandbox.graph.errors import GraphError
from sandbox.http import Call

WINDOW = timedelta(seconds=20)
WRITES = 500
LISTS = 25


def count(call: Call, grant: Grant) -> None:
    """Raises 429; what is refused counts too. Reading one subscription is not limited."""
    if call.request.method != "GET":
        kind, most = "write", WRITES
    elif call.route.name == "subscriptions.list":
        kind, most = "list", LISTS
    else:
        return
    now = call.world.clock.now()
    times = call.world.subscriptions.meters.setdefault((grant.app.client_id, grant.tenant, kind), deque())
    while times and times[0] <= now - WINDOW:
        times.popleft()
    times.append(now)
    if len(times) > most:
        wait = max(1, math.ceil((times[-most - 1] + WINDOW - now).total_seconds()))
        raise GraphError(429, "TooManyRequests", "Too many requests.", {"Retry-After": str(wait)})
