"""Calendars themselves, what hangs on events, free times, zones, notices and batches."""

from collections import deque
from typing import Any

import pytest

from sandbox.graph.subscriptions.courier import deliver
from sandbox.graph.throttle import REQUESTS, Meter
from tests.unit.sandbox.graph.conftest import IMMUTABLE, Office, later
from tests.unit.sandbox.graph.diary import BERLIN, WINDOW, at, changed, dates, event, made, weekly
from tests.unit.sandbox.graph.receiver import Receiver
from tests.unit.sandbox.graph.test_message_extras import translate
from tests.unit.sandbox.graph.test_subscriptions import subscribe

FILE = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "aGk="}
BEN = "/v1.0/users/ben@acme.test"


def new_calendar(office: Office, name: str = "Other") -> str:
    answer = office.call("POST", "calendars", {"name": name, "color": "lightBlue"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_calendars_come_and_go(office: Office) -> None:
    other = new_calendar(office)
    rows = office.get("calendars")["value"]
    assert [(row["name"], row["isDefaultCalendar"]) for row in rows] == [("Calendar", True), ("Other", False)]
    assert rows[1]["owner"] == {"name": "Anna Alt", "address": "anna@acme.test"}
    assert [row["name"] for row in office.get("calendars?$filter=name eq 'other'")["value"]] == ["Other"]
    assert office.call("PATCH", f"calendars/{other}", {"name": "Renamed"}).json()["name"] == "Renamed"
    stamp = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Mine"
    office.call("PATCH", f"calendars/{other}", {"singleValueExtendedProperties": [{"id": stamp, "value": "1"}]})
    stamped = office.get(f"calendars/{other}?$expand=singleValueExtendedProperties($filter=id eq '{stamp}')")
    assert stamped["singleValueExtendedProperties"] == [{"id": stamp, "value": "1"}]
    made(office, path=f"calendars/{other}/events")
    assert office.get("events")["value"] == []
    assert len(office.get(f"calendars/{other}/calendarView?{WINDOW}")["value"]) == 1
    assert office.call("DELETE", f"calendars/{other}").status_code == 204
    assert office.refused("GET", f"calendars/{other}") == (404, "ErrorItemNotFound")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "calendars", {"name": " "}, 400),
        ("POST", "calendars", {"name": "calendar"}, 409),
        ("POST", "calendars", {"name": "x", "color": "black"}, 400),
        ("POST", "calendars", {"name": "x", "owner": {}}, 400),
        ("POST", "calendars", {"name": "x", "nosuch": 1}, 400),
        ("PATCH", "calendar", {"isDefaultCalendar": False}, 400),
        ("GET", "calendars/nonsense", None, 400),
        ("GET", "calendars?$expand=events", None, 400),
        ("GET", "calendarGroups/nonsense/calendars", None, 404),
    ],
)
def test_what_calendars_are_not(office: Office, method: str, path: str, body: Any, status: int) -> None:
    assert office.refused(method, path, body)[0] == status


def test_the_default_calendar_stays_until_another_takes_its_place(office: Office) -> None:
    first, other = office.get("calendar")["id"], new_calendar(office)
    assert office.refused("DELETE", f"calendars/{first}")[0] == 400
    made(office)
    office.call("PATCH", f"calendars/{other}", {"isDefaultCalendar": True})
    assert office.get("calendar")["id"] == other
    assert office.get("events")["value"] == []


def test_an_event_is_not_in_another_calendar(office: Office) -> None:
    id_, other = made(office)["id"], new_calendar(office)
    assert office.refused("GET", f"calendars/{other}/events/{id_}") == (404, "ErrorItemNotFound")
    default = office.get("calendar")["id"]
    assert office.get(f"calendars/{default}/events/{id_}")["id"] == id_
    group = office.get("calendarGroups")["value"][0]["id"]
    assert office.get(f"calendarGroups/{group}/calendars/{default}/events/{id_}")["id"] == id_
    assert office.get(f"events/{id_}/calendar")["id"] == default
    assert office.get(f"calendar/events/{id_}")["id"] == office.get(f"calendarView/{id_}")["id"] == id_


def test_attachments(office: Office) -> None:
    posted = made(office, event(attachments=[FILE]))
    assert posted["hasAttachments"] is True
    path = f"events/{posted['id']}/attachments"
    (shown,) = office.get(path)["value"]
    assert (shown["name"], office.call("GET", f"{path}/{shown['id']}/$value").content) == ("a.txt", b"hi")
    assert office.refused("PATCH", f"events/{posted['id']}", {"attachments": [FILE]})[0] == 400
    assert office.call("DELETE", f"{path}/{shown['id']}").status_code == 204
    assert office.get(f"events/{posted['id']}?$expand=attachments")["attachments"] == []
    assert office.refused("GET", f"{path}/{shown['id']}") == (404, "ErrorItemNotFound")


def test_one_date_has_attachments_of_its_own(office: Office) -> None:
    series = made(office, weekly())["id"]
    first, second = (row["id"] for row in dates(office, series)[:2])
    assert office.call("POST", f"events/{first}/attachments", FILE).status_code == 201
    assert office.get(f"events/{first}")["hasAttachments"] is True
    assert [office.get(f"events/{one}/attachments")["value"] for one in (second, series)] == [[], []]


def test_a_large_file_goes_up_in_pieces(office: Office) -> None:
    id_ = made(office)["id"]
    content = bytes(3_500_000)
    item = {"attachmentType": "file", "name": "large.bin", "size": len(content)}
    session = office.call("POST", f"events/{id_}/attachments/createUploadSession", {"AttachmentItem": item})
    head = {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}", "Authorization": ""}
    answer = office.http.put(session.json()["uploadUrl"], content=content, headers=head)
    assert answer.status_code == 201
    assert f"Events('{id_}')/Attachments(" in answer.headers["Location"]
    assert [row["name"] for row in office.get(f"events/{id_}/attachments")["value"]] == ["large.bin"]


def test_extensions(office: Office) -> None:
    id_ = made(office)["id"]
    named = {"@odata.type": "microsoft.graph.openTypeExtension", "extensionName": "Test.A", "a": 1, "b": 2}
    assert office.call("POST", f"events/{id_}/extensions", named).status_code == 201
    assert office.refused("POST", f"events/{id_}/extensions", named)[0] == 409
    office.call("PATCH", f"events/{id_}/extensions/Test.A", {"b": None, "c": 3})
    (shown,) = office.get(f"events/{id_}?$expand=extensions")["extensions"]
    assert {name: shown[name] for name in "abc" if name in shown} == {"a": 1, "c": 3}
    found = office.get("events?$filter=extensions/any(e: e/id eq 'Test.A')")["value"]
    assert [row["id"] for row in found] == [id_]
    assert office.call("DELETE", f"events/{id_}/extensions/Test.A").status_code == 204
    assert office.refused("GET", f"events/{id_}/extensions/Test.A")[0] == 404


def test_ids_of_events_are_translated(office: Office) -> None:
    series = made(office, weekly())["id"]
    for usual in (series, dates(office, series)[0]["id"]):
        lasting = office.get(f"events/{usual}", headers=IMMUTABLE)["id"]
        assert translate(office, usual, "restId", "restImmutableEntryId")["targetId"] == lasting
        assert translate(office, lasting, "restImmutableEntryId", "restId")["targetId"] == usual
        ews = translate(office, usual, "restId", "ewsId")["targetId"]
        assert translate(office, ews, "ewsId", "restId")["targetId"] == usual
        for source in ("restImmutableEntryId", "entryId"):
            refusal = translate(office, usual, source, "restId")["errorDetails"]["code"]
            assert refusal == "ErrorInvalidIdMalformed"


def test_when_people_are_free(office: Office) -> None:
    made(office, event(subject="Secret", showAs="oof"))
    body = {"schedules": ["anna@acme.test", "ben@acme.test", "x@birch.test"], "availabilityViewInterval": 60}
    body |= {"startTime": at("2026-11-23T09:00"), "endTime": at("2026-11-23T13:00")}
    own = office.call("POST", "calendar/getSchedule", body).json()["value"]
    assert [row["availabilityView"] for row in own] == ["0300", "0000", ""]
    assert (own[0]["scheduleItems"][0]["subject"], own[2]["error"]["responseCode"]) == ("Secret", "5016")
    others = office.call("POST", f"{BEN}/calendar/getSchedule", body).json()["value"][0]
    assert set(others["scheduleItems"][0]) == {"status", "start", "end"}
    wrongs: list[dict[str, Any]] = [
        {"schedules": []}, {"availabilityViewInterval": 1}, {"endTime": at("2026-11-23T08:00")},
        {"nosuch": 1}, {"endTime": at("2027-03-23T13:00")},
    ]  # fmt: skip
    for wrong in wrongs:
        assert office.refused("POST", "calendar/getSchedule", body | wrong)[0] == 400


def test_zones_have_two_kinds_of_names(office: Office) -> None:
    windows = {row["alias"]: row["displayName"] for row in office.get("outlook/supportedTimeZones")["value"]}
    assert windows[BERLIN] == f"(UTC+01:00) {BERLIN}"
    named = "microsoft.graph.timeZoneStandard"
    iana = office.get(f"outlook/supportedTimeZones(TimeZoneStandard={named}'Iana')")["value"]
    assert {"alias": "Europe/Berlin", "displayName": "Europe/Berlin"} in iana
    assert office.refused("GET", f"outlook/supportedTimeZones(TimeZoneStandard={named}'Lunar')")[0] == 400


def tell(office: Office) -> None:
    deliver(office.world)
    later(office, minutes=5)
    deliver(office.world)


def test_notices_tell_of_events(office: Office) -> None:
    receiver = Receiver(office)
    office.http.headers |= IMMUTABLE
    wanted = f"users/{office.anna.guid}/events?$filter=importance ne 'low'"
    subscribe(office, resource=wanted, changeType="created,updated,deleted")
    made(office, event(importance="low"))
    id_ = made(office)["id"]
    office.arrive("No event")
    tell(office)
    changed(office, id_, {"subject": "Changed"})
    tell(office)
    office.call("DELETE", f"events/{id_}")
    tell(office)
    told = receiver.notices
    assert [one["changeType"] for one in told] == ["created", "updated", "deleted"]
    assert {one["resourceData"]["id"] for one in told} == {id_}
    assert told[0]["resource"] == f"Users/{office.anna.guid}/Events/{id_}"
    assert told[0]["resourceData"]["@odata.type"] == "#Microsoft.Graph.Event"


def test_events_go_in_batches(office: Office) -> None:
    path = "/users/anna@acme.test/events"
    head = {"Content-Type": "application/json"}
    parts = [
        {
            "id": str(number),
            "method": "POST",
            "url": path,
            "headers": head,
            "body": event(subject=f"Part {number}"),
        }
        for number in range(3)
    ]
    parts.append({"id": "view", "method": "GET", "url": f"/users/anna@acme.test/calendarView/delta?{WINDOW}"})
    rows = office.call("POST", "/v1.0/$batch", {"requests": parts}).json()["responses"]
    assert sorted(row["status"] for row in rows) == [200, 201, 201, 201]
    assert len(office.get("events")["value"]) == 3


def test_events_are_throttled_as_mail_is(office: Office) -> None:
    now = office.clock.now()
    spent = Meter(requests=deque([now] * REQUESTS))
    office.world.microsoft.meters["app", "anna@acme.test"] = spent
    for method, path in (("GET", "events"), ("POST", "events"), ("GET", f"calendarView/delta?{WINDOW}")):
        answer = office.call(method, path, event() if method == "POST" else None)
        assert (answer.status_code, answer.json()["error"]["code"]) == (429, "ApplicationThrottled")
        assert int(answer.headers["Retry-After"]) > 0
    assert office.call("GET", f"{BEN}/events").status_code == 200, "another mailbox has a budget of its own"
