"""A generated history of calendars: three colleagues and their meetings, and Crosstie at work amid accidents."""

import random
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from crosstie.domain.mailboxes import Lease
from crosstie.engine import batch
from crosstie.engine.tick import TickReport
from crosstie.ports.journal import Status
from crosstie.store.memory.world import MemoryOrg
from tests.simulation.accidents import Luck
from tests.simulation.calendar import clerks, people
from tests.simulation.calendar.cells import counted
from tests.simulation.calendar.clerks import Clerks
from tests.simulation.calendar.judge import Judge
from tests.simulation.calendar.ledger import START, UNKNOWN, UNREAD, End, Kind, Ledger, Matter
from tests.simulation.calendar.luck import FAULTS, TARGETS, WEIGHTS, WRITE
from tests.simulation.calendar.makes import STATUS, make_of
from tests.simulation.calendar.meaning import NEVER, Wanted, of_event, of_item, within
from tests.simulation.calendar.office import Office
from tests.simulation.calendar.outlook import Outlook
from tests.simulation.calendar.people import People
from tests.simulation.calendar.said import said_by_record
from tests.simulation.course import CALM, DAY, Course, Outcome
from tests.simulation.effects import WorkerDied
from tests.simulation.house import House
from tests.simulation.leases import Leases
from tests.simulation.makes import PEOPLE
from tests.simulation.sweep import SETTLE_MINUTES, restlessness
from tests.simulation.wire import Refusal, Wire

ROUNDS, EDITS, MOST = 4, 24, 24
"""At least; a history goes on until so many deeds were done."""
AGAIN, ATTEMPTS = 0.9, 24
"""How often one accident is followed by the next at once, and by how many."""
JUST_BEFORE = 0.15
"""How often somebody does something within the second of a tick."""
LAST_MOMENT = 0.25
"""How often somebody changes what is about to be written, once it is known what will be."""
ONCE_MORE = 0.3
"""How often what was edited just now is edited again in the same second, once it was read."""
ALONE = 0.25
"""How often whoever follows a worker that died is a new process as well."""
TALKS = (0.0, 0.01, 0.03, 0.06)
WAITS = (1, 2, 2, 5, 12, 31)
LONG_WAITS = (60 * 25, 60 * 24 * 6)
QUIET_BY = 3
"""Sessions after the last one in which nothing may be left to do."""
SETTLE = timedelta(minutes=SETTLE_MINUTES)
PATIENCE = timedelta(days=2)
"""How long an organizer is waited for at least."""
Deeds = Sequence[tuple[int, Callable[[], bool]]]
SETTLING = (SETTLE, SETTLE, CALM, DAY, CALM, CALM)


@dataclass(slots=True)
class History(Course):
    office: Office = field(init=False)
    people: People = field(init=False)
    clerks: Clerks = field(init=False)
    hits: Counter[str] = field(default_factory=Counter)
    deeds: Deeds = field(init=False)
    deeds_meanwhile: Deeds = field(init=False)
    deeds_after_a_death: Deeds = field(init=False)
    deeds_just_before: Deeds = field(init=False)
    deeds_at_the_last_moment: Deeds = field(init=False)
    unnoted: list[str] = field(default_factory=list)
    """Writes that began before the journal knew of them."""
    sending: bool = False
    """The journal was told what is about to be written, and nothing was sent yet."""
    first_seen: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(f"calendars {self.seed}")
        self.talks = TALKS
        self.house = House(replace(make_of(self.seed, self.dice), on_database=self.on_database, threads=True))
        self.house.org.core.add_field("Event", STATUS)
        self.luck = Luck(self.dice, self.house.make.keyed, FAULTS, TARGETS, WEIGHTS)
        self.leases = Leases(self.house)
        wire, ledger = Wire(self.house.app, self.house.company), Ledger()
        self.office = Office(self.house, wire, ledger, self.dice)
        self.people, self.clerks = People(self.office, Outlook(wire)), Clerks(self.office)
        usual = [(weight, partial(act, self.people)) for weight, act in people.DEEDS]
        unsighted = () if self.house.make.sees_all else clerks.UNSIGHTED
        by_clerks = (*clerks.DEEDS, *unsighted)
        self.deeds = [*usual, *((weight, partial(act, self.clerks)) for weight, act in by_clerks)]
        between = [(weight, partial(act, self.people)) for weight, act in people.MEANWHILE]
        between += [(weight, partial(act, self.clerks)) for weight, act in clerks.MEANWHILE]
        self.deeds_meanwhile = [*self.deeds, *between]
        self.deeds_just_before = [*self.deeds, (60, self.clerks.edits)]
        self.deeds_at_the_last_moment = [*between, (30, self.people.colours_what_goes)]
        after = [(weight, partial(act, self.clerks)) for weight, act in clerks.AFTER_A_DEATH]
        self.deeds_after_a_death = [*usual, *((4 * weight, act) for weight, act in after)]
        self.troubled = self.house.manual.now()
        ledger.settings = dict.fromkeys(PEOPLE, self.house.make.settings)
        ledger.updates.add(self.house.make.settings.events_meeting_updates)
        ledger.vacates = bool(self.house.make.settings.events_unsync)
        self.house.round()
        self.hire()

    @property
    def ledger(self) -> Ledger:
        return self.office.ledger

    def live(self) -> Outcome:
        with counted(self.hits):
            return self._live()

    def _live(self) -> Outcome:
        rounds = 0
        while rounds < ROUNDS or (len(self.ledger.deeds) < EDITS and rounds < MOST):
            rounds += 1
            for _ in range(self.dice.choice((1, 2, 3, 4))):
                self.deed()
            self.round()
        self._settle()
        judge = Judge(self.office)
        found = self.leases.late + self.unnoted + judge.problems() or self._restlessness()
        return self.outcome(
            found,
            deeds=len(self.ledger.deeds),
            matters=len(self.ledger.matters),
            records=sum(not row.get("IsChild") for row in self.house.org.core.store.table("Event").rows.values()),
            overwritten=judge.overwritten,
            compared=judge.compared,
            cells=self.hits,
            either=judge.either,
        )

    def _restlessness(self) -> list[str]:
        """What enters the days that are kept in step at the last moment takes some sessions: one person waits for
        another, and what was written is seen once more.
        """
        for _ in range(QUIET_BY):
            if not (found := restlessness(self.house)):
                break
        return found

    # -- people

    def deed(self, *, during: bool = False) -> None:
        """One that is possible now; while a session is at work, `meanwhile`."""
        self._act(during, self.deeds_meanwhile if during else self.deeds)

    def mourn(self) -> None:
        self._act(False, self.deeds_after_a_death)

    def _act(self, during: bool, deeds: Deeds) -> None:
        self._busy, self.office.meanwhile = True, during
        try:
            for _ in range(6):
                if self._settings_move(during) or self._do(deeds):
                    break
        finally:
            self._busy = self.office.meanwhile = False
        self.look()

    def _settings_move(self, during: bool) -> bool:
        can_be = not self.snapshot and not (during and self.house.effects.depth)
        return can_be and self.dice.random() < 0.03 and self.clerks.sets()

    def _do(self, deeds: Deeds) -> bool:
        act = self.dice.choices([one for _, one in deeds], [weight for weight, _ in deeds])[0]
        try:
            return act()
        except Refusal:  # the vendor has its reasons, and the person does something else
            return False

    # -- Crosstie works

    def is_alone(self) -> bool:
        return self.dice.random() < ALONE

    def _before_effect(self, name: str) -> None:
        """A write is where most can go wrong, and where people come between most easily."""
        if self._busy:
            return
        if self.sending and " /" in name and "oauth2" not in name:
            self.sending, name = False, f"{name} {WRITE}"
            self._is_noted(name)
            if self._talk and self.dice.random() < LAST_MOMENT:
                self._act(True, self.deeds_at_the_last_moment)
        elif (
            name == "states.save_position" and self.clerks.is_within_the_second and self.dice.random() < ONCE_MORE
        ):
            self._act(True, [(1, self.clerks.edits_within_the_second)])
        Course._before_effect(self, name)

    def hire(self) -> None:
        Course.hire(self)
        self.sending, self.house.effects.done = False, self._done

    def _done(self, name: str, args: tuple[Any, ...]) -> None:
        if name.startswith("journal."):
            self.sending = name == "journal.send"  # what has ended is not written any more
        self.leases.done(name, args)

    def _is_noted(self, name: str) -> None:
        """Whoever dies over a write finds in the journal that it had begun."""
        store = self.house.store
        rows = store.journal.values() if isinstance(store, MemoryOrg) else ()
        if isinstance(store, MemoryOrg) and not any(row.entry.status is Status.SENT for row in rows):
            self.unnoted.append(f"{name} began, and the journal did not know of it")

    def wait(self) -> None:
        long = self.dice.random() < 0.06
        self.house.pass_minutes(self.dice.choice(LONG_WAITS if long else WAITS))
        self.look()

    def through(self) -> None:
        """Session after session, each with an accident of its own, until one is left alone."""
        for _ in range(ATTEMPTS):
            try:
                self.work(self.dice.random() < 0.4, deeds=self.dice.choice((0, 0, 0, 1)))
            except WorkerDied:
                self.bury()
            self.look()
            if self.dice.random() > AGAIN:
                break
            self.bring_bad_luck()
            self.house.pass_minutes(self.dice.choice((0, 1, 2)))

    def tick(self) -> None:
        """What is done just before it has the stamp of what is done just after it."""
        if not self._busy and self.dice.random() < JUST_BEFORE:
            self._act(False, self.deeds_just_before)
        began, shown = self.house.manual.now(), self._shown()
        ticked = self.house.tick()
        if isinstance(ticked, TickReport) and ticked.complete:
            self._note_unread()
            still = self._shown()
            self.ledger.read |= {one: at for one, at in shown.items() if still.get(one) == at < began}

    def _shown(self) -> dict[str, datetime]:
        """Id of an Event that is shown → its version."""
        return {row["Id"]: row["SystemModstamp"] for row in self.office.events() if self.office.is_shown(row)}

    def _note_unread(self) -> None:
        """What nobody was shown meanwhile, whoever or whatever hides it. When it was written its stamp does not
        tell: a transaction may end long after it.
        """
        for one in self.ledger.matters:
            for row in self.office.records(one):
                if not self.office.is_shown(row) and self.ledger.read.get(row["Id"]) != row["SystemModstamp"]:
                    one.note_doubt(UNREAD, said_by_record(row)[START])

    def hold_sessions(self, leases: Sequence[Lease]) -> Sequence[batch.SessionReport]:
        befallen, number, self.sending = self._befallen(), self.ledger.number, False
        sought = self._sought()
        self._note_unseen()
        try:
            reports = Course.hold_sessions(self, leases)
        except WorkerDied:
            self.ledger.unsure |= self.ledger.unheard
            raise
        finally:
            self._note_unseen()
        whose = {number: person for person, number in self.house.ids.items()}
        done = {whose[one.mailbox_id] for one in reports if not one.error_code and not one.more}
        if self._befallen() == befallen and self.house.world.faults.quiet and not self.house.world.unfinished:
            heard = {one.name for one in self.ledger.matters if one.host in done and self.office.is_whole(one)}
            heard -= self.ledger.begun.keys() - sought
            self.ledger.begun = {name: at for name, at in self.ledger.begun.items() if name not in heard}
            self.ledger.unheard -= heard
            self.ledger.unmarked -= {one.name for one in self.ledger.matters if one.host in done}
            self.ledger.forgotten -= heard
            if self.ledger.number == number:
                self._carried_over(heard)
        else:
            self.ledger.unsure |= self.ledger.unheard
        self.look()
        return reports

    def _sought(self) -> set[str]:
        """What is unheard of and is looked for in a session that begins now; what is not there it may make, and of
        what is over it may take the mark off.
        """
        now, ledger = self.office.now, self.ledger
        ledger.unheard |= {one.name for one in ledger.living() if not self.office.is_whole(one)}
        ledger.unmarked |= {one.name for one in ledger.matters if one.over and self.people.is_marked(one)}
        for one in ledger.matters:
            if one.name in ledger.unheard and self.office.is_whole(one):
                ledger.begun.setdefault(one.name, now)
        is_keyed = self.house.make.keyed
        return {name for name, since in ledger.begun.items() if is_keyed or now - since > SETTLE}

    def _note_unseen(self) -> None:
        """Without keys what was begun is found by what it says, if that is shown."""
        if self.house.make.keyed:
            return
        for one in self.ledger.matters:
            for row in self.office.records(one) if one.name in self.ledger.begun else ():
                if not self.office.is_shown(row):
                    one.note_doubt(UNREAD, said_by_record(row)[START])

    def _carried_over(self, heard: Collection[str]) -> None:
        """What both halves say was edited before all that is still to come."""
        open_ones = {one.name for one, *_ in self.people.on_its_way()}
        for one in self.ledger.living():
            if one.name in heard and one.name not in open_ones and one.is_single and one.private is None:
                one.edited_late = False

    def _befallen(self) -> object:
        """Moves with every answer that a session did not hear."""
        faults = self.house.world.faults
        return dict(self.luck.struck), len(faults.waiting), faults.luck is None

    def observe(self) -> None:
        """The vendors tell in the end."""

    def forget(self) -> None:
        """What was made since is unheard of, whoever made it."""
        self.ledger.unheard |= {one.name for one in self.ledger.matters}
        self.ledger.unsure |= self.ledger.unheard
        self.ledger.forgotten |= {one.name for one in self.ledger.matters if self._was_made_since(one)}
        for one in self.ledger.living():
            one.edited_late = True  # whoever does not know what an item was made to say takes it for edited

    def _was_made_since(self, one: Matter) -> bool:
        return any(row["CreatedDate"] >= self.kept_until for row in self.office.records(one))

    def heard(self, name: str, args: tuple[Any, ...]) -> None:
        """Cells are counted where they are decided."""

    # -- what the rules want now

    def _look_for_others(self, one: Matter) -> None:
        """Who organizes a meeting saves it: for two days colleagues wait for that."""
        seen = self.first_seen.setdefault(one.name, self.office.now)
        owners = {row["OwnerId"] for row in self.office.records(one)}
        if self.office.now - seen < PATIENCE and owners - {self.office.user(one.host)}:
            self.ledger.others.add(one.name)

    def look(self) -> None:
        for person in self.house.ids:
            for item in self.office.calendar(person):
                one = self.ledger.of(item.details.subject)
                if one is None or not one.born_here or one.doubt == UNKNOWN:
                    continue  # it may be a copy of what nobody knew again, and go as it came
                if (person, item.number) not in self.ledger.seen:
                    self.ledger.seen[person, item.number] = one
        for one in self.ledger.living():
            if one.kind is Kind.MEETING:
                self._look_for_others(one)
            wanted = self._wanted(one)
            one.strayed |= one.ever_wanted and not wanted.within
            one.ever_wanted |= wanted.perhaps
            one.uncalled_for |= not (one.born_here or one.ever_wanted) and bool(self.office.items(one))
            if not wanted.surely:
                one.wanted_since = None
            elif one.wanted_since is None:
                one.wanted_since = self.ledger.number
            if wanted.perhaps:
                one.unwanted_since = None
            elif one.unwanted_since is None:
                one.unwanted_since = self.ledger.number
        for one in self.ledger.matters:
            if one.over is End.DELETED_THERE:  # what is made again is so while it is in the window
                one.strayed |= one.ever_wanted and not self._wanted(one).within

    def _wanted(self, one: Matter) -> Wanted:
        now = self.office.now
        if not one.born_here:
            rows = self.office.records(one)
            settings = self.ledger.settings[one.host]
            if not rows:
                return NEVER
            start, end = rows[0]["StartDateTime"], rows[0]["EndDateTime"]
            wanted = of_event(start, end, settings, now, vacated=one.vacated)
            items = self.office.items(one, one.host)  # what was barred from moving is still where it was
            inside = all(within(item.details.start, item.details.end, settings, now).within for item in items)
            return replace(wanted, within=wanted.within and inside)
        found = [
            of_item(item, item.details, self.ledger.settings[person], now, asked=one.asked)
            for person in (self.house.ids if one.kind is Kind.OUTSIDE else (one.host,))
            for item in self.office.items(one, person)
        ]
        surely, perhaps = any(each.surely for each in found), any(each.perhaps for each in found)
        return Wanted(surely, perhaps, all(each.within for each in found))

    # -- the end

    def _settle(self) -> None:
        """Bad luck is over, and Crosstie has the time it needs."""
        self.end_of_trouble()
        self._busy = True  # nobody does anything any more
        self.clerks.keeps_calendars()
        self.house.world.switches.turn("salesforce.sharing_flickers", False)
        for row in self.office.events():
            self.office.show(row)
        self.look()
        self.ledger.settled = self.ledger.number
        for wait in SETTLING:
            self.house.manual.advance(wait)
            self.look()
            self.work(True)
            self.look()
