"""Vendors' pushes, from the vendor's wire to the session that they wake; and everybody else's."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx2
import pytest
from django.test import Client

from crosstie.accounts import people
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.push import COALESCE, Words
from crosstie.config.secrets import KeyRing
from crosstie.domain.push import Hook
from crosstie.jobs import leaving, sync
from crosstie.store.models import Mailbox, MailboxState
from crosstie.web.wsgi import application
from sandbox.graph.subscriptions.courier import deliver
from sandbox.graph.subscriptions.sender import WsgiSender
from tests.simulation.letters import ADA, BEN, NORA

if TYPE_CHECKING:
    from tests.unit.web.office import Office

DOOR = "/push/graph"


@pytest.fixture
def pushing(office: "Office") -> Iterator["Office"]:
    """The office with push on, and the sandbox's courier at this server's door."""
    hook = Hook(f"http://localhost:8400{DOOR}", office.house.push_words.word)
    office.house = replace(office.house, mailboxes=replace(office.house.mailboxes, hook=hook))
    client = httpx2.Client(transport=httpx2.WSGITransport(app=application))
    office.app.world.subscriptions.sender = WsgiSender(client)
    office.sync()
    yield office
    client.close()


def due(office: "Office", address: str) -> float | None:
    """Seconds until the mailbox's next session."""
    at = Mailbox.everywhere().get(address=address).due_at
    return None if at is None else (at - office.clock.now()).total_seconds()


def post(office: "Office", body: object, **headers: str) -> int:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return office.browser().post(DOOR, content, content_type="application/json", **headers).status_code  # type: ignore[arg-type]


def word(office: "Office", address: str = "ada@larch.test") -> str:
    return office.house.push_words.word(Mailbox.everywhere().get(address=address).pk)


def test_a_mail_is_saved_within_a_minute_though_the_schedule_is_half_an_hour(pushing: "Office") -> None:
    assert (due(pushing, "ada@larch.test") or 0) > 1_000
    pushing.mail("Pushed", NORA)
    for _ in range(3):
        pushing.clock.pass_time(10)
        deliver(pushing.app.world)
    left = due(pushing, "ada@larch.test")
    assert left is not None
    assert left <= COALESCE.total_seconds()
    assert (due(pushing, "ben@larch.test") or 0) > 1_000, "nothing happened in Ben's mailbox"
    pushing.clock.pass_time(COALESCE.total_seconds())
    sync.run_batch(str(pushing.org.org_id))
    org = pushing.company.site.org
    assert org.query(org.admin, "SELECT Id FROM EmailMessage WHERE Subject = 'Pushed'").records


@pytest.mark.parametrize("at_once", [False, True])
def test_whose_mailbox_is_left_is_pushed_no_more(pushing: "Office", at_once: bool) -> None:
    ada = mailboxes.of_person(pushing.scope, people.find(pushing.scope, ADA).person_id)
    book = pushing.app.world.subscriptions.subscriptions
    assert len(book) == 6, "Ada's and Ben's, one a folder"
    (leaving.at_once if at_once else leaving.begin)(ada)
    pushing.sync()
    assert Mailbox.everywhere().get(pk=ada.mailbox_id).state == MailboxState.DISABLED
    assert {one.client_state for one in book.values()} == {word(pushing, BEN)}


def test_a_push_during_a_session_leads_to_another(office: "Office") -> None:
    Mailbox.everywhere().update(due_at=None, lease_until=office.clock.now() + timedelta(minutes=5))
    assert post(office, {"value": [{"clientState": word(office)}]}) == 202
    assert due(office, "ada@larch.test") == COALESCE.total_seconds()


def test_a_later_push_puts_nothing_off(office: "Office") -> None:
    Mailbox.everywhere().update(due_at=office.clock.now() + timedelta(seconds=3))
    post(office, {"value": [{"clientState": word(office)}]})
    assert due(office, "ada@larch.test") == 3


def test_an_end_of_pushing_is_told_to_the_connector(pushing: "Office") -> None:
    before = set(pushing.app.world.subscriptions.subscriptions)
    assert before
    for one in list(pushing.app.world.subscriptions.subscriptions.values()):
        pushing.app.world.subscriptions.remove(one, pushing.clock.now(), tell=True)
    deliver(pushing.app.world)
    pushing.clock.pass_time(COALESCE.total_seconds() + 1)
    sync.run_batch(str(pushing.org.org_id))
    after = set(pushing.app.world.subscriptions.subscriptions)
    assert len(after) == len(before)
    assert not after & before


def test_strangers_wake_nobody_and_learn_nothing(office: "Office") -> None:
    Mailbox.everywhere().update(due_at=office.clock.now() + timedelta(minutes=30))
    own = word(office)
    number, _, proof = own.partition(".")
    for said in (
        proof,
        f"{number}.",
        f"{number}.{proof[:-1]}0z",
        f"{int(number) + 1}.{proof}",
        "9" * 40,
        "é.é",
        "1.1",
    ):
        assert post(office, {"value": [{"clientState": said}]}) == 202
    assert due(office, "ada@larch.test") == due(office, "ben@larch.test") == 1_800


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"", 400), (b"x" * 300_000, 413)])
def test_what_is_no_delivery_is_refused(office: "Office", body: bytes, status: int) -> None:
    assert post(office, body) == status


@pytest.mark.parametrize("length", ["many", "-1", "1e3", "0x10", "\u0663", "9" * 5_000])
def test_a_length_that_is_no_number_is_refused(office: "Office", length: str) -> None:
    """It was an error of the server's own."""
    assert post(office, {"value": []}, CONTENT_LENGTH=length) == 400


def test_the_handshake_says_back_the_token_as_text(office: "Office") -> None:
    browser = office.browser()
    said = "Validation: <script>alert(1)</script>"
    answer = browser.post(DOOR, query_params={"validationToken": said})
    assert (answer.status_code, answer.content.decode()) == (200, said)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.post(DOOR, query_params={"validationToken": "x" * 2_000}).status_code == 400
    assert browser.get(DOOR).status_code == 405


def test_who_knocks_too_often_is_put_off(office: "Office", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosstie.web.push.DELIVERIES", 2)
    assert [post(office, {"value": []}) for _ in range(3)] == [202, 202, 429]


def test_paused_and_deactivated_mailboxes_sleep_on(office: "Office") -> None:
    Mailbox.everywhere().update(due_at=office.clock.now() + timedelta(minutes=30), paused=True)
    post(office, {"value": [{"clientState": word(office)}]})
    assert due(office, "ada@larch.test") == 1_800


def test_a_word_of_an_older_key_still_counts() -> None:
    old = KeyRing("a", {"a": b"1" * 32})
    new = KeyRing("b", {"b": b"2" * 32, "a": b"1" * 32})
    assert Words(new).mailbox(Words(old).word(7)) == 7
    assert Words(old).mailbox(Words(new).word(7)) is None
    assert len(Words(new).word(10**15)) <= 128, "Graph takes no longer one"


def test_a_door_without_a_session_or_cookie(office: "Office") -> None:
    answer = Client(enforce_csrf_checks=True, headers={"host": "localhost:8400"}).post(
        DOOR, b'{"value": []}', content_type="application/json"
    )
    assert answer.status_code == 202
    assert not answer.cookies
