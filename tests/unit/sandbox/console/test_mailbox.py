"""What a person does in a mailbox by way of the console is what the mailbox holds afterwards."""

import pytest

from sandbox.mailboxes import Message
from tests.unit.sandbox.console.conftest import ADA, NORA, Console


@pytest.fixture
def message(console: Console) -> Message:
    files = [("attachment", ("page.html", b"<script>alert(1)</script>", "text/html"))]
    console.act("/console/send", files, from_=NORA, to=ADA, subject="Saw blades", body="Hello")
    (found,) = console.world.mailboxes.find(console.mailbox(ADA), folder="inbox")
    return found


def path(message: Message, act: str = "") -> str:
    return f"/console/mailboxes/{ADA}/messages/{message.number}{act}"


def folder_of(console: Console, message: Message) -> str:
    return console.mailbox(ADA).folders[message.folder].name


def test_categories_are_set_and_removed(console: Console, message: Message) -> None:
    version = message.version
    console.act(path(message, "/category"), category="Salesforce", act="set")
    console.act(path(message, "/category"), category="Red category", act="set")
    assert message.categories == ["Salesforce", "Red category"]
    assert message.version > version
    assert "Salesforce" in console.get(path(message)).text_content()
    console.act(path(message, "/category"), category="salesforce", act="remove")
    assert message.categories == ["Red category"]
    _, alert = console.refused(path(message, "/category"), category=" ", act="set")
    assert "give a name" in alert


def test_a_message_moves_into_a_folder_that_is_made_when_missing(console: Console, message: Message) -> None:
    console.act(path(message, "/move"), new_folder="Salesforce Emails", folder="")
    assert folder_of(console, message) == "Salesforce Emails"
    made = len(console.mailbox(ADA).folders)
    archive = console.mailbox(ADA).well_known("archive")
    console.act(path(message, "/move"), folder=str(archive.number))
    console.act(path(message, "/move"), new_folder="salesforce emails", folder=str(archive.number))
    assert folder_of(console, message) == "Salesforce Emails"
    assert len(console.mailbox(ADA).folders) == made


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"folder": ""}, "choose one"),
        ({"folder": "999"}, "choose one"),
        ({"folder": "1"}, "choose one"),
        ({"new_folder": "Inbox"}, "is in Inbox already"),
        ({"new_folder": "x" * 256}, "up to 255"),
    ],
)
def test_a_move_that_leads_nowhere(
    console: Console, message: Message, fields: dict[str, str], sentence: str
) -> None:
    version = console.mailbox(ADA).version
    _, alert = console.refused(path(message, "/move"), **fields)
    assert sentence in alert
    assert console.mailbox(ADA).version == version


def test_delete_goes_to_deleted_items_then_out_of_sight_then_away(console: Console, message: Message) -> None:
    seen = []
    while message.number in console.mailbox(ADA).messages:
        console.act(path(message, "/delete"))
        seen.append(folder_of(console, message))
    assert seen == ["Deleted Items", "Deletions", "Deletions"]
    assert console.http.get(path(message)).status_code == 404
    _, alert = console.refused(path(message, "/delete"))
    assert alert == "That message is gone."


def test_the_message_and_its_files_are_downloads(console: Console, message: Message) -> None:
    whole = console.http.get(path(message, "/raw"))
    assert whole.content == message.raw
    file = console.http.get(path(message, "/attachments/1"))
    assert file.content == b"<script>alert(1)</script>"
    for answer in (whole, file):
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Type"] == "application/octet-stream"


def test_a_draft_is_downloaded_as_it_would_be_sent(console: Console, message: Message) -> None:
    store = console.world.mailboxes
    draft = store.create_draft(console.mailbox(ADA), message.mail)
    assert b"Subject: Saw blades" in console.http.get(path(draft, "/raw")).content
    assert "draft" in console.get(path(draft)).text_content()


def test_the_folder_page_lists_its_messages(console: Console, message: Message) -> None:
    inbox = console.get(f"/console/mailboxes/{ADA}")
    assert inbox.xpath("//table//a/@href") == [path(message)]
    assert "Saw blades" not in console.get(f"/console/mailboxes/{ADA}?folder=archive").text_content()


@pytest.mark.parametrize(
    "address",
    [
        "/console/mailboxes/nobody@larch.test",
        f"/console/mailboxes/{ADA}?folder=None",
        f"/console/mailboxes/{ADA}/messages/999",
        f"/console/mailboxes/{ADA}/messages/999/raw",
        f"/console/mailboxes/{ADA}/messages/999/attachments/1",
        "/console/nothing",
        "/console/requests/5",
        "/console/orgs/00D000000000001",
    ],
)
def test_what_is_not_there(console: Console, address: str) -> None:
    assert console.http.get(address).status_code == 404


def test_an_attachment_that_is_not_there(console: Console, message: Message) -> None:
    assert console.http.get(path(message, "/attachments/7")).status_code == 404


def test_who_may_answer(console: Console) -> None:
    console.send(sender=NORA, to=f"{ADA}, ben@larch.test, tom@fir.test, x@notlarch.test", subject="To all")
    (found,) = console.world.mailboxes.find(console.mailbox(ADA), folder="inbox")
    links = console.get(path(found)).xpath("//a[starts-with(., 'Reply as')]/text()")
    assert links == [f"Reply as {one}" for one in (ADA, NORA, "tom@fir.test", "x@notlarch.test")]
