"""What must have become of everything, by what people meant; it knows the vendors, and no rule of the mirror's."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosstie.domain.settings import EventWay, MeetingUpdates, Settings
from sandbox.mailboxes.calendar.model import Appointment
from sandbox.salesforce.records import Row
from tests.simulation.calendar.ledger import (
    FIELDS,
    HERE,
    SHOWN,
    START,
    THERE,
    UNKNOWN,
    UNREAD,
    End,
    Kind,
    Ledger,
    Matter,
)  # fmt: skip
from tests.simulation.calendar.meaning import MARK, OURS, UNSYNC
from tests.simulation.calendar.office import AHEAD, Office
from tests.simulation.calendar.said import said_by_item, said_by_record, when

NOTES = "Salesforce Conflicts"
LEADS = {EventWay.TO_SALESFORCE: HERE, EventWay.FROM_SALESFORCE: THERE}
"""The side that counts where the other one's changes are taken back."""
DAY = timedelta(days=1)


@dataclass(slots=True)
class Judge:
    office: Office
    either: Counter[str] = field(default_factory=Counter)
    overwritten: int = 0
    compared: int = 0
    """Pairs of which every field was."""

    @property
    def ledger(self) -> Ledger:
        return self.office.ledger

    def problems(self) -> list[str]:
        notes = self._notes()
        found = [problem for one in self.ledger.matters for problem in self._of(one, notes)]
        return [*found, *self._of_items(), *self._of_records(), *self._of_mails()]

    def _of(self, one: Matter, notes: str) -> Iterator[str]:
        if one.kind is Kind.SERIES:
            yield from self._of_series(one)
            return
        items, records = self.office.items(one), self.office.records(one)
        most = len({row["OwnerId"] for row in records}) if self._has_copies(one) else 1
        if len(self._known(one, records)) > most and one.doubt != UNKNOWN:
            yield f"{self._told(one)}: {len(records)} records: {[row['Id'] for row in records]}"
        if not one.born_here and len(items) > 1:
            yield f"{self._told(one)}: {len(items)} items"
        if one.uncalled_for:
            yield f"{self._told(one)}: came down though the rules did not want it"
        if one.doubt:
            self.either[one.doubt] += 1
            return
        if one.over and self._came_late(one, records):
            self.either["the vendor carried out late what had been sent"] += 1
            return
        if not all(self.office.is_shown(row) for row in records or self._deleted_there(one)):
            self.either["Crosstie's user is not shown its Event"] += 1
            return
        yield from self._how_many(one, items, records)
        if one.over in (End.DELETED_THERE, End.UNSYNCED) and not records and one.ever_wanted:
            marks = {mark for item in items for mark in item.details.categories} & {MARK, UNSYNC}
            if marks:
                yield f"{self._told(one)}: is not in Salesforce, and has the marks {sorted(marks)}"
        lead = self._lead(one, records)
        if one.over is None and lead and len(records) == 1:
            yield from self._of_pair(one, lead, records[0], notes)

    def _known(self, one: Matter, records: list[Row]) -> list[Row]:
        """Without keys a hidden record of which nobody has heard is not found again by what it says."""
        if self.office.house.make.keyed or one.name not in self.ledger.unsure:
            return records
        return [row for row in records if self.office.is_shown(row)]

    # -- is it there

    def _how_many(self, one: Matter, items: list[Appointment], records: list[Row]) -> Iterator[str]:
        wanted = self._records_wanted(one)
        if min(len(records), 1) not in wanted:
            yield f"{self._told(one)}: {len(records)} records instead of {wanted}"
        if one.born_here:
            return
        there = self._items_wanted(one)
        if len(items) not in there:
            yield f"{self._told(one)}: {len(items)} items instead of {there}"

    def _records_wanted(self, one: Matter) -> tuple[int, ...]:
        """What becomes of an item that is put aside is nothing to its Event."""
        if self._comes_again(one):
            return self._again(one)
        if one.over is not None:
            shared = one.kind is Kind.OUTSIDE
            if one.over is End.CANCELLED and self._settings(one).events_keep_cancelled:
                return (0, 1)
            aside = one.was_vacated and one.over in (End.DELETED_HERE, End.CANCELLED)
            strayed = one.strayed and one.over is not End.DELETED_THERE
            return (0, 1) if shared or aside or strayed or one.wavered else (0,)
        if not one.born_here or self._must(one):
            return (1,)
        return (0, 1) if one.ever_wanted else (0,)

    def _items_wanted(self, one: Matter) -> tuple[int, ...]:
        """Of what was made in Salesforce."""
        if self._comes_again(one):
            return self._again(one)
        if one.over is End.DELETED_HERE:
            return (0,)
        if one.over is End.DELETED_THERE and any(item.details.attendees for item in self.office.items(one)):
            return (1,)  # whoever is invited to it would be told; `_of_mails` knows whether somebody was
        if one.over is End.DELETED_THERE:
            return (0, 1) if one.edited_late or one.strayed else (0,)
        if one.over is End.UNSYNCED or (self._must(one) and not one.strayed):
            return (1,)
        kept = one.barred or one.edited_late
        return (0, 1) if one.ever_wanted and not (self._must_not(one) and not kept) else (0,)

    def _must_not(self, one: Matter) -> bool:
        """The rules have not wanted it since before the trouble was over."""
        return one.unwanted_since is not None and one.unwanted_since <= self.ledger.settled

    def _comes_again(self, one: Matter) -> bool:
        """It was deleted on a side whose changes are taken back, and had not been made there."""
        if one.born_here:
            return self._way() is EventWay.TO_SALESFORCE and one.over is End.DELETED_THERE
        return self._way() is EventWay.FROM_SALESFORCE and one.over is End.DELETED_HERE

    def _again(self, one: Matter) -> tuple[int, ...]:
        """How many of the half that was deleted; while the other one is there. What was made private since it was
        saved, or while it was, is not saved anew.
        """
        there = self.office.items(one) if one.born_here else self.office.records(one)
        if not there:
            return (0,)
        maybe = one.private is not None or one.strayed or one.was_vacated or not self._must(one)
        return (0, 1) if maybe else (1,)

    def _has_copies(self, one: Matter) -> bool:
        """Each colleague on it has a record of their own."""
        return one.kind is Kind.OUTSIDE and self._settings(one).events_copies

    def _settings(self, one: Matter) -> Settings:
        return self.ledger.settings[one.host]

    def _way(self) -> EventWay:
        """The same for everybody, all the time."""
        return next(iter(self.ledger.settings.values())).events_way

    def _came_late(self, one: Matter, records: list[Row]) -> bool:
        """What was sent again was deleted, and then what was sent first was carried out, as the vendor tells."""
        unheard = self.office.house.app.unheard
        late = [row for row in records if any(str(row["Id"]).encode() in answer for answer in unheard)]
        return bool(late) and bool(self.office.deleted(one))

    def _deleted_there(self, one: Matter) -> list[Row]:
        """That what is not shown was deleted is not shown either."""
        return self.office.last_deleted(one) if one.over is End.DELETED_THERE else []

    def _must(self, one: Matter) -> bool:
        """The rules have wanted it since before the trouble was over."""
        return one.wanted_since is not None and one.wanted_since <= self.ledger.settled

    # -- does it say what was meant

    def _lead(self, one: Matter, records: list[Row]) -> Appointment | None:
        """The item that the record is kept like: its owner's."""
        person = self.office.person_of(records[0]["OwnerId"]) if records else ""
        found = self.office.items(one, person) if person else []
        return found[0] if len(found) == 1 else None

    def _of_pair(self, one: Matter, item: Appointment, row: Row, notes: str) -> Iterator[str]:
        if one.private is not None:
            yield from self._of_secrets(one, row)
        if one.strayed or not self._must(one):
            self.either["it was out of the window, or of the settings, for a time"] += 1
            return
        if one.kind is not Kind.OUTSIDE and row["OwnerId"] != self.office.user(one.host):
            yield f"{self._told(one)}: its record is {self.office.person_of(row['OwnerId'])}'s"
        if one.vacated:
            self.either["it is kept out of the mailbox by a field's value"] += 1
            return
        marks = {MARK, UNSYNC} & set(item.details.categories)
        if marks != {MARK} and one.private is None:
            yield f"{self._told(one)}: its item has the marks {sorted(marks)}"
        if one.was_private:
            self.either["it was private for a time"] += 1
            return
        if item.is_organizer and self._way() is not EventWay.FROM_SALESFORCE:
            yield from self._of_guests(one, item, row)
        self.compared += 1
        here, there = said_by_item(item), said_by_record(row)
        for name in FIELDS:
            yield from self._of_field(one, name, here[name], there[name], notes)

    def _of_guests(self, one: Matter, item: Appointment, row: Row) -> Iterator[str]:
        """Colleagues on the meeting are invited to its record."""
        if not self.ledger.settings[one.host].events_attendees:
            return
        there = {self.office.person_of(user) for user in self.office.invited(row)}
        meant = {each.person.address.partition("@")[0] for each in item.details.attendees} & set(
            self.office.house.ids
        )
        if there != meant - {one.host}:
            yield f"{self._told(one)}: {sorted(there)} are invited in Salesforce instead of {sorted(meant)}"

    def _of_secrets(self, one: Matter, row: Row) -> Iterator[str]:
        told = one.secret & set(said_by_record(row).values())
        if told and (one.was_open or not row.get("IsPrivate")):
            yield f"{self._told(one)}: is private, and Salesforce has learned {sorted(told)}"

    def _of_field(self, one: Matter, name: str, here: str, there: str, notes: str) -> Iterator[str]:
        said = {side: one.said[side, name] for side in (HERE, THERE) if (side, name) in one.said}
        if name == "text" and self._keeps_texts():
            return
        if not self._is_two_way(one):
            yield from self._of_barred(one, name, here, there, said)
            return
        if here != there:
            yield f"{self._told(one)}: {name} is {here!r} here and {there!r} there; said: {said}"
            return
        if leads := LEADS.get(self._way()):
            if leads in said and here != said[leads][1]:
                yield f"{self._told(one)}: {name} is {here!r}, and the side that counts said {said[leads]}"
            return
        spoken = [words for _, words in said.values()]
        if said and here not in spoken and name != SHOWN and not _lost_to_nothing(here, spoken, notes):
            yield f"{self._told(one)}: {name} is {here!r}, and what was said last is {said}"
        stands = max((at for at, words in said.values() if words == here), default=0)
        for at, words in said.values():
            if one.was_vacated:
                continue
            if at > stands and words != here and name != SHOWN and _plain(words) not in notes:
                if words in self.ledger.in_flight:
                    self.overwritten += 1
                else:
                    yield f"{self._told(one)}: {name} is {here!r}; {words!r}, said later, is lost"

    def _is_two_way(self, one: Matter) -> bool:
        """An attendee cannot change a meeting, and attendees are told of changes only if somebody says so."""
        if self._way() is EventWay.TO_SALESFORCE:
            return True  # nothing is changed in the mailbox
        return not one.barred or (one.kind is not Kind.OUTSIDE and self.ledger.updates == {MeetingUpdates.SEND})

    def _of_barred(
        self, one: Matter, name: str, here: str, there: str, said: dict[str, tuple[int, str]]
    ) -> Iterator[str]:
        """The record says what the item does, or what somebody wrote there."""
        words = {word for _, word in said.values()}
        if here != there and there not in words and name != SHOWN:
            yield f"{self._told(one)}: {name} is {here!r} here and {there!r} there; said: {said}"
        if here != there and THERE not in said and name != SHOWN:
            yield f"{self._told(one)}: {name} is {here!r} here and still {there!r} there"

    def _keeps_texts(self) -> bool:
        """A text is carried over once, or was so for a time."""
        return any("safe_description" in deed for deed in self.ledger.deeds) or any(
            settings.events_safe_description for settings in self.ledger.settings.values()
        )

    # -- series

    def _of_series(self, one: Matter) -> Iterator[str]:
        """Each of its days that is still to come is an Event, unless somebody took that one out."""
        if one.doubt:
            self.either[one.doubt] += 1
            return
        self.either.update(one.days.values())
        known = [said_by_record(row)[START] for row in self._known(one, self.office.records(one))]
        records = Counter(start for start in known if one.days.get(start) != UNREAD)
        yield from (f"{self._told(one)}: {count} records of {day}" for day, count in records.items() if count > 1)
        if one.over is not None:
            first = self.office.now
            told = ((row, said_by_record(row)[START]) for row in self.office.records(one))
            ahead = [row for row, start in told if row["StartDateTime"] > first and start not in one.days]
            if ahead and one.over is not End.DELETED_THERE:
                yield f"{self._told(one)}: {len(ahead)} records of days to come"
            return
        if not self._must(one):
            return
        yield from self._of_days(one)

    def _of_days(self, one: Matter) -> Iterator[str]:
        first, last = self.office.now + DAY / 24, self.office.now + AHEAD - DAY
        shown = self._days(
            one,
            (
                (details.subject, when(details.start, details.end))
                for item, details in self.office.shown(one.host, first, last)
                if details.subject.startswith(one.tag)
                and isinstance(details.start, datetime)
                and details.start > first
            ),
        )
        told = (row for row in self.office.records(one) if first < row["StartDateTime"] < last)
        there = self._days(one, ((str(row["Subject"]), said_by_record(row)[START]) for row in told))
        if more := there - shown:
            yield f"{self._told(one)}: records of no day: {sorted(more)}; days: {sorted(shown)}"
        missing = sorted((start, words) for start, words in shown - there if start not in one.out)
        if missing:
            yield f"{self._told(one)}: days without a record: {missing}, taken out: {sorted(one.out)}"

    @staticmethod
    def _days(one: Matter, told: Iterable[tuple[str, str]]) -> Counter[tuple[str, str]]:
        """When each is and what it is called; of one that is in doubt when it is, and of one that nobody has read
        nothing.
        """
        known = ((words, start) for words, start in told if one.days.get(start) != UNREAD)
        return Counter((start, "" if start in one.days else words) for words, start in known)

    # -- all of it together

    def _of_items(self) -> Iterator[str]:
        """What people made or were sent is there, unless people took it away; other colours are theirs."""
        for (person, number), one in self.ledger.seen.items():
            item = self.office.box(person).appointments.get(number)
            gone = item is None or not item.calendar
            if gone and (person, number) not in self.ledger.removed:
                yield f"{self._told(one)}: the item of {person} is gone, and nobody deleted it"
            colours = self.ledger.colours.get((person, number))
            if item and not gone and colours is not None:
                there = frozenset(item.details.categories) - OURS
                if there != colours:
                    yield f"{self._told(one)}: has the colours {sorted(there)} instead of {sorted(colours)}"

    def _of_records(self) -> Iterator[str]:
        for name in sorted(self.ledger.others):
            yield f"{name}: was saved as somebody else's than its organizer's"
        for row in self.office.events():
            if self.ledger.of(str(row["Subject"])) is None:
                yield f"a record of nothing: {row['Subject']}"

    def _of_mails(self) -> Iterator[str]:
        """Of what people's own programs did not have sent."""
        mails = self.office.house.world.outbox.mails
        for place, mail in enumerate(mails):
            ours = mail.face == "graph" and place not in self.office.wire.mailed
            if ours and MeetingUpdates.SEND not in self.ledger.updates:
                yield f"a mail was sent because of a sync: {mail.subject} to {mail.recipients}, by {mail.cause}"

    def _notes(self) -> str:
        found = []
        for person in self.office.house.ids:
            box = self.office.box(person)
            folder = box.folder(NOTES)
            found += list(box.messages_in(folder)) if folder else []
        return "\n".join(f"{one.mail.text or ''}{one.mail.html or ''}" for one in found)

    def _told(self, one: Matter) -> str:
        return f"{one.name} ({one.kind} of {one.host}, {one.over or 'alive'})"


def _lost_to_nothing(here: str, spoken: Iterable[str], notes: str) -> bool:
    """Of a record that was made and not heard of both sides are merged (docs/decisions/0050): what it has said
    from the beginning, and nobody in particular, may outdo what is said since, which is kept.
    """
    return not here and all(_plain(words) in notes for words in spoken)


def _plain(words: str) -> str:
    """A note tells a moment in its own way: the time of day is enough to know it by."""
    return words[11:16] if words[4:5] == "-" and "T" in words else words[:10] if words[4:5] == "-" else words
