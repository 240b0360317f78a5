"""Hundreds of items cost as many statements as one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crosstie.domain.mailboxes import Cursor, Lease
from crosstie.domain.records import Person, RecordRef
from crosstie.ports.journal import Journal
from crosstie.ports.states import States, Watermark
from tests import mails, meetings
from tests.clocks import START
from tests.stores import DatabaseStore

MANY = 500


def _people(states: States, size: int) -> None:
    emails = {
        f"003{number}": (
            frozenset({f"p{number}@x.example", f"q{number}@x.example"}),
            Person("Contact", f"003{number}"),
        )
        for number in range(size)
    }
    changes = [mails.change(record_id) for record_id in emails]
    states.record_changes(changes, emails, [Watermark("Contact", START), Watermark("Lead", START)])


def _save_items(states: States, lease: Lease, size: int) -> None:
    awaits = {f"i{number}": frozenset({f"a{number}@x.example", "b@x.example"}) for number in range(size)}
    states.save_items(lease, [mails.state(item_id) for item_id in awaits], awaits=awaits)


def _save_links(states: States, lease: Lease, size: int) -> None:
    awaits = {f"i{number}": frozenset({f"a{number}@x.example", "b@x.example"}) for number in range(size)}
    links = [(f"uid:{item}", meetings.link(lease, item)) for item in awaits]
    records = (RecordRef("Event", f"00U{number}") for number in range(size))
    alone = [("", meetings.link(lease, "", record=record)) for record in records]
    states.save_links(lease, links + alone, awaits)


Call = Callable[[States, Journal, Lease, int], object]
CALLS: dict[str, tuple[int, Call]] = {
    # BEGIN and COMMIT, and the fence with the org's lock, are three of them where there is a lease.
    "save_items": (6, lambda states, journal, lease, size: _save_items(states, lease, size)),
    "save_links": (7, lambda states, journal, lease, size: _save_links(states, lease, size)),
    "forget_links": (
        4,
        lambda states, journal, lease, size: states.forget_links(lease, [f"i{n}" for n in range(size)]),
    ),
    "links": (
        1,
        lambda states, journal, lease, size: states.links(lease.mailbox_id, [f"i{n}" for n in range(size)]),
    ),
    "meetings": (1, lambda states, journal, lease, size: states.meetings([f"uid:{n}" for n in range(size)])),
    "log": (2, lambda states, journal, lease, size: states.log(lease.mailbox_id, ["Event"], size)),
    "save_cursors": (
        4,
        lambda states, journal, lease, size: states.save_cursors(
            lease, [Cursor(f"c{number}", "t") for number in range(size)]
        ),
    ),
    "record_changes": (10, lambda states, journal, lease, size: _people(states, size)),
    "people": (1, lambda states, journal, lease, size: states.people([f"p{n}@x.example" for n in range(size)])),
    "saved": (1, lambda states, journal, lease, size: states.saved([f"mid:{n}" for n in range(size)])),
    "items": (
        1,
        lambda states, journal, lease, size: states.items(lease.mailbox_id, [f"i{n}" for n in range(size)]),
    ),
    "saved_conversations": (
        1,
        lambda states, journal, lease, size: states.saved_conversations(
            lease.mailbox_id, [f"c{n}" for n in range(size)]
        ),
    ),
    "plan": (
        4,
        lambda states, journal, lease, size: journal.plan(lease, [mails.save(f"i{n}") for n in range(size)]),
    ),
    "send": (4, lambda states, journal, lease, size: journal.send(lease, list(range(size)))),
    "unclear": (1, lambda states, journal, lease, size: journal.unclear([f"1:{n}" for n in range(size)])),
    "why": (1, lambda states, journal, lease, size: journal.why(lease.mailbox_id, [f"i{n}" for n in range(size)])),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_number_of_statements_is_constant(store: DatabaseStore, name: str) -> None:
    expected, call = CALLS[name]
    lease = store.states().claim(store.add_mailbox(), store.clock.now(), holder="a", lease_seconds=60)
    assert lease is not None
    counts = []
    for size in (1, MANY):
        with CaptureQueriesContext(connection) as captured:
            call(store.states(), store.journal(), lease, size)
        counts.append(len(captured))
    assert counts == [expected, expected]


def test_waking_hundreds_of_mailboxes_is_one_statement(store: DatabaseStore) -> None:
    states = store.states()
    boxes = [store.add_mailbox() for _ in range(20)]
    for lease in states.claim_due(store.clock.now(), holder="a", limit=100, lease_seconds=60):
        _save_items(states, lease, 5)
    with CaptureQueriesContext(connection) as captured:
        states.record_changes([], {"003A": (frozenset({"b@x.example"}), mails.contact("003A"))}, [])
    assert len(captured) == 10
    assert all(len(states.recheck_due(box, store.clock.now(), 100)) == 5 for box in boxes)
