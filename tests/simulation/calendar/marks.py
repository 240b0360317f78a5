"""What people say by categories, and by making an item private: what is to be in Salesforce, and what is not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sandbox.mailboxes.calendar.model import Appointment
from tests.simulation.calendar.ledger import HERE, End, Kind, Matter
from tests.simulation.calendar.meaning import MARK, OURS, UNSYNC
from tests.simulation.calendar.own import Owner
from tests.simulation.calendar.said import said_by_item, said_by_record

COLOURS = ("Red category", "Blue category", "Green category")


@dataclass(slots=True)
class Marker(Owner):
    def marks(self) -> bool:
        """What was not saved, or was taken out, is to be saved."""
        found = [
            (one, item)
            for one in self.ledger.matters
            if one.kind is not Kind.OUTSIDE and one.over in (None, End.UNSYNCED, End.DELETED_THERE)
            for item in self.office.items(one)
            if not {MARK, UNSYNC} & set(item.details.categories) and not self.office.records(one)
        ]
        if not found:
            return False
        one, item = self.dice.choice(found)
        if not item.is_organizer or (one.over and (one.kind is Kind.EVENT or one.kind is Kind.SERIES)):
            return False
        self.ledger.deed(f"{one.host} marks {one.name}")
        self._change(one.host, item, {"categories": [*item.details.categories, MARK]})
        self._wanted_again(one, item)
        return True

    def is_marked(self, one: Matter) -> bool:
        return any({MARK, UNSYNC} & set(item.details.categories) for item in self.office.items(one))

    def _asked(self, one: Matter) -> None:
        """Whoever marks what is private wants it seen."""
        one.asked = True
        if one.private is not None:
            one.shown, one.secret = True, set()

    def _wanted_again(self, one: Matter, item: Appointment) -> None:
        """It is to be saved as it is now, whoever wrote that."""
        self._asked(one)
        if one.over:
            one.over, one.was_over = None, one.over
            there = said_by_item(item)
            one.said = {(HERE, name): (self.ledger.number, there[name]) for side, name in one.said if side == HERE}
            if self.is_in_doubt(one) or one.name in self.ledger.unmarked:
                one.doubt = "marked again while nobody knew what had become of it"

    def unsyncs(self) -> bool:
        found = [each for each in self._saved() if each[0].is_single]
        if not found:
            return False
        one, item = self.dice.choice(found)
        self.ledger.deed(f"{one.host} takes {one.name} out of Salesforce")
        self._change(one.host, item, {"categories": [*item.details.categories, UNSYNC]})
        if one.kind is Kind.OUTSIDE:
            one.doubt = "a meeting from outside was taken out by one of several"
        one.over = End.UNSYNCED
        return True

    def takes_the_mark_off(self) -> bool:
        """By writing a list of colours of one's own."""
        found = self._saved()
        if not found:
            return False
        one, item = self.dice.choice(found)
        self.ledger.deed(f"{one.host} gives {one.name} other colours")
        self._colour(one, item, self.dice.sample(COLOURS, self.dice.choice((0, 1))), keep=())
        return True

    def colours(self) -> bool:
        if not (found := self._own()):
            return False
        one, item = found
        self.ledger.deed(f"{one.host} colours {one.name}")
        self._colour(one, item, self.dice.sample(COLOURS, 2), keep=OURS)
        return True

    def colours_what_goes(self) -> bool:
        """A copy that is about to be taken away, for its Event is gone: that is no work which has to be kept."""
        gone = [one for one in self.ledger.matters if one.over is End.DELETED_THERE and not one.born_here]
        found = [(one, item) for one in gone for item in self.office.items(one) if MARK in item.details.categories]
        if not found:
            return False
        one, item = self.dice.choice(found)
        self.ledger.deed(f"{one.host} colours {one.name}, whose Event is gone")
        self._change(one.host, item, {"categories": [*item.details.categories, self.dice.choice(COLOURS)]})
        return True

    def _colour(self, one: Matter, item: Appointment, chosen: Sequence[str], keep: Collection[str]) -> None:
        marks = [each for each in item.details.categories if each in keep]
        self._change(one.host, item, {"categories": [*marks, *chosen]})
        self.ledger.colours[one.host, item.number] = frozenset(chosen)
        if not keep and not self.office.records(one):
            one.asked = False
            self._takes_back(one)

    def _takes_back(self, one: Matter) -> None:
        """The wish to have it in Salesforce again; whoever heard of it meanwhile may answer it still."""
        if one.was_over:
            one.over, one.wavered = one.was_over, True

    def hides(self) -> bool:
        """Makes it private, or open again."""
        if not (found := self._own(Kind.APPOINTMENT, Kind.MEETING, Kind.EVENT)):
            return False
        one, item = found
        private = item.details.sensitivity == "private"
        self.ledger.deed(f"{one.host} makes {one.name} {'open' if private else 'private'}")
        self._change(one.host, item, {"sensitivity": "normal" if private else "private"})
        one.edited_late = True
        if private:
            one.private = None
            one.secret -= set(said_by_item(item).values())
        else:
            self._hide(one)
        return True

    def _hide(self, one: Matter) -> None:
        """What was marked and is not saved yet is seen marked and private at once."""
        one.private, one.was_private = self.ledger.number, True
        one.was_open = any(not row.get("IsPrivate") for row in self.office.records(one))
        one.shown = one.asked and (self.is_in_doubt(one) or not self.office.records(one))
        one.told |= {words for _, words in one.said.values()}
        one.told |= {words for row in self.office.records(one) for words in said_by_record(row).values()}
