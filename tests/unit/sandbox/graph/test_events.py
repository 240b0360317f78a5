"""Single events: what is written is kept and shown as Graph shows it, and what Graph refuses is refused."""

from typing import Any

import pytest

from tests.unit.sandbox.graph.conftest import IMMUTABLE, Office, later
from tests.unit.sandbox.graph.diary import BERLIN, at, changed, event, made

PREFER_BERLIN = {"Prefer": f'outlook.timezone="{BERLIN}"'}
STAMP = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Crosstie"
BAD = "ErrorPropertyValidationFailure"


def test_a_new_event_is_shown_whole(office: Office) -> None:
    shown = made(office, event(location={"displayName": "Room 1"}, showAs="oof", reminderMinutesBeforeStart=30))
    assert (shown["subject"], shown["type"], shown["showAs"]) == ("Plan", "singleInstance", "oof")
    assert shown["start"] == {"dateTime": "2026-11-23T09:00:00.0000000", "timeZone": "UTC"}
    assert shown["originalStartTimeZone"] == BERLIN
    assert (shown["isOrganizer"], shown["responseStatus"]["response"]) == (True, "organizer")
    assert shown["organizer"]["emailAddress"] == {"name": "Anna Alt", "address": "anna@acme.test"}
    assert (shown["location"]["displayName"], len(shown["locations"])) == ("Room 1", 1)
    assert (shown["seriesMasterId"], shown["recurrence"], shown["attendees"]) == (None, None, [])
    assert shown["iCalUId"].startswith("040000008200E00074C5B7101A82E00800000000")
    assert office.get(f"events/{shown['id']}")["changeKey"] == shown["changeKey"]


def test_times_are_shown_in_the_zone_preferred(office: Office) -> None:
    id_ = made(office)["id"]
    for zone, hour in ((BERLIN, 10), ("Europe/Berlin", 10), ("America/New_York", 4)):
        answer = office.call("GET", f"events/{id_}", headers={"Prefer": f'outlook.timezone="{zone}"'})
        moment = {"dateTime": f"2026-11-23T{hour:02}:00:00.0000000", "timeZone": zone}
        assert answer.json()["start"] == moment
        assert answer.headers["Preference-Applied"] == f'outlook.timezone="{zone}"'
    unknown = {"Prefer": 'outlook.timezone="Mars Standard Time"'}
    assert office.refused("GET", f"events/{id_}", headers=unknown) == (400, "TimeZoneNotSupportedException")


def test_a_moment_may_name_its_offset(office: Office) -> None:
    start = {"dateTime": "2026-11-23T10:00:00-05:00", "timeZone": BERLIN}
    shown = made(office, event(end="2026-11-23T17:00") | {"start": start}, headers=PREFER_BERLIN)
    assert shown["start"]["dateTime"] == "2026-11-23T16:00:00.0000000"


def test_whole_days_float(office: Office) -> None:
    whole = event("2026-11-23T00:00", "2026-11-25T00:00", isAllDay=True)
    shown = made(office, whole)
    assert shown["start"]["dateTime"] == "2026-11-23T00:00:00.0000000"
    assert shown["end"]["dateTime"] == "2026-11-25T00:00:00.0000000"
    office.turn(all_day_floats=False)
    assert office.get(f"events/{shown['id']}")["start"]["dateTime"] == "2026-11-22T23:00:00.0000000"
    assert office.get(f"events/{shown['id']}", headers=PREFER_BERLIN)["start"]["dateTime"].startswith(
        "2026-11-23T00"
    )


@pytest.mark.parametrize(
    "body",
    [
        event("2026-11-23T00:00", "2026-11-23T12:00", isAllDay=True),
        event("2026-11-23T00:00", "2026-11-23T00:00", isAllDay=True),
        event("2026-11-23T00:00", isAllDay=True) | {"end": at("2026-11-24T00:00", "UTC")},
    ],
)
def test_odd_whole_days(office: Office, body: dict[str, Any]) -> None:
    assert office.refused("POST", "events", body) == (400, BAD)
    office.turn(odd_all_day_is_refused=False)
    shown = made(office, body)
    assert (shown["start"]["dateTime"][:10], shown["end"]["dateTime"][:10]) == ("2026-11-23", "2026-11-24")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (event("2026-11-23T12:00"), BAD),
        ({"subject": "No times"}, BAD),
        ({"start": at("2026-11-23T12:00")}, BAD),
        (event(start="2026-11-31T10:00"), BAD),
        (event(start="0001-01-01T00:00"), BAD),
        (event(end="9999-12-31T23:59"), BAD),
        (event() | {"start": {"dateTime": "soon", "timeZone": "UTC"}}, BAD),
        (event(end="2032-11-23T10:00"), "ErrorCalendarDurationIsTooLong"),
        (event(zone="Greenwich Mean Time"), "TimeZoneNotSupportedException"),
        (event(subjct="typo"), "RequestBodyRead"),
        (event(showAs="asleep"), "RequestBodyRead"),
        (event(isAllDay="yes"), "RequestBodyRead"),
        (event(reminderMinutesBeforeStart=-1), BAD),
        (event(attendees=[{"emailAddress": {"address": "nobody"}}]), "ErrorInvalidRecipients"),
        (event(attendees=[{"type": "required"}]), "RequestBodyRead"),
        (event(location={"name": "x"}), "RequestBodyRead"),
        (event(categories="Red"), "RequestBodyRead"),
        (event(singleValueExtendedProperties=[{"id": "nonsense", "value": "1"}]), "ErrorInvalidPropertySet"),
    ],
)
def test_what_an_event_cannot_be(office: Office, body: dict[str, Any], code: str) -> None:
    assert office.refused("POST", "events", body) == (400, code)
    assert office.get("events")["value"] == []


def test_too_many_attendees(office: Office) -> None:
    crowd = [{"emailAddress": {"address": f"guest{number}@birch.test"}} for number in range(501)]
    assert office.refused("POST", "events", event(attendees=crowd)) == (400, "ErrorInvalidRecipients")
    assert len(made(office, event(attendees=crowd[:500]))["attendees"]) == 500


def test_a_change_changes_what_it_names(office: Office) -> None:
    first = made(office, event(categories=["Red category"], location={"displayName": "Room 1"}))
    later(office, minutes=1)
    shown = changed(office, first["id"], {"subject": "Plan B", "isReminderOn": False})
    assert (shown["subject"], shown["isReminderOn"], shown["start"]) == ("Plan B", False, first["start"])
    assert (shown["categories"], shown["location"]["displayName"]) == (["Red category"], "Room 1")
    assert shown["changeKey"] != first["changeKey"]
    assert shown["lastModifiedDateTime"] > first["lastModifiedDateTime"]
    assert changed(office, first["id"], {"location": None})["locations"] == []


def test_one_end_may_be_moved_alone(office: Office) -> None:
    id_ = made(office)["id"]
    assert changed(office, id_, {"end": at("2026-11-23T12:30")})["end"]["dateTime"].startswith("2026-11-23T11:30")
    assert office.refused("PATCH", f"events/{id_}", {"start": at("2026-11-24T10:00")}) == (400, BAD)
    assert changed(office, id_, {"isAllDay": False})["isAllDay"] is False


def test_a_stale_key_is_refused(office: Office) -> None:
    first = made(office)
    changed(office, first["id"], {"subject": "By somebody"}, headers={"If-Match": first["@odata.etag"]})
    stale = {"If-Match": first["@odata.etag"]}
    assert office.refused("PATCH", f"events/{first['id']}", {"subject": "Mine"}, headers=stale)[0] == 412
    assert office.refused("DELETE", f"events/{first['id']}", headers=stale)[0] == 412
    assert office.get(f"events/{first['id']}")["subject"] == "By somebody"
    assert office.call("DELETE", f"events/{first['id']}", headers={"If-Match": "*"}).status_code == 204


def test_what_is_deleted_is_not_found(office: Office) -> None:
    id_ = made(office, headers=IMMUTABLE)["id"]
    assert office.call("DELETE", f"events/{id_}").status_code == 204
    assert office.refused("GET", f"events/{id_}") == (404, "ErrorItemNotFound")
    assert office.refused("DELETE", f"events/{id_}") == (404, "ErrorItemNotFound")
    office.turn(deleted_event_is_found=True)
    assert office.get(f"events/{id_}")["subject"] == "Plan"


def test_both_forms_of_ids_name_it(office: Office) -> None:
    lasting = made(office, headers=IMMUTABLE)["id"]
    usual = office.get(f"events/{lasting}")["id"]
    assert usual != lasting
    assert office.get(f"events/{usual}", headers=IMMUTABLE)["id"] == lasting
    assert office.refused("GET", "events/nonsense") == (400, "ErrorInvalidIdMalformed")
    message = office.store.deliver(b"From: n@birch.test\r\nTo: anna@acme.test\r\n\r\nHi")
    assert message
    letter = office.get("messages")["value"][0]["id"]
    assert office.refused("GET", f"events/{letter}") == (400, "ErrorInvalidIdMalformed")


def test_the_same_transaction_makes_one_event(office: Office) -> None:
    first, again = (made(office, event(transactionId="T-1")) for _ in range(2))
    assert (first["id"], first["transactionId"]) == (again["id"], "T-1")
    assert made(office, event(transactionId="T-2"))["id"] != first["id"]
    assert changed(office, first["id"], {"transactionId": "T-3"})["transactionId"] == "T-1"


@pytest.mark.parametrize("part", ["organizer", "isOrganizer", "iCalUId", "responseStatus", "webLink"])
def test_parts_that_clients_do_not_set(office: Office, part: str) -> None:
    shown = made(office)
    forged = {"organizer": {"emailAddress": {"address": "ben@acme.test"}}, "isOrganizer": False}.get(part, {})
    assert changed(office, shown["id"], {part: forged})[part] == shown[part]
    office.turn(read_only_parts_are_ignored=False)
    assert office.refused("PATCH", f"events/{shown['id']}", {part: forged}) == (400, "ErrorInvalidPropertySet")


def test_bodies(office: Office) -> None:
    as_text = made(office, event(body={"contentType": "text", "content": "One\nTwo & three"}))
    assert as_text["body"]["contentType"] == "html"
    assert "Two &amp; three" in as_text["body"]["content"]
    as_html = made(office, event(body={"contentType": "html", "content": "<p>Hello <b>you</b></p>"}))
    assert "<p>Hello <b>you</b></p>" in as_html["body"]["content"]
    assert as_html["bodyPreview"] == "Hello you"
    plain = office.get(f"events/{as_html['id']}", headers={"Prefer": 'outlook.body-content-type="text"'})
    assert plain["body"] == {"contentType": "text", "content": "Hello you"}
    assert made(office)["body"] == {"contentType": "html", "content": ""}


def test_stamps_are_kept_shown_and_found(office: Office) -> None:
    stamped = made(office, event(singleValueExtendedProperties=[{"id": STAMP, "value": "00U1"}]))
    made(office)
    path = f"events/{stamped['id']}?$expand=singleValueExtendedProperties($filter=id eq '{STAMP}')"
    assert office.get(path)["singleValueExtendedProperties"] == [{"id": STAMP, "value": "00U1"}]
    query = f"singleValueExtendedProperties/Any(ep: ep/id eq '{STAMP}' and ep/value eq '00u1')"
    assert [row["id"] for row in office.get(f"events?$filter={query}")["value"]] == [stamped["id"]]
    both = path.replace("?", "?$select=subject,singleValueExtendedProperties&")
    assert set(office.get(both)) - {"@odata.context", "@odata.etag", "id"} == {
        "subject", "singleValueExtendedProperties",
    }  # fmt: skip
    changed(office, stamped["id"], {"singleValueExtendedProperties": [{"id": STAMP, "value": None}]})
    assert "singleValueExtendedProperties" not in office.get(path)
    meeting = "Binary {6ED8DA90-450B-101B-98DA-00AA003F1305} Id 0x3"
    derived = office.get(
        f"events/{stamped['id']}?$expand=singleValueExtendedProperties($filter=id eq '{meeting}')"
    )
    assert derived["singleValueExtendedProperties"][0]["value"]


def test_lists_are_filtered_sorted_and_paged(office: Office) -> None:
    for day in range(12):
        made(office, event(f"2026-11-{day + 10}T10:00", f"2026-11-{day + 10}T11:00", subject=f"Day {day:02}"))
    first = office.get("events?$orderby=start/dateTime desc&$select=subject")
    assert [row["subject"] for row in first["value"]] == [f"Day {day:02}" for day in range(11, 1, -1)]
    assert set(first["value"][0]) == {"@odata.etag", "id", "subject"}
    rest = office.get(first["@odata.nextLink"])
    assert [row["subject"] for row in rest["value"]] == ["Day 01", "Day 00"]
    late = office.get("events?$filter=start/dateTime ge '2026-11-20T00:00:00'&$top=50&$count=true")
    assert ([row["subject"] for row in late["value"]], late["@odata.count"]) == (["Day 10", "Day 11"], 2)
    exact = office.get("calendar/events?$filter=start/dateTime eq '2026-11-20T09:00:00'")
    assert [row["subject"] for row in exact["value"]] == ["Day 10"]
    assert office.call("GET", "events/$count?$filter=startswith(subject,'Day 0')").text == "10"
    for query in (
        "$search=Day",
        "$select=nonsense",
        "$expand=instances",
        "$orderby=nonsense",
        "$filter=nonsense eq 1",
        "$filter=transactionId eq 'x'",
    ):
        assert office.refused("GET", f"events?{query}")[0] == 400


def test_an_online_meeting_lives_in_its_body(office: Office) -> None:
    body = {"contentType": "html", "content": "<p>Hello</p>"}
    shown = made(office, event(isOnlineMeeting=True, onlineMeetingProvider="teamsForBusiness", body=body))
    address = shown["onlineMeeting"]["joinUrl"]
    assert (shown["isOnlineMeeting"], shown["onlineMeetingProvider"]) == (True, "teamsForBusiness")
    kept = changed(office, shown["id"], {"isOnlineMeeting": "false", "onlineMeetingProvider": "unknown"})
    assert (kept["isOnlineMeeting"], kept["onlineMeeting"]["joinUrl"]) == (True, address)
    longer = shown["body"]["content"].replace("Hello", "Hello again")
    kept = changed(office, shown["id"], {"body": {"contentType": "html", "content": longer}})
    assert kept["onlineMeeting"]["joinUrl"] == address
    lost = changed(office, shown["id"], {"body": body})
    assert (lost["isOnlineMeeting"], lost["onlineMeeting"]) == (False, None)


def test_newer_properties(office: Office) -> None:
    shown = made(office)
    assert not {"uid", "occurrenceId"} & set(shown)
    office.turn(uid_is_told=True)
    newer = office.get(f"events/{shown['id']}")
    assert (newer["uid"], newer["occurrenceId"]) == (shown["iCalUId"], None)


def test_an_app_without_the_right_is_refused(office: Office) -> None:
    id_ = made(office)["id"]
    office.app.roles = frozenset({"Mail.ReadWrite"})
    office.renew_token()
    assert office.refused("GET", "events") == (403, "ErrorAccessDenied")
    office.app.roles = frozenset({"Calendars.Read"})
    office.renew_token()
    assert office.get(f"events/{id_}")["subject"] == "Plan"
    for method, path in (("POST", "events"), ("PATCH", f"events/{id_}"), ("DELETE", f"events/{id_}")):
        assert office.refused(method, path, event()) == (403, "ErrorAccessDenied")


def test_a_person_reaches_their_own_calendar(office: Office) -> None:
    made(office)
    directory = office.world.microsoft
    for scope, status in (("Calendars.ReadWrite", 201), ("Calendars.Read", 403), ("Mail.ReadWrite", 403)):
        token, _life = directory.issue(office.app, office.tenant.id, str(office.ben.guid), [scope], {})
        office.http.headers["Authorization"] = f"Bearer {token}"
        assert office.call("POST", "/v1.0/me/events", event()).status_code == status
        assert office.call("GET", "events").status_code == 403, "somebody else's"
    assert office.refused("GET", "/v1.0/me/events") == (403, "ErrorAccessDenied")


def test_lists_of_values_are_stamped_too(office: Office) -> None:
    name = STAMP.replace("String", "StringArray")
    id_ = made(office, event(multiValueExtendedProperties=[{"id": name, "value": ["a", "b"]}]))["id"]
    path = f"events/{id_}?$expand=multiValueExtendedProperties($filter=id eq '{name}')"
    assert office.get(path)["multiValueExtendedProperties"] == [{"id": name, "value": ["a", "b"]}]


def test_a_bad_event_in_the_other_code(office: Office) -> None:
    office.turn(bad_event_is_property_validation=False)
    assert office.refused("POST", "events", {"subject": "No times"}) == (400, "ErrorInvalidRequest")
