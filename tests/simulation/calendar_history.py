"""Generated lives of one calendar: appointments are made, edited and deleted on both sides, also while a session
is at work; workers die, hear no answer, stand still. The end is judged by what was meant, field by field.

`python -m tests.simulation.calendar_history FIRST COUNT` lives through COUNT seeds and prints what each did wrong.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.mailboxes.calendar.model import Appointment, Place
from tests.simulation.desk import CALENDAR, Desk
from tests.simulation.effects import Effects, Moment, WorkerDied
from tests.simulation.house import START, House, Make
from tests.simulation.sweep import DEATH_MINUTES, SETTLE_MINUTES, restlessness

ROUNDS = 8
FIELDS = ("subject", "start", "place")
ACCIDENTS = (None, None, Moment.BEFORE, Moment.AFTER, Moment.LOST, Moment.STOPPED)
DELETED_HERE, DELETED_THERE, UNSYNCED = "deleted here", "deleted there", "unsynced"


@dataclass(slots=True)
class Meant:
    """One appointment, known by the name its subject begins with."""

    name: str
    born_here: bool
    said: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    """(side, field) → when, and what a person last wrote there."""
    over: str = ""
    unknowable: bool = False
    """Somebody changed or deleted the other half before a worker that died over making it was followed by one who
    remembers it: without a key, or with nothing left, nobody can tell that it ever was.
    """

    @property
    def tag(self) -> str:
        return f"{self.name} "


class History:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        keyed = self.dice.random() < 0.7
        self.house = House(Make(settings=CALENDAR, syncing=("ada",), keyed=keyed, seed=seed))
        self.house.round()
        self.desk = Desk(self.house)
        self.meant: list[Meant] = []
        self.deeds: Counter[str] = Counter()
        self.struck = self.either = 0
        self.count = 0
        self.busy = False
        self.unheard: set[str] = set()
        """Whose other half was being made when a worker died, or is being made now."""
        self.in_flight: set[str] = set()
        """What was written to Salesforce while a session was: of one field it may be overwritten unseen, as the
        first promise says.
        """

    def live(self) -> list[str]:
        for _ in range(ROUNDS):
            for _ in range(self.dice.randrange(4)):
                self.deed()
            self.work(self.dice.choice((0.1, 2, 2, 5, 11)), accidents=True)
        for _ in range(5):
            self.work(SETTLE_MINUTES, accidents=False)
        return [*self.problems(), *restlessness(self.house)]

    # -- work --------------------------------------------------------------------------------------------
    def work(self, minutes: float, *, accidents: bool) -> None:
        self.house.pass_minutes(minutes)
        moment = self.dice.choice(ACCIDENTS) if accidents else None
        effects = Effects(strike_at=self.dice.randrange(30) if moment else -1, moment=moment or Moment.BEFORE)
        if moment is Moment.STOPPED:
            effects.meanwhile = self._second_worker
        effects.before = self._meanwhile if accidents else None
        self.house.effects, self.house.ports = effects, self.house.new_worker(effects)
        self.unheard |= {one.name for one in self.meant if not self._is_whole(one)}
        try:
            self.house.round()
        except WorkerDied:
            self.house.pass_minutes(DEATH_MINUTES)
        if not effects.struck:
            self.unheard.clear()
        self.struck += effects.struck
        self.house.restart()

    def _is_whole(self, one: Meant) -> bool:
        return bool(self._items(one) and self._records(one))

    def _second_worker(self) -> None:
        """Never within a transaction: one that is taken back takes everything with it in memory."""
        if self.house.effects.depth:
            return
        stopped = self.house.ports
        self.house.pass_minutes(self.dice.choice((0, DEATH_MINUTES)))
        self.house.ports = self.house.new_worker()
        self.house.round()
        self.house.ports = stopped

    def _meanwhile(self, name: str) -> None:
        """A person does something between two effects, but in no transaction of ours."""
        if not self.busy and " /" in name and self.dice.random() < 0.03:
            self.busy = True
            self.deed()
            self.busy = False

    # -- deeds -------------------------------------------------------------------------------------------
    def deed(self) -> None:
        """One of those that are possible now."""
        acts = [
            self._put,
            self._enter,
            *[self._change] * 4,
            *[self._edit] * 4,
            self._delete,
            self._erase,
            self._unsync,
        ]
        act = self.dice.choice(acts)
        if act():
            self.deeds[act.__name__.strip("_")] += 1

    def _new(self, *, here: bool) -> tuple[Meant, datetime]:
        one = Meant(f"{'H' if here else 'T'}{len(self.meant)}", here)
        self.meant.append(one)
        if self.busy:
            self.unheard.add(one.name)
        return one, START + timedelta(days=2 + len(self.meant) % 20, hours=len(self.meant) % 7)

    def _put(self) -> bool:
        one, start = self._new(here=True)
        self.desk.put(self._says(one, "here", "subject"), start)
        one.said["here", "start"] = (self.count, start.isoformat())
        return True

    def _enter(self) -> bool:
        one, start = self._new(here=False)
        self.desk.enter(self._says(one, "there", "subject"), start, minutes=60)
        one.said["there", "start"] = (self.count, start.isoformat())
        return True

    def _change(self) -> bool:
        if not (found := self._item()):
            return False
        one, item = found
        which = self.dice.choice(FIELDS)
        if which == "subject":
            self.desk.change(item, subject=self._says(one, "here", "subject"))
        elif which == "place":
            self.desk.change(item, places=(Place(self._says(one, "here", "place")),))
        else:
            start = self._moment(one, "here")
            self.desk.change(item, start=start, end=start + timedelta(hours=1))
        return True

    def _edit(self) -> bool:
        if not (found := self._record()):
            return False
        one, record_id = found
        self._doubt(one, one.born_here and not self.house.make.keyed)
        which = self.dice.choice(FIELDS)
        if which == "subject":
            self.desk.edit(record_id, Subject=self._says(one, "there", "subject"))
        elif which == "place":
            self.desk.edit(record_id, Location=self._says(one, "there", "place"))
        else:
            self.desk.edit(record_id, StartDateTime=self._moment(one, "there"), DurationInMinutes=60)
        return True

    def _delete(self) -> bool:
        if not (found := self._item()):
            return False
        self._doubt(found[0], not found[0].born_here)
        self.desk.delete(found[1])
        found[0].over = DELETED_HERE
        return True

    def _erase(self) -> bool:
        if not (found := self._record()):
            return False
        self._doubt(found[0], found[0].born_here and not self.house.make.keyed)
        self.desk.erase(found[1])
        found[0].over = DELETED_THERE
        return True

    def _unsync(self) -> bool:
        if not (found := self._item()) or "Salesforce" not in found[1].details.categories:
            return False
        self.desk.change(found[1], categories=("Salesforce", "Salesforce Unsync"))
        found[0].over = UNSYNCED
        return True

    def _doubt(self, one: Meant, can_be: bool) -> None:
        one.unknowable |= can_be and one.name in self.unheard

    def _says(self, one: Meant, side: str, which: str) -> str:
        self.count += 1
        words = f"{one.tag}said {self.count}." if which == "subject" else f"Room {self.count}."
        self._say(one, side, which, words)
        return words

    def _moment(self, one: Meant, side: str) -> datetime:
        self.count += 1
        moment = START + timedelta(days=3, minutes=10 * self.count)
        self._say(one, side, "start", moment.isoformat())
        return moment

    def _say(self, one: Meant, side: str, which: str, words: str) -> None:
        one.said[side, which] = (self.count, words)
        if self.busy and side == "there":
            self.in_flight.add(words)

    def _item(self) -> tuple[Meant, Appointment] | None:
        """One that is there, and of which nobody has had enough."""
        found = [(one, item) for one in self._living() for item in self._items(one)]
        return self.dice.choice(found) if found else None

    def _record(self) -> tuple[Meant, str] | None:
        found = [(one, str(row["Id"])) for one in self._living() for row in self._records(one)]
        return self.dice.choice(found) if found else None

    def _living(self) -> list[Meant]:
        return [one for one in self.meant if not one.over]

    def _items(self, one: Meant) -> list[Appointment]:
        return [item for item in self.desk.there() if item.details.subject.startswith(one.tag)]

    def _records(self, one: Meant) -> list[dict[str, object]]:
        return [row for row in self.desk.events() if str(row["Subject"]).startswith(one.tag)]

    # -- the end -----------------------------------------------------------------------------------------
    def problems(self) -> Iterator[str]:
        notes = self._notes()
        for one in self.meant:
            items, records = self._items(one), self._records(one)
            if one.unknowable:
                self.either += 1
                continue
            wanted = 0 if one.over else 1
            if len(records) != wanted:
                yield f"{one.name} ({one.over or 'alive'}): {len(records)} records instead of {wanted}"
            allowed = {
                "": (1,),
                UNSYNCED: (1,),
                DELETED_HERE: (0,),
                DELETED_THERE: (1,) if one.born_here else (0, 1),
            }
            if len(items) not in allowed[one.over]:
                yield f"{one.name} ({one.over or 'alive'}): {len(items)} items instead of {allowed[one.over]}"
            if one.over and any("Salesforce" in item.details.categories for item in items):
                yield f"{one.name} ({one.over}): its item still has the mark"
            if not one.over and len(items) == len(records) == 1:
                yield from self._of_fields(one, _of_item(items[0]), _of_record(records[0]), notes)
        if sent := self.desk.mails_sent():
            yield f"{len(sent)} mails sent because of a sync"

    def _of_fields(self, one: Meant, item: Sequence[str], record: Sequence[str], notes: str) -> Iterator[str]:
        for which, here, there in zip(FIELDS, item, record, strict=True):
            if here != there:
                yield f"{one.name}: {which} is {here} here and {there} there"
                continue
            said = [one.said[side, which] for side in ("here", "there") if (side, which) in one.said]
            if said and here not in [words for _, words in said]:
                yield f"{one.name}: {which} is {here}, and what was said last is {said}"
            stands = max((when for when, words in said if words == here), default=0)
            for when, words in (pair for pair in said if pair[1] not in self.in_flight):
                if when > stands and words != here and _plain(words) not in notes:
                    yield f"{one.name}: {which} is {here}, and {words}, which was said later, is lost"

    def _notes(self) -> str:
        box = self.house.box("ada")
        folder = box.folder("Salesforce Conflicts")
        found = box.messages_in(folder) if folder else ()
        return "\n".join(f"{one.mail.text or ''}{one.mail.html or ''}" for one in found)


def _plain(words: str) -> str:
    """A note tells a moment in its own way: the time of day is enough to know it by."""
    return words[11:16] if words[4:5] == "-" else words


def _of_item(item: Appointment) -> tuple[str, str, str]:
    details = item.details
    start = details.start.isoformat()
    return details.subject, start, ", ".join(place.name for place in details.places)


def _of_record(row: dict[str, object]) -> tuple[str, str, str]:
    start = row["StartDateTime"]
    assert isinstance(start, datetime)
    return str(row["Subject"]), start.isoformat(), str(row["Location"] or "")


def main(first: int, count: int) -> None:
    deeds: Counter[str] = Counter()
    struck = wrong = either = 0
    for seed in range(first, first + count):
        history = History(seed)
        found = history.live()
        deeds += history.deeds
        struck, either = struck + history.struck, either + history.either
        wrong += bool(found)
        for problem in found:
            print(f"{seed}: {problem}", flush=True)
    print(f"{count} histories, {wrong} not as meant; {struck} accidents, {either} either; {dict(deeds)}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
