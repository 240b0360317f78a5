"""What people do with Events in Salesforce, and with the settings, written into the ledger."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from crosstie.domain.settings import MeetingUpdates, PrivateEvents, Wins
from sandbox.salesforce.records import Row
from tests.simulation.calendar.hand import Hand
from tests.simulation.calendar.ledger import (
    FORGOTTEN,
    PLACE,
    SHOWN,
    START,
    SUBJECT,
    TEXT,
    THERE,
    UNKNOWN,
    UNSTAMPED,
    End,
    Kind,
    Matter,
)  # fmt: skip
from tests.simulation.calendar.makes import STATUS, VACATED
from tests.simulation.calendar.said import said_by_record

NAMES = {"free": "Free", "busy": "Busy", "oof": "OutOfOffice"}
COLUMNS = {SUBJECT: "Subject", PLACE: "Location", TEXT: "Description"}
SETTINGS: dict[str, tuple[Any, ...]] = {
    "events_conflicts": tuple(Wins),
    "events_meeting_updates": tuple(MeetingUpdates),
    "events_private": (PrivateEvents.OFF, PrivateEvents.SAVE),
    "events_appointments": (True, True, False),
    "events_meetings": (True, True, False),
    "events_down": (True, True, False),
    "events_internal": (True, False),
    "events_unanswered": (True, False),
    "events_save_unlinked": (True, False),
    "events_safe_description": (True, False),
}
"""What an administrator changes midway, and to what."""
SAME_SECOND = timedelta(seconds=10)
"""Within which a stamp that says the same is looked at once more."""
OUT_OF_SIGHT = (3, 20, 90, 60 * 30, 60 * 24 * 5)
"""Minutes for which an Event is not shown."""

Deed = Callable[["Clerks"], bool]


@dataclass(slots=True)
class Clerks(Hand):
    last: tuple[datetime, Matter, str] | None = None
    """When something was edited last, what, and which field of it."""

    def enters(self) -> bool:
        """Somebody makes an Event for a person."""
        host = self.dice.choice(sorted(self.office.house.ids))
        one = Matter(f"M{len(self.ledger.matters)}", Kind.EVENT, host, self.ledger.number)
        self.ledger.matters.append(one)
        self.ledger.deed(f"{one.name} is made in Salesforce for {host}")
        if self.office.meanwhile:
            self.ledger.unheard.add(one.name)
        start = self.start()
        values = {"Subject": self._named(one, SUBJECT), **self._times(one, start)}
        if self.dice.random() < 0.3:
            values["Location"] = self._named(one, PLACE)
        self.office.wire.insert("Event", OwnerId=self.office.user(host), **values)
        return True

    def edits(self) -> bool:
        return self._edits(self.dice.choice((SUBJECT, START, PLACE, TEXT, SHOWN, SUBJECT, START)))

    def _edits(self, name: str) -> bool:
        if not (found := self._any()):
            return False
        return self._edit(*found, name)

    def _edit(self, one: Matter, row: Row, name: str) -> bool:
        if name == START and (row["IsAllDayEvent"] or one.kind is Kind.SERIES):
            return False
        self.ledger.deed(f"{name} of {one.name} is edited in Salesforce")
        self._note_doubt(one, deletes=False)
        stamp = row["SystemModstamp"]
        self._update(row, **self._written(one, name))
        if self.office.stamp(row) == stamp and self.office.now - stamp > SAME_SECOND:
            one.note_doubt(UNSTAMPED, said_by_record(row)[START])
        self.last = (self.office.now, one, name)
        return True

    def edits_what_is_on_its_way(self) -> bool:
        """The very field that is about to be written, or that was just read."""
        if not (found := self.on_its_way()):
            return False
        one, _, row, name = self.dice.choice(found)
        return self._edit(one, row, name)

    def edits_within_the_second(self) -> bool:
        """What was edited just now: both edits have the same stamp."""
        if self.last is None or not self.is_within_the_second:
            return False
        _, one, name = self.last
        rows = self.office.records(one)
        return bool(rows) and self._edit(one, rows[0], name)

    @property
    def is_within_the_second(self) -> bool:
        return self.last is not None and self.last[0] == self.office.now and self.last[1].over is None

    def puts_off(self) -> bool:
        """To where the days end that are kept in step, or behind them."""
        found = [(one, row) for one in self.living(Kind.EVENT) for row in self.office.records(one)]
        if not found:
            return False
        one, row = self.dice.choice(found)
        self.ledger.deed(f"{one.name} is put off in Salesforce")
        self._note_doubt(one, deletes=False)
        self._update(row, **self._times(one, self.edge()))
        return True

    def edits_two(self) -> bool:
        """Two fields of one Event, one after the other."""
        return self._edits(SUBJECT) and self._edits(PLACE)

    def _written(self, one: Matter, name: str) -> dict[str, Any]:
        if name == START:
            return self._times(one, self.start())
        if name == SHOWN:
            return {"ShowAs": NAMES[self._named(one, SHOWN)]}
        return {COLUMNS[name]: self._named(one, name)}

    def erases(self) -> bool:
        if not (found := self._any()):
            return False
        one, row = found
        self.ledger.deed(f"an Event of {one.name} is deleted in Salesforce")
        self._note_doubt(one)
        self._remove(row)
        if one.kind is Kind.SERIES:
            one.out.add(said_by_record(row)[START])
        else:
            one.over = End.DELETED_THERE
        return True

    def erases_what_was_just_made(self) -> bool:
        """Or edits it, before whoever made it has said so."""
        fresh = [one for one in self.ledger.living() if one.name in self.ledger.unheard and one.is_single]
        rows = [(one, row) for one in fresh for row in self.office.records(one)]
        if not rows:
            return False
        one, row = self.dice.choice(rows)
        self._note_doubt(one)
        self.ledger.deed(f"the Event of {one.name}, just made, is deleted")
        self._remove(row)
        one.over = End.DELETED_THERE
        return True

    def vacates(self) -> bool:
        """An Event gets the value by which it is kept out of the mailbox, or loses it."""
        if not self.ledger.vacates or not (found := self._any()) or not found[0].is_single:
            return False
        one, row = found
        value = None if one.vacated else VACATED
        self._update(row, **{STATUS.name: value})
        self.ledger.deed(f"{one.name} {'is vacated' if value else 'is wanted in the mailbox again'}")
        one.vacated, one.was_vacated = value is not None, True
        return True

    def takes_out_of_sight(self) -> bool:
        """Crosstie's user is not shown an Event for a time; people see it as ever."""
        found = [
            (one, row)
            for one in self.ledger.matters
            if not self.is_in_doubt(one)
            for row in self.office.records(one)
        ]
        if not found:
            return False
        one, row = self.dice.choice(found)
        self.ledger.deed(f"an Event of {one.name} goes out of sight")
        self.office.house.take_out_of_sight(str(row["Id"]), self.dice.choice(OUT_OF_SIGHT))
        return True

    def sets(self) -> bool:
        """One setting, for everybody."""
        name = self.dice.choice(sorted(SETTINGS))
        self._sets(name, self.dice.choice(SETTINGS[name]))
        return True

    def keeps_calendars(self) -> None:
        """Where all is switched off nothing is carried over: it is made up for once that is over."""
        for settings in list(self.ledger.settings.values())[:1]:
            if not (settings.events_meetings or settings.events_appointments or settings.events_down):
                self._sets("events_meetings", True)

    def _sets(self, name: str, value: Any) -> None:
        self.ledger.deed(f"{name} is set to {value}")
        for person in self.office.house.ids:
            self.ledger.settings[person] = replace(self.ledger.settings[person], **{name: value})
            self.office.house.put_in_force(person, self.ledger.settings[person])
            self.ledger.updates.add(self.ledger.settings[person].events_meeting_updates)

    # -- helpers

    def _update(self, row: Row, **values: Any) -> None:
        self.office.show(row)
        self.office.wire.update("Event", str(row["Id"]), **values)

    def _remove(self, row: Row) -> None:
        self.office.show(row)
        self.office.wire.remove("Event", str(row["Id"]))

    def _note_doubt(self, one: Matter, *, deletes: bool = True) -> None:
        """With keys an Event is found again, deleted or not, as long as it is known that it was to be made."""
        if not one.born_here or not self.is_in_doubt(one):
            return
        if not self.office.house.make.keyed:
            one.doubt = UNKNOWN
        elif deletes and one.is_single and one.name in self.ledger.forgotten:
            one.doubt = FORGOTTEN

    def _any(self) -> tuple[Matter, Row] | None:
        """An Event of which nobody has had enough."""
        found = [(one, row) for one in self.ledger.living() for row in self.office.records(one)]
        return self.dice.choice(found[-6:] if self.dice.random() < 0.5 else found) if found else None

    def _named(self, one: Matter, name: str) -> str:
        words = self.words(one, name)
        self._say(one, name, words)
        return words

    def _say(self, one: Matter, name: str, words: str) -> None:
        self.ledger.say(one, THERE, name, words)
        if self.office.meanwhile or self.office.house.world.unfinished:
            self.ledger.in_flight.add(words)

    def _times(self, one: Matter, start: datetime) -> dict[str, Any]:
        minutes = self.dice.choice((30, 60))
        end = start + timedelta(minutes=minutes)
        self._say(one, START, f"{start.isoformat()}/{end.isoformat()}")
        return {"StartDateTime": start.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "DurationInMinutes": minutes}


DEEDS: tuple[tuple[int, Deed], ...] = (
    (12, Clerks.enters), (26, Clerks.edits), (4, Clerks.edits_two), (9, Clerks.erases), (5, Clerks.vacates),
    (3, Clerks.puts_off),
)  # fmt: skip
MEANWHILE: tuple[tuple[int, Deed], ...] = (
    (20, Clerks.edits_what_is_on_its_way), (20, Clerks.edits_within_the_second),
)  # fmt: skip
"""Beside those, while a session is at work."""
AFTER_A_DEATH: tuple[tuple[int, Deed], ...] = (
    (8, Clerks.edits), (4, Clerks.erases), (6, Clerks.erases_what_was_just_made),
)  # fmt: skip
"""By this a new worker would show what it does not remember."""
UNSIGHTED: tuple[tuple[int, Deed], ...] = ((30, Clerks.takes_out_of_sight),)
"""Beside all those, where Crosstie's user does not see everything."""
