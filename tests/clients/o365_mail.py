"""O365 (PyPI) judges the mail face: it lists, drafts, sends, answers, moves, marks and attaches."""

from base64 import b64decode
from collections.abc import Iterator
from email import message_from_bytes
from io import BytesIO
from typing import Any

import pytest
from O365 import Account  # type: ignore[import-untyped]
from O365.utils.token import MemoryTokenBackend  # type: ignore[import-untyped]

from tests.clients.authority import app_certificate
from tests.clients.steering import ADA, BEN, ROLES, TENANT, register, steer

MEGA = 1024 * 1024


@pytest.fixture(scope="module")
def account() -> Any:
    name = register("judge", secret="s", roles=list(ROLES))
    account = Account(
        (name, "s"), auth_flow_type="credentials", tenant_id=TENANT, token_backend=MemoryTokenBackend(),
        main_resource=ADA, requests_delay=1,
    )  # fmt: skip
    assert account.authenticate()
    return account


def test_a_certificate_stands_for_the_secret() -> None:
    key, certificate, thumbprint = app_certificate()
    name = register("judge-with-certificate", certificates=[certificate], roles=list(ROLES))
    account = Account(
        (name, {"private_key": key, "thumbprint": thumbprint}), auth_flow_type="credentials", tenant_id=TENANT,
        token_backend=MemoryTokenBackend(), main_resource=ADA, requests_delay=1,
    )  # fmt: skip
    assert account.authenticate()
    assert account.mailbox().get_folder(folder_name="Inbox").name == "Inbox"


@pytest.fixture
def box(account: Any) -> Iterator[Any]:
    """Ada's mailbox, emptied afterwards."""
    mailbox = account.mailbox()
    yield mailbox
    for _ in ("into the bin", "out of it"):
        for message in list(mailbox.get_messages(limit=None)):
            message.delete()


def sent(account: Any, subject: str, to: str = ADA, who: str = BEN, body: str = "Hi") -> None:
    message = account.new_message(resource=who)
    message.to.add(to)
    message.subject, message.body = subject, body
    assert message.send()


def arrived(account: Any, box: Any, subject: str = "Offer") -> Any:
    sent(account, subject)
    message = box.inbox_folder().get_message(query=box.q().equals("subject", subject))
    assert message is not None
    return message


def test_what_was_sent_arrives(account: Any, box: Any) -> None:
    message = arrived(account, box)
    assert (message.subject, message.sender.address, message.is_read) == ("Offer", BEN, False)
    assert message.to[0].address == ADA
    assert message.get_body_text().strip() == "Hi"
    assert account.mailbox(BEN).sent_folder().get_message(query="subject eq 'Offer'") is not None
    [mail] = [one for one in steer("GET", "outbox")["mails"] if one["subject"] == "Offer"]
    assert (mail["sender"], mail["recipients"]) == (BEN, [ADA])


def test_a_reply_is_a_draft_in_the_thread(account: Any, box: Any) -> None:
    message = arrived(account, box, "Question")
    reply = message.reply(to_all=False)
    assert (reply.is_draft, reply.subject, reply.to[0].address) == (True, "Re: Question", BEN)
    assert reply.conversation_id == message.conversation_id
    reply.body = "<p>An answer</p>"
    assert reply.send()
    back = account.mailbox(BEN).inbox_folder().get_message(query="subject eq 'Re: Question'")
    assert "An answer" in back.get_body_text()
    assert "Hi" in back.get_body_text()


def test_a_forward_takes_the_attachments_along(account: Any, box: Any) -> None:
    draft = account.new_message()
    draft.to.add(ADA)
    draft.subject, draft.body = "Files", "See"
    draft.attachments.add([(BytesIO(b"content"), "a.txt")])
    assert draft.send()
    message = box.inbox_folder().get_message(query="subject eq 'Files'", download_attachments=True)
    assert message.has_attachments
    assert [one.name for one in message.attachments] == ["a.txt"]
    forward = message.forward()
    forward.to.add(BEN)
    assert forward.send()
    got = account.mailbox(BEN).get_message(query="subject eq 'Fw: Files'", download_attachments=True)
    assert [one.name for one in got.attachments] == ["a.txt"]


def test_marks(account: Any, box: Any) -> None:
    message = arrived(account, box, "Marks")
    assert message.mark_as_read()
    message.add_category("Salesforce")
    message.flag.set_flagged()
    assert message.save_message()
    again = box.get_message(message.object_id)
    assert (again.is_read, again.categories, again.flag.is_flagged) == (True, ["Salesforce"], True)
    again.flag.set_completed()
    assert again.save_message()
    assert box.get_message(message.object_id).flag.is_completed


def test_moves_and_copies_change_ids(account: Any, box: Any) -> None:
    message = arrived(account, box, "Moves")
    first = message.object_id
    assert message.move(box.archive_folder())
    assert message.object_id != first
    copy = message.copy("inbox")
    assert {one.subject for one in box.inbox_folder().get_messages()} == {"Moves"}
    assert copy.delete()
    assert [one.subject for one in box.deleted_folder().get_messages()] == ["Moves"]


def test_folders(account: Any, box: Any) -> None:
    made = box.create_child_folder("Projects")
    inner = made.create_child_folder("Birch")
    assert box.get_folder(folder_name="Projects").child_folders_count == 1
    assert inner.update_folder_name("Cedar")
    assert inner.move_folder(box.archive_folder().folder_id or "archive")
    assert [one.name for one in box.get_folders() if one.name == "Projects"] == ["Projects"]
    names = {one.name for one in box.archive_folder().get_folders()}
    assert names == {"Cedar"}
    assert made.delete()
    for folder in box.archive_folder().get_folders():
        assert folder.delete()
    with pytest.raises(Exception, match="409"):
        [box.create_child_folder("Twice") for _ in range(2)]
    assert box.get_folder(folder_name="Twice").delete()


def test_pages_lead_through_a_large_folder(account: Any, box: Any) -> None:
    for number in range(25):
        sent(account, f"Mail {number:02}")
    pages = box.inbox_folder().get_messages(limit=None, batch=7, order_by="subject")
    assert [one.subject for one in pages] == [f"Mail {number:02}" for number in range(25)]


def test_queries(account: Any, box: Any) -> None:
    for subject in ("Alpha offer", "Beta offer", "Gamma"):
        sent(account, subject)
    inbox, q = box.inbox_folder(), box.q
    named = q().contains("subject", "offer") & q().equals("isRead", False)
    assert {one.subject for one in inbox.get_messages(query=named)} == {"Alpha offer", "Beta offer"}
    either = q().startswith("subject", "Alpha") | q().equals("subject", "Gamma")
    assert {one.subject for one in inbox.get_messages(query=either)} == {"Alpha offer", "Gamma"}
    by = q().equals("from", BEN) & q().select("subject")
    assert len(list(inbox.get_messages(query=by))) == 3
    found = box.get_messages(query=q().search("beta"))
    assert [one.subject for one in found] == ["Beta offer"]


def test_a_large_attachment_goes_up_in_pieces(account: Any, box: Any) -> None:
    content = bytes(range(256)) * (5 * MEGA // 256)
    draft = account.new_message()
    draft.to.add(ADA)
    draft.subject, draft.body = "Large", "See"
    assert draft.save_draft()
    draft.attachments.add([(BytesIO(content), "large.bin")])
    assert draft.save_draft()
    assert draft.send()
    got = box.inbox_folder().get_message(query="subject eq 'Large'", download_attachments=True)
    [attachment] = got.attachments
    assert (attachment.name, attachment.size >= len(content)) == ("large.bin", True)
    assert b64decode(attachment.content) == content


def test_mime(account: Any, box: Any) -> None:
    message = arrived(account, box, "As MIME")
    assert message_from_bytes(message.get_mime_content())["Subject"] == "As MIME"


def test_settings_and_categories(account: Any, box: Any) -> None:
    assert box.get_settings().timezone
    categories = account.outlook_categories()
    made = categories.create_category("Judged", color="green")
    assert "Judged" in {one.name for one in categories.get_categories()}
    assert made.delete()


def test_automatic_replies(box: Any) -> None:
    assert box.set_automatic_reply("Away", "Away, dear customer")
    replies = box.get_settings().automaticrepliessettings
    assert (replies.status.value, replies.internal_reply_message) == ("alwaysEnabled", "Away")
    assert box.set_disable_reply()
    assert box.get_settings().automaticrepliessettings.status.value == "disabled"


def test_users(account: Any) -> None:
    people = {one.mail for one in account.directory().get_users()}
    assert {ADA, BEN} <= people
    assert account.directory().get_user(BEN).display_name == "Ben Okafor"
