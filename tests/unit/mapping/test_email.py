"""An e-mail becomes its record: field by field, at the edges of what fields take, and for anything at all."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosstie.domain.address import Address
from crosstie.domain.email import Attachment, Content, Email, Folder
from crosstie.domain.records import EMAIL_MESSAGE, TASK, RecordDraft, Value
from crosstie.mapping import emailmessage, files, task
from crosstie.mapping.email import draft, losses
from crosstie.mapping.fields import CONTENT_VERSION, PACKAGE
from crosstie.mapping.tables import Field
from crosstie.mapping.text import units
from sandbox.salesforce.schema import activities, mail
from sandbox.salesforce.schema.facts import SObject
from tests.unit.mapping.builders import OWNER, drafted, org, save

JOE = "joe@customer.test"
SENT = datetime(2026, 6, 10, 22, 30, 15, 987654, tzinfo=UTC)
WHOLE = SENT.replace(microsecond=0)
PRIVATE_PARTS: dict[str, Any] = {
    "message_id": "<m1@customer.test>",
    "conversation_id": "conv1",
    "is_private": True,
}


def test_a_received_mail_as_email_message() -> None:
    known = {JOE: "C1/A1", "ann@north.test": "U1", "mia@customer.test": "L2"}
    one = save(
        known=known,
        to="ann@north.test new@customer.test",
        cc="mia@customer.test list@news.test",
        subject="Re:\n Offer\x07",
        sent_at="2026-06-10T22:30:15.987654",
        **PRIVATE_PARTS,
    )
    made = drafted(one, Content(html="<p>Hello</p>", headers="Subject: x\r\nTo: y"))
    assert made.object == EMAIL_MESSAGE
    assert dict(made.fields) == {
        "Subject": "Re: Offer",
        "HtmlBody": "<p>Hello</p>",
        "TextBody": "Hello",
        "Headers": "Subject: x\nTo: y",
        "FromAddress": JOE,
        "ToAddress": "new@customer.test",
        "CcAddress": "list@news.test",
        "ToIds": ("U1",),
        "CcIds": ("L2",),
        "MessageIdentifier": "<m1@customer.test>",
        "ThreadIdentifier": "conv1",
        "MessageDate": WHOLE,
        "Incoming": True,
        "Status": "1",
        "RelatedToId": "A1",
        "IsClientManaged": True,
        "Crosstie_Created_By_Sync__c": True,
        "Crosstie_Is_Private__c": True,
    }
    (relation,) = made.children
    assert (relation.object, relation.parent_field) == ("EmailMessageRelation", "EmailMessageId")
    assert dict(relation.fields) == {"RelationId": "C1", "RelationType": "FromAddress", "RelationAddress": JOE}
    sender = made.fields["FromAddress"]
    assert dict(made.lookup) == {
        "MessageIdentifier": "<m1@customer.test>",
        "FromAddress": sender,
        "MessageDate": WHOLE,
    }
    assert (made.key, made.order) == (one.key, "A1")


@pytest.mark.parametrize(
    ("special", "status", "incoming"),
    [
        ({"sender": "ann@north.test", "folder": "sent", "to": JOE}, "3", False),
        ({"is_read": False}, "0", True),
        ({"is_read": True}, "1", True),
    ],
)
def test_status(special: dict[str, Any], status: str, incoming: bool) -> None:
    fields = drafted(save(**special)).fields
    assert (fields["Status"], fields["Incoming"]) == (status, incoming)


def test_a_mail_as_task() -> None:
    known = {JOE: "C1/A1", "mia@customer.test": "C2/A2", "kim@customer.test": "L3", "ann@north.test": "U1"}
    one = save(
        TASK,
        known,
        cc="kim@customer.test mia@customer.test",
        subject="Offer",
        sent_at="2026-06-10T22:30:15.987654",
        **PRIVATE_PARTS,
    )
    made = drafted(one, Content(html="<p>Hello <a href='https://x.test/1'>there</a></p>"))
    assert dict(made.fields) == {
        "Subject": "Offer",
        "Description": "From: joe@customer.test\nTo: ann@north.test\n"
        "Cc: kim@customer.test; mia@customer.test\nSent: 2026-06-10 22:30 UTC\n\nHello there <https://x.test/1>",
        "ActivityDate": date(2026, 6, 10),
        "Status": "Completed",
        "Priority": "Normal",
        "TaskSubtype": "Email",
        "OwnerId": OWNER,
        "WhoId": "C1",
        "TaskWhoIds": ("C1", "C2"),
        "WhatId": "A1",
        "Crosstie_Created_By_Sync__c": True,
        "Crosstie_Is_Private__c": True,
        "Crosstie_Message_Id__c": "m1@customer.test",
        "Crosstie_Thread_Id__c": "conv1",
        "Crosstie_Direction__c": "Inbound",
        "Crosstie_Sent_At__c": WHOLE,
    }
    assert made.children == ()
    assert set(made.lookup) == {"Subject", "ActivityDate", "OwnerId", "TaskSubtype", "WhoId"}


WHO_CASES: tuple[tuple[Any, ...], ...] = (
    (
        "A Lead excludes Account and everybody else",
        {JOE: "L1", "mia@customer.test": "C2/A2"},
        True,
        "L1",
        None,
        None,
    ),
    ("One Contact needs no list", {JOE: "C1/A1"}, True, "C1", None, "A1"),
    ("Shared Activities off", {JOE: "C1/A1", "mia@customer.test": "C2/A2"}, False, "C1", None, "A1"),
    ("Shared Activities on", {JOE: "C1/A1", "mia@customer.test": "C2/A2"}, True, "C1", ("C1", "C2"), "A1"),
    ("Nobody known", {}, True, None, None, None),
)


@pytest.mark.parametrize(
    ("known", "many", "who", "whos", "what"), [pytest.param(*case[1:], id=case[0]) for case in WHO_CASES]
)
def test_task_links(
    known: dict[str, str], many: bool, who: str | None, whos: tuple[str, ...] | None, what: str | None
) -> None:
    fields = drafted(save(TASK, known, cc="mia@customer.test"), many_people=many).fields
    assert (fields.get("WhoId"), fields.get("TaskWhoIds"), fields.get("WhatId")) == (who, whos, what)


def test_the_day_is_the_mailboxs() -> None:
    one = save(TASK, sent_at="2026-06-10T22:30")
    made = draft(one, Content(), org(), OWNER, ZoneInfo("Asia/Tokyo"))
    assert made.fields["ActivityDate"] == date(2026, 6, 11)
    assert "Sent: 2026-06-11 07:30 JST" in str(made.fields["Description"])


@pytest.mark.parametrize("year", ["0001", "1601", "9999"])
def test_an_impossible_date_gives_way(year: str) -> None:
    received = "2026-06-10T08:00"
    made = drafted(save(TASK, sent_at=f"{year}-12-31T23:59", received_at=received))
    assert made.fields["ActivityDate"] == date(2026, 6, 10)
    assert "ActivityDate" not in drafted(save(TASK, sent_at=f"{year}-12-31T23:59")).fields


def test_without_subject_text_and_sender() -> None:
    made = drafted(save(TASK, sender="", subject=" \x00 "), Content())
    assert made.fields["Subject"] == "(no subject)"
    assert made.fields["Description"] == "To: ann@north.test\nSent: 2026-06-10 12:00 UTC"
    assert "Subject" not in drafted(save(subject="")).fields


ADDRESSES = (
    ("joe@customer.test", True),
    ("o'neil.joe+x@mail.customer.test", True),
    ("joe@localhost", False),
    ("joe..x@customer.test", False),
    ("jöe@customer.test", False),
    ("joe@@customer.test", False),
    ("/o=north/cn=joe", False),
    ("joe smith@customer.test", False),
)


@pytest.mark.parametrize(("address", "taken"), ADDRESSES)
def test_an_address_that_salesforce_refuses_stands_beside_the_name(address: str, taken: bool) -> None:
    fields = drafted(save(sender=address)).fields
    assert fields.get("FromAddress") == (address if taken else None)
    assert taken or address in str(fields["FromName"])


def many(count: int) -> str:
    return " ".join(f"person{number}@customer{number}.test" for number in range(count))


@pytest.mark.parametrize("object_name", [EMAIL_MESSAGE, TASK])
def test_five_thousand_recipients(object_name: str) -> None:
    known = {f"person{number}@customer{number}.test": f"C{number:04}/A1" for number in range(200)}
    made = drafted(save(object_name, known, to=many(5000), cc=many(5000)), Content(text="Hello " * 9000))
    check_rooms(made)
    if object_name == TASK:
        text = str(made.fields["Description"])
        assert text.count("Hello") > 1000
        assert "; and 4" in text
        assert text.endswith("[… shortened]")
        assert made.fields["TaskWhoIds"] == tuple(f"C{number:04}" for number in range(50))
        return
    assert len(tuple_of(made.fields["ToIds"])) == 100
    listed = str(made.fields["ToAddress"]).split("; ")
    assert listed[0] == "person100@customer100.test"
    assert all(address.endswith(".test") for address in listed)


def tuple_of(value: Value) -> tuple[str, ...]:
    assert isinstance(value, tuple)
    return value


def test_an_org_with_less_room_is_believed() -> None:
    lengths = {"EmailMessage.Subject": 10, "EmailMessage.HtmlBody": 20, "EmailMessage.TextBody": 8}
    html = "<p>one two three four five</p>"
    fields = drafted(save(subject="A long subject"), Content(html=html), lengths=lengths).fields
    assert fields["Subject"] == "A long su…"
    assert fields["HtmlBody"] == "<p>one two</p>"
    assert units(str(fields["TextBody"])) <= 8


def test_half_an_identifier_is_none() -> None:
    long = f"<{'x' * 300}@customer.test>"
    assert drafted(save(message_id=long)).fields["MessageIdentifier"] == long
    assert "Crosstie_Message_Id__c" not in drafted(save(TASK, message_id=long)).fields
    without = drafted(save(message_id=f"<{'x' * 800}@customer.test>"))
    assert set(without.lookup) == {"Subject", "FromAddress", "MessageDate"}


def attachment(name: str, data: bytes | None) -> Attachment:
    return Attachment("a", name, "application/pdf", len(data or b""), data=data)


def test_files() -> None:
    attached = (attachment("offer.pdf", b"one"), attachment("offer.pdf", b"two"), attachment("x.pdf", None))
    one = save()
    made = drafted(one, Content(attachments=attached))
    first, second = made.children
    assert (first.object, first.parent_field) == (CONTENT_VERSION, "FirstPublishLocationId")
    assert dict(first.fields) == {"Title": "offer", "PathOnClient": "offer.pdf", "VersionData": b"one"}
    assert len({first.key, second.key, made.key}) == 3
    assert drafted(one, Content(attachments=attached), files=False).children == ()


def test_file_keys_do_not_depend_on_the_order_of_the_list() -> None:
    attached = (attachment("a.pdf", b"one"), attachment("b.pdf", b"one"), attachment("a.pdf", b"one"))
    there = {
        child.key: child.fields["PathOnClient"]
        for child in drafted(save(), Content(attachments=attached)).children
    }
    back = drafted(save(), Content(attachments=attached[::-1])).children
    assert there == {child.key: child.fields["PathOnClient"] for child in back}
    assert len(back) == 2


ANY = st.text(st.characters(codec=None), max_size=40)
PARTIES = st.lists(st.builds(Address.of, ANY, ANY), max_size=6).map(tuple)
EMAILS = st.builds(
    Email,
    item_id=st.just("i"),
    version=st.just("v"),
    folder=st.sampled_from(Folder),
    subject=ANY | st.text("word ", min_size=300, max_size=4000),
    sender=st.none() | st.builds(Address.of, ANY, ANY),
    to=PARTIES,
    cc=PARTIES,
    bcc=PARTIES,
    message_id=st.none() | ANY,
    conversation_id=ANY,
    sent_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)
CONTENTS = st.builds(
    Content,
    html=ANY,
    text=ANY | st.integers(20_000, 40_000).map(lambda size: "ä👍 " * (size // 3)),
    headers=ANY,
    attachments=st.lists(st.builds(attachment, ANY, st.none() | st.binary(max_size=9)), max_size=3).map(tuple),
)


@given(EMAILS, CONTENTS, st.sampled_from([EMAIL_MESSAGE, TASK]))
@settings(max_examples=150, deadline=None)
def test_any_mail_makes_a_record_that_fits(email: Email, content: Content, object_name: str) -> None:
    made = drafted(replace(save(object_name), email=email), content)
    check_rooms(made)
    assert set(made.lookup) <= set(made.fields)


def check_rooms(made: RecordDraft) -> None:
    """Every text can be sent and has room; nothing but a file's bytes is bytes."""
    rooms = {field.name: field.room for field in (*TABLES[made.object], *files.TABLE)}
    for fields in (made.fields, *(child.fields for child in made.children)):
        for name, value in fields.items():
            assert isinstance(value, bytes) == (name == "VersionData")
            if isinstance(value, str):
                value.encode()
                assert "\x00" not in value
                assert value == value.strip() or name in ("HtmlBody", "TextBody", "Headers", "Description")
                assert not rooms.get(name) or units(value) <= rooms[name]


TABLES: dict[str, tuple[Field[Any], ...]] = {EMAIL_MESSAGE: emailmessage.TABLE, TASK: task.TABLE}
STANDARD: tuple[tuple[SObject, tuple[Field[Any], ...]], ...] = (
    (mail.EMAIL_MESSAGE, emailmessage.TABLE),
    (activities.TASK, task.TABLE),
    (mail.CONTENT_VERSION, files.TABLE),
)


@pytest.mark.parametrize(("known", "table"), STANDARD, ids=lambda each: getattr(each, "name", ""))
def test_the_tables_agree_with_what_the_sandbox_knows_of_salesforce(
    known: SObject, table: tuple[Field[Any], ...]
) -> None:
    facts = {fact.name: fact for fact in known.fields}
    owner = {"Task": "Activity"}.get(known.name, known.name)
    for field in table:
        if field.name in PACKAGE[owner]:
            continue
        fact = facts[field.name]
        assert fact.createable, field.name
        if fact.type in ("string", "textarea", "email", "combobox"):
            assert field.room == fact.length, field.name


def test_records_can_be_looked_up_by_their_lookup() -> None:
    """A field that cannot be filtered by would make the query fail."""
    for known, made in ((mail.EMAIL_MESSAGE, drafted(save())), (activities.TASK, drafted(save(TASK)))):
        filterable = {fact.name for fact in known.fields if fact.filterable}
        assert set(made.lookup) <= filterable
        assert len(made.lookup) >= 2


def test_losses_are_sentences_about_fields_of_the_tables() -> None:
    told = list(losses())
    names = {field.name for table in (emailmessage.TABLE, task.TABLE, files.TABLE) for field in table}
    assert {loss.field for loss in told} <= names
    assert {loss.object for loss in told} == {EMAIL_MESSAGE, TASK, CONTENT_VERSION}
    assert all(loss.sentence.endswith(".") for loss in told)
    cut = {field.name for table in (emailmessage.TABLE, task.TABLE, files.TABLE) for field in table if field.room}
    assert cut <= {loss.field for loss in told}
