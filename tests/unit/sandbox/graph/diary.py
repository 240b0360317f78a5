"""Events as clients write them, for tests of calendars."""

from typing import Any

from tests.unit.sandbox.graph.conftest import Office

BERLIN = "W. Europe Standard Time"
WINDOW = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2026-12-31T00:00:00Z"
Body = dict[str, Any]


def at(clock: str, zone: str = BERLIN) -> Body:
    """`2026-11-23T10:00` and a zone, as Graph writes the two."""
    return {"dateTime": f"{clock}:00", "timeZone": zone}


def event(start: str = "2026-11-23T10:00", end: str = "2026-11-23T11:00", zone: str = BERLIN, **more: Any) -> Body:
    return {"subject": "Plan", "start": at(start, zone), "end": at(end, zone), **more}


def weekly(*days: str, **more: Any) -> Body:
    """A series on these days of every week from Monday 23 November on, at ten in Berlin; by default five times."""
    pattern = {
        "type": "weekly",
        "interval": 1,
        "daysOfWeek": list(days or ("monday",)),
        "firstDayOfWeek": "monday",
    }
    repeats = {"type": "numbered", "startDate": "2026-11-23", "numberOfOccurrences": 5}
    return event(**{"recurrence": {"pattern": pattern, "range": repeats}, **more})


def made(office: Office, body: Body | None = None, path: str = "events", **options: Any) -> Body:
    answer = office.call("POST", path, body or event(), **options)
    assert answer.status_code == 201, answer.text
    shape: Body = answer.json()
    return shape


def changed(office: Office, id_: str, body: Body, **options: Any) -> Body:
    answer = office.call("PATCH", f"events/{id_}", body, **options)
    assert answer.status_code == 200, answer.text
    shape: Body = answer.json()
    return shape


def dates(office: Office, master: str, **options: Any) -> list[Body]:
    rows: list[Body] = office.get(f"events/{master}/instances?{WINDOW}&$top=100", **options)["value"]
    return rows
