"""A generated history of mails: a company lives, Crosstie works, accidents happen, all drawn from one seed.

In the end everything settles, and the judge compares what the vendors hold with what people meant.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from crosstie.domain.mailboxes import Lease
from crosstie.engine import batch
from crosstie.engine.tick import TickReport
from sandbox.graph.switches import CHANGE_KEY_MOVES_AT_REST, HTML_MOVES_AT_REST, MOVE_ARRIVES_UNSEEN
from sandbox.requestlog import Entry
from sandbox.salesforce.switches import STAMPS_MOVE_AT_REST
from tests.simulation import clerks, folk, listings
from tests.simulation.accidents import Accident, Luck
from tests.simulation.backup import Backup
from tests.simulation.cells import Cells
from tests.simulation.clerks import Clerks
from tests.simulation.course import CALM, DAY, Course, Outcome
from tests.simulation.folk import Folk
from tests.simulation.house import House
from tests.simulation.judge import Judge
from tests.simulation.leases import Leases
from tests.simulation.ledger import ARCHIVE, CATEGORY, DROP, WATCHED, Ledger, Letter, Look, Made, Timeline
from tests.simulation.letters import ADA, BEN, FREE, NORA, OMAR, PRIYA, STRANGER, letter
from tests.simulation.makes import PEOPLE, make_of
from tests.simulation.meaning import is_away
from tests.simulation.newcomers import Newcomers
from tests.simulation.offices import Offices
from tests.simulation.past import Past
from tests.simulation.receipts import is_told, receipts
from tests.simulation.refusals import Refusals
from tests.simulation.sweep import restlessness
from tests.simulation.wire import Refusal, Wire

ROUNDS = (12, 17)
EDITS = 22
"""At least; a history goes on until so many deeds were done."""
KINDS = ((62, "folk"), (26, "directory"), (12, "settings"))
WORSE = ((60, "records"), (40, "folk"))
"""After a death, before a new worker has looked at anything: by this it would show what nobody remembers."""
TURN = 6
"""Ticks from one slow set to the next."""


@dataclass(slots=True)
class History(Course):
    ledger: Ledger = field(default_factory=Ledger)
    folk: Folk = field(init=False)
    clerks: Clerks = field(init=False)
    backup: Backup = field(init=False)
    past: Past = field(init=False)
    refusals: Refusals = field(init=False)
    newcomers: Newcomers = field(init=False)
    cells: Cells = field(default_factory=Cells)
    rested: int = 0
    retried: int = 0
    _rows: dict[str, int] = field(default_factory=dict)
    _besides: set[object] = field(default_factory=set)
    """Tasks that the org made beside an e-mail; never our records."""

    def __post_init__(self) -> None:
        self.dice = random.Random(f"history {self.seed}")
        self.house = House(replace(make_of(self.seed, self.dice), on_database=self.on_database))
        self.luck = Luck(self.dice, self.house.make.keyed)
        self.leases = Leases(self.house)
        wire = Wire(self.house.app, self.house.company)
        self.folk = Folk(self.house, wire, self.ledger, self.dice)
        offices = Offices.at_first(self.house.make.settings)
        self.clerks = Clerks(self.house, wire, self.ledger, self.dice, offices)
        self.backup = Backup(self.house, self.ledger, offices, random.Random(f"{self.seed} backup"))
        self.past = Past(self.house, self.ledger, random.Random(f"{self.seed} past"))
        self.refusals = Refusals(self.house, self.ledger, random.Random(f"{self.seed} refusals"))
        if self.house.make.settings.mail_folders:
            self.ledger.watched = (*WATCHED, ARCHIVE)
        self.newcomers = Newcomers(self.house, self.ledger)
        self.troubled = self.house.manual.now()
        self.clerks.begin()
        for person in PEOPLE:
            self.ledger.settings[person] = Timeline([0], [self.house.make.settings])
        self.hire()

    # -- the course of things

    def live(self) -> Outcome:
        with listings.noted(self.ledger, self.house.ids):
            return self._live()

    def _live(self) -> Outcome:
        self._before()
        rounds = 0
        while rounds < self.dice.randint(*ROUNDS) or (len(self.ledger.changes) < EDITS and rounds < 40):
            rounds += 1
            for _ in range(self.dice.choice((0, 1, 1, 2, 3))):
                self.deed()
            self.past.round_begins(may_be_lost=self.snapshot is not None)
            self.refusals.round_begins()
            self.round()
            self._put_back()
        self._settle()
        judge = Judge(self.house, self.ledger, self.folk.wire.own)
        found = self.leases.late + judge.problems() or self._rest()
        judge.either["the vendor showed late what had been there"] += self.rested
        judge.either["a refused mail that the server gave another key was tried again"] += self.retried
        return self.outcome(
            found,
            deeds=len(self.ledger.changes),
            letters=len(self.ledger.letters),
            records=len(self.ledger.made),
            cells=self.cells.hits,
            either=judge.either,
        )

    def _before(self) -> None:
        """What lies in the mailboxes when they are activated; more of it where it will be asked for."""
        for _ in range(self.dice.choice((1, 2, 3))):
            self._lay(self.dice, (2, 30), (NORA, STRANGER))
        for _ in range(self.past.mails):
            self._lay(self.past.dice, (20, 30, 40), (NORA, OMAR, PRIYA, STRANGER, FREE, BEN))

    def _lay(self, dice: random.Random, ages: Sequence[int], senders: Sequence[str]) -> None:
        house, days = self.house, dice.choice(ages)
        then = house.manual.now() - timedelta(days=days)
        subject = f"Letter {len(self.ledger.letters) + 1} from before"
        one = Letter(subject, dice.choice(senders), (ADA, BEN), old=days > 6)
        self.ledger.letters[subject] = one
        raw = letter(subject, one.sender, f"{ADA}, {BEN}", then).as_bytes()
        for person in dice.sample(("ada", "ben"), dice.choice((1, 2))):
            stored = house.world.mailboxes.put(house.box(person), raw, received=then)
            if dice.random() < 0.4:
                house.world.mailboxes.set_categories(house.box(person), stored, [CATEGORY])
        self.folk.discover(one, 0)
        for copy in self.ledger.copies_of(one):
            if CATEGORY in house.box(copy.person).messages[copy.number].categories:
                copy.marked.set(0, True)

    def deed(self, *, during: bool = False, kinds: Sequence[tuple[int, str]] = KINDS) -> None:
        """Somebody does something; a deed that cannot be done is tried again as another one."""
        self._busy = True
        try:
            for _ in range(6):
                kind = self.dice.choices([one for _, one in kinds], [weight for weight, _ in kinds])[0]
                if kind == "settings" and ((during and self.house.effects.depth) or self.snapshot):
                    continue
                if self._do(kind):
                    break
        finally:
            self._busy = False
        self.observe()
        self._notice_deletes()

    def _notice_deletes(self) -> None:
        """With a Contact go its Tasks; what people did to one row may have taken others along."""
        for made in self.ledger.made.values():
            row = self.house.org.core.row(made.record_id)
            alive = row is not None and not row.get("IsDeleted")
            if alive != made.alive.last():
                made.alive.set(self.ledger.number, alive)
            deleted_now = not alive and made.alive.numbers[-1] == self.ledger.number
            if deleted_now and is_told(self.house, self.ledger, made):
                made.told.add(self.ledger.number)

    def _do(self, kind: str) -> bool:
        try:
            return self._done(kind)
        except Refusal:  # the vendor has its reasons, and the person does something else
            return False

    def _done(self, kind: str) -> bool:
        if kind == "folk":
            weights = [weight for weight, _ in folk.DEEDS]
            return self.dice.choices([one for _, one in folk.DEEDS], weights)[0](self.folk)
        table = {"directory": clerks.DIRECTORY, "settings": clerks.SETTINGS, "records": clerks.RECORDS}[kind]
        return self.dice.choices([one for _, one in table], [weight for weight, _ in table])[0](self.clerks)

    def mourn(self) -> None:
        self.deed(kinds=WORSE)

    def forget(self) -> None:
        self.ledger.forgotten.append(self.ledger.next())

    def heard(self, name: str, args: tuple[Any, ...]) -> None:
        self.cells.heard(name, args)

    # -- Crosstie works

    def through(self) -> None:
        first, self._crossing = self.ledger.next(), False
        Course.through(self)
        if self._crossing:
            self.ledger.crossings.append((first, self.ledger.next()))

    def tick(self) -> None:
        first, ticks = self.ledger.next(), self.dice.choice((1, 1, 1, TURN))
        ticked = [self.house.tick() for _ in range(ticks)]
        if isinstance(last := ticked[-1], TickReport) and last.complete:
            self.known_from = first
        if all(isinstance(one, TickReport) and one.complete for one in ticked) and ticks == TURN:
            self.ledger.turns.append((first, self.ledger.next()))

    def hold_sessions(self, leases: Sequence[Lease]) -> Sequence[batch.SessionReport]:
        known_from, began = self.known_from, self.ledger.next()
        names = {number: person for person, number in self.house.ids.items()}
        reports = Course.hold_sessions(self, leases)
        last = self.ledger.next()
        calm = self.house.manual.now() - self.troubled >= CALM
        for report in reports:
            if not report.error_code and not report.more:
                self.ledger.looks.append(Look(names[report.mailbox_id], known_from, last, calm, began))
        return reports

    # -- accidents

    def _put_back(self) -> None:
        """Perhaps the whole store, to what it was some sessions ago; then everything is started anew."""
        known_from = self.backup.round_is_over(self.known_from)
        if known_from is None:
            return
        self.known_from = known_from
        self._come_home()  # as the store sees it: that somebody put them into the drop folder is forgotten
        self.luck.count(Accident.RESTORED)
        self.trouble()
        self.house.pass_minutes(self.dice.choice((1, 30, 600)))
        self.hire()

    # -- the end

    def _settle(self) -> None:
        """Bad luck is over, and Crosstie has the time it needs."""
        self.end_of_trouble()
        self.ledger.settled = self.ledger.next()
        for wait in (timedelta(minutes=11), timedelta(minutes=11), timedelta(minutes=11), DAY, CALM, CALM):
            self.house.manual.advance(wait)
            if wait == DAY:
                self.ledger.retried = self.ledger.next()
            self.work(True)
            self._come_home()
        self._notice_deletes()

    def _come_home(self) -> None:
        """Mails that Crosstie moved out of the drop folder lie at home again, for people too."""
        number = self.ledger.next()
        for copy in self.ledger.copies.values():
            if copy.place.last() == DROP:
                box = self.house.box(copy.person)
                message = box.messages.get(copy.number)
                place = box.folders[message.folder].well_known if message else ""
                if place == folk.home(copy) and not is_away(place):
                    copy.place.set(number, place)

    def _rest(self) -> list[str]:
        """Nothing changes any more: nothing is written, and little is asked."""
        late = self.house.world.switches.on(MOVE_ARRIVES_UNSEEN)
        for _ in range(1 + len(PEOPLE)):
            # When a dead cursor is read anew, an arrival comes to light that the vendor kept to itself, and what a
            # session said that died is said as it is. Each mailbox may have its own, at its own time.
            listed = self._listed_anew()
            found = restlessness(self.house)
            if not found or not (late or self._listed_anew() > listed):
                break
            self.rested += 1
        if found and self._is_refused_anew():
            self.retried, found = 1, []
        asked: list[Entry] = []
        for _ in range(TURN):
            self.house.pass_minutes(2)
            asked += self.house.counting(self.house.tick)
        # A session that the vendor ended early costs a refusal that is not metered.
        metered = [one for one in asked if one.path.startswith("/services/data/") and one.status != 401]
        # What an org has not got is asked for again now and then: a description, and the reading it spoiled.
        learned = 2 * sum("GET describe" in one.parts for one in metered)
        if self.house.world.switches.on(STAMPS_MOVE_AT_REST):
            return found  # such an org is never idle
        if len(metered) > TURN + 1 + learned:
            found.append(f"{TURN} idle ticks asked Salesforce {len(metered)} times")
        return found

    def _is_refused_anew(self) -> bool:
        """What is refused is tried again whenever it changes: also when the server gives it another key."""
        moves = map(self.house.world.switches.on, (CHANGE_KEY_MOVES_AT_REST, HTML_MOVES_AT_REST))
        return any(self.ledger.refusing.values[-1:]) and any(moves)

    def _listed_anew(self) -> int:
        return sum(len(several) for several in self.ledger.relisted.values())

    # -- what appears in Salesforce

    def observe(self) -> None:
        """Write down records that are new, as they are now."""
        self.newcomers.notice(self._written_from)
        store = self.house.org.core.store
        mails, tasks = store.table("EmailMessage").rows, store.table("Task").rows
        if len(mails) == self._rows.get("EmailMessage") and len(tasks) == self._rows.get("Task"):
            return
        self._rows = {"EmailMessage": len(mails), "Task": len(tasks)}
        self._besides.update(row.get("ActivityId") for row in mails.values())
        for record_id, row in (*mails.items(), *tasks.items()):
            if record_id in self.ledger.made or record_id in self._besides:
                continue
            told = receipts(self.house, self.ledger, str(row.get("Subject")))
            links = self.house.org.core.pointing("EmailMessageRelation", "EmailMessageId", record_id)
            made = Made(
                record_id,
                str(row.get("Subject")),
                self.ledger.next(),
                self._written_from(row["CreatedDate"]),
                tuple(str(one["RelationId"]) for one in links if one.get("RelationId")),
                str(row.get("WhoId") or ""),
                str(row.get("RelatedToId") or row.get("WhatId") or ""),
                older_receipts=frozenset(copy.item_id for copy in told),
            )
            made.alive.set(made.number, True)
            self.ledger.made[record_id] = made

    def _written_from(self, created: datetime) -> int:
        """What may have been written late rests on what was known earlier, whenever it is found."""
        if created - self.troubled > CALM or not self.ledger.looks:
            return self.known_from
        return min(self.known_from, *(look.first for look in self.ledger.looks[-12:]))
