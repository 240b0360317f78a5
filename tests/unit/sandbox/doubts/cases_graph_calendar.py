"""What each doubt about Graph's calendars changes for a client."""

from typing import Any

from tests.unit.sandbox.doubts.stage import Stage, case

LASTING = 'IdType="ImmutableId"'
WINDOW = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2026-12-31T00:00:00Z"
DELTA = f"calendarView/delta?{WINDOW}"


def at(moment: str) -> dict[str, str]:
    return {"dateTime": moment, "timeZone": "Europe/Berlin"}


def created(
    stage: Stage, start: str = "2026-11-23T10:00:00", end: str = "2026-11-23T11:00:00", **more: Any
) -> str:
    """The lasting id of a new event."""
    body = {"subject": "Plan", "start": at(start), "end": at(end), **more}
    answer = stage.graph("POST", "events", body, Prefer=LASTING)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def series(stage: Stage) -> str:
    """Five Mondays."""
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"], "firstDayOfWeek": "monday"}
    repeats = {"type": "numbered", "startDate": "2026-11-23", "numberOfOccurrences": 5}
    return created(stage, recurrence={"pattern": pattern, "range": repeats})


def round_of(stage: Stage, link: str = DELTA) -> tuple[list[dict[str, Any]], str]:
    """Rows, and where the next round begins."""
    pages = list(stage.pages(link, Prefer=LASTING))
    return [row for page in pages for row in page["value"]], stage.follow(pages)


@case("graph.bad_event_is_property_validation", on="ErrorPropertyValidationFailure", off="ErrorInvalidRequest")
def _(stage: Stage) -> object:
    return stage.graph("POST", "events", {"subject": "No times"}).json()["error"]["code"]


@case("graph.odd_all_day_is_refused", on=400, off=201)
def _(stage: Stage) -> object:
    body = {"isAllDay": True, "start": at("2026-11-23T00:00:00"), "end": at("2026-11-23T12:00:00")}
    return stage.graph("POST", "events", body).status_code


@case("graph.all_day_floats", on="2026-11-23T00", off="2026-11-22T23")
def _(stage: Stage) -> object:
    whole = created(stage, "2026-11-23T00:00:00", "2026-11-24T00:00:00", isAllDay=True)
    return stage.graph("GET", f"events/{whole}").json()["start"]["dateTime"][:13]


@case("graph.all_day_lies_in_utc", on=0, off=1)
def _(stage: Stage) -> object:
    created(stage, "2026-11-23T00:00:00", "2026-11-24T00:00:00", isAllDay=True)
    evening = "startDateTime=2026-11-22T23:00:00Z&endDateTime=2026-11-23T00:00:00Z"
    return len(stage.graph("GET", f"calendarView?{evening}").json()["value"])


@case("graph.uid_is_told", on=True, off=False)
def _(stage: Stage) -> object:
    return "uid" in stage.graph("GET", f"events/{created(stage)}").json()


@case("graph.deleted_event_is_found", on=200, off=404)
def _(stage: Stage) -> object:
    gone = created(stage)
    stage.graph("DELETE", f"events/{gone}")
    return stage.graph("GET", f"events/{gone}").status_code


@case("graph.event_delta_tells_text", on="text", off="html")
def _(stage: Stage) -> object:
    created(stage)
    (page,) = stage.pages(DELTA, Prefer='outlook.body-content-type="text"')
    return page["value"][0]["body"]["contentType"]


@case("graph.removed_series_names_its_dates", on=6, off=1)
def _(stage: Stage) -> object:
    gone = series(stage)
    _rows, link = round_of(stage)
    stage.graph("DELETE", f"events/{gone}")
    return len(round_of(stage, link)[0])


@case("graph.instances_have_exceptions", on=5, off=4)
def _(stage: Stage) -> object:
    path = f"events/{series(stage)}/instances?{WINDOW}"
    changed = stage.graph("GET", path).json()["value"][1]["id"]
    assert stage.graph("PATCH", f"events/{changed}", {"subject": "Other"}).status_code == 200
    return len(stage.graph("GET", path).json()["value"])


@case("graph.series_tells_its_dates", on=200, off=400)
def _(stage: Stage) -> object:
    return stage.graph("GET", f"events/{series(stage)}?$select=cancelledOccurrences").status_code


@case("graph.occurrences_are_thin", on=False, off=True)
def _(stage: Stage) -> object:
    series(stage)
    rows, _link = round_of(stage)
    return any("subject" in row for row in rows if row["type"] == "occurrence")


@case("graph.deleted_occurrences_are_told", on=1, off=0)
def _(stage: Stage) -> object:
    master = series(stage)
    _rows, link = round_of(stage)
    date = stage.graph("GET", f"events/{master}/instances?{WINDOW}").json()["value"][1]["id"]
    stage.graph("DELETE", f"events/{date}")
    return sum("@removed" in row for row in round_of(stage, link)[0])


@case("graph.read_only_parts_are_ignored", on=200, off=400)
def _(stage: Stage) -> object:
    return stage.graph("PATCH", f"events/{created(stage)}", {"isOrganizer": False}).status_code


@case("graph.other_calendars_in_delta", on=200, off=400)
def _(stage: Stage) -> object:
    other = stage.graph("POST", "calendars", {"name": "Other"}).json()["id"]
    return stage.graph("GET", f"calendars/{other}/{DELTA}").status_code


@case("graph.not_organizer_is_of_its_own", on="ErrorCalendarIsNotOrganizer", off="ErrorInvalidRequest")
def _(stage: Stage) -> object:
    invited = [{"emailAddress": {"address": "ada@larch.test"}}]
    body = {"start": at("2026-11-23T10:00:00"), "end": at("2026-11-23T11:00:00"), "attendees": invited}
    stage.graph("POST", "/v1.0/users/ben@larch.test/events", body)
    copy = stage.graph("GET", "events").json()["value"][0]["id"]
    return stage.graph("POST", f"events/{copy}/cancel", {}).json()["error"]["code"]
