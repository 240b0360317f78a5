"""The courier: who is told what, when, and what happens when nobody listens."""

import pickle
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from sandbox.app import Application
from sandbox.control import FACE as CONTROL
from sandbox.graph.face import FACE
from sandbox.graph.subscriptions.courier import deliver
from tests.unit.sandbox.graph.conftest import IMMUTABLE, START, Office, later
from tests.unit.sandbox.graph.receiver import LIFE_URL, Receiver
from tests.unit.sandbox.graph.test_subscriptions import PATH, subscribe, wish


def pump(office: Office, **by: float) -> int:
    later(office, **by or {"seconds": 31})
    return deliver(office.world)


def test_what_a_notice_says(office: Office) -> None:
    receiver = Receiver(office)
    made = subscribe(office)
    office.arrive()
    assert deliver(office.world) == 0, "it takes a while"
    assert pump(office) == 1
    [notice] = receiver.notices
    [message] = office.get("messages")["value"]
    path = f"Users/{office.anna.guid}/Messages/{message['id']}"
    expires = notice.pop("subscriptionExpirationDateTime")
    assert datetime.fromisoformat(expires) == datetime.fromisoformat(made["expirationDateTime"])
    assert notice == {
        "subscriptionId": made["id"],
        "clientState": "ours",
        "tenantId": office.tenant.id,
        "changeType": "created",
        "resource": path,
        "resourceData": {
            "@odata.type": "#Microsoft.Graph.Message",
            "@odata.id": path,
            "@odata.etag": message["@odata.etag"],
            "id": message["id"],
        },
    }
    assert pump(office) == 0


def test_only_the_folder_and_changes_asked_for(office: Office) -> None:
    receiver = Receiver(office)
    office.arrive("Before")
    subscribe(office, changeType="deleted")
    everything = subscribe(office, changeType="created,updated,deleted", resource="users/anna@acme.test/messages")
    message = office.arrive()
    office.store.mark_read(office.anna, message)
    office.store.move(office.anna, message, office.anna.well_known("archive"))
    office.store.purge(office.anna, message)
    pump(office)
    mine = [one["changeType"] for one in receiver.notices if one["subscriptionId"] == everything["id"]]
    assert sorted(mine) == ["created", "created", "deleted", "deleted", "updated"]
    assert sorted(receiver.changes()) == sorted([*mine, "deleted"])


@pytest.mark.parametrize("headers", [{}, IMMUTABLE])
def test_the_form_of_ids_is_remembered(office: Office, headers: dict[str, str]) -> None:
    receiver = Receiver(office)
    assert office.call("POST", PATH, wish(), headers=headers).status_code == 201
    office.arrive()
    pump(office)
    [row] = office.get("messages", headers=headers)["value"]
    assert receiver.notices[0]["resourceData"]["id"] == row["id"]


def test_many_changes_come_in_one_post(office: Office) -> None:
    posts: list[int] = []
    receiver = Receiver(office)
    subscribe(office)
    receiver.before = lambda: posts.append(1)
    for number in range(60):
        office.arrive(f"Mail {number}")
    assert pump(office) == 60
    assert len(posts) == 2


def test_a_receiver_that_fails_is_tried_again_for_four_hours(office: Office) -> None:
    receiver = Receiver(office)
    subscribe(office, lifecycleNotificationUrl=LIFE_URL)
    receiver.status = 503
    office.arrive()
    assert pump(office) == 0
    assert pump(office, seconds=5) == 0
    receiver.status = 202
    assert pump(office, minutes=30) == 1
    receiver.status = 500
    office.arrive("Lost")
    for _ in range(10):
        pump(office, minutes=30)
    receiver.status = 202
    pump(office, minutes=30)
    assert receiver.changes() == ["created"]
    assert receiver.events() == ["missed"]


def test_a_slow_receiver_is_served_late(office: Office) -> None:
    receiver = Receiver(office)
    subscribe(office)
    receiver.before = lambda: later(office, seconds=4)
    for number in range(100):
        office.arrive(f"Mail {number}")
    assert pump(office) == 100
    receiver.before = lambda: None
    office.arrive("After")
    assert pump(office, minutes=5) == 0
    assert pump(office, minutes=6) == 1


def test_a_receiver_that_is_too_slow_is_dropped(office: Office) -> None:
    receiver = Receiver(office)
    subscribe(office, lifecycleNotificationUrl=LIFE_URL)
    receiver.before = lambda: later(office, seconds=11)
    for number in range(100):
        office.arrive(f"Mail {number}")
    pump(office)
    receiver.before = lambda: None
    office.arrive("Dropped")
    assert pump(office, minutes=1) == 0
    office.clock.advance(timedelta(minutes=11))
    pump(office)
    assert len(receiver.notices) == 100
    assert receiver.events() == ["missed"]
    office.arrive("Told")
    assert pump(office) == 1


def test_it_asks_before_it_expires_and_then_ends(office: Office) -> None:
    receiver = Receiver(office)
    made = subscribe(office, lifecycleNotificationUrl=LIFE_URL)
    later(office, days=5, hours=23, minutes=46)
    pump(office)
    pump(office)
    assert receiver.events() == ["reauthorizationRequired"]
    until = (office.clock.now() + timedelta(hours=1)).isoformat()
    assert office.refused("GET", f"{PATH}/{made['id']}")[0] == 401, "the token is old by now"
    office.renew_token()
    office.call("PATCH", f"{PATH}/{made['id']}", {"expirationDateTime": until})
    later(office, minutes=61)
    office.arrive()
    assert pump(office) == 0
    assert office.refused("GET", f"{PATH}/{made['id']}") == (404, "ResourceNotFound")


@pytest.mark.parametrize("kept", [True, False])
def test_while_reauthorisation_is_due_nothing_is_told(office: Office, kept: bool) -> None:
    office.turn(paused_notices_kept=kept)
    receiver = Receiver(office)
    made = subscribe(office, lifecycleNotificationUrl=LIFE_URL)
    ask(office, f"{made['id']}/reauthorize?minutes=1")
    pump(office)
    assert receiver.events() == ["reauthorizationRequired"]
    later(office, minutes=1)
    office.arrive()
    assert pump(office) == 0
    assert office.call("POST", f"{PATH}/{made['id']}/reauthorize").status_code == 204
    assert pump(office) == int(kept)


def ask(office: Office, path: str) -> Any:
    with_control = Application(office.world, [FACE, CONTROL])
    client = httpx2.Client(transport=httpx2.WSGITransport(app=with_control), base_url="http://localhost")
    answer = client.post(f"/sandbox/microsoft/subscriptions/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_events_on_demand(office: Office) -> None:
    receiver = Receiver(office)
    made = subscribe(office, lifecycleNotificationUrl=LIFE_URL)
    ask(office, f"{made['id']}/miss")
    assert ask(office, f"{made['id']}/remove")["subscriptions"] == []
    assert ask(office, "deliver") == {"delivered": 1}
    assert receiver.events() == ["subscriptionRemoved"], "what waited for the removed one is gone"


def test_withdrawn_consent_removes_it(office: Office) -> None:
    receiver = Receiver(office)
    subscribe(office, lifecycleNotificationUrl=LIFE_URL)
    office.world.microsoft.withdraw_consent(office.app, office.tenant)
    pump(office)
    assert receiver.events() == ["subscriptionRemoved"]
    assert office.world.subscriptions.subscriptions == {}


def test_doubts_about_delivery(office: Office) -> None:
    receiver = Receiver(office)
    subscribe(office)
    office.turn(notices_are_late=True)
    office.arrive("Late")
    assert pump(office, seconds=59) == 0
    assert pump(office, seconds=121) == 1
    office.turn(notices_are_late=False, notices_come_twice=True)
    for number in range(20):
        office.arrive(f"Twice {number}")
    assert 20 < pump(office, minutes=1) < 40
    office.turn(notices_come_twice=False, notices_vanish=True)
    for number in range(20):
        office.arrive(f"Gone {number}")
    assert 0 < pump(office) < 20
    assert len({notice["resource"] for notice in receiver.notices}) < 41


def test_what_waits_survives_a_restart_of_the_sandbox(office: Office) -> None:
    Receiver(office)
    made = subscribe(office)
    office.arrive()
    deliver(office.world)
    world = pickle.loads(pickle.dumps(office.world))
    [waiting] = world.subscriptions.queue
    assert waiting.subscription is world.subscriptions.subscriptions[made["id"]]
    assert START < waiting.due <= START + timedelta(seconds=30)
