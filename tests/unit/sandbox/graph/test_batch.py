"""JSON batching."""

import base64
from typing import Any

import httpx2
import pytest

from sandbox.faults import Fault
from tests.unit.sandbox.graph.conftest import Office, later

JSON = {"Content-Type": "application/json"}


def part(
    id_: str, method: str = "GET", url: str = "/users/anna@acme.test/messages", **more: Any
) -> dict[str, Any]:
    return {"id": id_, "method": method, "url": url, **more}


def send(office: Office, *parts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = office.call("POST", "/v1.0/$batch", {"requests": list(parts)})
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json()["responses"]}


def test_parts_are_answered_each_by_itself(office: Office) -> None:
    office.arrive()
    got = send(
        office,
        part("1", headers={"Prefer": 'IdType="ImmutableId"'}),
        part("2", url="users/ben@acme.test/mailboxSettings/timeZone"),
        part("3", url="/users/anna@acme.test/messages/nonsense"),
        part("4", "POST", "/users/anna@acme.test/mailFolders", body={"displayName": "F"}, headers=JSON),
        part("5", url="/nosuch"),
    )
    assert {id_: one["status"] for id_, one in got.items()} == {"1": 200, "2": 200, "3": 400, "4": 201, "5": 400}
    [lasting] = office.get("messages", headers={"Prefer": 'IdType="ImmutableId"'})["value"]
    assert got["1"]["body"]["value"][0]["id"] == lasting["id"]
    assert got["2"]["body"]["value"] == "UTC"
    assert "request-id" in got["1"]["headers"]


def test_the_log_names_the_parts(office: Office) -> None:
    send(office, part("1"), part("2", url="/users/anna@acme.test/mailFolders"))
    entry = list(office.world.requests.entries)[-1]
    assert (entry.route, entry.parts) == ("batch", ("GET messages.list", "GET folders.list"))
    assert entry.subject == "anna@acme.test"
    send(office, part("1"), part("2", url="/users/ben@acme.test/mailFolders"))
    assert list(office.world.requests.entries)[-1].subject == ""


def test_answers_come_in_any_order_unless_the_switch_says_otherwise(office: Office) -> None:
    parts = [part(str(number)) for number in range(12)]

    def order() -> list[str]:
        return [one["id"] for one in office.call("POST", "/v1.0/$batch", {"requests": parts}).json()["responses"]]

    assert any(order() != [str(number) for number in range(12)] for _ in range(3))
    office.turn(batch_in_order=True)
    assert order() == [str(number) for number in range(12)]


@pytest.mark.parametrize(
    "requests",
    [
        None, [], "x", [1], [part(str(number)) for number in range(21)], [part("1"), part("1")],
        [part("a"), part("A")],
        [{"id": "1", "method": "GET"}], [part("", "GET")], [part("1", "TRACE")], [part("1", "POST", body={})],
        [part("1", dependsOn=["2"]), part("2")], [part("1", dependsOn=["1"])],
    ],
)  # fmt: skip
def test_malformed_batches_are_refused_whole(office: Office, requests: Any) -> None:
    assert office.call("POST", "/v1.0/$batch", {"requests": requests}).status_code == 400


def test_a_failed_dependency(office: Office) -> None:
    made = {"body": {"displayName": "F"}, "headers": JSON}
    folders = "/users/anna@acme.test/mailFolders"
    got = send(
        office,
        part("1", "POST", folders, **made),
        part("2", "POST", folders, dependsOn=["1"], **made),
        part("3", dependsOn=["2"]),
        part("4", dependsOn=["1"]),
    )
    assert [got[id_]["status"] for id_ in "1234"] == [201, 409, 424, 200]


def test_raw_content_comes_as_base64(office: Office) -> None:
    message = office.arrive()
    [row] = office.get("messages")["value"]
    got = send(office, part("1", url=f"/users/anna@acme.test/messages/{row['id']}/$value"))
    assert base64.b64decode(got["1"]["body"]) == message.raw


def test_delta_links_work_inside(office: Office) -> None:
    office.arrive()
    link = office.get("mailFolders/inbox/messages/delta")["@odata.deltaLink"]
    office.arrive("Second")
    got = send(office, part("1", url=link.removeprefix("http://localhost/v1.0")))
    assert [row["subject"] for row in got["1"]["body"]["value"]] == ["Second"]
    assert got["1"]["body"]["@odata.deltaLink"].startswith("http://localhost/v1.0/users/")


@pytest.mark.parametrize(("taken", "status"), [(True, 200), (False, 414)])
def test_long_links_inside(office: Office, taken: bool, status: int) -> None:
    office.turn(long_tokens=True, batch_takes_long_urls=taken)
    link = office.get("mailFolders/inbox/messages/delta")["@odata.deltaLink"]
    assert len(link) > 4_000
    got = send(office, part("1", url=link.removeprefix("http://localhost/v1.0")), part("2"))
    assert (got["1"]["status"], got["2"]["status"]) == (status, 200)


def test_each_part_is_metered(office: Office) -> None:
    parts = [part(str(number), url="/users/anna@acme.test/mailboxSettings/timeZone") for number in range(20)]
    for _ in range(499):
        office.call("POST", "/v1.0/$batch", {"requests": parts})
    got = send(office, *parts)
    assert {one["status"] for one in got.values()} == {200}
    got = send(office, part("1"), part("2", url="/users/ben@acme.test/messages"))
    assert (got["1"]["status"], got["2"]["status"]) == (429, 200)
    assert 0 < int(got["1"]["headers"]["Retry-After"]) <= 600
    later(office, minutes=11)
    assert send(office, part("1"))["1"]["status"] == 200


def test_faults_strike_single_parts(office: Office) -> None:
    busy = Fault(
        "refuse",
        route="messages.list",
        subject="ben@acme.test",
        status=503,
        body=b'{"error":{"code":"x","message":"m"}}',
    )
    office.world.faults.add(busy)
    got = send(office, part("1"), part("2", url="/users/ben@acme.test/messages"))
    assert (got["1"]["status"], got["2"]["status"]) == (200, 503)
    assert office.world.faults.waiting == []


@pytest.mark.parametrize(
    ("effect", "made", "later_made"),
    [("lose_answer", True, True), ("drop_before", False, False), ("finish_later", False, True)],
)
def test_the_connection_breaks_within_a_batch(office: Office, effect: Any, made: bool, later_made: bool) -> None:
    office.world.faults.add(Fault(effect, route="folders.create", delay=30))
    create = part("1", "POST", "/users/anna@acme.test/mailFolders", body={"displayName": "F"}, headers=JSON)

    def exists() -> bool:
        return office.anna.folder("F") is not None

    with pytest.raises(httpx2.RemoteProtocolError):
        send(office, create)
    assert exists() is made
    later(office, seconds=31)
    office.application.finish()
    assert exists() is later_made


def test_a_batch_needs_a_token_and_has_a_size(office: Office) -> None:
    body = {"requests": [part("1")]}
    assert office.refused("POST", "/v1.0/$batch", body, headers={"Authorization": "Bearer x"})[0] == 401
    large = {"requests": [part("1", "POST", body={"subject": "x" * 4_200_000}, headers=JSON)]}
    assert office.refused("POST", "/v1.0/$batch", large)[0] == 413


@pytest.mark.parametrize(("kind", "body"), [("nulls", {"@odata.context": None, "value": None}), ("cut", None)])
def test_one_part_of_a_batch_is_spoiled(office: Office, kind: str, body: object) -> None:
    office.world.faults.add(Fault("spoil", route="messages.list", subject="ben@acme.test", spoil=kind))
    got = send(office, part("1"), part("2", url="/users/ben@acme.test/messages"))
    assert isinstance(got["1"]["body"]["value"], list)
    assert (got["2"]["status"], got["2"].get("body")) == (200, body)
    office.faults.clear()  # a spoiled answer is meant to be none of Microsoft's


def test_tokens_end_in_the_middle_of_a_batch(office: Office) -> None:
    office.world.faults.add(Fault("expire", route="messages.list", subject="ben@acme.test"))
    got = send(office, part("1"), part("2", url="/users/ben@acme.test/messages"))
    assert (got["1"]["status"], got["2"]["status"]) == (200, 401)


@pytest.mark.parametrize("on", [True, False])
def test_whether_only_some_may_depend_is_a_doubt(office: Office, on: bool) -> None:
    office.turn(batch_takes_mixed_order=on)
    mixed = [part("1"), part("2", dependsOn=["1"]), part("3")]
    answer = office.call("POST", "/v1.0/$batch", {"requests": mixed})
    assert answer.status_code == (200 if on else 400)
    send(office, part("1"), part("2", dependsOn=["1"]), part("3", dependsOn=["2"]))
    send(office, part("1"), part("2"))
