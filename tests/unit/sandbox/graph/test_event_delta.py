"""Delta of a calendar's window: what is in it, what left it, what a series looks like, and impolite servers."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.sandbox.graph.conftest import IMMUTABLE, Office
from tests.unit.sandbox.graph.diary import WINDOW, at, changed, dates, event, made, weekly
from tests.unit.sandbox.graph.follower import MOST_PAGES, Follower

THIN = {"@odata.type", "@odata.etag", "id", "seriesMasterId", "type", "start", "end"}
LASTING = {"prefer": 'IdType="ImmutableId"'}


def follow(office: Office, window: str = WINDOW, **headers: str) -> Follower:
    return Follower(office, f"calendarView/delta?{window}", headers)


def singles(office: Office, count: int) -> list[dict[str, Any]]:
    days = (f"2026-11-{number + 2:02}" for number in range(count))
    return [made(office, event(f"{day}T10:00", f"{day}T11:00", subject=day), headers=IMMUTABLE) for day in days]


def kinds(rows: list[dict[str, Any]]) -> list[str]:
    return ["removed" if "@removed" in row else row["type"] for row in rows]


def test_the_first_round_tells_the_window_and_the_second_what_changed(office: Office) -> None:
    one, two, three = singles(office, 3)
    made(office, event("2027-03-01T10:00", "2027-03-01T11:00"))
    feed = follow(office, **LASTING)
    assert [row["subject"] for row in feed.round()] == ["2026-11-02", "2026-11-03", "2026-11-04"]
    assert feed.round() == []
    changed(office, one["id"], {"subject": "Changed"})
    office.call("DELETE", f"events/{two['id']}")
    told = feed.round()
    assert [(row["id"], row.get("subject")) for row in told] == [(one["id"], "Changed"), (two["id"], None)]
    assert told[1]["@removed"] == {"reason": "deleted"}
    assert set(feed.rows) == {one["id"], three["id"]}


def test_what_leaves_the_window_looks_deleted(office: Office) -> None:
    (one,) = singles(office, 1)
    feed = follow(office, **LASTING)
    feed.round()
    away = made(office, event("2027-03-01T10:00", "2027-03-01T11:00"), headers=IMMUTABLE)
    changed(office, one["id"], {"start": at("2027-01-10T10:00"), "end": at("2027-01-10T11:00")})
    told = feed.round()
    assert {row["id"] for row in told if "@removed" in row} == {one["id"], away["id"]}
    assert office.get(f"events/{one['id']}")["subject"] == "2026-11-02", "it is only elsewhere"
    changed(office, one["id"], {"start": at("2026-11-10T10:00"), "end": at("2026-11-10T11:00")})
    assert [row["start"]["dateTime"][:10] for row in feed.round()] == ["2026-11-10"]


def test_a_series_is_told_in_full_and_its_dates_are_thin(office: Office) -> None:
    series = made(office, weekly(), headers=IMMUTABLE)
    moved = dates(office, series["id"], headers=IMMUTABLE)[1]["id"]
    changed(office, moved, {"subject": "Other"})
    told = follow(office, **LASTING).round()
    assert kinds(told) == ["seriesMaster", *["occurrence", "exception"], *["occurrence"] * 3]
    assert set(told[1]) == THIN
    assert set(told[2]) == THIN | {"subject"}
    assert told[0]["recurrence"]["range"]["numberOfOccurrences"] == 5
    assert {row["seriesMasterId"] for row in told[1:]} == {series["id"]}
    office.turn(occurrences_are_thin=False)
    assert set(follow(office, **LASTING).round()[1]) > THIN


def test_a_series_shows_the_part_of_it_that_is_in_the_window(office: Office) -> None:
    made(office, weekly())
    week = "startDateTime=2026-11-28T00:00:00Z&endDateTime=2026-12-05T00:00:00Z"
    told = follow(office, week).round()
    assert kinds(told) == ["seriesMaster", "occurrence"]
    assert told[1]["start"]["dateTime"][:10] == "2026-11-30"
    assert follow(office, "startDateTime=2026-11-01T00:00:00Z&endDateTime=2026-11-20T00:00:00Z").round() == []


def test_a_deleted_date_is_not_told_but_its_series_is(office: Office) -> None:
    series = made(office, weekly(), headers=IMMUTABLE)["id"]
    feed = follow(office, **LASTING)
    feed.round()
    second, third = (dates(office, series, headers=IMMUTABLE)[place]["id"] for place in (1, 2))
    office.call("DELETE", f"events/{second}")
    told = feed.round()
    assert kinds(told) == ["seriesMaster", *["occurrence"] * 4]
    assert second not in {row["id"] for row in told}
    office.turn(deleted_occurrences_are_told=True)
    office.call("DELETE", f"events/{third}")
    assert [row["id"] for row in feed.round() if "@removed" in row] == [third]


def test_a_deleted_series_is_told_once(office: Office) -> None:
    series = made(office, weekly(), headers=IMMUTABLE)["id"]
    feed = follow(office, **LASTING)
    feed.round()
    office.call("DELETE", f"events/{series}")
    assert [(row["id"], "@removed" in row) for row in feed.round()] == [(series, True)]
    other = made(office, weekly(), headers=IMMUTABLE)["id"]
    feed.round()
    office.turn(removed_series_names_its_dates=True)
    office.call("DELETE", f"events/{other}")
    assert kinds(feed.round()) == ["removed"] * 6


def test_a_tombstone_has_the_id_that_was_told(office: Office) -> None:
    singles(office, 1)
    feed = follow(office)
    (first,) = feed.round()
    office.call("DELETE", f"events/{first['id']}")
    assert [row["id"] for row in feed.round()] == [first["id"]]


@pytest.mark.parametrize(
    ("preference", "pages"), [("", 3), ("odata.maxpagesize=4", 6), ("odata.maxpagesize=50", 1)]
)
def test_pages(office: Office, preference: str, pages: int) -> None:
    singles(office, 23)
    feed = follow(office, prefer=preference)
    assert len(feed.round()) == 23
    assert feed.pages == pages


def test_a_series_is_never_split(office: Office) -> None:
    for _ in range(3):
        made(office, weekly())
    page = office.get(f"calendarView/delta?{WINDOW}", headers={"Prefer": "odata.maxpagesize=2"})
    assert kinds(page["value"]) == ["seriesMaster", *["occurrence"] * 5]
    assert "@odata.nextLink" in page


def test_what_changes_during_a_round_is_told_in_the_next(office: Office) -> None:
    rows = singles(office, 12)
    first = office.get(f"calendarView/delta?{WINDOW}", headers=IMMUTABLE)
    changed(office, rows[0]["id"], {"subject": "Meanwhile"})
    added = made(office, event(), headers=IMMUTABLE)
    second = office.get(first["@odata.nextLink"], headers=IMMUTABLE)
    third = office.get(second["@odata.deltaLink"], headers=IMMUTABLE)
    assert {rows[0]["id"], added["id"]} <= {row["id"] for row in third["value"]}


@pytest.mark.parametrize("option", ["$select=subject", "$expand=extensions", "$filter=isAllDay eq true",
                                    "$orderby=subject", "$search=x", "$nonsense=1"])  # fmt: skip
def test_options_are_refused(office: Office, option: str) -> None:
    assert office.refused("GET", f"calendarView/delta?{WINDOW}&{option}")[0] == 400


def test_the_window_is_bound_to_the_token(office: Office) -> None:
    singles(office, 2)
    feed = follow(office)
    feed.round()
    assert set(parse_qs(urlsplit(feed.link).query)) == {"$deltatoken"}
    wider = f"{feed.link}&startDateTime=2020-01-01T00:00:00Z&endDateTime=2027-12-31T00:00:00Z"
    made(office, event("2027-03-01T10:00", "2027-03-01T11:00"))
    assert kinds(office.get(wider)["value"]) == ["removed"]


def test_the_zone_is_asked_for_every_time(office: Office) -> None:
    singles(office, 1)
    page = office.get(f"calendarView/delta?{WINDOW}", headers={"Prefer": 'outlook.timezone="Europe/Berlin"'})
    assert page["value"][0]["start"] == {"dateTime": "2026-11-02T10:00:00.0000000", "timeZone": "Europe/Berlin"}


@pytest.mark.parametrize(("gone", "status"), [(True, 410), (False, 400)])
def test_dead_tokens(office: Office, gone: bool, status: int) -> None:
    office.turn(dead_cursor_is_410=gone)
    singles(office, 1)
    feed = follow(office)
    feed.round()
    office.store.expire_cursors(office.anna)
    answer = office.call("GET", feed.link)
    assert answer.status_code == status
    assert ("Location" in answer.headers) is gone
    message_link = office.get("mailFolders/inbox/messages/delta")["@odata.deltaLink"]
    token = parse_qs(urlsplit(message_link).query)["$deltatoken"][0]
    assert office.refused("GET", f"calendarView/delta?$deltatoken={token}")[0] == 400


def test_only_the_default_calendar_is_followed(office: Office) -> None:
    other = office.call("POST", "calendars", {"name": "Other"}).json()["id"]
    path = f"calendars/{other}/calendarView/delta?{WINDOW}"
    assert office.refused("GET", path) == (400, "ErrorInvalidRequest")
    default = office.get("calendar")["id"]
    assert office.get(f"calendars/{default}/calendarView/delta?{WINDOW}")["value"] == []
    office.turn(other_calendars_in_delta=True)
    made(office, event(subject="There"), path=f"calendars/{other}/events")
    assert [row["subject"] for row in office.get(path)["value"]] == ["There"]
    assert follow(office).round() == []


@pytest.mark.parametrize("switch", ["rows_twice", "rows_shuffled", "unchanged_emitted", "empty_pages",
                                    "pages_repeated", "change_key_moves_at_rest", "html_moves_at_rest",
                                    "subjects_trimmed", "etag_forms_differ"])  # fmt: skip
def test_a_careful_client_holds_the_window_under_bad_manners(office: Office, switch: str) -> None:
    office.turn(**{switch: True})
    rows = singles(office, 12)
    made(office, weekly(body={"contentType": "html", "content": "<p>x</p>"}))
    feed = follow(office, **LASTING)
    for number in range(10):
        feed.round()
        changed(office, rows[number]["id"], {"subject": f"New {number}"})
    feed.round()
    subjects = {row["subject"] for row in feed.rows.values() if "subject" in row}
    assert subjects == {*(f"New {number}" for number in range(10)), "2026-11-12", "2026-11-13", "Plan"}
    assert len(feed.rows) == 18


def test_a_first_page_that_is_repeated_forgets_nothing(office: Office) -> None:
    """What was deleted between the page and its repetition is told in the round behind."""
    office.turn(pages_repeated=True)
    (one,) = singles(office, 1)
    feed = follow(office, **LASTING)
    for _ in range(50):
        page = office.get(f"calendarView/delta?{WINDOW}", headers=feed.headers)
        if "@odata.nextLink" in page:
            break
    assert [row["id"] for row in page["value"]] == [one["id"]]
    office.call("DELETE", f"events/{one['id']}")
    feed.link = page["@odata.nextLink"]
    assert feed.round() == []
    assert one["id"] in {row["id"] for row in feed.round()}


def test_a_round_without_an_end(office: Office) -> None:
    office.turn(never_ending_round=True)
    singles(office, 1)
    with pytest.raises(AssertionError, match="does not end"):
        follow(office).round()
    assert MOST_PAGES == 60


def test_tokens_that_die_at_random(office: Office) -> None:
    singles(office, 1)
    feed = follow(office)
    feed.round()
    office.turn(delta_tokens_die=True)
    assert 410 in {office.call("GET", feed.link).status_code for _ in range(60)}
