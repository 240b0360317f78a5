"""Promise 7 at the tables: what identifies mail and people goes in as words and lies there as digests."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection

from crosstie.domain.address import Address
from crosstie.domain.links import Side, SideState
from crosstie.domain.records import Opportunity, RecordChange
from crosstie.domain.threads import ThreadMail
from crosstie.ports.journal import Status
from tests import mails, meetings
from tests.clocks import START
from tests.stores import DatabaseStore

WORDS = ("zanzibar", "quokka", "xylophone", "marzipan", "obelisk", "hunter2")


def fill(store: DatabaseStore) -> None:
    """Everything that ever meets content is handed some."""
    states, journal = store.states(), store.journal()
    lease = states.claim(store.add_mailbox(), store.clock.now(), holder="a", lease_seconds=60)
    assert lease is not None
    address = "zanzibar@quokka.example"
    mail = replace(
        mails.email("i"), subject="xylophone", sender=Address.of(address, "Marzipan"), message_id="<obelisk>"
    )
    operation = replace(mails.save("i"), email=mail, natural="mid:obelisk")
    (entry,) = journal.plan(lease, [operation])
    journal.send(lease, [entry])
    journal.finish(lease, entry, Status.DONE, mails.SAVED, mails.TASK)
    states.remember_saved("mid:obelisk", mails.saved_mail(sender=address))
    state = mails.state(
        "i",
        natural=states.digest("mid:obelisk"),
        conversation=states.digest("xylophone thread"),
        record=mails.TASK,
    )
    states.save_items(lease, [state], awaits={"i": frozenset({address})})
    fields = {"Email": address, "LastName": "Marzipan"}
    change = RecordChange("Contact", "003A", START, deleted=False, fields=fields)
    deal = Opportunity("006A", "001A", "005A", START.date(), START, START)
    people = {"003A": (frozenset({address}), mails.contact("003A"))}
    states.record_changes([change], people, [], opportunities={"006A": deal})
    states.mark_thread(lease.mailbox_id, "xylophone thread", "i", store.clock.now())
    (thread,) = states.threads_to_gather(lease.mailbox_id, 1)
    states.note_thread_mails(lease, [ThreadMail(thread.thread_id, "msg:obelisk@quokka", mails.TASK, first=True)])
    values = {"subject": "xylophone", "attendees": address}
    link = meetings.pair(
        lease,
        key="1:i",
        item=SideState("v1", states.seal("1:i", Side.MAILBOX, values)),
        mirrored=SideState("v2", states.seal("1:i", Side.CRM, values)),
    )
    states.save_links(lease, [("obelisk", link)], {"i": frozenset({address})})
    store.vault().put(f"graph/{store.tenant_id()}/x", "hunter2")


def dump() -> dict[str, str]:
    """Every table of ours as text; bytes read as hexadecimal."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("store").get_models():
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t")
            found[model.__name__] = "\n".join(row[0] for row in cursor.fetchall()).casefold()
    return found


def test_no_word_lies_in_any_table(store: DatabaseStore) -> None:
    fill(store)
    tables = dump()
    for name in (
        "ItemState",
        "AwaitedAddress",
        "Link",
        "SavedMail",
        "DirectoryEntry",
        "OpenOpportunity",
        "RecordLog",
        "JournalRow",
        "Secret",
    ):
        assert tables[name], name
    leaks = [
        (name, word)
        for name, text in tables.items()
        for word in WORDS
        if word in text or word.encode().hex() in text
    ]
    assert leaks == []


@pytest.mark.parametrize("word", WORDS)
def test_a_deliberate_leak_would_be_seen(store: DatabaseStore, word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_org SET label = %s", [f"a {word.upper()}"])
    assert word in dump()["Org"]
