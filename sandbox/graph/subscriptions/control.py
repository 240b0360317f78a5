"""The sandbox's own addresses for subscriptions: what is on its way, and lifecycle events on demand."""

from datetime import timedelta
from typing import Any

from sandbox.checked import NoSuch, checked
from sandbox.digits import is_whole
from sandbox.graph.shape import instant
from sandbox.graph.subscriptions.book import Subscription
from sandbox.graph.subscriptions.courier import deliver
from sandbox.http import Call, Response, Route, json_response


def _list(call: Call) -> Response:
    book, now = call.world.subscriptions, call.world.clock.now()
    return json_response(
        {
            "subscriptions": [_shape(one) for one in book.subscriptions.values()],
            "waiting": len(book.queue),
            "receivers": {
                host: {"slow": one.is_slow(now), "dropped": one.is_dropped(now), "answers": len(one.answers)}
                for host, one in book.receivers.items()
            },
        }
    )


def _shape(one: Subscription) -> dict[str, Any]:
    shown = {"id": one.id, "app": one.app, "resource": one.resource, "changes": list(one.change_types)}
    asked = instant(one.reauthorise_by) if one.reauthorise_by else None
    return shown | {"expires": instant(one.expires), "reauthorise_by": asked, "immutable": one.immutable}


def _deliver(call: Call) -> Response:
    return json_response({"delivered": deliver(call.world)})


def _event(call: Call, subscription: str, event: str) -> Response:
    """`reauthorize?minutes=10` asks for it by then, `remove` ends it, `miss` says that something was lost."""
    book, now = call.world.subscriptions, call.world.clock.now()
    found = book.subscriptions.get(subscription)
    minutes = call.request.args.get("minutes", "10")
    if found is None or event not in ("reauthorize", "remove", "miss") or not is_whole(minutes):
        raise NoSuch("name a subscription and one of reauthorize, remove, miss")
    if event == "reauthorize":
        found.reauthorise_by = now + timedelta(minutes=int(minutes))
        book.tell_life(found, "reauthorizationRequired", now)
    elif event == "remove":
        book.remove(found, now, tell=True)
    else:
        book.tell_life(found, "missed", now)
    return _list(call)


ROUTES = (
    Route("subscriptions", "GET", "/sandbox/microsoft/subscriptions", _list),
    Route("subscriptions_deliver", "POST", "/sandbox/microsoft/subscriptions/deliver", _deliver),
    Route(
        "subscriptions_event", "POST", "/sandbox/microsoft/subscriptions/<subscription>/<event>", checked(_event)
    ),
)
