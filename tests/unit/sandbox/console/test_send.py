"""A mail as anyone: colleagues send through their mailboxes, everybody else's mail arrives from outside."""

from typing import Any

import pytest

from sandbox.mailboxes.mime import read_mail
from tests.unit.sandbox.console.conftest import ADA, BEN, NORA, START, Console

SEND = "/console/send"


def subjects(console: Console, address: str, folder: str) -> list[str]:
    store = console.world.mailboxes
    return [one.mail.subject for one in store.find(console.mailbox(address), folder=folder)]


def test_a_colleague_sends_through_the_mailbox(console: Console) -> None:
    console.send(sender=ADA, to=f"{NORA}, {BEN}", body="Hello Nora", cc="cleo@larch.test")
    (copy,) = console.world.mailboxes.find(console.mailbox(ADA), folder="sentitems")
    assert (copy.mail.subject, copy.mail.text, copy.is_read) == ("Saw blades", "Hello Nora\r\n", True)
    assert [one.address for one in copy.mail.cc] == ["cleo@larch.test"]
    assert subjects(console, BEN, "inbox") == subjects(console, "cleo@larch.test", "inbox") == ["Saw blades"]
    (sent,) = console.world.outbox.mails
    assert (sent.face, sent.cause, sent.sender) == ("console", "console", ADA)
    assert sent.recipients == (NORA, BEN, "cleo@larch.test")


def test_an_alias_is_the_author_it_was_written_as(console: Console) -> None:
    console.send(sender="a.keller@larch.test", to=BEN)
    (copy,) = console.world.mailboxes.find(console.mailbox(ADA), folder="sentitems")
    assert copy.mail.author
    assert copy.mail.author.address == "a.keller@larch.test"


def test_an_outsiders_mail_is_delivered_and_nowhere_kept_as_sent(console: Console) -> None:
    console.send(to=f"Ada <{ADA}>; someone@elsewhere.example.com", body="Ünïcode")
    (mail,) = [one.mail for one in console.world.mailboxes.find(console.mailbox(ADA), folder="inbox")]
    assert mail.author
    assert (mail.author.address, mail.author.name) == (NORA, "Nora Lindqvist")
    assert [(one.name, one.address) for one in mail.to] == [("Ada", ADA), ("", "someone@elsewhere.example.com")]
    assert mail.message_id.endswith("@birchworks.test>")
    assert (mail.sent, mail.text) == (START, "Ünïcode\r\n")
    assert all(not subjects(console, one.address, "sentitems") for one in console.world.mailboxes.mailboxes)
    assert [(one.cause, one.sender) for one in console.world.outbox.mails] == [("console", NORA)]


def test_nobody_knows_the_author(console: Console) -> None:
    console.send(sender="stranger@nowhere.example.com")
    (mail,) = [one.mail for one in console.world.mailboxes.find(console.mailbox(ADA), folder="inbox")]
    assert mail.author
    assert (mail.author.name, mail.author.address) == ("", "stranger@nowhere.example.com")


def test_html_and_files(console: Console) -> None:
    files = [
        ("attachment", ("C:\\offers\\offer.pdf", b"%PDF-1", "application/pdf")),
        ("attachment", ("", b"", "application/octet-stream")),
        ("attachment", ("notes\r\nX-Bad: 1.txt", b"notes", "nonsense")),
    ]
    console.act(SEND, files, from_=NORA, to=ADA, subject="Offer", body="<p>One &amp; two</p>", html="1")
    (message,) = console.world.mailboxes.find(console.mailbox(ADA), folder="inbox")
    assert (message.mail.html, message.mail.text) == ("<p>One &amp; two</p>\r\n", "One & two\r\n")
    first, second = message.attachments
    assert (first.name, first.content_type, first.content) == ("offer.pdf", "application/pdf", b"%PDF-1")
    assert (second.content_type, second.content) == ("application/octet-stream", b"notes")
    assert "X-Bad" not in dict(message.mail.headers)


@pytest.mark.parametrize("who", [NORA, ADA])
def test_an_answer_joins_the_conversation(console: Console, who: str) -> None:
    console.send(body="first\nline")
    (first,) = console.world.mailboxes.find(console.mailbox(ADA), folder="inbox")
    form = console.get(f"{SEND}?reply={ADA}/{first.number}&as={who}").get_element_by_id("send")
    assert form.fields["from"] == who
    assert form.fields["to"] == (ADA if who == NORA else NORA)
    assert form.fields["subject"] == "Re: Saw blades"
    assert "> first\n> line" in form.fields["body"].replace("\r\n", "\n")
    console.act(SEND, from_=who, to=ADA, subject="Re: Saw blades", reply=form.fields["reply"])
    answer = list(console.mailbox(ADA).messages.values())[-1]
    assert answer.mail.in_reply_to == first.mail.message_id
    assert answer.mail.references == (first.mail.message_id,)
    assert answer.conversation == first.conversation


def test_the_form_offers_the_people_it_knows(console: Console) -> None:
    page = console.get("/console")
    known = page.xpath("//datalist[@id='known']/option/@value")
    assert {ADA, "a.keller@larch.test", NORA, "sofia@dogwood.test"} <= set(known)
    fields = page.get_element_by_id("send").fields
    assert {"from", "to", "cc", "subject", "body", "html", "attachment", "reply"} == set(fields.keys())
    assert page.xpath("//form[@id='send']//button/text()") == ["Send"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"from_": ""}, "From: give one address"),
        ({"from_": f"{NORA}, {BEN}"}, "From: give one address"),
        ({"from_": "Nora"}, "Nora: is no address"),
        ({"from_": "nora@bïrch.test"}, "is no address"),
        ({"from_": "a@b@c.test"}, "is no address"),
        ({"to": ""}, "To: give at least one address"),
        ({"to": f"{ADA}, nobody"}, "nobody: is no address"),
        ({"to": "someone@elsewhere.example.com"}, "nobody of them has a mailbox"),
        ({"to": "dora@larch.test"}, "nobody of them has a mailbox"),
        ({"to": ", ".join(f"p{number}@x.example.com" for number in range(1001))}, "1000 addresses at most"),
        ({"from_": "dora@larch.test", "to": ADA}, "has no licence"),
        ({"reply": f"{ADA}/999"}, "that message is gone"),
        ({"reply": "x"}, "that message is gone"),
    ],
)
def test_what_cannot_be_sent_comes_back_with_a_sentence(
    console: Console, change: dict[str, str], sentence: str
) -> None:
    console.world.mailboxes.add_mailbox("dora@larch.test", "Dora", licensed=False)
    before = {one.address: one.version for one in console.world.mailboxes.mailboxes}
    fields = {"from_": NORA, "to": ADA, "subject": "Kept", "body": "\nkept too", "html": "1"} | change
    page, alert = console.refused(SEND, **fields)
    assert sentence in alert
    kept = page.get_element_by_id("send").fields
    assert (kept["subject"], kept["to"], kept["from"]) == ("Kept", fields["to"], fields["from_"])
    assert kept["body"].replace("\r\n", "\n") == "\n\nkept too", "browsers drop the first line break"
    assert kept["html"] == "1"
    assert {one.address: one.version for one in console.world.mailboxes.mailboxes} == before
    assert console.world.outbox.mails == []


def test_a_message_too_large_is_refused_before_it_is_sent(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.console.letter.MOST_BYTES", 1000)
    answer = console.http.post(
        SEND, data={"from": NORA, "to": ADA}, files=[("attachment", ("a.bin", b"x" * 1001, "application/zip"))]
    )
    assert answer.status_code == 400
    assert "larger than" in answer.text
    assert "Choose the attachments again" in answer.text
    assert not console.mailbox(ADA).messages


def test_a_colleague_hears_of_an_unknown_address_at_home(console: Console) -> None:
    console.send(sender=ADA, to="nobody@larch.test")
    (report,) = console.world.mailboxes.find(console.mailbox(ADA), folder="inbox")
    assert report.mail.subject.startswith("Undeliverable")


HOSTILE: list[Any] = ["a\r\nBcc: x@example.com", "\ud83d\ude00 \x00 \x0b", "=?utf-8?q?=0AX-Bad:_1?="]


@pytest.mark.parametrize("subject", HOSTILE)
def test_a_subject_is_one_header(console: Console, subject: str) -> None:
    console.send(subject=subject.encode("utf-16", "surrogatepass").decode("utf-16"))
    (message,) = console.world.mailboxes.find(console.mailbox(ADA), folder="inbox")
    assert message.raw
    mail, _ = read_mail(message.raw)
    assert {name for name, _ in mail.headers}.isdisjoint({"Bcc", "X-Bad"})
    assert not mail.bcc
