"""What is due, and what is deleted when its time is over."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management import call_command
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader

from crosstie.domain.mailboxes import Lease
from crosstie.domain.operations import Kind, Make
from crosstie.store import migrate
from crosstie.store.cleanup import clean_up
from crosstie.store.models import JournalRow, Org, RecordLog, SessionRun
from crosstie.store.ticks import claim_ticks, orgs_with_due_mailboxes, put_off_tick, tick_failed, tick_succeeded
from tests import mails
from tests.meetings import EVENT, OTHER, Meant
from tests.stores import DatabaseStore

INTERVAL = timedelta(minutes=2)
PATIENCE = 20.0


def lease(store: DatabaseStore, mailbox_id: int) -> Lease:
    taken = store.states().claim(mailbox_id, store.clock.now(), holder="a", lease_seconds=60)
    assert taken is not None
    return taken


def test_migrations_are_in_step(tables: None) -> None:
    call_command("makemigrations", "store", check=True, dry_run=True, verbosity=0)


def test_indexes_of_tables_that_are_there_are_built_while_workers_write(tables: None) -> None:
    """From pairs that say the same on: nothing else of a migration waits for such an index, nor does a session."""
    found = [one for (app, name), one in _migrations().items() if app == "store" and name >= "0025"]
    for migration in found:
        new = {one.name.lower() for one in migration.operations if isinstance(one, migrations.CreateModel)}
        indexes = [one for one in migration.operations if isinstance(one, migrations.AddIndex)]
        there = [one for one in indexes if one.model_name.lower() not in new]
        assert all(isinstance(one, AddIndexConcurrently) for one in there), migration.name


def test_who_waits_for_their_turn_to_migrate_keeps_no_index_from_being_built(tables: None) -> None:
    """The one waits for the other's statement, and that one for the lock."""
    begun = threading.Event()

    def wait_for_it() -> list[str]:
        begun.set()
        try:
            return migrate.migrate()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [migrate._LOCK])
        waiting = pool.submit(wait_for_it)
        try:
            assert begun.wait(PATIENCE)
            time.sleep(5 * migrate._PAUSE)
            cursor.execute("CREATE INDEX CONCURRENTLY upkeep_probe ON store_link (decided_at)")
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [migrate._LOCK])
            waiting.result(PATIENCE)
            cursor.execute("DROP INDEX IF EXISTS upkeep_probe")


def _migrations() -> dict[tuple[str, str], migrations.Migration]:
    return dict(MigrationLoader(connection).disk_migrations)


def test_a_worker_of_the_version_before_needs_no_column_that_came_later(tables: None) -> None:
    """From the calendars on: what an older one writes goes in without it."""
    added = [
        (operation.model_name, operation.name)
        for (_, name), migration in _migrations().items()
        for operation in migration.operations
        if isinstance(operation, migrations.AddField) and migration.app_label == "store" and name >= "0013"
    ]
    fields = [apps.get_model("store", model)._meta.get_field(name) for model, name in added]
    assert {one.name for one in fields} >= {"warned", "log_cleared", "leaving_since"}
    assert [one.name for one in fields if not (one.null or one.has_db_default())] == []


def test_orgs_with_something_due(store: DatabaseStore) -> None:
    other = DatabaseStore(store.clock)
    assert orgs_with_due_mailboxes(store.clock.now()) == []
    box = store.add_mailbox()
    (scope,) = orgs_with_due_mailboxes(store.clock.now())
    assert scope.tenant_id == store.tenant_id()
    held = lease(store, box)
    assert orgs_with_due_mailboxes(store.clock.now()) == []
    store.clock.step(60)
    assert orgs_with_due_mailboxes(store.clock.now()) == [], "the takeover's margin is not over"
    assert orgs_with_due_mailboxes(store.clock.now(), takeover=0) == [scope]
    store.states().release(held, next_due=store.clock.now() + INTERVAL, summary={}, error_code="")
    assert orgs_with_due_mailboxes(store.clock.now()) == []
    assert len(orgs_with_due_mailboxes(store.clock.now() + INTERVAL)) == 1
    store.pause(box)
    other.add_mailbox()
    (scope,) = orgs_with_due_mailboxes(store.clock.now() + INTERVAL)
    assert scope.tenant_id == other.tenant_id()


def test_an_org_that_is_not_connected_is_left_alone(store: DatabaseStore) -> None:
    store.add_mailbox()
    Org.everywhere().update(state="needs-consent")
    assert claim_ticks(store.clock.now(), INTERVAL) == []
    assert orgs_with_due_mailboxes(store.clock.now()) == []


def test_a_tick_that_was_put_off(store: DatabaseStore) -> None:
    (scope,) = claim_ticks(store.clock.now(), INTERVAL)
    put_off_tick(scope, store.clock.now() + timedelta(hours=1))
    put_off_tick(scope, store.clock.now() + timedelta(minutes=30))
    assert claim_ticks(store.clock.now() + timedelta(minutes=59), INTERVAL) == []
    assert claim_ticks(store.clock.now() + timedelta(hours=1), INTERVAL) == [scope]


def test_failed_ticks_in_a_row_are_counted(store: DatabaseStore) -> None:
    other = DatabaseStore(store.clock)
    scope, another = sorted(claim_ticks(store.clock.now(), INTERVAL), key=lambda one: one.tenant_id)
    assert {scope.tenant_id, another.tenant_id} == {store.tenant_id(), other.tenant_id()}
    assert [tick_failed(scope) for _ in range(3)] == [1, 2, 3]
    assert tick_failed(another) == 1
    tick_succeeded(scope)
    assert (tick_failed(scope), tick_failed(another)) == (1, 2)


def test_old_rows_go_and_the_last_word_on_an_item_stays(store: DatabaseStore) -> None:
    start = store.clock.now()
    held = lease(store, store.add_mailbox())
    store.states().record_changes([mails.change("003A")], {}, [])
    store.journal().plan(held, [mails.skip("a"), mails.skip("b")])
    store.journal().plan(held, [mails.skip("a")])
    store.journal().make(held, [Make("digest", "Lead")], start)
    store.states().release(held, next_due=start, summary={}, error_code="")
    assert clean_up(start + timedelta(days=30)) == 0
    assert clean_up(start + timedelta(days=31)) == 1
    assert RecordLog.everywhere().count() == 0
    assert clean_up(start + timedelta(days=91), limit=1) == 2
    assert clean_up(start + timedelta(days=91), limit=1) == 1
    assert clean_up(start + timedelta(days=91)) == 0
    assert SessionRun.everywhere().count() == 0
    assert sorted(JournalRow.everywhere().values_list("item_id", flat=True)) == ["a", "b"]


def test_the_last_word_on_a_record_without_an_item_stays(store: DatabaseStore) -> None:
    held = lease(store, store.add_mailbox())
    journal = store.journal()
    journal.plan(held, [Meant(Kind.SKIP, "", EVENT), Meant(Kind.SKIP, "", OTHER)])
    journal.plan(held, [Meant(Kind.CREATE_ITEM, "i", EVENT)])
    assert clean_up(store.clock.now() + timedelta(days=91)) == 1
    kept = JournalRow.everywhere().values_list("item_id", "record_id")
    assert sorted(kept) == [("", OTHER.record_id), ("i", EVENT.record_id)]


def test_an_org_remembers_how_far_its_own_log_was_deleted(store: DatabaseStore) -> None:
    start, other = store.clock.now(), DatabaseStore(store.clock)
    for each in (store, other, store):
        each.states().record_changes([mails.change(f"003{store.clock.token(4)}")], {}, [])
        store.clock.step(86_400)
    first, theirs, last = RecordLog.everywhere().order_by("id").values_list("id", flat=True)
    clean_up(start + timedelta(days=32))
    assert list(RecordLog.everywhere().values_list("id", flat=True)) == [last]
    cleared = Org.everywhere().order_by("id").values_list("log_cleared", flat=True)
    assert list(cleared) == [first, theirs]
    clean_up(start + timedelta(days=32))
    clean_up(start + timedelta(days=33))
    assert list(cleared.all()) == [last, theirs]
