"""The two implementations of States, Journal, Backfills and Vault, behind one handle for the contract suites."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from django.db import connection

from crosstie.config.secrets import KeyRing
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.settings import Settings
from crosstie.ports.backfills import Backfills
from crosstie.ports.journal import Journal
from crosstie.ports.states import States
from crosstie.ports.vault import Vault
from crosstie.store.backfills import OrgBackfills
from crosstie.store.cleanup import LOG_DAYS, clean_up
from crosstie.store.digests import Digests
from crosstie.store.journal import OrgJournal
from crosstie.store.memory import MemoryBackfills, MemoryJournal, MemoryOrg, MemoryStates, MemoryVault
from crosstie.store.models import Mailbox, SessionRun
from crosstie.store.recheck import answer, flag
from crosstie.store.states import OrgStates
from crosstie.store.vault import DatabaseVault
from tests import rows
from tests.clocks import StepClock

KEYS = {f"k{number}": bytes([number]) * 32 for number in (1, 2)}
OLD = KeyRing("k1", {"k1": KEYS["k1"]})
NEW = KeyRing("k2", KEYS)
ONLY_NEW = KeyRing("k2", {"k2": KEYS["k2"]})


class Store(Protocol):
    """An org of its own tenant, with the means to change what the ports only read."""

    clock: StepClock

    def states(self, ring: KeyRing = OLD) -> States: ...

    def journal(self) -> Journal: ...

    def backfills(self) -> Backfills: ...

    def vault(self, ring: KeyRing = OLD) -> Vault: ...

    def tenant_id(self) -> int: ...

    def add_mailbox(self) -> int: ...

    def user_of(self, mailbox_id: int) -> str: ...

    def clear_log(self, before: datetime) -> None: ...

    def pause(self, mailbox_id: int) -> None: ...

    def due_at(self, mailbox_id: int) -> datetime | None: ...

    def sessions(self, mailbox_id: int) -> list[tuple[int, Mapping[str, int], str]]: ...

    def move_rules(self, mailbox_id: int, codes: Collection[str]) -> None: ...

    def answer(self, mailbox_id: int, item_id: str, codes: tuple[str, str]) -> None:
        """A person says to a link that asks (the first code) what is meant (the second)."""

    def sealed(self, place: str) -> bytes: ...

    def plant(self, place: str, token: bytes) -> None: ...


def info(mailbox_id: int, org_id: int, at: datetime) -> MailboxInfo:
    return MailboxInfo(mailbox_id, org_id, f"box{mailbox_id}@example.com", f"005{mailbox_id}", at, Settings())


class MemoryStore:
    _mailboxes = 0
    _orgs = 0

    def __init__(self, clock: StepClock) -> None:
        self.clock = clock
        MemoryStore._orgs += 1
        self._id = MemoryStore._orgs
        self._org = MemoryOrg(self._id, clock, items=OLD, directory=OLD)
        self._tokens: dict[str, bytes] = {}

    def states(self, ring: KeyRing = OLD) -> States:
        self._org.digests = Digests(self._id, items=ring, directory=ring)
        return MemoryStates(self._org)

    def journal(self) -> Journal:
        return MemoryJournal(self._org)

    def backfills(self) -> Backfills:
        return MemoryBackfills(self._org)

    def vault(self, ring: KeyRing = OLD) -> Vault:
        return MemoryVault(self.clock, ring, self._tokens)

    def tenant_id(self) -> int:
        return self._id

    def add_mailbox(self) -> int:
        MemoryStore._mailboxes += 1
        self._org.add_mailbox(info(MemoryStore._mailboxes, self._id, self.clock.now()))
        return MemoryStore._mailboxes

    def user_of(self, mailbox_id: int) -> str:
        return self._org.mailboxes[mailbox_id].info.crm_user_id

    def clear_log(self, before: datetime) -> None:
        self._org.clear_log(before)

    def pause(self, mailbox_id: int) -> None:
        self._org.set_running(mailbox_id, False)

    def due_at(self, mailbox_id: int) -> datetime | None:
        return self._org.mailboxes[mailbox_id].due_at

    def sessions(self, mailbox_id: int) -> list[tuple[int, Mapping[str, int], str]]:
        runs = self._org.sessions.values()
        return [(run.epoch, run.counts, run.error_code) for run in runs if run.mailbox_id == mailbox_id]

    def move_rules(self, mailbox_id: int, codes: Collection[str]) -> None:
        changed = replace(self._org.mailboxes[mailbox_id].info, settings=Settings(mail_auto_save=True))
        self._org.change_info(changed, codes)

    def answer(self, mailbox_id: int, item_id: str, codes: tuple[str, str]) -> None:
        place = (mailbox_id, item_id, "")
        row = self._org.links[place]
        assert row.link.reason_code == codes[0]
        self._org.look_again(place, replace(row, link=replace(row.link, reason_code=codes[1])))

    def sealed(self, place: str) -> bytes:
        return self._tokens[place]

    def plant(self, place: str, token: bytes) -> None:
        self._tokens[place] = token


class DatabaseStore:
    def __init__(self, clock: StepClock) -> None:
        self.clock = clock
        self._company = rows.company(clock)

    def states(self, ring: KeyRing = OLD) -> States:
        digests = Digests(self._company.org.pk, items=ring, directory=ring)
        return OrgStates(self._company.scope, digests, self.clock, self._info)

    def journal(self) -> Journal:
        return OrgJournal(self._company.scope, self.clock)

    def backfills(self) -> Backfills:
        return OrgBackfills(self._company.scope, self.clock)

    def vault(self, ring: KeyRing = OLD) -> Vault:
        return DatabaseVault(ring, self.clock)

    def tenant_id(self) -> int:
        return self._company.tenant.pk

    def add_mailbox(self) -> int:
        return rows.mailbox(self._company, self.clock).pk

    def user_of(self, mailbox_id: int) -> str:
        return Mailbox.of(self._company.scope).select_related("person").get(pk=mailbox_id).person.crm_user_id

    def clear_log(self, before: datetime) -> None:
        clean_up(before + timedelta(days=LOG_DAYS))

    def pause(self, mailbox_id: int) -> None:
        Mailbox.of(self._company.scope).filter(pk=mailbox_id).update(paused=True)

    def due_at(self, mailbox_id: int) -> datetime | None:
        return Mailbox.of(self._company.scope).get(pk=mailbox_id).due_at

    def sessions(self, mailbox_id: int) -> list[tuple[int, Mapping[str, int], str]]:
        runs = SessionRun.of(self._company.scope).filter(mailbox_id=mailbox_id).order_by("epoch")
        return [(run.epoch, run.counts, run.error_code) for run in runs]

    def move_rules(self, mailbox_id: int, codes: Collection[str]) -> None:
        flag(self._company.scope, [mailbox_id], list(codes), self.clock.now())

    def answer(self, mailbox_id: int, item_id: str, codes: tuple[str, str]) -> None:
        assert answer(self._company.scope, mailbox_id, item_id, codes, self.clock.now())

    def sealed(self, place: str) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT token FROM store_secret WHERE place = %s", [place])
            return bytes(cursor.fetchone()[0])

    def plant(self, place: str, token: bytes) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO store_secret (tenant_id, place, token, key_id) VALUES (%s, %s, %s, 'k1')
                ON CONFLICT (place) DO UPDATE SET token = EXCLUDED.token
                """,
                [self._company.tenant.pk, place, token],
            )

    def _info(self, mailbox_id: int) -> MailboxInfo:
        return info(mailbox_id, self._company.org.pk, self.clock.now())
