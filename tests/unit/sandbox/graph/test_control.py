"""The sandbox's own addresses for the mailbox side."""

from collections.abc import Iterator

import httpx2
import pytest

from sandbox import control
from sandbox.app import Application
from sandbox.graph.face import FACE, LOGIN_FACE
from tests.unit.sandbox.graph.conftest import Office


@pytest.fixture
def steer(office: Office) -> Iterator[httpx2.Client]:
    application = Application(office.world, [FACE, LOGIN_FACE, control.FACE])
    with httpx2.Client(transport=httpx2.WSGITransport(app=application), base_url="http://localhost") as client:
        yield client


def test_who_lives_here(office: Office, steer: httpx2.Client) -> None:
    rows = steer.get("/sandbox/mailboxes").json()["mailboxes"]
    assert [row["address"] for row in rows] == ["anna@acme.test", "ben@acme.test", "temp@acme.test"]
    assert {row["tenant"] for row in rows} == {office.tenant.id}


def test_cursors_die_of_one_or_all(office: Office, steer: httpx2.Client) -> None:
    links = [
        office.get(f"/v1.0/users/{who}@acme.test/mailFolders/inbox/messages/delta")["@odata.deltaLink"]
        for who in ("anna", "ben")
    ]
    steer.post("/sandbox/mailboxes/cursors/expire?mailbox=a.alt@acme.test")
    assert [office.call("GET", link).status_code for link in links] == [410, 200]
    steer.post("/sandbox/mailboxes/cursors/expire")
    assert [office.call("GET", link).status_code for link in links] == [410, 410]
    assert steer.post("/sandbox/mailboxes/cursors/expire?mailbox=x@y.test").status_code == 400


def test_tokens_end(office: Office, steer: httpx2.Client) -> None:
    assert steer.post("/sandbox/microsoft/tokens/end").json() == {"ended": 1}
    assert office.refused("GET", "messages") == (401, "InvalidAuthenticationToken")


def test_people_come_all_or_none(office: Office, steer: httpx2.Client) -> None:
    zoe, abe = {"address": "zoe@acme.test", "name": "Zoe"}, {"address": "abe@acme.test", "name": "Abe"}
    wrong: tuple[object, ...] = (
        "x",
        ["x"],
        [zoe | {"licensed": "no"}],
        [zoe, {"name": "Abe"}],
        [zoe, abe | {"x": 1}],
    )
    for asked in (*wrong, [zoe, {"address": "anna@acme.test", "name": "Anna"}]):
        assert steer.post("/sandbox/mailboxes", json={"mailboxes": asked}).status_code == 400
    assert office.store.mailbox("zoe@acme.test") is None
    assert steer.post("/sandbox/mailboxes", json={"mailboxes": [zoe, abe | {"licensed": False}]}).json() == {
        "added": 2
    }
    assert office.call("GET", "/v1.0/users/zoe@acme.test/mailFolders/inbox").status_code == 200
    path = "/v1.0/users/abe@acme.test/mailFolders/inbox"
    assert office.refused("GET", path) == (404, "MailboxNotEnabledForRESTAPI")
