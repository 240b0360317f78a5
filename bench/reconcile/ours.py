"""Ours: the mirror as it runs in a session, with its links, cursors, log and journal in PostgreSQL."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from django.db import connection

from bench.reconcile.sides import CURSOR, Diary, Ledger, Spent, Unsound, item_of, record_id_of
from crosstie.domain.calendar import CalendarItem, Present
from crosstie.domain.keys import meeting_key, record_key
from crosstie.domain.links import Bond, Link, Side, SideState
from crosstie.domain.mailboxes import Cursor, Lease, MailboxInfo
from crosstie.domain.reasons import EVENT_MIRRORED
from crosstie.domain.records import EVENT, Record, RecordRef
from crosstie.domain.settings import Settings
from crosstie.engine.mirror.act import act
from crosstie.engine.mirror.batch import commit
from crosstie.engine.mirror.gather import gather
from crosstie.engine.mirror.planning import plan_all
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.ports import Ports
from crosstie.engine.session import Session
from crosstie.jobs.fanout import InTurn
from crosstie.mapping.event.make import New, create
from crosstie.mapping.event.table import of_item, of_record
from crosstie.ports.crm import Crm, CrmCapabilities
from crosstie.ports.mailbox import Mailbox, MailboxAccess
from crosstie.ports.states import States, Watermark
from crosstie.rules.calendar.copies import likeness
from crosstie.rules.calendar.window import next_look
from crosstie.rules.linking import Links
from tests.clocks import START, StepClock
from tests.simulation.database import DatabaseOrg, ground

BOX, USER = 1, "005000000000001AAA"
SETTINGS = Settings(events_meetings=True, events_appointments=True, events_down=True)
ORG = CrmCapabilities(enhanced_email=True, keyed=True, many_people=True, email_fields={}, keyed_events=True)
AT_ONCE = 1_000
"""Links that are laid down in one call."""
MOST_SLICES = 10_000
A_DAY = 24 * 3600


@dataclass(slots=True)
class Ours:
    """One mailbox, all of whose items are kept alike with a record."""

    size: int
    clock: StepClock = field(default_factory=StepClock)
    diary: Diary = field(init=False)
    ledger: Ledger = field(init=False)
    lease: Lease = field(init=False)
    _ports: Ports = field(init=False)
    _info: MailboxInfo = field(init=False)
    _backend: int = field(init=False)

    def __post_init__(self) -> None:
        ground(durable=True)
        org = DatabaseOrg(1, self.clock, takeover=120)
        self._info = MailboxInfo(BOX, 1, "ada@example.com", USER, START, SETTINGS)
        org.add_mailbox(self._info)
        states = org.states()
        lease = states.claim(BOX, self.clock.now(), holder="bench", lease_seconds=A_DAY)
        assert lease is not None
        self.lease = lease
        items = [item_of(number, START) for number in range(self.size)]
        self.diary = Diary({item.item_id: Present(item) for item in items})
        self.ledger = Ledger(self.clock, ORG, {})
        for start in range(0, self.size, AT_ONCE):
            self._join(states, items[start : start + AT_ONCE], start)
        self.clock.step(60)
        unused = cast("MailboxAccess", None)
        crm, journal = cast("Crm", self.ledger), org.journal()
        self._ports = Ports(crm, unused, states, journal, org.backfills(), InTurn(), self.clock)
        self.lose()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("SELECT pg_backend_pid()")
            self._backend = cursor.fetchone()[0]

    def _join(self, states: States, items: Iterable[CalendarItem], first: int) -> None:
        links, alike = [], {}
        for number, item in enumerate(items, first):
            natural = meeting_key(item.uid, None, "")
            key = record_key(natural)
            made = create(New(item, key, USER, Links()), ORG)
            record = Record(RecordRef(EVENT, record_id_of(number)), START, made.fields)
            self.ledger.rows[record.ref.record_id] = record
            links.append((natural, _link(states, item, record, key)))
            alike[item.item_id] = likeness(item)
        states.save_links(self.lease, links, {}, alike=alike)

    # -- what happens to them

    def edit(self, items: Iterable[int], records: Iterable[int]) -> None:
        self.clock.step(60)
        for number in items:
            self.diary.edit(number)
        for number in records:
            self.ledger.edit(number)
        self.lose()

    def lose(self) -> None:
        """The calendar's cursor is dead, and the log begins behind what was read of it: both sides are listed."""
        self.clock.step(60)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE store_org SET log_cleared = 1")
        self._ports.states.record_changes((), {}, [Watermark(EVENT, self.clock.now())])
        self._ports.states.save_cursors(self.lease, [Cursor(CURSOR, "0")])
        self._ports.states.save_position(self.lease, 0)

    def spent(self) -> Spent:
        """PostgreSQL's process works for us; what that leaves to others, as its log's writer, is not counted."""
        return Spent.so_far(self._backend)

    def reconcile(self) -> Spent:
        """Slice by slice, as sessions follow each other while there is more, each as engine/mirror/batch.py runs
        it; answers with what it took to carry out what was decided.
        """
        carried_out = Spent()
        for _ in range(MOST_SLICES):
            session = Session(self.lease, self._info, cast("Mailbox", self.diary))
            mirror = Mirror(session, self.diary)
            gather(self._ports, [mirror])
            plan_all(self._ports, [mirror])
            began = self.spent()
            act(self._ports, [mirror])
            carried_out += self.spent() - began
            commit(self._ports, mirror)
            if session.error:
                raise Unsound(f"a session ended with {session.error.code}")
            if not session.more_calendar:
                return carried_out
        raise Unsound("sessions without an end")

    def differences(self) -> int:
        """Pairs that do not say the same."""
        pairs = zip(self.diary.shown.values(), self.ledger.rows.values(), strict=True)
        return sum(
            (one.item.subject, one.item.location) != (row.fields["Subject"], row.fields["Location"])
            for one, row in pairs
        )


def _link(states: States, item: CalendarItem, record: Record, key: str) -> Link:
    return Link(
        mailbox_id=BOX,
        natural="",
        key=key,
        bond=Bond.JOINED,
        origin=Side.MAILBOX,
        reason_code=EVENT_MIRRORED.code,
        decided_at=START,
        item_id=item.item_id,
        record=record.ref,
        item=SideState(item.version, states.seal(key, Side.MAILBOX, of_item(item))),
        mirrored=SideState(record.modstamp.isoformat(), states.seal(key, Side.CRM, of_record(record))),
        marked=True,
        recheck_at=next_look(item.when, SETTINGS, START + timedelta(minutes=1)),
    )
