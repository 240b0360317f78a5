"""What people do with their calendars, one deed after the other, drawn from the dice and written into the ledger.

All of it goes through the wire but what comes from outside. Each deed answers whether it could be done at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sandbox.mailboxes.calendar import outsiders
from sandbox.mailboxes.calendar.expand import to_local
from sandbox.mailboxes.calendar.model import Appointment, Attendee, Details, Place
from sandbox.mailboxes.model import Person
from tests.simulation.calendar import outlook
from tests.simulation.calendar.ledger import HERE, PLACE, SHOWN, START, SUBJECT, TEXT, End, Kind, Matter
from tests.simulation.calendar.marks import Marker
from tests.simulation.calendar.meaning import MARK
from tests.simulation.letters import NORA, OMAR, PRIYA, QUENTIN, STRANGER

KNOWN = (NORA, OMAR, PRIYA, QUENTIN)
HOUR = timedelta(hours=1)

Deed = Callable[["People"], bool]


@dataclass(slots=True)
class People(Marker):
    # -- new ones

    def puts(self) -> bool:
        """An appointment of one's own."""
        one = self._new(Kind.APPOINTMENT)
        start = self.start()
        body = self._first(one, start, start + HOUR)
        if self.dice.random() < 0.15:
            body |= {"sensitivity": "private"}
            self._hide(one)
        if self.dice.random() < 0.1:
            body |= {"categories": [MARK]}
            self._asked(one)
        self.outlook.create(self.office.box(one.host), body)
        return True

    def takes_a_day(self) -> bool:
        one = self._new(Kind.APPOINTMENT)
        start = self.start().date()
        self.outlook.create(self.office.box(one.host), self._first(one, start, start + timedelta(days=1)))
        return True

    def meets(self) -> bool:
        """A meeting with colleagues and people outside."""
        one = self._new(Kind.MEETING)
        start = self.start()
        body = self._first(one, start, start + HOUR) | outlook.guests(self._guests(one.host))
        self.outlook.create(self.office.box(one.host), body)
        return True

    def repeats(self) -> bool:
        one = self._new(Kind.SERIES)
        start = self.start(soon=True)
        body = self._first(one, start, start + HOUR) | outlook.daily(start.date(), self.dice.randint(2, 4))
        self.outlook.create(self.office.box(one.host), body)
        return True

    def invited_from_outside(self) -> bool:
        """Somebody outside invites some of us."""
        one = self._new(Kind.OUTSIDE)
        organizer = self.dice.choice((*KNOWN, STRANGER))
        others = [one_ for one_ in self._colleagues() if one_ != self._address(one.host)]
        invited = [self._address(one.host), *self.dice.sample(others, self.dice.choice((0, 1, 2)))]
        start = self.start()
        details = Details(
            subject=f"{one.tag}said {self._say(one, HERE, SUBJECT)}.",
            start=start,
            end=start + HOUR,
            attendees=tuple(Attendee(Person(each)) for each in invited),
        )
        self._say_start(one, HERE, start, start + HOUR)
        with self.office.wire.unharmed():
            outsiders.invite(self.office.house.world.mailboxes, Person(organizer), details)
        return True

    # -- edits

    def edits(self) -> bool:
        """Some field of one's own item, or of one that came from Salesforce."""
        if not (found := self._own()):
            return False
        one, item = found
        one.edited_late = True
        return self._edit(one, item, self.dice.choice((SUBJECT, START, PLACE, TEXT, SHOWN, SUBJECT, START)))

    def edits_what_is_private(self) -> bool:
        """What is said of it now is nobody's business."""
        found = [
            (one, item)
            for one in self.living(Kind.APPOINTMENT, Kind.MEETING, Kind.EVENT)
            if one.private is not None
            for item in self.office.items(one)
        ]
        if not found:
            return False
        one, item = self.dice.choice(found)
        one.edited_late = True
        return self._edit(one, item, self.dice.choice((SUBJECT, PLACE)))

    def moves(self) -> bool:
        if not (found := self._own()):
            return False
        found[0].edited_late = True
        return self._edit(*found, START)

    def edits_what_is_on_its_way(self) -> bool:
        """The very field that is about to be written, or that was just read."""
        if not (found := self.on_its_way()):
            return False
        one, item, _, name = self.dice.choice(found)
        one.edited_late = True
        return self._edit(one, item, name)

    def edits_beside_what_is_on_its_way(self) -> bool:
        """Another field of an item that is about to be written."""
        if not (found := self.on_its_way()):
            return False
        one, item, _, name = self.dice.choice(found)
        one.edited_late = True
        return self._edit(one, item, self.dice.choice([each for each in (SUBJECT, START, PLACE) if each != name]))

    def _edit(self, one: Matter, item: Appointment, name: str) -> bool:
        if name == START and item.rule is not None:
            return False
        self.ledger.deed(f"{one.host} edits {name} of {one.name}")
        self._change(one.host, item, self._written(one, item, name))
        return True

    def _written(self, one: Matter, item: Appointment, name: str) -> dict[str, Any]:
        if name == START:
            start: datetime | date = self.start()
            start = start.date() if item.details.all_day and isinstance(start, datetime) else start
            end = start + (timedelta(days=1) if item.details.all_day else self.dice.choice((HOUR, 2 * HOUR)))
            self._say_start(one, HERE, start, end)
            return outlook.times(start, end)
        words = self.words(one, name)
        self.ledger.say(one, HERE, name, words)
        if name == SUBJECT:
            return {"subject": words}
        if name == SHOWN:
            return {"showAs": words}
        return outlook.place(words) if name == PLACE else outlook.text(words)

    def outsider_changes(self) -> bool:
        """Whoever organizes a meeting outside sends another time or name."""
        found = [(one, item) for one in self.living(Kind.OUTSIDE) for item in self._items(one)]
        if not found:
            return False
        one, item = self.dice.choice(found)
        if item.details.cancelled:
            return False
        self.ledger.deed(f"the organizer changes {one.name}")
        name, start = self.dice.choice((SUBJECT, PLACE, START)), self.start()
        if name == START:
            self._say_start(one, HERE, start, start + HOUR)
            changes: dict[str, Any] = {"start": start, "end": start + HOUR}
        elif name == PLACE:
            changes = {"places": (Place(f"Room {self._say(one, HERE, PLACE)}."),)}
        else:
            changes = {"subject": f"{one.tag}said {self._say(one, HERE, SUBJECT)}."}
        with self.office.wire.unharmed():
            outsiders.change(self.office.house.world.mailboxes, item, changes)
        return True

    def changes_a_day(self) -> bool:
        """One occurrence of a series."""
        return self._one_day(self._another_name)

    def drops_a_day(self) -> bool:
        return self._one_day(self._without)

    def _one_day(self, act: Callable[[Matter, Appointment, date], object]) -> bool:
        found = [(one, item) for one in self.living(Kind.SERIES) for item in self.office.items(one)]
        if not found:
            return False
        one, item = self.dice.choice(found)
        zone = item.rule.zone if item.rule else "UTC"
        days = [to_local(item.details.start, zone).date() + timedelta(days=number) for number in range(4)]
        act(one, item, self.dice.choice(days))
        self.ledger.deed(f"{one.host} changes a day of {one.name}")
        return True

    def _without(self, one: Matter, item: Appointment, day: date) -> None:
        """A series goes with the last of its days."""
        self.outlook.delete(self.office.box(one.host), item, day)
        if all(each.number != item.number for each in self.office.items(one)):
            self.ledger.removed.add((one.host, item.number))
            one.over = End.DELETED_HERE

    def _another_name(self, one: Matter, item: Appointment, day: date) -> None:
        body = {"subject": f"{one.tag}said {self.ledger.number + 1}."}
        self.outlook.change(self.office.box(one.host), item, body, day)

    # -- who is on it

    def invites(self) -> bool:
        """Somebody more, be it to a meeting or to what was an appointment."""
        if not (found := self._own(Kind.APPOINTMENT, Kind.MEETING, Kind.EVENT)):
            return False
        one, item = found
        there = [each.person.address for each in item.details.attendees]
        more = [each for each in (*KNOWN, STRANGER, *self._colleagues()) if each not in there]
        more = [each for each in more if each != self._address(one.host)]
        if not item.is_organizer or item.details.all_day:
            return False
        chosen = self.dice.choice(more)
        self.ledger.deed(f"{one.host} invites {chosen} to {one.name}")
        one.barred, one.edited_late = True, True
        self._change(one.host, item, outlook.guests([*there, chosen]))
        return True

    def disinvites(self) -> bool:
        if not (found := self._own(Kind.MEETING)):
            return False
        one, item = found
        there = [each.person.address for each in item.details.attendees]
        if len(there) < 2 or not item.is_organizer:
            return False
        gone = self.dice.choice(there)
        self.ledger.deed(f"{one.host} disinvites {gone} from {one.name}")
        self._change(one.host, item, outlook.guests(each for each in there if each != gone))
        one.edited_late = True
        self._withdrawn(one, gone)
        return True

    def answers(self) -> bool:
        """An invitation, from a colleague or from outside."""
        found = [
            (one, person, item)
            for one in self.living(Kind.MEETING, Kind.OUTSIDE)
            for person in self.office.house.ids
            for item in self.office.items(one, person)
            if not item.is_organizer and not item.details.cancelled
        ]
        if not found:
            return False
        unanswered = [each for each in found if each[2].details.answer.response in ("none", "notResponded")]
        one, person, item = self.dice.choice(unanswered or found)
        verb = self.dice.choices(("accept", "tentativelyAccept", "decline"), (7, 2, 1))[0]
        self.ledger.deed(f"{person} answers {one.name}: {verb}")
        self.outlook.answer(self.office.box(person), item, verb)
        if verb == "decline":
            self._goes_without(one, person, item)
        return True

    # -- away with it

    def deletes(self) -> bool:
        found = [
            (one, item)
            for one in self.ledger.living()
            if one.kind is not Kind.OUTSIDE
            for item in self.office.items(one)
        ]
        if not found:
            return False
        one, item = self.dice.choice(found)
        self.ledger.deed(f"{one.host} deletes {one.name}")
        if not one.born_here and self.is_in_doubt(one):
            one.doubt = "deleted while nobody knew yet that it had been made"
        self.ledger.removed.add((one.host, item.number))
        self.outlook.delete(self.office.box(one.host), item)
        one.over = End.DELETED_HERE
        return True

    def deletes_what_is_parted(self) -> bool:
        """An item that is not kept in step any more; or it gets another name, which interests nobody."""
        found = [
            (one, item)
            for one in self.ledger.matters
            if one.over in (End.UNSYNCED, End.DELETED_THERE) and one.born_here and one.kind is not Kind.OUTSIDE
            for item in self.office.items(one)
        ]
        if not found:
            return False
        one, item = self.dice.choice(found)
        if self.dice.random() < 0.6:
            self.ledger.deed(f"{one.host} renames {one.name}, which is out of Salesforce")
            self._change(one.host, item, {"subject": f"{one.tag}said {self._say(one, HERE, SUBJECT)}."})
            return True
        self.ledger.deed(f"{one.host} deletes {one.name}, which was out of Salesforce")
        self.ledger.removed.add((one.host, item.number))
        self.outlook.delete(self.office.box(one.host), item)
        return True

    def calls_off(self) -> bool:
        found = [
            (one, item)
            for one in self.living(Kind.MEETING)
            for item in self.office.items(one)
            if item.is_organizer and item.details.attendees
        ]
        if not found:
            return False
        one, item = self.dice.choice(found)
        self.ledger.deed(f"{one.host} calls {one.name} off")
        self.ledger.removed.add((one.host, item.number))
        self.outlook.call_off(self.office.box(one.host), item)
        one.over = End.CANCELLED
        return True

    def outsider_calls_off(self) -> bool:
        found = [(one, item) for one in self.living(Kind.OUTSIDE) for item in self._items(one)]
        if not found:
            return False
        one, item = self.dice.choice(found)
        self.ledger.deed(f"the organizer calls {one.name} off")
        with self.office.wire.unharmed():
            outsiders.call_off(self.office.house.world.mailboxes, item)
        one.over = End.CANCELLED
        return True

    def deletes_a_copy(self) -> bool:
        """Of somebody else's meeting."""
        found = [
            (one, person, item)
            for one in self.living(Kind.MEETING, Kind.OUTSIDE)
            for person in self.office.house.ids
            for item in self.office.items(one, person)
            if not item.is_organizer
        ]
        if not found:
            return False
        one, person, item = self.dice.choice(found)
        self.ledger.deed(f"{person} deletes the own copy of {one.name}")
        self._goes_without(one, person, item)
        self.outlook.delete(self.office.box(person), item)
        return True

    def _goes_without(self, one: Matter, person: str, item: Appointment) -> None:
        self.ledger.removed.add((person, item.number))
        if one.kind is Kind.OUTSIDE:
            one.doubt = one.doubt or "one of several had enough of a meeting from outside"

    def _withdrawn(self, one: Matter, address: str) -> None:
        """The vendor may take away what a colleague had of it."""
        person = address.partition("@")[0]
        if person in self.office.house.ids:
            self.ledger.removed |= {(person, item.number) for item in self.office.items(one, person)}

    # -- helpers

    def _new(self, kind: Kind) -> Matter:
        host = self.dice.choice(sorted(self.office.house.ids))
        number = self.ledger.deed(f"{host} has a new {kind}: M{len(self.ledger.matters)}")
        one = Matter(f"M{len(self.ledger.matters)}", kind, host, number)
        self.ledger.matters.append(one)
        if self.office.meanwhile:
            self.ledger.unheard.add(one.name)  # the session under way may save it yet, and die
        one.barred = kind in (Kind.MEETING, Kind.OUTSIDE)
        return one

    def _first(self, one: Matter, start: datetime | date, end: datetime | date) -> dict[str, Any]:
        self._say(one, HERE, SUBJECT)
        body: dict[str, Any] = {"subject": f"{one.tag}said {self.ledger.number}."}
        self._say_start(one, HERE, start, end)
        if self.dice.random() < 0.3:
            words = self.words(one, PLACE)
            self.ledger.say(one, HERE, PLACE, words)
            body |= outlook.place(words)
        return body | outlook.times(start, end)

    def _say(self, one: Matter, side: str, name: str) -> int:
        """A word that nobody said before; its number."""
        self.ledger.number += 1
        number = self.ledger.number
        words = f"{one.tag}said {number}." if name == SUBJECT else f"Room {number}."
        self.ledger.say(one, side, name, words)
        return number

    def _say_start(self, one: Matter, side: str, start: datetime | date, end: datetime | date) -> None:
        self.ledger.number += 1
        self.ledger.say(one, side, START, f"{start.isoformat()}/{end.isoformat()}")

    def _guests(self, host: str) -> list[str]:
        colleagues = [one for one in self._colleagues() if one != self._address(host)]
        inside = self.dice.sample(colleagues, self.dice.choice((0, 1, 1, 2)))
        outside = self.dice.sample((*KNOWN, STRANGER), self.dice.choice((0, 1, 1, 2)))
        return [*inside, *outside] or [NORA]


DEEDS: tuple[tuple[int, Deed], ...] = (
    (14, People.puts), (3, People.takes_a_day), (12, People.meets), (5, People.repeats),
    (7, People.invited_from_outside), (26, People.edits), (8, People.moves), (5, People.outsider_changes),
    (4, People.changes_a_day), (5, People.drops_a_day), (5, People.invites), (3, People.disinvites),
    (12, People.answers), (6, People.marks), (6, People.unsyncs), (5, People.takes_the_mark_off),
    (5, People.colours), (4, People.hides), (5, People.edits_what_is_private),
    (8, People.deletes), (4, People.deletes_what_is_parted),
    (4, People.calls_off), (2, People.outsider_calls_off), (4, People.deletes_a_copy),
)  # fmt: skip
"""How often each is tried, and what."""
MEANWHILE: tuple[tuple[int, Deed], ...] = ((30, People.edits_what_is_on_its_way),)
"""Beside those, while a session is at work."""
