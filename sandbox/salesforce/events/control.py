"""The sandbox's own addresses for an org's event bus: what is captured, what it may deliver, gaps and moves."""

from collections.abc import Callable
from typing import Any

from sandbox.checked import BadRequest, checked, json_object, site_named
from sandbox.http import Call, Response, Route, json_response
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.events.bus import STANDARD, Bus, BusError, Member
from sandbox.salesforce.events.capture import ChangeType
from sandbox.salesforce.org import Org

_BUS = "/sandbox/salesforce/orgs/<org_id>/events"


def _show(call: Call, org_id: str) -> Response:
    return _shown(call, site_named(call, org_id).org)


def _change(call: Call, org_id: str) -> Response:
    """Any of `{"select": ["Event"], "channel": {"topic": "/data/X__chn", "members": [{"object": "Event", "filter":
    "...", "enrich": ["OwnerId"]}]}, "managed": {"developer_name": "X", "topic": "..."}, "allowance": 25000,
    "add_on": true, "gap": {"kind": "GAP_UPDATE", "object": "Event", "ids": ["..."]}, "reset": true}`."""
    org = site_named(call, org_id).org
    try:
        for name, value in json_object(call).items():
            _ACTS[name](org, value)
    except (SalesforceError, BusError) as error:
        raise BadRequest(str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadRequest(f"{_change.__doc__} {error!r}") from error
    return _shown(call, org)


def _set_channel(org: Org, given: dict[str, Any]) -> None:
    members = [
        Member(one["object"], one.get("filter", ""), tuple(one.get("enrich", ()))) for one in given["members"]
    ]
    org.events.set_channel(given["topic"], members)


def _set_allowance(org: Org, number: int) -> None:
    org.events.deliveries.allowance = int(number)


def _set_add_on(org: Org, has: bool) -> None:
    org.events.add_on = bool(has)


_ACTS: dict[str, Callable[[Org, Any], object]] = {
    "add_on": _set_add_on,
    "select": lambda org, names: org.events.select(*names),
    "channel": _set_channel,
    "managed": lambda org, given: org.managed_subscriptions.add(given["developer_name"], given["topic"]),
    "allowance": _set_allowance,
    "gap": lambda org, given: org.events.gap(ChangeType(given["kind"]), given["object"], *given["ids"]),
    "reset": lambda org, wanted: org.events.reset() if wanted else None,
}


def _shown(call: Call, org: Org) -> Response:
    bus: Bus = org.events
    now = call.world.clock.now()
    channels = {topic: sorted(members) for topic, members in bus.channels.items()}
    return json_response(
        {
            "selected": channels.pop(STANDARD, []),
            "channels": channels,
            "managed": [one.developer_name for one in org.managed_subscriptions.by_id.values()],
            "kept": len(bus.kept),
            "delivered": bus.deliveries.used(now),
            "allowance": bus.deliveries.allowance,
        }
    )


ROUTES = (
    Route("events", "GET", _BUS, checked(_show)),
    Route("events_change", "POST", _BUS, checked(_change)),
)
"""For the sandbox's own face."""
