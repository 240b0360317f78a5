"""Graph's events → items, by tables; rows as the documentation and field reports show them."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crosstie.domain.address import Address
from crosstie.domain.calendar import Answer, Attendee, Part, Sensitivity, Shape, ShowAs, When
from crosstie.domain.errors import Retry
from crosstie.domain.meetings import canonical_uid
from crosstie.mailboxes.graph.calendar import translate
from crosstie.mailboxes.graph.calendar.zones import local, to_iana, to_windows
from tests.places import SHARED

HEAD = "040000008200E00074C5B7101A82E008"
REST = "80BAF42E8E40DC0100000000000000001000000000112233445566778899AABBCCDDEEFF"


def clock(text: str, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": f"{text}.0000000", "timeZone": zone}


def row(**fields: Any) -> dict[str, Any]:
    return {
        "id": "E1",
        "changeKey": "CK1==",
        "type": "singleInstance",
        "iCalUId": f"{HEAD}00000000{REST}",
        "subject": "Roof",
        "isAllDay": False,
        "originalStartTimeZone": "W. Europe Standard Time",
        "start": clock("2026-12-09T08:00:00"),
        "end": clock("2026-12-09T09:00:00"),
        **fields,
    }


def person(address: str, name: str = "") -> dict[str, Any]:
    return {"emailAddress": {"name": name, "address": address}}


def test_a_whole_event() -> None:
    item = translate.item(
        row(
            body={"contentType": "text", "content": "Bring the plans.\r\n\r\nNora  \r\n"},
            location={"displayName": "Site office"},
            showAs="oof",
            sensitivity="private",
            isReminderOn=True,
            reminderMinutesBeforeStart=15,
            categories=["Salesforce", "Blue category"],
            organizer=person("Nora@Birchworks.TEST", "Nora"),
            isOrganizer=False,
            attendees=[
                {"type": "required", "status": {"response": "accepted"}, **person("ada@larch.test", "Ada")},
                {"type": "resource", "status": {"response": "none"}, **person("room@larch.test")},
                {"type": "optional", "status": None, **person("ben@larch.test")},
            ],
            responseStatus={"response": "tentativelyAccepted", "time": "2026-11-20T08:00:00Z"},
            isCancelled=True,
            isDraft=False,
            createdDateTime="2026-11-16T08:00:00.1234567Z",
            transactionId="T1",
            webLink="https://outlook.test/E1",
        )
    )
    start = datetime(2026, 12, 9, 8, tzinfo=UTC)
    assert item.when == When(start, start + timedelta(hours=1), "Europe/Berlin")
    assert (item.item_id, item.version, item.uid) == ("E1", "CK1==", f"{HEAD}00000000{REST}")
    assert (item.subject, item.text, item.location) == ("Roof", "Bring the plans.\n\nNora", "Site office")
    assert (item.show_as, item.sensitivity, item.reminder) == (
        ShowAs.AWAY, Sensitivity.PRIVATE, timedelta(minutes=15),
    )  # fmt: skip
    assert item.categories == {"Salesforce", "Blue category"}
    assert (item.organizer, item.is_organizer) == (Address("nora@birchworks.test", "Nora"), False)
    assert item.attendees == (
        Attendee(Address("ada@larch.test", "Ada"), Part.REQUIRED, Answer.ACCEPTED),
        Attendee(Address("room@larch.test"), Part.RESOURCE),
        Attendee(Address("ben@larch.test"), Part.OPTIONAL),
    )
    assert (item.answer, item.cancelled, item.is_draft) == (Answer.TENTATIVE, True, False)
    assert item.created_at == datetime(2026, 11, 16, 8, 0, 0, 123456, tzinfo=UTC)
    assert (item.token, item.web_link, item.rule, item.original) == ("T1", "https://outlook.test/E1", "", None)


@pytest.mark.parametrize(
    ("fields", "when"),
    [
        ({}, When(datetime(2026, 12, 9, 8, tzinfo=UTC), datetime(2026, 12, 9, 9, tzinfo=UTC), "Europe/Berlin")),
        (
            {"start": clock("2026-12-09T09:00:00", "Romance Standard Time"), "originalStartTimeZone": "UTC"},
            When(datetime(2026, 12, 9, 8, tzinfo=UTC), datetime(2026, 12, 9, 9, tzinfo=UTC), "UTC"),
        ),
        (
            {"originalStartTimeZone": "tzone://Microsoft/Custom"},
            When(datetime(2026, 12, 9, 8, tzinfo=UTC), datetime(2026, 12, 9, 9, tzinfo=UTC), "UTC"),
        ),
        (
            {"isAllDay": True, "start": clock("2026-12-09T00:00:00"), "end": clock("2026-12-11T00:00:00")},
            When(date(2026, 12, 9), date(2026, 12, 11), "Europe/Berlin"),
        ),
        (
            {"isAllDay": True, "start": clock("2026-12-08T23:00:00"), "end": clock("2026-12-09T23:00:00")},
            When(date(2026, 12, 9), date(2026, 12, 10), "Europe/Berlin"),
        ),
        (
            {
                "isAllDay": True,
                "originalStartTimeZone": "Eastern Standard Time",
                "start": clock("2026-12-09T05:00:00"),
                "end": clock("2026-12-10T05:00:00"),
            },
            When(date(2026, 12, 9), date(2026, 12, 10), "America/New_York"),
        ),
        (
            {
                "isAllDay": True,
                "originalStartTimeZone": "tzone://Microsoft/Custom",
                "start": clock("2026-12-08T23:00:00"),
                "end": clock("2026-12-08T23:00:00"),
            },
            When(date(2026, 12, 9), date(2026, 12, 10), "UTC"),
        ),
        (
            {"start": clock("1601-01-01T00:00:00"), "end": clock("9999-12-31T23:59:59")},
            When(datetime(1601, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC), "Europe/Berlin"),
        ),
        (
            {"isAllDay": True, "start": clock("0001-01-01T00:00:00"), "end": clock("0001-01-01T00:00:00")},
            When(date(1601, 1, 2), date(1601, 1, 3), "Europe/Berlin"),
        ),
    ],
    ids=[
        "utc",
        "preferred zone",
        "custom zone",
        "floating",
        "own midnight",
        "new york",
        "whose zone is unknown",
        "damaged",
        "of no year",
    ],
)
def test_when_it_is(fields: dict[str, Any], when: When) -> None:
    assert translate.item(row(**fields)).when == when


@pytest.mark.parametrize("lack", [{"start": None}, {"end": {}}, {"start": clock("soon")}])
def test_an_event_without_its_time_is_no_answer(lack: dict[str, Any]) -> None:
    with pytest.raises(Retry, match="GRAPH-GARBLED"):
        translate.item(row(**lack))


MASTER = row(
    id="M1",
    type="seriesMaster",
    changeKey="MK",
    webLink="https://outlook.test/M1",
    transactionId="T2",
    body={"contentType": "text", "content": "Weekly"},
    recurrence={
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["wednesday"], "firstDayOfWeek": "sunday"},
        "range": {"type": "noEnd", "startDate": "2026-12-09", "recurrenceTimeZone": "W. Europe Standard Time"},
    },
)


def thin(**fields: Any) -> dict[str, Any]:
    return {
        "id": "O1",
        "@odata.etag": 'W/"OK1"',
        "seriesMasterId": "M1",
        "type": "occurrence",
        "start": clock("2026-12-16T08:00:00"),
        "end": clock("2026-12-16T09:00:00"),
        **fields,
    }


def test_a_thin_occurrence_is_completed_from_its_series() -> None:
    item = translate.item(thin(), MASTER)
    assert (item.item_id, item.version, item.series_id, item.shape) == ("O1", "OK1", "M1", Shape.OCCURRENCE)
    assert (item.subject, item.text, item.uid, item.token) == ("Roof", "Weekly", f"{HEAD}00000000{REST}", "")
    assert (item.original, item.rule, item.web_link) == (date(2026, 12, 16), "FREQ=WEEKLY;BYDAY=WE", "")
    assert item.when.start == datetime(2026, 12, 16, 8, tzinfo=UTC)


def test_an_exception_has_changes_of_its_own_and_keeps_its_day() -> None:
    moved = thin(
        type="exception",
        subject="Roof, moved",
        iCalUId=f"{HEAD}07EA0C10{REST}",
        isAllDay=False,
        originalStart="2026-12-16T08:00:00Z",
        originalStartTimeZone="Tokyo Standard Time",
        start=clock("2026-12-18T23:30:00"),
        end=clock("2026-12-19T00:30:00"),
    )
    item = translate.item(moved, MASTER)
    assert (item.shape, item.subject, item.original) == (Shape.EXCEPTION, "Roof, moved", date(2026, 12, 16))
    assert (item.uid, item.when.zone) == (f"{HEAD}00000000{REST}", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("zone", "start", "day"),
    [
        ("Tokyo Standard Time", "2026-12-15T23:30:00", date(2026, 12, 16)),
        ("Pacific Standard Time", "2026-12-16T02:00:00", date(2026, 12, 15)),
    ],
)
def test_the_original_day_is_the_one_where_the_series_lives(zone: str, start: str, day: date) -> None:
    series = row(id="M1", type="seriesMaster", originalStartTimeZone=zone, recurrence=MASTER["recurrence"])
    series["recurrence"] = {**MASTER["recurrence"], "range": {"type": "noEnd", "recurrenceTimeZone": zone}}
    occurrence = thin(start=clock(start), end=clock(start))
    assert translate.item(occurrence, series).original == day


def test_the_original_day_of_a_whole_day_floats() -> None:
    zone = "Pacific Standard Time"
    series = row(type="seriesMaster", isAllDay=True, originalStartTimeZone=zone, recurrence=MASTER["recurrence"])
    for start in ("2026-12-16T00:00:00", "2026-12-16T08:00:00"):
        told = thin(type="exception", originalStart=f"{start}Z", start=clock(start), end=clock(start))
        assert translate.item(told, series).original == date(2026, 12, 16)


def test_html_is_read_where_text_was_asked_for_in_vain() -> None:
    body = {"contentType": "html", "content": "<html><body><p>Bring &amp; show</p><p>Nora</p></body></html>"}
    assert translate.item(row(body=body)).text == "Bring & show\nNora"


@pytest.mark.parametrize(
    ("uid", "canonical"),
    [
        (f"{HEAD}07EA0C10{REST}", f"{HEAD}00000000{REST}"),
        (f"{HEAD}00000000{REST}".lower(), f"{HEAD}00000000{REST}"),
        (
            HEAD + "07EA0C10" + "00" * 16 + "22000000" + b"vCal-Uid\x01\x00\x00\x00a1b2@google.test\x00".hex(),
            "a1b2@google.test",
        ),
        ("a1b2@google.test", "a1b2@google.test"),
        ("{6ED8DA90-450B-101B-98DA-00AA003F1305}", "{6ED8DA90-450B-101B-98DA-00AA003F1305}"),
        ("", ""),
    ],
)
def test_a_meeting_is_the_same_for_all_its_occurrences(uid: str, canonical: str) -> None:
    assert canonical_uid(uid) == canonical
    assert canonical_uid(canonical) == canonical


@pytest.mark.parametrize(
    ("name", "iana"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("w. europe standard time", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("Etc/UTC", "UTC"),
        ("America/Sao_Paulo", "America/Sao_Paulo"),
        ("tzone://Microsoft/Custom", ""),
        ("tzone://Microsoft/Utc", ""),
        ("../../etc/passwd", ""),
        ("", ""),
    ],
)
def test_zones_have_two_names(name: str, iana: str) -> None:
    assert to_iana(name) == iana


def test_windows_names_come_back() -> None:
    assert [to_windows(one) for one in ("Europe/Berlin", "America/New_York", "UTC", "Asia/Kolkata")] == [
        "W. Europe Standard Time",
        "Eastern Standard Time",
        "UTC",
        "India Standard Time",
    ]


def test_a_clock_that_shows_a_time_twice_tells_no_moment() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert local(first, "Europe/Berlin") == datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 - what a clock shows
    assert local(first + timedelta(hours=1), "Europe/Berlin") is None
    assert local(first, "nowhere") is None


@pytest.mark.shared
def test_every_event_of_the_documentation_is_read() -> None:
    samples = json.loads((SHARED / "contracts" / "graph" / "graph-docs-samples-subset.json").read_text())["mocks"]
    bodies = [one["response"].get("body") for one in samples if "events" in one["request"]["url"]]
    found = [row for body in bodies if isinstance(body, dict) for row in body.get("value", [body])]
    events = [one for one in found if isinstance(one, dict) and "start" in one and "end" in one]
    assert len(events) >= 10
    for event in events:
        item = translate.item(event)
        assert item.when.start <= item.when.end
        assert item.subject == (event.get("subject") or "")
