"""Attachments in pieces."""

from typing import Any

import httpx2
import pytest

from tests.unit.sandbox.graph.conftest import Office, later

MEGA = 1024 * 1024
FILE = bytes(range(256)) * (4 * MEGA // 256)


def session(office: Office, **item: Any) -> tuple[str, Any]:
    """Address of a draft and the answer to the wish for a session."""
    draft = office.call("POST", "messages", {"subject": "x"}).json()["id"]
    wanted = {"attachmentType": "file", "name": "big.bin", "size": len(FILE), **item}
    answer = office.call("POST", f"messages/{draft}/attachments/createUploadSession", {"AttachmentItem": wanted})
    return f"messages/{draft}", answer


def put(office: Office, address: str, first: int, piece: bytes, whole: int = len(FILE)) -> httpx2.Response:
    head = {"Content-Range": f"bytes {first}-{first + len(piece) - 1}/{whole}"}
    transport = httpx2.WSGITransport(app=office.application)
    with httpx2.Client(transport=transport) as client:
        return client.put(address, content=piece, headers=head)


def test_a_file_in_two_pieces(office: Office) -> None:
    path, answer = session(office, contentType="application/pdf", isInline=True, contentId="c1")
    assert answer.status_code == 201
    assert answer.json()["nextExpectedRanges"] == ["0-"]
    address = answer.json()["uploadUrl"]
    first = put(office, address, 0, FILE[: 3 * MEGA])
    assert (first.status_code, first.json()["nextExpectedRanges"]) == (200, [f"{3 * MEGA}-"])
    assert put(office, address, 2 * MEGA, FILE[2 * MEGA :]).status_code == 416
    last = put(office, address, 3 * MEGA, FILE[3 * MEGA :])
    assert (last.status_code, last.content) == (201, b"")
    [shown] = office.get(f"{path}/attachments")["value"]
    assert shown["id"] in last.headers["Location"]
    assert (shown["contentType"], shown["isInline"], shown["contentId"]) == ("application/pdf", True, "c1")
    assert office.call("GET", f"{path}/attachments/{shown['id']}/$value").content == FILE
    assert put(office, address, 0, b"x").status_code == 401, "a finished session is over"


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"size": 2 * MEGA - 1}, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize"),
        ({"size": 150 * MEGA + 1}, "ErrorAttachmentSizeLimitExceeded"),
        ({"size": "4"}, "RequestBodyRead"),
        ({"name": ""}, "RequestBodyRead"),
        ({"attachmentType": "item"}, "ErrorInvalidRequest"),
        ({"attachmentType": "nosuch"}, "RequestBodyRead"),
    ],
)
def test_what_a_session_refuses(office: Office, item: Any, code: str) -> None:
    _, answer = session(office, **item)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize("on", [True, False])
def test_from_which_size_on_is_a_doubt(office: Office, on: bool) -> None:
    office.turn(small_upload_sessions=on)
    assert session(office, size=3 * MEGA - 1)[1].status_code == (201 if on else 400)
    assert session(office, size=3 * MEGA)[1].status_code == 201


def test_pieces_must_fit(office: Office) -> None:
    address = session(office)[1].json()["uploadUrl"]
    assert put(office, address, 0, b"abc", 3).status_code == 400
    assert put(office, address, 0, FILE + b"xx", len(FILE) + 2).status_code == 413
    with httpx2.Client(transport=httpx2.WSGITransport(app=office.application)) as client:
        assert client.put(address, content=b"abc").status_code == 400
        assert client.put(address.partition("?")[0], content=b"abc").status_code == 401


@pytest.mark.parametrize("on", [True, False])
def test_a_second_token_is_a_doubt(office: Office, on: bool) -> None:
    office.turn(upload_refuses_authorization=on)
    address = session(office)[1].json()["uploadUrl"]
    head = {"Content-Range": f"bytes 0-9/{len(FILE)}"}
    answer = office.http.put(address, content=FILE[:10], headers=head)
    assert answer.status_code == (401 if on else 200)


def test_sessions_end(office: Office) -> None:
    address = session(office)[1].json()["uploadUrl"]
    later(office, minutes=59)
    assert put(office, address, 0, FILE[:10]).status_code == 200
    later(office, minutes=60)
    assert put(office, address, 10, FILE[10:20]).status_code == 404
    office.renew_token()
    other = session(office)[1].json()["uploadUrl"]
    with httpx2.Client(transport=httpx2.WSGITransport(app=office.application)) as client:
        assert client.delete(other).status_code == 204
        assert client.delete(other).status_code == 401


def test_uploads_count_against_the_mailbox(office: Office) -> None:
    address = session(office, size=150 * MEGA)[1].json()["uploadUrl"]
    statuses = [put(office, address, n * 4 * MEGA, FILE, 150 * MEGA).status_code for n in range(37)]
    assert set(statuses) == {200}
    limited = put(office, address, 37 * 4 * MEGA, FILE[: 2 * MEGA], 150 * MEGA)
    assert (limited.status_code, limited.json()["error"]["code"]) == (429, "ApplicationThrottled")
    later(office, seconds=int(limited.headers["Retry-After"]))
    assert put(office, address, 37 * 4 * MEGA, FILE[: 2 * MEGA], 150 * MEGA).status_code == 201
