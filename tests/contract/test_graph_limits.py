"""Graph's smaller print: throttling in the middle of things, paging of attachments, and bounds on memory."""

import json
from datetime import timedelta

import pytest

from crosstie.domain.email import Folder
from crosstie.mailboxes.graph import content as content_module
from crosstie.mailboxes.graph.tokens import MARGIN
from sandbox.faults import Fault
from tests.contract.graph_office import GraphOffice
from tests.contract.mailbox_office import MEGABYTE, View, mail, marking


@pytest.fixture
def office() -> GraphOffice:
    return GraphOffice()


@pytest.fixture
def view(office: GraphOffice) -> View:
    return View(office)


def heavy(office: GraphOffice, subject: str, *sizes: int) -> str:
    one = mail(subject)
    for number, size in enumerate(sizes):
        one.add_attachment(bytes(size), maintype="application", subtype="zip", filename=f"{number}.zip")
    return office.arrive(one)


def test_a_move_that_is_throttled_after_the_mark_is_asked_again_alone(office: GraphOffice, view: View) -> None:
    view.look()
    key = office.arrive(mail("Dropped"), Folder.DROP)
    view.look()
    office.refuse(status=429, times=1, retry_after=2, route="messages.move")
    (result,) = office.open().apply([marking(view.seen()["Dropped"], Folder.INBOX)])
    assert result.applied
    assert office.folder_of(key) is Folder.INBOX
    assert office.parts()[-2:] == [("PATCH messages.update", "POST messages.move"), ("POST messages.move",)]


def test_a_part_whose_token_is_refused_is_asked_again_with_a_new_one(office: GraphOffice, view: View) -> None:
    view.look()
    office.arrive(mail("News"))
    office.world.faults.add(Fault("refuse", "graph", "messages.delta", status=401, body=b"{}"))
    view.look()
    assert set(view.seen()) == {"News"}
    assert office.tokens_asked() == 2


def test_a_token_is_not_used_in_its_last_minutes(office: GraphOffice, view: View) -> None:
    view.look()
    (grant,) = office.world.microsoft.tokens.values()
    left = grant.expires - office.clock.now()
    office.pass_time(left - MARGIN - timedelta(minutes=1))
    view.look()
    assert office.tokens_asked() == 1
    office.pass_time(timedelta(minutes=2))
    view.look()
    assert office.tokens_asked() == 2


def test_attachments_that_do_not_fit_a_message_are_listed(office: GraphOffice, view: View) -> None:
    view.look()
    heavy(office, "Many", 10, 20, 30)
    view.look()
    short = {"id": "x", "body": {"contentType": "text", "content": "Hi"}, "attachments": []}
    page = json.dumps({**short, "attachments@odata.nextLink": "http://sandbox.test/v1.0/elsewhere"}).encode()
    office.world.faults.add(Fault("refuse", "graph", "messages.get", status=200, body=page))
    (content,) = office.open().content(list(view.seen().values()), max_attachment_bytes=MEGABYTE).found.values()
    assert [len(part.data or b"") for part in content.attachments] == [10, 20, 30]
    assert content.text == "Hi"


def test_a_message_takes_a_bounded_amount_of_memory(
    office: GraphOffice, view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_module, "LARGEST_MESSAGE", 3 * MEGABYTE)
    view.look()
    heavy(office, "Heavy", MEGABYTE, MEGABYTE, 2 * MEGABYTE, 500_000)
    view.look()
    (content,) = (
        office.open().content(list(view.seen().values()), max_attachment_bytes=9 * MEGABYTE).found.values()
    )
    assert [part.data is not None for part in content.attachments] == [True, True, False, True]


def test_a_call_takes_a_bounded_amount_of_memory_and_the_rest_comes_with_the_next(
    office: GraphOffice, view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_module, "LARGEST_CALL", 4 * MEGABYTE)
    view.look()
    for number in range(4):
        heavy(office, f"Mail {number}", 3 * MEGABYTE)
    view.look()
    left = list(view.seen().values())
    rounds = 0
    while left:
        found = office.open().content(left, max_attachment_bytes=9 * MEGABYTE).found
        assert 0 < len(found) <= 2
        left = [email for email in left if email.item_id not in found]
        rounds += 1
    assert rounds == 2
