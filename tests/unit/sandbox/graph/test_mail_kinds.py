"""What Exchange makes of MIME: classes of items, meetings, broken headers, the store's own acts."""

import pickle
from datetime import UTC, date, datetime

import pytest

from sandbox.mailboxes import Attachment, Mail, Person
from sandbox.mailboxes.compose import compose
from sandbox.mailboxes.ics import NotACalendar
from sandbox.mailboxes.mime import read_mail, received_moment, without_header
from sandbox.mailboxes.store import NameTaken
from sandbox.world import World
from tests.unit.sandbox.graph.conftest import Office
from tests.unit.sandbox.graph.follower import follow


def report(kind: str, type_: str, text: str) -> tuple[str, str]:
    head = f"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; boundary=b\r\n"
    parts = f"--b\r\nContent-Type: text/plain\r\n\r\nText\r\n--b\r\nContent-Type: {type_}\r\n\r\n{text}\r\n--b--"
    return head, parts


def delivery(action: str) -> tuple[str, str]:
    status = f"Reporting-MTA: dns;x\r\n\r\nFinal-Recipient: rfc822;a@b.test\r\nAction: {action}\r\n"
    return report("delivery-status", "message/delivery-status", status)


def meeting(
    method: str, extra: str = "", start: str = "DTSTART;TZID=Europe/Berlin:20261124T100000"
) -> tuple[str, str]:
    event = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:u1\r\n{start}\r\nDURATION:PT1H\r\n"
    event += f"LOCATION:Room\\, 2\r\n{extra}END:VEVENT\r\nEND:VCALENDAR"
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n"
    parts = "--b\r\nContent-Type: text/plain\r\n\r\nText\r\n"
    return head, f"{parts}--b\r\nContent-Type: text/calendar; method={method}\r\n\r\n{event}\r\n--b--"


ACCEPTED = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.test\r\n"
DECLINED = "ATTENDEE;PARTSTAT=DECLINED:mailto:a@b.test\r\n"
KINDS = [
    (("", "Hi"), "IPM.Note", "message"),
    (delivery("failed"), "REPORT.IPM.Note.NDR", "message"),
    (delivery("delayed"), "REPORT.IPM.Note.DELAYED", "message"),
    (delivery("delivered"), "REPORT.IPM.Note.DR", "message"),
    (
        report("disposition-notification", "message/disposition-notification", "Disposition: manual; displayed"),
        "REPORT.IPM.Note.IPNRN", "message",
    ),
    (
        report("disposition-notification", "message/disposition-notification", "Disposition: manual; deleted"),
        "REPORT.IPM.Note.IPNNRN", "message",
    ),
    (meeting("REQUEST"), "IPM.Schedule.Meeting.Request", "eventMessageRequest"),
    (meeting("CANCEL"), "IPM.Schedule.Meeting.Canceled", "eventMessage"),
    (meeting("REPLY", ACCEPTED), "IPM.Schedule.Meeting.Resp.Pos", "eventMessageResponse"),
    (meeting("REPLY", DECLINED), "IPM.Schedule.Meeting.Resp.Neg", "eventMessageResponse"),
    (meeting("COUNTER"), "IPM.Schedule.Meeting.Resp.Tent", "eventMessageResponse"),
    (("Content-Type: application/pkcs7-mime\r\n", "x"), "IPM.Note.SMIME", "message"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "item_class", "type_"), KINDS)
def test_item_classes_reach_the_wire(
    office: Office, content: tuple[str, str], item_class: str, type_: str
) -> None:
    office.arrive(extra=content[0], body=content[1])
    expand = "$expand=singleValueExtendedProperties($filter=id eq 'String 0x001A')"
    [row] = follow(office, query=f"?{expand}").round()
    assert row["singleValueExtendedProperties"] == [{"id": "String 0x1a", "value": item_class}]
    assert row["@odata.type"] == f"#microsoft.graph.{type_}"
    [listed] = office.get("messages")["value"]
    assert listed.get("@odata.type", "#microsoft.graph.message") == row["@odata.type"]


def test_a_meeting_request_tells_when_and_where(office: Office) -> None:
    head, parts = meeting("REQUEST")
    office.arrive(extra=head, body=parts)
    [row] = office.get("messages")["value"]
    assert row["meetingMessageType"] == "meetingRequest"
    assert row["startDateTime"] == {"dateTime": "2026-11-24T09:00:00.0000000", "timeZone": "UTC"}
    assert row["endDateTime"]["dateTime"] == "2026-11-24T10:00:00.0000000"
    assert row["location"]["displayName"] == "Room, 2"
    head, parts = meeting("REQUEST", start="DTSTART;VALUE=DATE:20261124")
    whole_day = office.store.put(office.anna, f"From: a@b.test\r\n{head}\r\n{parts}".encode())
    assert whole_day.mail.meeting is not None
    assert whole_day.mail.meeting.all_day


def test_a_calendar_that_is_no_meetings_is_a_file(office: Office) -> None:
    head, parts = meeting("PUBLISH")
    message = office.arrive(extra=head, body=parts)
    assert message.mail.item_class == "IPM.Note"
    [file] = message.attachments
    assert (file.name, file.content_type) == ("not supported calendar message.ics", "text/calendar")
    assert b"METHOD:PUBLISH" in file.content


def test_an_invitation_that_is_attached_is_a_file(office: Office) -> None:
    head, parts = meeting("REQUEST")
    named = "Content-Disposition: attachment; filename=invite.ics\r\nContent-Type: text/calendar"
    message = office.arrive(extra=head, body=parts.replace("Content-Type: text/calendar", named))
    assert message.mail.item_class == "IPM.Note"
    assert [one.name for one in message.attachments] == ["invite.ics"]


def test_a_signed_mail_has_its_text_and_one_attachment_that_is_all_of_it(office: Office) -> None:
    """[MS-OXOSMIME] 2.1.3.1."""
    kind = "multipart/signed;\r\n protocol=x; boundary=s"
    inner = "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nHello\r\n--m\r\n"
    inner += "Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF\r\n--m--"
    body = f"--s\r\n{inner}\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nsigned\r\n--s--"
    message = office.arrive(extra=f"Content-Type: {kind}\r\n", body=body)
    assert message.mail.item_class == "IPM.Note.SMIME.MultipartSigned"
    assert (message.mail.text or "").strip() == "Hello"
    [whole] = message.attachments
    assert (whole.name, whole.content_type) == ("smime.p7m", "multipart/signed")
    assert whole.content.startswith(f"Content-Type: {kind}\r\n\r\n--s\r\n".encode())
    assert b"%PDF" in whole.content
    assert b"Subject" not in whole.content


@pytest.mark.parametrize(
    ("head", "subject", "author"),
    [
        (b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nFrom: =?utf-8?q?M=2C_Max?= <m@b.test>", "Grüße", "M, Max"),
        ("Subject: Grüße\r\nFrom: Max <m@b.test>".encode(), "Grüße", "Max"),
        ("Subject: Grüße\r\nFrom: Max <m@b.test>".encode("cp1252"), "Grüße", "Max"),
        (b"Subject: a\r\n folded\r\n line\r\nFrom: m@b.test", "a folded line", ""),
        (b"Subject: =?nosuch?B?VEVTVA=?=\r\nFrom: <m@b.test>", "TEST", ""),
        (b"Subject:\r\nFrom: \"broken <m@b.test>", "", "broken"),
    ],
)  # fmt: skip
def test_headers_as_they_come(head: bytes, subject: str, author: str) -> None:
    mail, _ = read_mail(head + b"\r\n\r\nBody\r\n")
    assert (mail.subject, mail.author and mail.author.name) == (subject, author)
    assert mail.author is not None
    assert mail.author.address == "m@b.test"


def test_moments_and_ids() -> None:
    mail, _ = read_mail(
        b"Received: from a by b; Fri, 20 Nov 2026 10:00:05 +0100\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\n"
        b"Message-ID: <a@b>\r\nReferences: <x@y> <z@y>\r\n\r\n"
    )
    assert mail.sent == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert received_moment(mail) == datetime(2026, 11, 20, 9, 0, 5, tzinfo=UTC)
    assert (mail.message_id, mail.references) == ("<a@b>", ("<x@y>", "<z@y>"))
    undated, _ = read_mail(b"Date: the other day\r\n\r\n")
    assert (undated.sent, received_moment(undated), undated.message_id) == (None, None, "")


def test_a_header_is_taken_out_and_the_rest_stays() -> None:
    raw = b"From: a\r\nBCC: x@y.test,\r\n z@y.test\r\nTo: b\r\n\r\nBcc: in the text\r\n"
    assert without_header(raw, "Bcc") == b"From: a\r\nTo: b\r\n\r\nBcc: in the text\r\n"


def test_what_is_composed_is_read_back() -> None:
    mail = Mail(
        subject="Grüße", author=Person("a@b.test", "Ä, B"), to=(Person("c@d.test", "C"),), text="t" * 2000,
        html="<p>é</p>", message_id="<1@b.test>", in_reply_to="<0@b.test>", references=("<0@b.test>",),
        importance="high", read_receipt=True,
    )  # fmt: skip
    files = [
        Attachment(1, "ü.pdf", "application/pdf", b"%PDF\x00"),
        Attachment(2, "x", "odd", b"1", content_id="c"),
    ]
    back, attachments = read_mail(compose(mail, files))
    same = ("subject", "author", "to", "message_id", "in_reply_to", "references", "importance", "read_receipt")
    assert [getattr(back, name) for name in same] == [getattr(mail, name) for name in same]
    assert ((back.text or "").strip(), (back.html or "").strip()) == (mail.text, mail.html)
    assert [(one.name, one.content) for one in attachments] == [("ü.pdf", b"%PDF\x00"), ("x", b"1")]


def test_people_act_and_unknown_colleagues_bounce(office: Office) -> None:
    to = (Person("ben@acme.test"), Person("nobody@acme.test"), Person("nora@birch.test"))
    sent = office.store.send(office.anna, Mail(subject="Hi", to=to, text="x"))
    assert sent is not None
    [mail] = office.world.outbox.mails
    assert (mail.face, mail.cause, mail.sender) == ("console", "console", "anna@acme.test")
    [bounced] = office.store.find(office.anna, folder="inbox")
    assert bounced.mail.item_class == "REPORT.IPM.Note.NDR"
    [got] = office.store.find(office.ben, subject="Hi", folder="Inbox")
    assert got.mail.message_id == sent.mail.message_id
    assert any(name == "Received" for name, _ in got.mail.headers)
    [again] = office.store.find(office.ben, message_id=got.mail.message_id)
    office.store.delete(office.ben, again)
    office.store.delete(office.ben, again)
    assert list(office.store.find(office.ben, folder="Deletions")) == [got]
    with pytest.raises(KeyError):
        list(office.store.find(office.ben, folder="Nowhere"))


def test_unlicensed_people_get_no_mail_and_names_are_unique(office: Office) -> None:
    assert office.store.deliver(b"To: temp@acme.test\r\n\r\n") == []
    for address in ("anna@acme.test", "a.alt@ACME.test"):
        with pytest.raises(NameTaken):
            office.store.add_mailbox(address, "Twin")


def test_one_seed_one_story() -> None:
    def story(seed: int) -> list[str]:
        world = World(seed=seed)
        anna = world.mailboxes.add_mailbox("anna@acme.test", "Anna")
        sent = world.mailboxes.send(anna, Mail(subject="x", to=(Person("b@c.test"),)))
        assert sent is not None
        return [str(anna.guid), sent.mail.message_id]

    assert story(1) == story(1) != story(2)


def test_a_world_with_mail_is_kept(office: Office) -> None:
    office.arrive()
    office.get("mailFolders/inbox/messages/delta")
    world: World = pickle.loads(pickle.dumps(office.world))
    [mailbox] = [one for one in world.mailboxes.mailboxes if one.address == "anna@acme.test"]
    assert [one.mail.subject for one in mailbox.messages.values()] == ["Hello"]
    world.mailboxes.deliver(b"To: anna@acme.test\r\nSubject: After\r\n\r\n")
    assert len(mailbox.messages) == 2


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no VCALENDAR"), ("BEGIN:VCALENDAR", "never closed"),
        ("BEGIN:VCALENDAR\nEND:VEVENT", "closes nothing"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR", "no VEVENT"),
        ("BEGIN:VEVENT\nUID:1\nDTSTART:99990101T000000Z\nEND:VEVENT", "DTSTART is in the year 9999"),
    ],
)  # fmt: skip
def test_calendars_that_are_none(office: Office, text: str, fault: str) -> None:
    with pytest.raises(NotACalendar, match=fault):
        office.store.put_calendar(office.anna, text.encode())


def test_a_series_and_its_exception_are_one_item(office: Office) -> None:
    master = (
        "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:A\\, b\r\nDTSTART;VALUE=DATE:20261124\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT"
    )
    change = (
        "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;VALUE=DATE:20261125\r\nDTSTART;VALUE=DATE:20261126\r\nEND:VEVENT"
    )
    raw = f"BEGIN:VCALENDAR\r\n{change}\r\n{master}\r\nEND:VCALENDAR".encode()
    [item] = office.store.put_calendar(office.anna, raw)
    plan = item.details
    assert (plan.subject, plan.start, plan.end) == ("A, b", date(2026, 11, 24), date(2026, 11, 25))
    assert item.deviations[date(2026, 11, 25)].changes["start"] == date(2026, 11, 26)
