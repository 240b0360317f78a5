"""Replies and forwards: drafts of them, and those sent at once."""

import base64
from typing import Any

import pytest

from tests.unit.sandbox.graph.conftest import Office

HEADS = "Cc: Ben <ben@acme.test>, c@d.test\r\nReply-To: Desk <desk@birch.test>\r\n"


def people(row: Any, name: str) -> list[str]:
    return [one["emailAddress"]["address"] for one in row[name]]


def received(office: Office, **mail: str) -> str:
    office.arrive("RE: Offer", to="anna@acme.test, x@y.test", extra=HEADS, **mail)
    [row] = office.get("mailFolders/inbox/messages")["value"]
    return str(row["id"])


@pytest.mark.parametrize(
    ("action", "subject", "to", "cc"),
    [
        ("createReply", "Re: Offer", ["desk@birch.test"], []),
        ("createReplyAll", "Re: Offer", ["desk@birch.test", "x@y.test"], ["ben@acme.test", "c@d.test"]),
        ("createForward", "Fw: Offer", [], []),
    ],
)
def test_drafts_of_answers(office: Office, action: str, subject: str, to: list[str], cc: list[str]) -> None:
    id_ = received(office)
    before = office.get(f"messages/{id_}")
    answer = office.call("POST", f"messages/{id_}/{action}", {"comment": "a < b"})
    assert answer.status_code == 201, answer.text
    draft = answer.json()
    assert (draft["subject"], people(draft, "toRecipients"), people(draft, "ccRecipients")) == (subject, to, cc)
    assert (draft["isDraft"], people({"x": [draft["from"]]}, "x")) == (True, ["anna@acme.test"])
    assert draft["conversationId"] == before["conversationId"]
    content = draft["body"]["content"]
    assert content.index("a &lt; b") < content.index("<b>Subject:</b> RE: Offer") < content.index("Hi.")


def test_an_answer_is_sent_in_the_thread(office: Office) -> None:
    id_ = received(office)
    assert office.call("POST", f"messages/{id_}/reply", {"comment": "Yes"}).status_code == 202
    [sent] = office.get("mailFolders/sentitems/messages?$select=internetMessageHeaders,subject")["value"]
    headers = {one["name"]: one["value"] for one in sent["internetMessageHeaders"]}
    assert headers["In-Reply-To"] == headers["References"] == "<RE:.Offer@birch.test>"
    [mail] = office.world.outbox.mails
    assert (mail.recipients, mail.cause) == (("desk@birch.test",), "answers.reply")


def test_forward_takes_attachments_along_and_needs_somebody(office: Office) -> None:
    id_ = received(office)
    file = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "aGk="}
    office.call("POST", f"messages/{id_}/attachments", file)
    assert office.refused("POST", f"messages/{id_}/forward", {}) == (400, "ErrorInvalidRecipients")
    assert office.get("mailFolders/drafts/messages")["value"] == []
    to = [{"emailAddress": {"address": "ben@acme.test"}}]
    assert office.call("POST", f"messages/{id_}/forward", {"toRecipients": to}).status_code == 202
    mine = "/v1.0/users/ben@acme.test/messages?$expand=attachments"
    [got] = office.get(f"{mine}&$filter=subject eq 'Fw: Offer'")["value"]
    assert [one["name"] for one in got["attachments"]] == ["a.txt"]


def test_reply_all_skips_oneself(office: Office) -> None:
    id_ = received(office)
    assert office.call("POST", f"messages/{id_}/replyAll", {}).status_code == 202
    [mail] = office.world.outbox.mails
    assert set(mail.recipients) == {"desk@birch.test", "x@y.test", "ben@acme.test", "c@d.test"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"comment": "x", "message": {"body": {"contentType": "text", "content": "y"}}}, "ErrorInvalidArgument"),
        ({"comment": 5}, "RequestBodyRead"),
        ({"message": "x"}, "RequestBodyRead"),
        ({"nosuch": 1}, "RequestBodyRead"),
        ({"toRecipients": []}, "RequestBodyRead"),
    ],
)
def test_what_an_answer_refuses(office: Office, body: Any, code: str) -> None:
    id_ = received(office)
    assert office.refused("POST", f"messages/{id_}/createReply", body) == (400, code)
    assert office.get("mailFolders/drafts/messages")["value"] == []


def test_a_draft_has_no_answer(office: Office) -> None:
    draft = office.call("POST", "messages", {"subject": "x"}).json()["id"]
    assert office.refused("POST", f"messages/{draft}/createReply") == (400, "ErrorInvalidRequest")


def test_an_answer_in_mime(office: Office) -> None:
    id_ = received(office)
    raw = b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\nX-Mine: 1\r\n\r\nMy own words"
    head = {"Content-Type": "text/plain"}
    answer = office.call("POST", f"messages/{id_}/createReply", content=base64.b64encode(raw), headers=head)
    draft = answer.json()
    assert (draft["subject"], people(draft, "toRecipients")) == ("Re: Offer", ["desk@birch.test"])
    assert draft["body"]["content"] == "My own words"
    assert draft["conversationId"] == office.get(f"messages/{id_}")["conversationId"]
