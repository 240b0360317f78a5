"""A house's store on PostgreSQL: to the house what MemoryOrg is, with the real tables behind it."""

import atexit
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection

from crosstie.config import secrets
from crosstie.config.database import embedded_url
from crosstie.domain.clock import Clock
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.ports.backfills import Backfills
from crosstie.ports.journal import Journal
from crosstie.ports.states import States
from crosstie.store.digests import Digests
from crosstie.store.embedded import QUICK, Database
from crosstie.store.memory.world import TEST_RING


@cache
def ground(*, durable: bool = False) -> None:
    """A server of this process's own for as long as it lives; where Django is set up already, its database.
    `durable`: with the product's own settings, which outlive a crash.
    """
    if django_settings.configured:
        return
    home = Path(tempfile.mkdtemp(prefix="crosstie-histories-"))
    os.environ |= {"CROSSTIE_HOME": str(home), "DATABASE_URL": embedded_url(home)}
    os.environ["DJANGO_SETTINGS_MODULE"] = "crosstie.config.django"
    secrets.ensure(home, os.environ)
    server = Database(home, settings=None if durable else QUICK)
    server.__enter__()
    atexit.register(_end, server, home)
    django.setup()
    for handler in (*logging.getLogger().handlers, *logging.getLogger("crosstie").handlers):
        handler.setLevel(logging.ERROR)  # a history has trouble all the time
    from crosstie.store.migrate import migrate

    migrate()


def _end(server: Database, home: Path) -> None:
    connection.close()
    server.close()
    shutil.rmtree(home, ignore_errors=True)


_MOVE_AT_REST = frozenset({"version", "item_version", "record_version", "decided_at", "recheck_at"})


@dataclass(frozen=True, slots=True)
class Box:
    """What a house asks of a mailbox's row."""

    info: MailboxInfo
    epoch: int


class DatabaseOrg:
    """One org of one tenant in tables emptied for it; mailboxes have the ids that the house gives them."""

    def __init__(self, org_id: int, clock: Clock, *, takeover: float) -> None:
        ground()
        from crosstie.store.models import License, Org, Profile, Scope, Tenant
        from tests.tables import empty

        empty()
        self.clock, self._takeover, self.infos = clock, takeover, dict[int, MailboxInfo]()
        tenant = Tenant.objects.create(name="Larch", created_at=clock.now())
        self.scope = Scope(tenant.pk, org_id)
        mine = Scope(tenant.pk)
        license_ = License.of(mine).create(name="standard")
        self._profile = Profile.of(mine).create(name="Default", is_default=True, license=license_)
        url = "https://larch.my.salesforce.test"
        self._org = Org.of(mine).create(
            pk=org_id, org_id="00D000000000001AAA", login_url=url, instance_url=url, auth_mode="jwt"
        )

    def states(self) -> States:
        from crosstie.store.states import OrgStates

        digests = Digests(self._org.pk, items=TEST_RING, directory=TEST_RING)
        return OrgStates(self.scope, digests, self.clock, self.infos.__getitem__, takeover=self._takeover)

    def journal(self) -> Journal:
        from crosstie.store.journal import OrgJournal

        return OrgJournal(self.scope, self.clock)

    def backfills(self) -> Backfills:
        from crosstie.store.backfills import OrgBackfills

        return OrgBackfills(self.scope, self.clock)

    # -- what administrators and the ticker do

    def add_mailbox(self, info: MailboxInfo) -> None:
        from crosstie.store.models import Mailbox, Person, Scope

        now = self.clock.now()
        owner = Person.of(Scope(self.scope.tenant_id)).create(
            profile=self._profile, license=self._profile.license, org=self._org, crm_user_id=info.crm_user_id,
            name=f"Person {info.mailbox_id}", address=info.address, created_at=now,
        )  # fmt: skip
        Mailbox.of(self.scope).create(
            pk=info.mailbox_id, person=owner, vendor="graph", address=info.address,
            activated_at=info.activated_at, due_at=now,
        )  # fmt: skip
        self.infos[info.mailbox_id] = info

    def mailbox(self, mailbox_id: int) -> Box:
        from crosstie.store.models import Mailbox

        return Box(self.infos[mailbox_id], Mailbox.of(self.scope).get(pk=mailbox_id).lease_epoch)

    def change_info(self, info: MailboxInfo, codes: Collection[str]) -> None:
        from crosstie.store.recheck import flag

        self.infos[info.mailbox_id] = info
        flag(self.scope, [info.mailbox_id], sorted(codes), self.clock.now())

    def set_running(self, mailbox_id: int, running: bool) -> None:
        from crosstie.store.models import Mailbox

        Mailbox.of(self.scope).filter(pk=mailbox_id).update(paused=not running)

    def wake(self, mailbox_id: int) -> None:
        from crosstie.store.models import Mailbox

        now, box = self.clock.now(), Mailbox.of(self.scope).filter(pk=mailbox_id)
        due_at = box.values_list("due_at", flat=True).get()
        box.update(due_at=min(due_at or now, now))

    # -- what becomes of the store

    def snapshot(self) -> Callable[[], None]:
        """The tables as they are; calling it puts them back."""
        kept, infos = {name: _rows(name) for name in _tables()}, dict(self.infos)

        def restore() -> None:
            self.infos.clear()
            self.infos.update(infos)
            with connection.cursor() as cursor:
                cursor.execute("BEGIN; SET LOCAL session_replication_role = replica")
                for name, rows in kept.items():
                    cursor.execute(f"DELETE FROM {name}")
                    with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                        copy.write(rows)
                cursor.execute("COMMIT")

        return restore

    def decisions(self) -> object:
        """All that was decided, without when it was looked at and at which version; for sweep.restlessness."""
        from crosstie.store.models import ItemState, JournalRow, Link, SavedMail

        at_rest = [
            {name: value for name, value in row.items() if name not in _MOVE_AT_REST}
            for model in (ItemState, Link)
            for row in model.of(self.scope).order_by("pk").values()
        ]
        others = (JournalRow.of(self.scope), SavedMail.of(self.scope))
        return at_rest, [list(found.order_by("pk").values()) for found in others]


def _tables() -> list[str]:
    return [model._meta.db_table for model in apps.get_app_config("store").get_models()]


def _rows(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy)
