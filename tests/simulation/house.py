"""A whole Crosstie in one process: the real engine and connectors, the sandbox's vendors, a clock of our own."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx2

from crosstie.domain.access import AuthMode
from crosstie.domain.errors import CrosstieError
from crosstie.domain.mailboxes import Lease, MailboxInfo
from crosstie.domain.reasons import KINDS
from crosstie.domain.settings import Settings
from crosstie.engine import batch, tick
from crosstie.engine.batch import SessionReport
from crosstie.engine.ports import Ports
from crosstie.engine.session import Session
from crosstie.engine.tick import TickReport
from crosstie.jobs.fanout import InTurn
from crosstie.mailboxes.graph.connection import GraphConnection
from crosstie.mailboxes.graph.mailbox import GraphAccess
from crosstie.ports.backfills import Backfills
from crosstie.ports.crm import Crm
from crosstie.ports.journal import Entry, Journal
from crosstie.ports.mailbox import MailboxAccess
from crosstie.ports.states import States
from crosstie.salesforce.crm import SalesforceAccess
from crosstie.store.memory.backfills import MemoryBackfills
from crosstie.store.memory.journal import MemoryJournal
from crosstie.store.memory.states import MemoryStates
from crosstie.store.memory.world import MemoryOrg
from crosstie.transport import Http
from sandbox import company
from sandbox.app import Application
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.mailboxes import Mailbox as Stored
from sandbox.requestlog import Entry as Request
from sandbox.salesforce.org import Org
from sandbox.world import World
from tests.clocks import WorldClock
from tests.remembered import RememberedFacts
from tests.secrets import KeptSecrets
from tests.simulation import access
from tests.simulation.access import HOST
from tests.simulation.effects import BACKFILLS_WRITES, JOURNAL_WRITES, STATES_WRITES, Effects, Wire, watched

if TYPE_CHECKING:
    from tests.simulation.database import DatabaseOrg

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ORG = 1
LEASE_SECONDS, TAKEOVER_SECONDS, MARGIN_SECONDS = 300.0, 120.0, 150.0
TICK = timedelta(minutes=2)
AUTO_SAVE = Settings(mail_auto_save=True)
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes; the product itself reads more, but no answer here has reason to be larger."""

Person = tuple[str, str, str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Make:
    """What kind of house: `people` as in sandbox.company, `syncing` the local parts of those with a licence."""

    people: Sequence[Person] = company.PEOPLE
    syncing: Sequence[str] = ("ada", "ben")
    keyed: bool = True
    enhanced_email: bool = True
    settings: Settings = AUTO_SAVE
    switches: Mapping[str, bool] = field(default_factory=dict)
    seed: int = 0
    start: datetime = START
    interval: timedelta = timedelta(minutes=30)
    crm_mode: AuthMode = AuthMode.CLIENT_CREDENTIALS
    sees_all: bool = True
    """Crosstie's user in the org has View All Data."""
    delegated: bool = False
    """Mailboxes are entered as their owners, by refresh tokens."""
    on_database: bool = False
    """The store is PostgreSQL, and emptied for this house."""
    threads: bool = False
    """Workers may share a process: what one has learned of the vendors the next one knows."""


class House:
    """People act on `world`, `box` and `org`; Crosstie acts by `tick`, `sync` and `pass_time`."""

    def __init__(self, make: Make = Make()) -> None:
        self.make = make
        self.manual = ManualClock(make.start)
        self.clock = WorldClock(self.manual)
        self.app: Application = build(self.manual, make.seed)
        self.world: World = self.app.world
        for name, on in make.switches.items():
            self.world.switches.turn(name, on)
        package = company.PACKAGE if make.keyed else None
        self.company = company.found(self.world, people=make.people, package=package)
        self.org: Org = self.company.site.org
        self.org.features.enhanced_email = make.enhanced_email
        self.store = _store(make.on_database, self.clock)
        self.facts = RememberedFacts()
        self.org_secrets, self.box_secrets = KeptSecrets(), KeptSecrets()
        self.crm = access.to_org(self.company, make.crm_mode, sees_all=make.sees_all)
        self.org_secrets.hand_in(ORG, self.crm.refresh_token)
        self.graph: dict[int, GraphConnection] = {}
        self.ids: dict[str, int] = {}
        self.gone: dict[str, str] = {}
        """Subject → item id of mails that a test made disappear."""
        self.errors: Counter[str] = Counter()
        """Sessions that ended with an error, by its code."""
        for person in make.syncing:
            self.activate(person)
        self.pass_minutes(1)
        self.effects = Effects()
        self.ports = self.new_worker(self.effects)

    @property
    def memory(self) -> MemoryOrg:
        """For tests that look into the tables of a house in memory."""
        assert isinstance(self.store, MemoryOrg)
        return self.store

    # -- Crosstie ----------------------------------------------------------------------------------------

    def activate(self, person: str) -> int:
        """Give a person of the company a licence."""
        stored = self.box(person)
        user = next(one.user for one in self.company.colleagues if one.address == stored.address)
        mailbox_id = self.ids[person] = len(self.ids) + 1
        info = MailboxInfo(
            mailbox_id,
            ORG,
            stored.address,
            user,
            self.clock.now(),
            self.make.settings,
            frozenset(stored.addresses),
            self.make.interval,
        )
        self.store.add_mailbox(info)
        entered = access.to_mailbox(self.company, self.world, stored, delegated=self.make.delegated)
        self.graph[mailbox_id] = entered
        self.box_secrets.hand_in(mailbox_id, entered.refresh_token)
        return mailbox_id

    def new_worker(self, effects: Effects | None = None) -> Ports:
        """Ports as a process that has just started has them: nothing is remembered but the store."""
        effects = effects or Effects()
        http = Http(transport=self.wire(effects), largest=LARGEST_ANSWER)
        crm = SalesforceAccess(
            http,
            lambda _: self.crm,
            self.clock,
            self.org_secrets.exchange,
            trusted=frozenset((HOST,)),
        )
        graph = GraphAccess(http, self.graph.get, self.clock, self.facts, self.box_secrets.exchange)
        return self._at_work(crm.open(ORG), graph, effects)

    def _at_work(self, crm: Crm, mailboxes: MailboxAccess, effects: Effects) -> Ports:
        states, backfills, journal = _ports(self.store)
        return Ports(
            crm=crm,
            mailboxes=mailboxes,
            states=watched(states, "states", STATES_WRITES, effects),
            backfills=watched(backfills, "backfills", BACKFILLS_WRITES, effects),
            journal=watched(journal, "journal", JOURNAL_WRITES, effects),
            fanout=InTurn(),
            clock=self.clock,
            write_margin=timedelta(seconds=MARGIN_SECONDS),
        )

    def wire(self, effects: Effects) -> httpx2.BaseTransport:
        """The way to the vendors: of one worker, or of whichever is at work."""
        whose = (lambda: self.effects) if self.make.threads else (lambda: effects)
        return Wire(httpx2.WSGITransport(app=self.app), whose)

    def restart(self, *, alone: bool = True) -> None:
        """A fresh worker takes the place of the old one; if not `alone`, in a process that has been at work."""
        self.effects, before = Effects(), self.ports
        if alone:
            self.ports = self.new_worker(self.effects)
        else:
            self.ports = self._at_work(before.crm, before.mailboxes, self.effects)

    def tick(self) -> TickReport | CrosstieError:
        """What goes wrong is the next tick's to mend, as jobs/sync.py has it."""
        try:
            return tick.tick(self.ports)
        except CrosstieError as error:
            return error

    def claim(self) -> Sequence[Lease]:
        return batch.claim(self.ports, holder="worker", limit=100, lease_seconds=LEASE_SECONDS)

    def sync(self) -> list[SessionReport]:
        """Sessions of everybody who is due, slice after slice."""
        reports = []
        while leases := self.claim():
            reports += batch.run(self.ports, leases)
        self.errors.update(report.error_code for report in reports if report.error_code)
        return reports

    def force(self, *people: str) -> list[SessionReport]:
        """Sessions of these, or of all, now."""
        for person in people or self.ids:
            self.store.wake(self.ids[person])
        return self.sync()

    def preview(self, *people: str) -> list[Session]:
        return batch.preview(self.ports, [self.ids[person] for person in people or self.ids])

    def round(self) -> None:
        """A tick, and a session of everybody."""
        self.tick()
        self.force()

    def pass_minutes(self, minutes: float) -> None:
        """Time goes by and nobody works."""
        self.manual.advance(timedelta(minutes=minutes))

    def run_for(self, minutes: float) -> None:
        """The schedule runs: a tick every two minutes, sessions of those who are due."""
        for _ in range(int(timedelta(minutes=minutes) / TICK)):
            self.pass_minutes(TICK.total_seconds() / 60)
            self.tick()
            self.sync()

    def set(self, person: str, **values: Any) -> None:
        """An admin or the person changes settings; decided items that rest on them are looked at again."""
        info = self.store.mailbox(self.ids[person]).info
        self.put_in_force(person, replace(info.settings, **values))

    def put_in_force(self, person: str, settings: Settings) -> None:
        info = self.store.mailbox(self.ids[person]).info
        epochs = {"settings", "blocklist"}
        if settings.events_unsync != info.settings.events_unsync:
            epochs.add("pairs")
        codes = {kind.code for kind in KINDS.values() if kind.rechecked_by & epochs}
        self.store.change_info(replace(info, settings=settings), codes)

    def leave(self, person: str) -> None:
        """An admin has the person's mailbox deactivated."""
        info = self.store.mailbox(self.ids[person]).info
        self.store.change_info(replace(info, leaving=True), set())
        self.store.wake(self.ids[person])

    def entry(self, person: str, subject: str) -> Entry | None:
        """The last journal row of the person's mail of that subject."""
        item_id = self.gone.get(subject) or self.item_id(person, subject)
        return self.ports.journal.why(self.ids[person], [item_id]).get(item_id)

    def why(self, person: str, subject: str) -> str:
        """The code of what was decided last; empty when nothing was."""
        entry = self.entry(person, subject)
        return entry.reason_code if entry else ""

    def sentence(self, person: str, subject: str) -> str:
        entry = self.entry(person, subject)
        return self.said(entry) if entry else ""

    @staticmethod
    def said(entry: Entry) -> str:
        return KINDS[entry.reason_code].sentence.format_map(entry.reason_params)

    @property
    def mail_object(self) -> str:
        return "EmailMessage" if self.make.enhanced_email else "Task"

    # -- people ------------------------------------------------------------------------------------------

    def know(self, address: str, *, account: str = "Elm & Sons") -> str:
        """Somebody makes a Contact of this address."""
        fields = {"LastName": "Willow", "Email": address, "AccountId": self.company.accounts[account]}
        return self.org.insert(self.org.admin, "Contact", fields)

    def take_out_of_sight(self, record_id: str, minutes: float) -> None:
        """Of Crosstie's user, for so long; nothing tells that it goes, or that it comes back."""
        until = self.manual.now() + timedelta(minutes=minutes)
        self.org.core.access.conceal(record_id, self.company.integration_user, until)

    def box(self, person: str) -> Stored:
        stored = self.world.mailboxes.mailbox(f"{person}@{company.DOMAIN}")
        assert stored is not None, person
        return stored

    def item_id(self, person: str, subject: str) -> str:
        from sandbox.graph.ids import message_id

        stored = self.box(person)
        message = next(self.world.mailboxes.find(stored, subject=subject))
        return message_id(stored, message.number, message.moves, "immutable")

    def rows(self, object_name: str, *fields: str, where: str = "") -> list[dict[str, Any]]:
        """As the org's administrator sees them."""
        condition = f" WHERE {where}" if where else ""
        page = self.org.query(self.org.admin, f"SELECT {', '.join(fields)} FROM {object_name}{condition}")
        return [{name: row.get(name) for name in fields} for row in page.records]

    # -- what was seen -----------------------------------------------------------------------------------

    def since(self, number: int) -> list[Request]:
        return list(self.world.requests.since(number))

    def counting(self, act: Callable[[], object]) -> list[Request]:
        """The vendors' requests while something is done."""
        before = self.world.requests.count
        act()
        return self.since(before)


def _store(on_database: bool, clock: WorldClock) -> "MemoryOrg | DatabaseOrg":
    if not on_database:
        return MemoryOrg(ORG, clock, takeover=TAKEOVER_SECONDS)
    from tests.simulation.database import DatabaseOrg  # PostgreSQL is there only for whoever asks for it

    return DatabaseOrg(ORG, clock, takeover=TAKEOVER_SECONDS)


def _ports(store: "MemoryOrg | DatabaseOrg") -> tuple[States, Backfills, Journal]:
    if isinstance(store, MemoryOrg):
        return MemoryStates(store), MemoryBackfills(store), MemoryJournal(store)
    return store.states(), store.backfills(), store.journal()


def is_write(entry: Request) -> bool:
    """Whether a request may have changed anything at a vendor."""
    if entry.face == "login" or "token" in entry.route or entry.status == 401:
        return False
    if entry.parts:
        return any(not part.startswith("GET ") for part in entry.parts)
    return entry.method != "GET"
