"""Links as rows: what goes with a mailbox, what the database refuses, and which indexes answer."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from crosstie.domain.links import Bond
from crosstie.domain.mailboxes import Lease
from crosstie.domain.operations import Kind
from crosstie.domain.records import RecordRef
from crosstie.store.models import AwaitedAddress, JournalRow, Link, Mailbox, Org, Scope
from crosstie.store.recheck import flag
from tests import mails, meetings
from tests.crowd import fill
from tests.stores import DatabaseStore

MAILBOXES, EACH = 40, 200


def lease(store: DatabaseStore, mailbox_id: int) -> Lease:
    taken = store.states().claim(mailbox_id, store.clock.now(), holder="a", lease_seconds=60)
    assert taken is not None
    return taken


def test_a_mailbox_goes_with_its_links(store: DatabaseStore) -> None:
    held, second = lease(store, store.add_mailbox()), lease(store, store.add_mailbox())
    for each in (held, second):
        links = [meetings.link(each), meetings.pair(each, "j"), meetings.link(each, "", record=meetings.OTHER)]
        store.states().save_links(each, [("uid:1", one) for one in links], {"i": frozenset({"a@x.example"})})
        store.journal().plan(each, [meetings.Meant(Kind.SKIP, "", meetings.OTHER)])
    Mailbox.everywhere().get(pk=held.mailbox_id).delete()
    assert set(Link.everywhere().values_list("mailbox_id", flat=True)) == {second.mailbox_id}
    assert AwaitedAddress.everywhere().count() == JournalRow.everywhere().count() == 1


@pytest.mark.parametrize("both", [False, True])
def test_an_address_is_awaited_by_an_item_or_by_a_link(store: DatabaseStore, both: bool) -> None:
    held = lease(store, store.add_mailbox())
    store.states().save_links(held, [("uid:1", meetings.link(held))], {"i": frozenset({"a@x.example"})})
    store.states().save_items(held, [mails.state("i")], awaits={"i": frozenset({"a@x.example"})})
    by_link, by_item = AwaitedAddress.everywhere().get(item=None), AwaitedAddress.everywhere().get(link=None)
    by_link.item_id, by_link.link_id = (by_item.item_id, by_link.link_id) if both else (None, None)
    with pytest.raises(IntegrityError, match="awaited_by_one"), transaction.atomic():
        by_link.save()


def test_the_database_keeps_one_row_for_an_item_and_for_a_record_alone(store: DatabaseStore) -> None:
    held = lease(store, store.add_mailbox())
    links = [meetings.pair(held), meetings.link(held, "", record=meetings.OTHER)]
    store.states().save_links(held, [("uid:1", one) for one in links], {})
    for row in Link.everywhere():
        row.pk = None
        with pytest.raises(IntegrityError, match=r"link_item|link_record_alone"), transaction.atomic():
            row.save(force_insert=True)


# -- indexes -------------------------------------------------------------------------------------------
WHOLE = re.compile(r"Seq Scan on (store_link|store_recordlog)\b")


@pytest.fixture
def crowd(store: DatabaseStore) -> tuple[Lease, int]:
    """The lease of one of many mailboxes that remember enough for PostgreSQL to care, and the log's last row."""
    boxes = [store.add_mailbox() for _ in range(MAILBOXES)]
    last = fill(_scope(), boxes, EACH)
    return lease(store, boxes[7]), last


def _scope() -> Scope:
    org = Org.everywhere().get()
    return Scope(org.tenant_id, org.pk)


@contextmanager
def planned() -> Iterator[list[str]]:
    """How PostgreSQL means to carry out each statement that comes."""
    plans: list[str] = []

    def explain(execute: Callable[..., Any], statement: str, params: Any, many: bool, context: Any) -> Any:
        if re.search(r"store_(link|recordlog)\b", statement):
            execute(f"EXPLAIN {statement}", params, many, context)
            plans.append("\n".join(row[0] for row in context["cursor"].fetchall()))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(explain):
        yield plans


Ask = Callable[[DatabaseStore, Lease], object]


def _save(store: DatabaseStore, held: Lease) -> None:
    links = [meetings.link(held, "new"), meetings.pair(held), meetings.link(held, "", record=meetings.OTHER)]
    store.states().save_links(held, [("uid:1", one) for one in links], {"new": frozenset({"a@x.example"})})


def _tick(store: DatabaseStore, held: Lease) -> None:
    changes = [meetings.change(RecordRef("Event", f"00U{number}"), "005A") for number in range(20)]
    store.states().record_changes(changes, {"003A": (frozenset({"a@x.example"}), mails.contact("003A"))}, [])


def _flag(store: DatabaseStore, held: Lease) -> None:
    flag(_scope(), [held.mailbox_id], ["MAIL-AUTO-OFF"], store.clock.now())


ASKED: dict[str, Ask] = {
    "links": lambda store, held: store.states().links(held.mailbox_id, ["a", "b"]),
    "links_of_records": lambda store, held: store.states().links_of_records(held.mailbox_id, ["00U1", "00U2"]),
    "links_of_series": lambda store, held: store.states().links_of_series(held.mailbox_id, ["s", "t"]),
    "meetings": lambda store, held: store.states().meetings(["uid:1", "uid:2"]),
    "links_due": lambda store, held: store.states().links_due(held.mailbox_id, store.clock.now(), 100),
    "save_links": _save,
    "forget_links": lambda store, held: store.states().forget_links(held, ["a"], ["00U1"]),
    "remembered": lambda store, held: store.states().remembered(held.mailbox_id),
    "review_links": lambda store, held: store.states().review_links(held, ["00U1"]),
    "unlisted": lambda store, held: store.states().unlisted(held.mailbox_id, ["b"], 100),
    "review_unlisted": lambda store, held: store.states().review_unlisted(held, ["b"]),
    "log": lambda store, held: store.states().log(held.mailbox_id, ["Event"], 100),
    "record_changes": _tick,
    "flag": _flag,
    "recover": lambda store, held: store.journal().recover(held),
}


def test_no_question_reads_a_whole_table(store: DatabaseStore, crowd: tuple[Lease, int]) -> None:
    held, last = crowd
    store.states().save_position(held, last - 10)
    for name, ask in ASKED.items():
        with planned() as plans:
            ask(store, held)
        assert plans, name
        assert [plan for plan in plans if WHOLE.search(plan)] == [], name
    with planned() as plans:  # one without an index is seen
        assert Link.everywhere().filter(key="7").count() == MAILBOXES
        assert not Link.everywhere().filter(bond=Bond.PARTED).exists()
    assert len([plan for plan in plans if WHOLE.search(plan)]) == 2
