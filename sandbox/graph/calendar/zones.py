"""`supportedTimeZones`: the names of zones that clients may use."""

from datetime import datetime
from zoneinfo import available_timezones

from sandbox.graph.calendar.times import zone_info
from sandbox.graph.context import Context
from sandbox.graph.errors import bad_request
from sandbox.http import Response
from sandbox.mailboxes.zones import IANA_OF


def list_zones(context: Context, standard: str = "") -> Response:
    names = _names(standard)
    now = context.store.now()
    rows = [{"alias": name, "displayName": _shown(name, now) if name in IANA_OF else name} for name in names]
    collection = "Collection(microsoft.graph.timeZoneInformation)"
    return context.answer({"@odata.context": f"{context.root}/$metadata#{collection}", "value": rows})


def _names(standard: str) -> list[str]:
    """Windows' own unless IANA's are asked for."""
    match standard.lower():
        case "" | "windows":
            return list(IANA_OF)
        case "iana":
            return sorted(available_timezones())
    raise bad_request(f"There is no standard {standard} of time zones.", "RequestBroker--ParseUri")


def _shown(name: str, now: datetime) -> str:
    minutes = int((now.astimezone(zone_info(name)).utcoffset() or now - now).total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return f"(UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}) {name}"
