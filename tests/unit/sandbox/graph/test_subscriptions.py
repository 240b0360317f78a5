"""Subscriptions: what may be asked for, the handshake, and renewal."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from werkzeug.wrappers import Response

from sandbox.graph.subscriptions.addresses import MOST_OF_A_MAILBOX
from sandbox.graph.subscriptions.book import Subscription
from tests.unit.sandbox.graph.conftest import START, Office, later
from tests.unit.sandbox.graph.receiver import LIFE_URL, URL, Receiver

PATH = "/v1.0/subscriptions"


def wish(**changes: Any) -> dict[str, Any]:
    wanted = {
        "changeType": "created,updated",
        "notificationUrl": URL,
        "resource": "users/anna@acme.test/mailFolders('inbox')/messages",
        "expirationDateTime": (START + timedelta(days=6)).isoformat(),
        "clientState": "ours",
    }
    return {name: value for name, value in (wanted | changes).items() if value is not None}


def subscribe(office: Office, **changes: Any) -> dict[str, Any]:
    answer = office.call("POST", PATH, wish(**changes))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_made_shown_renewed_ended(office: Office) -> None:
    receiver = Receiver(office)
    made = subscribe(office, lifecycleNotificationUrl=LIFE_URL)
    assert receiver.validated == [URL, LIFE_URL]
    assert (made["clientState"], made["applicationId"], made["changeType"]) == ("ours", "app", "created,updated")
    [listed] = office.get(PATH)["value"]
    assert (listed["id"], listed["clientState"]) == (made["id"], None)
    later(office, days=5)
    office.renew_token()
    until = (START + timedelta(days=11)).isoformat()
    renewed = office.call("PATCH", f"{PATH}/{made['id']}", {"expirationDateTime": until}).json()
    assert datetime.fromisoformat(renewed["expirationDateTime"]) == START + timedelta(days=11)
    assert office.call("DELETE", f"{PATH}/{made['id']}").status_code == 204
    assert office.refused("PATCH", f"{PATH}/{made['id']}", {"expirationDateTime": until})[0] == 404
    assert office.get(PATH)["value"] == []


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"changeType": "moved"}, 400, "InvalidRequest"),
        ({"changeType": None}, 400, "InvalidRequest"),
        ({"resource": None}, 400, "InvalidRequest"),
        ({"resource": "users/anna@acme.test/mailFolders"}, 400, "InvalidRequest"),
        ({"resource": "users/anna@acme.test/messages?$select=subject"}, 400, "InvalidRequest"),
        ({"resource": "users/anna@acme.test/messages?$top=5"}, 400, "InvalidRequest"),
        ({"resource": "users/anna@acme.test/messages?$filter=nosuch eq 1"}, 400, "RequestBroker--ParseUri"),
        (
            {"includeResourceData": True, "encryptionCertificate": "AAAA", "encryptionCertificateId": "1"},
            400,
            "InvalidRequest",
        ),
        ({"resource": "me/messages"}, 400, "BadRequest"),
        ({"resource": "users/nobody@acme.test/messages"}, 404, "ResourceNotFound"),
        ({"resource": "users/temp@acme.test/messages"}, 404, "ExtensionError"),
        ({"resource": "users/anna@acme.test/contacts"}, 403, "ExtensionError"),
        ({"resource": "users/anna@acme.test/mailFolders('nosuch')/messages"}, 400, "ErrorInvalidIdMalformed"),
        ({"clientState": "x" * 129}, 400, "InvalidRequest"),
        ({"latestSupportedTlsVersion": "v9"}, 400, "InvalidRequest"),
        ({"includeResourceData": True}, 400, "InvalidRequest"),
        ({"nosuch": 1}, 400, "InvalidRequest"),
        ({"expirationDateTime": None}, 400, "InvalidRequest"),
        ({"expirationDateTime": "soon"}, 400, "InvalidRequest"),
        ({"expirationDateTime": "2026-11-21T12:00:00"}, 400, "InvalidRequest"),
        ({"expirationDateTime": "2026-11-20T11:00:00Z"}, 400, "InvalidRequest"),
        ({"expirationDateTime": "2026-11-27T12:00:01Z"}, 400, "ExtensionError"),
        ({"notificationUrl": None}, 400, "InvalidRequest"),
        ({"notificationUrl": "http://crosstie.test/push"}, 400, "InvalidRequest"),
        ({"notificationUrl": "https://10.1.2.3/push"}, 400, "InvalidRequest"),
        ({"notificationUrl": "https://[fd00::1]/push"}, 400, "InvalidRequest"),
        ({"notificationUrl": "EventHub:https://hub.test/x"}, 400, "InvalidRequest"),
    ],
)
def test_refusals(office: Office, changes: dict[str, Any], status: int, code: str) -> None:
    receiver = Receiver(office)
    assert office.refused("POST", PATH, wish(**changes)) == (status, code)
    assert receiver.validated == []


def test_lifetimes_differ_by_resource(office: Office) -> None:
    Receiver(office)
    office.app.roles |= {"Calendars.Read", "Contacts.Read", "Tasks.Read.All"}
    office.renew_token()
    lifetimes = {"messages": 10_080, "events": 10_080, "contacts": 10_080, "todo/lists/x/tasks": 4_230}
    for path, minutes in lifetimes.items():
        longest = START + timedelta(minutes=minutes)
        asked = {"resource": f"users/{office.anna.guid}/{path}"}
        too_long = wish(**asked, expirationDateTime=(longest + timedelta(seconds=1)).isoformat())
        assert office.refused("POST", PATH, too_long) == (400, "ExtensionError")
        assert subscribe(office, **asked, expirationDateTime=longest.isoformat())


def test_a_short_life_is_raised(office: Office) -> None:
    Receiver(office)
    made = subscribe(office, expirationDateTime=(START + timedelta(minutes=5)).isoformat())
    assert datetime.fromisoformat(made["expirationDateTime"]) == START + timedelta(minutes=45)


@pytest.mark.parametrize(
    "answer",
    [
        lambda token: Response(token, content_type="text/html"),
        lambda token: Response(token.replace(" ", "+"), content_type="text/plain"),
        lambda token: Response(token, 202, content_type="text/plain"),
        lambda token: Response("", content_type="text/plain"),
    ],
)
def test_a_failed_handshake(office: Office, answer: Any) -> None:
    Receiver(office, echo=answer)
    assert office.refused("POST", PATH, wish()) == (400, "ValidationError")
    assert office.get(PATH)["value"] == []


def test_the_handshake_has_ten_seconds(office: Office) -> None:
    receiver = Receiver(office, before=lambda: later(office, seconds=10))
    subscribe(office)
    receiver.before = lambda: later(office, seconds=10.1)
    assert office.refused("POST", PATH, wish(changeType="deleted")) == (400, "ValidationError")


def test_nobody_there(office: Office) -> None:
    refused = office.call("POST", PATH, wish(notificationUrl="http://127.0.0.1:9/push"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "ValidationError")
    outside = office.call("POST", PATH, wish(notificationUrl="https://8.8.8.8/push"))
    assert "is not this machine" in outside.json()["error"]["message"]


def test_the_same_twice_is_a_conflict(office: Office) -> None:
    Receiver(office)
    subscribe(office)
    same = wish(changeType="updated,created", resource=f"/users/{office.anna.guid}/mailfolders/Inbox/messages")
    assert office.refused("POST", PATH, same) == (409, "ExtensionError")
    subscribe(office, changeType="created")
    later(office, days=7)
    office.renew_token()
    subscribe(office, expirationDateTime=(START + timedelta(days=8)).isoformat())


def test_a_mailbox_has_room_for_a_thousand(office: Office) -> None:
    Receiver(office)
    made = subscribe(office)
    book = office.world.subscriptions
    one = book.subscriptions[made["id"]]
    fields = {name: getattr(one, name) for name in Subscription.__slots__}
    for number in range(MOST_OF_A_MAILBOX - 1):
        book.subscriptions[str(number)] = Subscription(**fields | {"id": str(number), "app": f"other {number}"})
    assert office.refused("POST", PATH, wish(changeType="deleted")) == (403, "ExtensionError")
    subscribe(office, resource="users/ben@acme.test/messages")


def test_only_ones_own_are_seen(office: Office) -> None:
    Receiver(office)
    made = subscribe(office)
    office.world.subscriptions.subscriptions[made["id"]].app = "another"
    assert office.get(PATH)["value"] == []
    assert office.refused("GET", f"{PATH}/{made['id']}") == (404, "ResourceNotFound")


def test_what_a_patch_may_change(office: Office) -> None:
    receiver = Receiver(office)
    made = subscribe(office)
    path = f"{PATH}/{made['id']}"
    assert office.refused("PATCH", path, {"lifecycleNotificationUrl": LIFE_URL})[0] == 400
    assert office.refused("PATCH", path, {})[0] == 400
    moved = office.call("PATCH", path, {"notificationUrl": LIFE_URL}).json()
    assert (moved["notificationUrl"], receiver.validated) == (LIFE_URL, [URL, LIFE_URL])


def test_the_service_limits_lists_and_writes(office: Office) -> None:
    for _ in range(25):
        office.get(PATH)
    limited = office.call("GET", PATH)
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "20")
    for _ in range(500):
        assert office.refused("DELETE", f"{PATH}/none")[0] == 404
    assert office.refused("DELETE", f"{PATH}/none") == (429, "TooManyRequests")
    later(office, seconds=20)
    office.get(PATH)
