"""Wire → words, by tables; what a vendor's schema allows and what real mail has in it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from crosstie.domain.address import Address
from crosstie.domain.email import AttachmentKind, Folder, MailKind
from crosstie.mailboxes.graph import translate
from tests.places import SHARED

FOLDERS = {"folder-in": Folder.INBOX, "folder-out": Folder.SENT, "folder-drop": Folder.DROP}


def row(**fields: Any) -> dict[str, Any]:
    return {"id": "A1", "changeKey": "CK1", "parentFolderId": "folder-in", **fields}


def person(address: str | None, name: str | None = None) -> dict[str, Any]:
    return {"emailAddress": {"name": name, "address": address}}


def test_a_whole_row() -> None:
    email = translate.email(
        row(
            **{"from": person("Nora@Birchworks.TEST", "Nora")},
            subject="Offer",
            toRecipients=[person("ada@larch.test"), person("ben@larch.test", "Ben")],
            bccRecipients=[person("cleo@larch.test")],
            internetMessageId="<1@birchworks.test>",
            conversationId="C1",
            sentDateTime="2026-11-16T09:30:00Z",
            receivedDateTime="2026-11-16T10:30:01.1234567+01:00",
            isDraft=False,
            isRead=False,
            categories=["Salesforce", "Blue category"],
            hasAttachments=True,
            singleValueExtendedProperties=[
                {"id": "String 0x1a", "value": "IPM.Note"},
                {"id": "Integer 0xe08", "value": "4711"},
                {"id": "Integer 0x36", "value": "2"},
            ],
        ),
        FOLDERS,
    )
    assert email.item_id == "A1"
    assert email.version == "CK1"
    assert email.folder is Folder.INBOX
    assert email.sender == Address("nora@birchworks.test", "Nora")
    assert email.to == (Address("ada@larch.test"), Address("ben@larch.test", "Ben"))
    assert email.bcc == (Address("cleo@larch.test"),)
    assert email.sent_at == datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
    assert email.received_at == datetime(2026, 11, 16, 9, 30, 1, 123456, tzinfo=UTC)
    assert email.received_at.tzinfo is UTC
    assert email.categories == {"Salesforce", "Blue category"}
    assert (email.size, email.is_private, email.is_read, email.has_attachments) == (4711, True, False, True)


@pytest.mark.parametrize(
    ("fields", "attribute", "expected"),
    [
        ({"parentFolderId": "folder-drop"}, "folder", Folder.DROP),
        ({"parentFolderId": "unheard-of"}, "folder", Folder.OTHER),
        ({"changeKey": None, "@odata.etag": 'W/"CK9"'}, "version", "CK9"),
        ({"from": None, "sender": person("s@x.test")}, "sender", Address("s@x.test")),
        ({"from": person("a@x.test"), "sender": person("s@x.test")}, "sender", Address("a@x.test")),
        ({"from": person(None, None)}, "sender", None),
        ({"from": person("", "Undisclosed")}, "sender", Address("", "Undisclosed")),
        ({"from": {"emailAddress": None}}, "sender", None),
        ({"toRecipients": None}, "to", ()),
        ({"toRecipients": [None, "x", person("a@x.test")]}, "to", (Address("a@x.test"),)),
        ({"internetMessageId": ""}, "message_id", None),
        ({"internetMessageId": None}, "message_id", None),
        ({"subject": None}, "subject", ""),
        ({"sentDateTime": "0001-01-01T00:00:00Z"}, "sent_at", None),
        ({"sentDateTime": "1601-01-01T00:00:00Z"}, "sent_at", None),
        ({"sentDateTime": "soon"}, "sent_at", None),
        ({"sentDateTime": "2026-11-16T09:30:00.0000000"}, "sent_at", datetime(2026, 11, 16, 9, 30, tzinfo=UTC)),
        ({"categories": None}, "categories", frozenset()),
        ({}, "size", None),
        ({"singleValueExtendedProperties": [{"id": "Integer 0x0E08", "value": "many"}]}, "size", None),
        ({"singleValueExtendedProperties": [{"id": "nonsense", "value": "1"}, {"value": "1"}, 7]}, "size", None),
        ({"singleValueExtendedProperties": [{"id": "Integer 0x0036", "value": "3"}]}, "is_private", False),
        ({"isDraft": True}, "is_draft", True),
        ({}, "is_read", True),
    ],
)
def test_odd_rows(fields: dict[str, Any], attribute: str, expected: object) -> None:
    assert getattr(translate.email(row(**fields), FOLDERS), attribute) == expected


@pytest.mark.parametrize(
    ("odata_type", "message_class", "expected"),
    [
        ("#microsoft.graph.message", "IPM.Note", MailKind.MAIL),
        ("", "", MailKind.MAIL),
        ("", "IPM.Note.Custom.Form", MailKind.MAIL),
        ("", "IPM.Schedule.Meeting.Request", MailKind.MEETING_NOTICE),
        ("", "ipm.schedule.meeting.resp.Pos", MailKind.MEETING_NOTICE),
        ("", "IPM.Schedule.Meeting.Canceled", MailKind.MEETING_NOTICE),
        ("", "IPM.Schedule.Meeting.Notification.Forward", MailKind.MEETING_NOTICE),
        ("#microsoft.graph.eventMessage", "", MailKind.MEETING_NOTICE),
        ("#microsoft.graph.eventMessageRequest", "", MailKind.MEETING_NOTICE),
        ("#microsoft.graph.eventMessageResponse", "", MailKind.MEETING_NOTICE),
        ("", "REPORT.IPM.Note.IPNRN", MailKind.READ_RECEIPT),
        ("", "REPORT.IPM.Note.IPNNRN", MailKind.READ_RECEIPT),
        ("", "report.ipm.note.ipnrn", MailKind.READ_RECEIPT),
        ("", "REPORT.IPM.Note.NDR", MailKind.DELIVERY_REPORT),
        ("", "REPORT.IPM.Note.DR", MailKind.DELIVERY_REPORT),
        ("", "REPORT.IPM.Schedule.Meeting.Request.NDR", MailKind.DELIVERY_REPORT),
        ("", "IPM.Note.SMIME", MailKind.ENCRYPTED),
        ("", "IPM.Note.SMIME.MultipartSigned", MailKind.MAIL),
        ("", "IPM.Note.Secure", MailKind.ENCRYPTED),
        ("", "IPM.Note.Secure.Sign", MailKind.MAIL),
    ],
)
def test_kinds(odata_type: str, message_class: str, expected: MailKind) -> None:
    assert translate.kind(odata_type, message_class) is expected


@pytest.mark.parametrize(
    ("fields", "kind", "data", "size"),
    [
        ({"@odata.type": "#microsoft.graph.fileAttachment", "contentBytes": "aGk=", "size": 90}, "file", b"hi", 2),
        ({"@odata.type": "#microsoft.graph.fileAttachment", "size": 90}, "file", None, 90),
        ({"@odata.type": "microsoft.graph.fileAttachment", "contentBytes": None, "size": 90}, "file", None, 90),
        ({"@odata.type": "#microsoft.graph.itemAttachment", "size": 7}, "item", None, 7),
        ({"@odata.type": "#microsoft.graph.referenceAttachment", "size": 7}, "link", None, 7),
        ({}, "file", None, 0),
    ],
)
def test_attachments(fields: dict[str, Any], kind: str, data: bytes | None, size: int) -> None:
    found = translate.attachment({"id": "T1", "name": "a.txt", "contentType": None, **fields})
    assert (found.kind, found.data, found.size) == (AttachmentKind(kind), data, size)
    assert (found.attachment_id, found.name, found.content_type) == ("T1", "a.txt", "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"contentType": "html", "content": "<p>x</p>"}, ("<p>x</p>", "")),
        ({"contentType": "text", "content": "x"}, ("", "x")),
        ({"contentType": "Text", "content": "x"}, ("", "x")),
        ({"contentType": "html", "content": None}, ("", "")),
        (None, ("", "")),
    ],
)
def test_bodies(body: Any, expected: tuple[str, str]) -> None:
    assert translate.body({"body": body}) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"singleValueExtendedProperties": [{"id": "String 0x1a", "value": "IPM.Note"}]}, True),
        ({"singleValueExtendedProperties": []}, False),
        ({}, False),
        ({"parentFolderId": None, "singleValueExtendedProperties": [{}]}, False),
    ],
)
def test_partial_rows_are_known(fields: dict[str, Any], expected: bool) -> None:
    assert translate.is_whole(row(**fields)) is expected


def test_queries_hold_nothing_that_ends_a_url() -> None:
    assert not set(translate.envelope_query()) & set(' "#%<>') - {"%"}
    assert translate.segment("A/B+C=?#&é'") == "A%2FB%2BC%3D%3F%23%26%C3%A9%27"


@pytest.mark.shared
def test_microsofts_own_samples_are_understood() -> None:
    samples = json.loads((SHARED / "contracts" / "graph" / "graph-docs-samples-subset.json").read_text())["mocks"]
    bodies = [one["response"].get("body") for one in samples if "/messages" in one["request"]["url"]]
    rows: list[Mapping[str, Any]] = []
    for body in bodies:
        value = body.get("value") if isinstance(body, dict) else None
        rows += value if isinstance(value, list) else [body] if isinstance(body, dict) else []
    emails = [translate.email(one, {}) for one in rows]
    assert len(emails) >= 15
    assert any(email.kind is MailKind.MEETING_NOTICE for email in emails)
    assert any(email.message_id and email.sender and email.sent_at and email.version for email in emails)
    attachments = [translate.attachment(one) for one in rows if "ttachment" in str(one.get("@odata.type"))]
    assert {one.kind for one in attachments} >= {AttachmentKind.FILE, AttachmentKind.ITEM}
