"""Requests and mail that nobody should send, each of which once broke the sandbox."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client

from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.digits import is_whole
from sandbox.graph.aadsts import LoginRefused
from sandbox.graph.login import understands_challenges
from sandbox.http import read_json
from sandbox.mailboxes import Attachment, Mail, Person
from sandbox.mailboxes.compose import compose
from sandbox.mailboxes.mime import read_mail
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.soql.parse import parse
from tests.unit.sandbox.graph.conftest import Office, office

__all__ = ["office"]


START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def test_json_nested_beyond_reason_is_no_json() -> None:
    with pytest.raises(ValueError, match="too deeply"):
        read_json(b"[" * 100_000)


def test_a_body_nested_beyond_reason_is_refused(office: Office) -> None:
    headers = {"Content-Type": "application/json"}
    for path in ("messages", "mailFolders"):
        answer = office.call("POST", path, content=b'{"a":' * 100_000, headers=headers)
        assert answer.status_code == 400


@pytest.mark.parametrize("name", ["singleValueExtendedProperties", "multiValueExtendedProperties"])
@pytest.mark.parametrize("value", [7, "x", {"id": "x"}, True])
def test_extended_properties_that_are_no_list(office: Office, name: str, value: Any) -> None:
    assert office.refused("POST", "messages", {"subject": "x", name: value}) == (400, "RequestBodyRead")


@pytest.mark.parametrize("odd", ["²", "\u0663", "9" * 5000])
def test_numbers_that_are_none(office: Office, odd: str) -> None:
    assert not is_whole(odd)
    for option in ("$top", "$skip"):
        assert office.call("GET", "messages", params={option: odd}).status_code == 400
    with pytest.raises(SalesforceError):
        parse(f"SELECT Id FROM Contact LIMIT {odd}")


@pytest.mark.parametrize("odd", ["\ud800", "\U00082101", "\u0663", "%ff", "http://[", "[]"])
def test_a_batch_with_letters_that_no_header_has(office: Office, odd: str) -> None:
    headers = {"Content-Type": "text/plain", f"X-{odd}": odd, "Prefer": odd, "If-Match": odd}
    url = f"/users/{odd}?$filter={odd}"
    part = {"id": "1", "method": "POST", "url": url, "body": odd, "headers": headers}
    answer = office.http.post("/v1.0/$batch", content=json.dumps({"requests": [part]}))
    assert answer.status_code == 200
    assert answer.json()["responses"][0]["status"] in (400, 401, 403, 404, 405)
    body = {"changeType": "created", "resource": "users/x/messages", "clientState": odd}
    body |= {"notificationUrl": f"https://[{odd}", "expirationDateTime": "2026-11-20T13:00:00Z"}
    answer = office.http.post("/v1.0/subscriptions", content=json.dumps(body))
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("odd", ["\u0663", "\ud800", "a", "===="])
def test_content_that_is_no_base64(office: Office, odd: str) -> None:
    file = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": odd}
    body = json.dumps({"subject": "x", "attachments": [file]})
    answer = office.call("POST", "messages", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "RequestBodyRead")
    mime = odd.encode(errors="surrogatepass")
    assert office.call("POST", "messages", content=mime, headers={"Content-Type": "text/plain"}).status_code == 400


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), 10**400, -(10**12)])
def test_a_clock_that_is_moved_too_far(seconds: float) -> None:
    client = Client(build(ManualClock(START)))
    answer = client.post("/sandbox/clock", data=json.dumps({"seconds": seconds}), content_type="application/json")
    assert answer.status_code == 400


def test_claims_that_are_no_claims() -> None:
    for odd in ('{"access_token": {"xms_cc": {"values": 7}}}', "[" * 100_000, "7"):
        with pytest.raises(LoginRefused):
            understands_challenges(MultiDict({"claims": odd}))


ODD_MAILS = [
    Mail(subject="x", author=Person("jdöe@mächine.test", "Jöhn"), to=(Person("big bug@x.test", 'A "B" \\ C'),)),
    Mail(subject="a\r\nBcc: x@y.test", author=Person("a@b.test\r\nX: y", "n\r\nX: y"), message_id="<[@>"),
    Mail(subject="=?utf-8?b?eA==?=", author=Person("", "Only a name"), to=(Person("@", ""), Person("[", "x"))),
    Mail(subject="x" * 3000, author=Person("a@b.test", "ü" * 300), message_id='<"@x>', references=("<a@", "<b>")),
    Mail(subject="x", headers=(("X-Odd name", "v"), ("X-\u00fc", "v"), ("", "v"), ("X-Fine", "ü\r\nInjected: y"))),
]


@pytest.mark.parametrize("mail", ODD_MAILS)
def test_odd_mail_is_composed_and_reads_as_it_was(mail: Mail) -> None:
    files = [Attachment(1, "a\r\nb.txt", "text/plain", b"x", content_id="c\r\nd"), Attachment(2, "", "odd", b"y")]
    back, attachments = read_mail(compose(mail, files))
    assert back.subject == " ".join(mail.subject.split())
    assert not {"x", "injected"} & {name.lower() for name, _ in back.headers}
    assert back.bcc == ()
    if mail.author and mail.author.name:
        assert back.author is not None
        assert back.author.name == " ".join(mail.author.name.split())
    assert [one.content for one in attachments] == [b"x", b"y"]
