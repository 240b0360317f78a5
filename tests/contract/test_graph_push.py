"""Change notifications by the Graph connector: kept alive frugally, and never a reason for a session to fail."""

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from werkzeug.wrappers import Request, Response

from crosstie.domain.push import Hook, Notice
from crosstie.mailboxes.graph.push import LARGEST, Malformed, notices
from sandbox.faults import Fault
from sandbox.graph.subscriptions.courier import deliver
from sandbox.graph.subscriptions.sender import WsgiSender
from tests.contract.graph_office import GraphOffice
from tests.contract.mailbox_office import View, mail

URL = "https://crosstie.test/push/graph"
WORD = "7.proof"


class Receiver:
    """Where the sandbox's pushes arrive; `up` says whether anybody answers."""

    def __init__(self, office: GraphOffice) -> None:
        self.up = True
        self.bodies: list[bytes] = []
        client = httpx2.Client(transport=httpx2.WSGITransport(app=self._answer))
        office.world.subscriptions.sender = WsgiSender(client)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        token = request.args.get("validationToken")
        if not self.up:
            return Response(status=503)(environ, start_response)
        if token is None:
            self.bodies.append(request.get_data())
        return Response(token or "", 200 if token else 202, content_type="text/plain")(environ, start_response)

    def heard(self) -> list[Notice]:
        found = [notice for body in self.bodies for notice in notices(body)]
        self.bodies.clear()
        return found


@pytest.fixture
def office() -> Iterator[GraphOffice]:
    office = GraphOffice()
    office.access.hook = Hook(URL, lambda mailbox_id: f"{mailbox_id}.proof")
    yield office
    office.judge()


@pytest.fixture
def receiver(office: GraphOffice) -> Receiver:
    return Receiver(office)


@pytest.fixture
def view(office: GraphOffice, receiver: Receiver) -> View:
    return View(office)


def subscriptions(office: GraphOffice) -> set[str]:
    return set(office.world.subscriptions.subscriptions)


def pushed(office: GraphOffice, receiver: Receiver) -> list[Notice]:
    """After the vendor has looked and told."""
    for _ in range(8):
        deliver(office.world)
        office.pass_time(timedelta(seconds=30))
    return receiver.heard()


def test_three_folders_are_watched_and_an_idle_session_costs_what_it_did(office: GraphOffice, view: View) -> None:
    view.look()
    assert office.calls() == 4, "one round trip more than without push, once"
    assert len(subscriptions(office)) == 3
    for _ in range(5):
        view.look()
    assert office.calls() == 9


def test_what_happens_in_the_mailbox_is_pushed_with_our_word(
    office: GraphOffice, receiver: Receiver, view: View
) -> None:
    view.look()
    office.arrive(mail("Hello"))
    assert pushed(office, receiver) == [Notice(WORD)]


def test_a_subscription_is_renewed_before_it_ends(office: GraphOffice, receiver: Receiver, view: View) -> None:
    view.look()
    before = subscriptions(office)
    for _ in range(10):
        office.pass_time(timedelta(days=1))
        view.look()
    assert subscriptions(office) == before
    office.arrive(mail("Ten days later"))
    assert Notice(WORD) in pushed(office, receiver)


def test_one_that_ended_meanwhile_is_made_anew(office: GraphOffice, receiver: Receiver, view: View) -> None:
    view.look()
    before = subscriptions(office)
    office.pass_time(timedelta(days=8))
    deliver(office.world)
    assert not subscriptions(office)
    view.look()
    assert len(subscriptions(office)) == 3
    assert not before & subscriptions(office)


def test_what_an_earlier_installation_left_is_cleared(office: GraphOffice, view: View) -> None:
    view.look()
    before = subscriptions(office)
    office.memory.facts.clear()
    view.look()
    assert len(subscriptions(office)) == 3
    assert not before & subscriptions(office)


def test_a_vendor_that_cannot_reach_us_is_asked_again_later(
    office: GraphOffice, receiver: Receiver, view: View
) -> None:
    receiver.up = False
    view.look()
    office.arrive(mail("Polled"))
    view.look()
    assert [email.subject for email in view.seen().values()] == ["Polled"]
    assert not subscriptions(office)
    calls = office.calls()
    view.look()
    assert office.calls() == calls + 1, "not asked again at once"
    receiver.up = True
    office.pass_time(timedelta(hours=7))
    view.look()
    assert len(subscriptions(office)) == 3


@pytest.mark.parametrize("effect", ["refuse", "drop_before", "lose_answer"])
def test_no_session_fails_for_want_of_push(office: GraphOffice, view: View, effect: Any) -> None:
    view.look()
    office.memory.facts[7]["push.until"] = ""
    office.world.faults.add(Fault(effect, route="batch", times=1, status=503))
    office.arrive(mail("Still seen"))
    view.look()
    assert [email.subject for email in view.seen().values()] == ["Still seen"]


@pytest.mark.parametrize("effect", ["none", "drop_before", "lose_answer"])
def test_a_mailbox_that_is_left_is_pushed_no_more_and_one_that_returns_is(
    office: GraphOffice, view: View, effect: Any
) -> None:
    view.look()
    before = subscriptions(office)
    if effect != "none":
        office.world.faults.add(Fault(effect, route="batch", times=1, status=503))
    office.open().end_push()
    assert subscriptions(office) == (before if effect == "drop_before" else set())
    office.open().end_push()
    view.look()
    assert len(subscriptions(office)) == 3
    assert not before & subscriptions(office)


def test_another_address_of_ours_is_told_at_once(office: GraphOffice, view: View) -> None:
    view.look()
    office.access.hook = Hook(URL + "2", lambda _: WORD)
    view.look()
    addresses = {one.notification_url for one in office.world.subscriptions.subscriptions.values()}
    assert addresses == {URL + "2"}


def test_lifecycle_events_say_whether_the_vendor_goes_on_pushing(
    office: GraphOffice, receiver: Receiver, view: View
) -> None:
    view.look()
    book, now = office.world.subscriptions, office.clock.now()
    first, second, third = list(book.subscriptions.values())
    for event, lost in (("missed", False), ("reauthorizationRequired", True)):
        book.tell_life(first, event, now)  # type: ignore[arg-type]
        assert pushed(office, receiver) == [Notice(WORD, lost)]
    book.remove(second, office.clock.now(), tell=True)
    assert pushed(office, receiver) == [Notice(WORD, lost=True)]
    office.memory.facts[7]["push.until"] = ""
    view.look()
    assert {first.id, third.id} < subscriptions(office)
    assert len(subscriptions(office)) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"value": 1}',
        b'{"value": null}',
        b"\xff\xfe",
        b'{"value": [' + b"1," * 1_000 + b"1]}",
        b'{"value": "' + b"x" * LARGEST + b'"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_delivery(body: bytes) -> None:
    with pytest.raises(Malformed):
        notices(body)


def test_a_delivery_names_each_mailbox_once() -> None:
    told: list[object] = [
        {"clientState": "a"},
        {"clientState": "b", "lifecycleEvent": "missed"},
        {"clientState": "a", "lifecycleEvent": "subscriptionRemoved"},
        {"clientState": "a"},
        {"clientState": 5},
        {"clientState": ""},
        {"changeType": "created"},
        "text",
        None,
    ]
    assert notices(json.dumps({"value": told}).encode()) == [Notice("a", lost=True), Notice("b")]
