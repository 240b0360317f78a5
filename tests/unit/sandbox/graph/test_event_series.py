"""Series: expanded to their dates, changed and shortened date by date, told the way Graph tells them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.graph.calendar.times import CUSTOM
from sandbox.mailboxes.calendar import Details, Rule
from tests.unit.sandbox.graph.conftest import IMMUTABLE, Office
from tests.unit.sandbox.graph.diary import BERLIN, WINDOW, at, changed, dates, event, made, weekly

BAD = "ErrorPropertyValidationFailure"
PREFER_BERLIN = {"Prefer": f'outlook.timezone="{BERLIN}"'}


def repeated(pattern: dict[str, Any], **range_: Any) -> dict[str, Any]:
    repeats = {"type": "noEnd", "startDate": "2026-11-23", **range_}
    return event(recurrence={"pattern": {"interval": 1, **pattern}, "range": repeats})


def days(office: Office, master: str) -> list[str]:
    return [row["start"]["dateTime"][:10] for row in dates(office, master)]


def test_a_series_and_its_dates(office: Office) -> None:
    series = made(office, weekly("monday", "wednesday"))
    assert (series["type"], series["recurrence"]["pattern"]["daysOfWeek"]) == (
        "seriesMaster",
        ["monday", "wednesday"],
    )
    rows = dates(office, series["id"])
    assert [row["start"]["dateTime"][:10] for row in rows] == [
        "2026-11-23", "2026-11-25", "2026-11-30", "2026-12-02", "2026-12-07",
    ]  # fmt: skip
    assert {row["type"] for row in rows} == {"occurrence"}
    assert {row["seriesMasterId"] for row in rows} == {series["id"]}
    assert {row["recurrence"] for row in rows} == {None}
    assert len({row["id"] for row in rows}) == len({row["iCalUId"] for row in rows}) == 5
    assert rows[0]["iCalUId"] == series["iCalUId"].replace("A82E00800000000", "A82E00807EA0B17", 1)
    assert rows[0]["originalStart"] == "2026-11-23T09:00:00Z"
    assert office.get(f"events/{rows[3]['id']}")["start"] == rows[3]["start"]


def test_views_have_dates_and_lists_have_series(office: Office) -> None:
    series = made(office, weekly(subject="Series"))
    made(office, event("2026-11-24T10:00", "2026-11-24T11:00", subject="Single"))
    listed = office.get("events?$orderby=subject")["value"]
    assert [(row["subject"], row["type"]) for row in listed] == [
        ("Series", "seriesMaster"), ("Single", "singleInstance"),
    ]  # fmt: skip
    view = office.get(f"calendarView?{WINDOW}")["value"]
    assert [row["subject"] for row in view] == ["Series", "Single", "Series", "Series", "Series", "Series"]
    assert series["id"] not in {row["id"] for row in view}
    few = office.get(f"calendar/calendarView?{WINDOW}&$filter=subject eq 'Single'&$select=start")["value"]
    assert [row["start"]["dateTime"][:10] for row in few] == ["2026-11-24"]
    reaching_in = "startDateTime=2026-11-24T10:30:00%2B01:00&endDateTime=2026-11-24T10:45:00%2B01:00"
    assert [row["subject"] for row in office.get(f"calendarView?{reaching_in}")["value"]] == ["Single"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "ErrorInvalidParameter"),
        ("?startDateTime=2026-11-01", "ErrorInvalidParameter"),
        ("?startDateTime=soon&endDateTime=2026-12-01", "ErrorInvalidParameter"),
        ("?startDateTime=2026-12-01&endDateTime=2026-11-01", "ErrorInvalidParameter"),
        ("?startDateTime=0001-01-01T00:00:00%2B14:00&endDateTime=2026-11-01", "ErrorInvalidParameter"),
        ("?startDateTime=2020-12-01&endDateTime=2026-11-01", "ErrorInvalidRequest"),
    ],
)
def test_a_view_needs_a_window(office: Office, query: str, code: str) -> None:
    series = made(office, weekly())["id"]
    for path in ("calendarView", f"events/{series}/instances", "calendarView/delta"):
        assert office.refused("GET", f"{path}{query}") == (400, code)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ({"type": "daily", "interval": 14}, ["2026-11-23", "2026-12-07", "2026-12-21"]),
        ({"type": "weekly", "interval": 2, "daysOfWeek": ["tuesday"]}, ["2026-11-24", "2026-12-08", "2026-12-22"]),
        ({"type": "absoluteMonthly", "dayOfMonth": 30}, ["2026-11-30", "2026-12-30"]),
        ({"type": "relativeMonthly", "daysOfWeek": ["friday"], "index": "last"}, ["2026-11-27", "2026-12-25"]),
        ({"type": "absoluteYearly", "dayOfMonth": 24, "month": 12}, ["2026-12-24"]),
        ({"type": "relativeYearly", "daysOfWeek": ["monday"], "index": "second", "month": 12}, ["2026-12-14"]),
    ],
)  # fmt: skip
def test_patterns(office: Office, pattern: dict[str, Any], found: list[str]) -> None:
    series = made(office, repeated(pattern))
    assert days(office, series["id"]) == found
    shown = series["recurrence"]
    assert shown["pattern"]["type"] == pattern["type"]
    assert shown["range"]["recurrenceTimeZone"] == BERLIN
    again = made(office, event(f"{found[0]}T10:00", f"{found[0]}T11:00", recurrence=shown))
    assert again["recurrence"] == shown, "what is shown is taken back"


@pytest.mark.parametrize(
    ("range_", "last"),
    [
        ({"type": "endDate", "endDate": "2026-12-08"}, "2026-12-07"),
        ({"type": "endDate", "endDate": "2026-12-07"}, "2026-12-07"),
        ({"type": "numbered", "numberOfOccurrences": 2}, "2026-11-30"),
        ({"type": "noEnd"}, "2026-12-28"),
    ],
)
def test_ranges(office: Office, range_: dict[str, Any], last: str) -> None:
    series = made(office, repeated({"type": "weekly", "daysOfWeek": ["monday"]}, **range_))
    assert days(office, series["id"])[-1] == last
    assert series["recurrence"]["range"]["type"] == range_["type"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (repeated({"type": "weekly"}), BAD),
        (repeated({"type": "daily", "interval": 0}), BAD),
        (repeated({"type": "absoluteMonthly"}), BAD),
        (repeated({"type": "absoluteYearly", "dayOfMonth": 24}), BAD),
        (repeated({"type": "hourly"}), "RequestBodyRead"),
        (repeated({"type": "weekly", "daysOfWeek": ["someday"]}), "RequestBodyRead"),
        (repeated({"type": "daily"}, startDate="2026-11-24"), BAD),
        (repeated({"type": "daily"}, startDate="2026-11-23T00:00:00"), "RequestBodyRead"),
        (repeated({"type": "daily"}, type="endDate", endDate="2026-11-22"), BAD),
        (repeated({"type": "daily"}, type="endDate"), "RequestBodyRead"),
        (repeated({"type": "daily"}, type="numbered"), BAD),
        (repeated({"type": "daily"}, recurrenceTimeZone="Tokyo Standard Time"), BAD),
        (event(recurrence={"pattern": {"type": "daily", "interval": 1}}), "RequestBodyRead"),
    ],
)
def test_what_a_series_cannot_be(office: Office, body: dict[str, Any], code: str) -> None:
    assert office.refused("POST", "events", body) == (400, code)


def test_the_zone_of_the_range_may_have_either_name(office: Office) -> None:
    made(office, repeated({"type": "daily"}, recurrenceTimeZone="Europe/Berlin"))


def test_a_series_keeps_its_hour_when_clocks_change(office: Office) -> None:
    start = "2026-10-20"
    body = event(f"{start}T10:00", f"{start}T11:00", recurrence={
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
        "range": {"type": "numbered", "startDate": start, "numberOfOccurrences": 2},
    })  # fmt: skip
    series = made(office, body)["id"]
    window = "startDateTime=2026-10-01T00:00:00Z&endDateTime=2026-12-01T00:00:00Z"
    rows = office.get(f"events/{series}/instances?{window}")["value"]
    assert [row["start"]["dateTime"][11:16] for row in rows] == ["08:00", "09:00"]
    local = office.get(f"events/{series}/instances?{window}", headers=PREFER_BERLIN)["value"]
    assert [row["start"]["dateTime"][11:16] for row in local] == ["10:00", "10:00"]


def test_a_changed_date_is_an_exception(office: Office) -> None:
    series = made(office, weekly(subject="Series"))
    second = dates(office, series["id"])[1]
    shown = changed(office, second["id"], {"start": at("2026-12-01T15:00"), "end": at("2026-12-01T16:00")})
    assert (shown["type"], shown["id"], shown["originalStart"]) == (
        "exception",
        second["id"],
        "2026-11-30T09:00:00Z",
    )
    assert shown["iCalUId"] == second["iCalUId"]
    changed(office, series["id"], {"subject": "Renamed"})
    rows = dates(office, series["id"])
    assert [(row["subject"], row["type"]) for row in rows[:3]] == [
        ("Renamed", "occurrence"), ("Renamed", "exception"), ("Renamed", "occurrence"),
    ]  # fmt: skip
    assert rows[1]["start"]["dateTime"].startswith("2026-12-01T14")


def test_writing_what_is_there_keeps_the_exceptions(office: Office) -> None:
    series = made(office, weekly())
    changed(office, dates(office, series["id"])[1]["id"], {"subject": "Other"})
    same = {"start": at("2026-11-23T10:00", "Europe/Berlin"), "end": at("2026-11-23T11:00", "Europe/Berlin")}
    changed(office, series["id"], same | {"recurrence": series["recurrence"]})
    assert [row["subject"] for row in dates(office, series["id"])] == ["Plan", "Other", "Plan", "Plan", "Plan"]


def test_all_of_a_series_has_one_version(office: Office) -> None:
    series = made(office, weekly())["id"]
    first, second = dates(office, series)[:2]
    changed(office, first["id"], {"subject": "Other"})
    tags = {row["@odata.etag"] for row in (*dates(office, series), office.get(f"events/{series}"))}
    assert len(tags) == 1
    stale = {"If-Match": second["@odata.etag"]}
    assert office.refused("PATCH", f"events/{second['id']}", {"subject": "x"}, headers=stale)[0] == 412


def test_a_date_does_not_cross_its_neighbour(office: Office) -> None:
    series = made(office, weekly())["id"]
    second = dates(office, series)[1]["id"]
    for day in ("2026-11-23", "2026-11-20", "2026-12-07", "2026-12-09"):
        moved = {"start": at(f"{day}T15:00"), "end": at(f"{day}T16:00")}
        assert office.refused("PATCH", f"events/{second}", moved) == (400, "ErrorOccurrenceCrossingBoundary")
    assert office.refused("PATCH", f"events/{second}", {"recurrence": None})[0] == 400


def test_a_deleted_date_is_gone(office: Office) -> None:
    series = made(office, weekly())["id"]
    second = dates(office, series)[1]["id"]
    assert office.call("DELETE", f"events/{second}").status_code == 204
    assert days(office, series) == ["2026-11-23", "2026-12-07", "2026-12-14", "2026-12-21"]
    assert office.refused("GET", f"events/{second}") == (404, "ErrorItemNotFound")


def test_a_series_tells_its_exceptions_and_what_was_cancelled(office: Office) -> None:
    series = made(office, weekly(), headers=IMMUTABLE)["id"]
    rows = dates(office, series, headers=IMMUTABLE)
    changed(office, rows[1]["id"], {"subject": "Other"})
    office.call("DELETE", f"events/{rows[2]['id']}")
    path = f"events/{series}?$select=subject,cancelledOccurrences&$expand=exceptionOccurrences"
    shown = office.get(path, headers=IMMUTABLE)
    assert shown["cancelledOccurrences"] == [f"OID.{series}.2026-12-07"]
    assert [(row["id"], row["subject"]) for row in shown["exceptionOccurrences"]] == [(rows[1]["id"], "Other")]
    assert office.get(f"events/OID.{series}.2026-11-30", headers=IMMUTABLE)["id"] == rows[1]["id"]
    assert office.refused("GET", f"events/OID.{series}.2026-12-07") == (404, "ErrorItemNotFound")
    assert office.refused("GET", f"events/OID.{series}.2026-12-08") == (404, "ErrorItemNotFound")
    office.turn(series_tells_its_dates=False)
    assert office.refused("GET", f"events/{series}?$select=cancelledOccurrences")[0] == 400
    assert office.refused("GET", f"events/{series}?$expand=exceptionOccurrences")[0] == 400


def test_a_series_moves_with_its_dates(office: Office) -> None:
    series = made(office, weekly())["id"]
    later = {"start": at("2026-11-24T10:00"), "end": at("2026-11-24T11:00")}
    assert office.refused("PATCH", f"events/{series}", {"start": at("2026-11-23T10:00", "UTC")}) == (400, BAD)
    recurrence = weekly("tuesday")["recurrence"]
    recurrence["range"]["startDate"] = "2026-11-24"
    changed(office, series, later | {"recurrence": recurrence})
    assert days(office, series) == ["2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22"]
    single = changed(office, series, {"recurrence": None})
    assert (single["type"], single["start"]["dateTime"][:10]) == ("singleInstance", "2026-11-24")
    assert days(office, series) == []


def test_a_zone_that_an_invitation_brought_along(office: Office) -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    details = Details("Theirs", start=start, end=start + timedelta(hours=1), start_zone="Elm", end_zone="Elm")
    office.store.calendar.add(office.anna, details, rule=Rule("daily", count=3, zone="Elm"))
    (series,) = office.get("events")["value"]
    assert {series["originalStartTimeZone"], series["recurrence"]["range"]["recurrenceTimeZone"]} == {CUSTOM}
    moved = changed(
        office, series["id"], {"end": at("2026-11-23T11:00", "UTC"), "recurrence": series["recurrence"]}
    )
    assert moved["end"]["dateTime"].startswith("2026-11-23T11")
    assert len(dates(office, series["id"])) == 3


def test_newer_names_of_dates(office: Office) -> None:
    series = made(office, weekly())
    office.turn(uid_is_told=True)
    first = dates(office, series["id"])[0]
    assert (first["uid"], first["occurrenceId"]) == (series["iCalUId"], f"OID.{series['id']}.2026-11-23")
