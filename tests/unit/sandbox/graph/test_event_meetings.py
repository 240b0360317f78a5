"""Meetings over Graph: who may say what of them, and that what is said reaches the others."""

from typing import Any

import pytest

from sandbox.outbox import SentMail
from tests.unit.sandbox.graph.conftest import Office
from tests.unit.sandbox.graph.diary import WINDOW, at, changed, dates, event, made, weekly

BEN = "/v1.0/users/ben@acme.test"
NORA = {"emailAddress": {"address": "nora@birch.test", "name": "Nora"}, "type": "optional"}
INVITED = [{"emailAddress": {"address": "ben@acme.test"}}, NORA]
SLOT = {"start": at("2026-11-24T10:00"), "end": at("2026-11-24T11:00")}


def meeting(office: Office, **more: Any) -> str:
    return str(made(office, event(attendees=INVITED, **more))["id"])


def copy_of(office: Office) -> dict[str, Any]:
    """Ben's only event."""
    (copy,) = office.get(f"{BEN}/events")["value"]
    return dict(copy)


def answers(office: Office, id_: str) -> dict[str, str]:
    rows = office.get(f"events/{id_}")["attendees"]
    return {row["emailAddress"]["address"]: row["status"]["response"] for row in rows}


def sent(office: Office) -> list[SentMail]:
    mails = list(office.world.outbox.mails)
    office.world.outbox.mails.clear()
    return mails


def test_an_invitation_goes_out_and_a_copy_comes_to_be(office: Office) -> None:
    id_ = meeting(office, subject="Kick-off")
    [mail] = sent(office)
    assert (mail.face, mail.cause, mail.reason) == ("graph", "events.create", "invitation")
    assert set(mail.recipients) == {"ben@acme.test", "nora@birch.test"}
    copy = copy_of(office)
    assert (copy["subject"], copy["isOrganizer"], copy["showAs"]) == ("Kick-off", False, "tentative")
    assert copy["responseStatus"]["response"] == "notResponded"
    assert copy["organizer"]["emailAddress"]["address"] == "anna@acme.test"
    assert copy["iCalUId"] == office.get(f"events/{id_}")["iCalUId"]
    assert {row["type"] for row in office.get(f"events/{id_}")["attendees"]} == {"required", "optional"}


@pytest.mark.parametrize(
    ("action", "response"),
    [("accept", "accepted"), ("tentativelyAccept", "tentativelyAccepted"), ("decline", "declined")],
)
def test_an_answer_reaches_the_organizer(office: Office, action: str, response: str) -> None:
    id_ = meeting(office)
    copy = copy_of(office)["id"]
    sent(office)
    assert office.call("POST", f"{BEN}/events/{copy}/{action}", {"comment": "Hi"}).status_code == 202
    assert [(mail.reason, mail.recipients) for mail in sent(office)] == [("answer", ("anna@acme.test",))]
    assert answers(office, id_) == {"ben@acme.test": response, "nora@birch.test": "none"}
    left = office.get(f"{BEN}/events")["value"]
    assert [row["responseStatus"]["response"] for row in left] == ([] if action == "decline" else [response])


def test_a_silent_answer_is_not_sent(office: Office) -> None:
    id_ = meeting(office)
    copy = copy_of(office)["id"]
    sent(office)
    assert office.call("POST", f"{BEN}/events/{copy}/accept", {"sendResponse": False}).status_code == 202
    assert sent(office) == []
    assert answers(office, id_)["ben@acme.test"] == "none"
    assert copy_of(office)["responseStatus"]["response"] == "accepted"


@pytest.mark.parametrize(
    ("action", "body", "code"),
    [
        ("accept", {"comment": "x", "sendResponse": False}, "ErrorInvalidParameter"),
        ("accept", {"proposedNewTime": SLOT}, "RequestBodyRead"),
        ("accept", {"sendResponse": "yes"}, "RequestBodyRead"),
        ("decline", {"proposedNewTime": SLOT, "sendResponse": False}, "ErrorInvalidParameter"),
        ("decline", {"proposedNewTime": {"start": SLOT["end"], "end": SLOT["start"]}}, "ErrorInvalidParameter"),
        ("cancel", {"comment": "x"}, "ErrorInvalidRequest"),
        ("forward", {}, "ErrorInvalidRecipients"),
        ("forward", {"toRecipients": [{"emailAddress": {"address": "nobody"}}]}, "ErrorInvalidRecipients"),
    ],
)
def test_what_an_invited_person_cannot_say(office: Office, action: str, body: dict[str, Any], code: str) -> None:
    meeting(office)
    copy = copy_of(office)["id"]
    assert office.refused("POST", f"{BEN}/events/{copy}/{action}", body) == (400, code)


def test_another_time_is_proposed(office: Office) -> None:
    id_ = meeting(office)
    body = {"proposedNewTime": SLOT, "comment": "Tuesday?"}
    assert office.call("POST", f"{BEN}/events/{copy_of(office)['id']}/tentativelyAccept", body).status_code == 202
    ben = office.get(f"events/{id_}")["attendees"][0]
    assert ben["proposedNewTime"]["start"]["dateTime"] == "2026-11-24T09:00:00.0000000"
    meeting(office, allowNewTimeProposals=False, subject="Firm")
    (firm,) = office.get(f"{BEN}/events?$filter=subject eq 'Firm'")["value"]
    refusal = office.refused("POST", f"{BEN}/events/{firm['id']}/decline", {"proposedNewTime": SLOT})
    assert (firm["allowNewTimeProposals"], refusal) == (False, (400, "ErrorInvalidParameter"))


def test_an_organizer_does_not_answer(office: Office) -> None:
    id_ = meeting(office)
    for action in ("accept", "tentativelyAccept", "decline"):
        assert office.refused("POST", f"events/{id_}/{action}", {}) == (400, "ErrorInvalidRequest")


def test_a_cancelled_meeting_stays_with_the_invited(office: Office) -> None:
    id_ = meeting(office)
    sent(office)
    assert office.call("POST", f"events/{id_}/cancel", {"Comment": "Sorry"}).status_code == 202
    assert [mail.reason for mail in sent(office)] == ["cancellation"]
    assert office.refused("GET", f"events/{id_}") == (404, "ErrorItemNotFound")
    copy = copy_of(office)
    assert copy["isCancelled"] is True
    assert office.refused("POST", f"{BEN}/events/{copy['id']}/accept", {}) == (400, "ErrorInvalidRequest")
    alone = made(office)["id"]
    assert office.refused("POST", f"events/{alone}/cancel", {}) == (400, "ErrorInvalidRequest")


def test_deleting_ones_meeting_cancels_it_and_deleting_a_copy_does_not(office: Office) -> None:
    first, second = meeting(office), meeting(office)
    copies = [row["id"] for row in office.get(f"{BEN}/events")["value"]]
    sent(office)
    assert office.call("DELETE", f"{BEN}/events/{copies[0]}").status_code == 204
    assert sent(office) == []
    assert office.call("DELETE", f"events/{second}").status_code == 204
    assert [(mail.reason, mail.cause) for mail in sent(office)] == [("cancellation", "events.delete")]
    assert office.get(f"events/{first}")["isCancelled"] is False


def test_a_change_is_announced_and_marks_are_not(office: Office) -> None:
    id_ = meeting(office)
    sent(office)
    changed(office, id_, {"categories": ["Red category"], "showAs": "free", "isReminderOn": False})
    assert sent(office) == []
    changed(office, id_, {"subject": "Renamed"})
    assert [(mail.reason, mail.cause) for mail in sent(office)] == [("update", "events.update")]
    assert copy_of(office)["subject"] == "Renamed"


def test_attendees_are_replaced_and_keep_their_answers(office: Office) -> None:
    id_ = meeting(office)
    office.call("POST", f"{BEN}/events/{copy_of(office)['id']}/accept", {})
    sent(office)
    omar = {"emailAddress": {"address": "omar@birch.test"}, "type": "required"}
    changed(office, id_, {"attendees": [INVITED[0], omar]})
    assert answers(office, id_) == {"ben@acme.test": "accepted", "omar@birch.test": "none"}
    told = {(mail.reason, *mail.recipients) for mail in sent(office)}
    assert told == {("cancellation", "nora@birch.test"), ("invitation", "omar@birch.test")}


def test_a_copy_changes_for_its_owner_alone(office: Office) -> None:
    id_ = meeting(office)
    copy = copy_of(office)["id"]
    sent(office)
    answer = office.call("PATCH", f"{BEN}/events/{copy}", {"subject": "Mine", "categories": ["Blue category"]})
    assert (answer.status_code, answer.json()["subject"]) == (200, "Mine")
    assert sent(office) == []
    assert office.get(f"events/{id_}")["subject"] == "Plan"
    refused = office.refused("PATCH", f"{BEN}/events/{copy}", {"attendees": []})
    assert refused == (400, "ErrorInvalidRequest")
    office.world.switches.turn("calendar.attendees_are_read_only", False)
    ignored = office.call("PATCH", f"{BEN}/events/{copy}", {"attendees": []}).json()
    assert len(ignored["attendees"]) == 2


def test_a_forward_invites_others(office: Office) -> None:
    meeting(office)
    copy = copy_of(office)["id"]
    sent(office)
    to = [{"emailAddress": {"address": "quentin@elm.test"}}]
    assert office.call("POST", f"{BEN}/events/{copy}/forward", {"ToRecipients": to}).status_code == 202
    assert [mail.reason for mail in sent(office)] == ["forward", "forward notice"]


def test_reminders(office: Office) -> None:
    id_ = made(office)["id"]
    assert office.call("POST", f"events/{id_}/dismissReminder").status_code == 200
    later = {"newReminderTime": at("2026-11-23T09:55")}
    assert office.call("POST", f"events/{id_}/snoozeReminder", later).status_code == 200
    assert office.refused("POST", f"events/{id_}/snoozeReminder", {})[0] == 400
    office.call("DELETE", f"events/{id_}")
    assert office.refused("POST", f"events/{id_}/dismissReminder")[0] == 404


def test_one_date_of_a_series_is_answered_and_called_off(office: Office) -> None:
    series = made(office, weekly(attendees=INVITED))["id"]
    theirs = office.get(f"{BEN}/calendarView?{WINDOW}")["value"]
    assert office.call("POST", f"{BEN}/events/{theirs[1]['id']}/accept", {}).status_code == 202
    rows = dates(office, series)
    assert [row["attendees"][0]["status"]["response"] for row in rows[:3]] == ["none", "accepted", "none"]
    assert [row["type"] for row in rows[:3]] == ["occurrence", "exception", "occurrence"]
    assert office.call("POST", f"events/{rows[2]['id']}/cancel", {}).status_code == 202
    assert len(dates(office, series)) == 4
    kept = office.get(f"{BEN}/calendarView?{WINDOW}")["value"]
    assert [row["isCancelled"] for row in kept] in ([False, False, True, False, False], [False] * 4)


def test_the_mail_of_a_meeting_leads_to_its_event(office: Office) -> None:
    meeting(office)
    office.arrive("Plain", to="ben@acme.test")
    rows = office.get(f"{BEN}/messages?$expand=microsoft.graph.eventMessage/event&$orderby=subject")["value"]
    plain, request = rows
    assert "event" not in plain
    assert request["@odata.type"] == "#microsoft.graph.eventMessageRequest"
    assert request["event"]["id"] == copy_of(office)["id"]
    office.call("DELETE", f"{BEN}/events/{request['event']['id']}")
    again = office.get(f"{BEN}/messages/{request['id']}?$expand=microsoft.graph.eventMessage/event")
    assert again["event"] is None


def test_no_answer_is_wanted(office: Office) -> None:
    meeting(office, responseRequested=False)
    copy = copy_of(office)["id"]
    assert office.refused("POST", f"{BEN}/events/{copy}/accept", {}) == (400, "ErrorInvalidRequest")
    assert office.call("POST", f"{BEN}/events/{copy}/accept", {"sendResponse": False}).status_code == 202


def test_the_mails_of_a_meeting_say_what_they_are(office: Office) -> None:
    id_ = meeting(office, allowNewTimeProposals=False)
    changed(office, id_, {"start": at("2026-11-23T09:00")})
    first, second = office.get(f"{BEN}/messages?$orderby=receivedDateTime")["value"]
    assert [row["meetingRequestType"] for row in (first, second)] == ["newMeetingRequest", "fullUpdate"]
    assert [row["isOutOfDate"] for row in (first, second)] == [True, False]
    assert second["allowNewTimeProposals"] is False
    assert second["startDateTime"] == {"dateTime": "2026-11-23T08:00:00.0000000", "timeZone": "UTC"}
    office.call("POST", f"{BEN}/events/{copy_of(office)['id']}/accept", {})
    (answer,) = office.get("mailFolders/inbox/messages")["value"]
    assert (answer["responseType"], answer["proposedNewTime"]) == ("accepted", None)


def test_an_answer_brings_another_time(office: Office) -> None:
    meeting(office)
    office.call("POST", f"{BEN}/events/{copy_of(office)['id']}/decline", {"proposedNewTime": SLOT})
    (answer,) = office.get("mailFolders/inbox/messages")["value"]
    assert answer["proposedNewTime"]["start"]["dateTime"] == "2026-11-24T09:00:00.0000000"
