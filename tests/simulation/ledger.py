"""The log of what people meant: every edit with its place in the order of things, and nothing of Crosstie's.

Order is a running number: every edit, session and effect takes the next one. What holds at a number, or at some
moment between two, is asked of the timelines.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from crosstie.domain.settings import Settings
from tests.simulation.texts import BARE, Words

T = TypeVar("T")

INBOX, SENT, DROP, ARCHIVE, BIN, GONE = (
    "inbox",
    "sentitems",
    "Salesforce Emails",
    "archive",
    "deleteditems",
    "gone",
)
NEVER = 1 << 60
WATCHED = (INBOX, SENT, DROP)
CATEGORY = "Salesforce"


@dataclass(slots=True)
class Timeline(Generic[T]):
    """A value and when it changed."""

    numbers: list[int] = field(default_factory=list)
    values: list[T] = field(default_factory=list)

    def set(self, number: int, value: T) -> None:
        self.numbers.append(number)
        self.values.append(value)

    def at(self, number: int) -> T | None:
        place = bisect_right(self.numbers, number)
        return self.values[place - 1] if place else None

    def during(self, first: int, last: int) -> list[T]:
        """Every value in force at some moment from `first` to `last`, both included."""
        start = max(bisect_right(self.numbers, first) - 1, 0)
        return self.values[start : bisect_right(self.numbers, last)]

    def last(self) -> T:
        return self.values[-1]


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail, however many mailboxes hold it. Addresses are in lower case, `files` have names."""

    subject: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    kind: str = ""
    """Empty, or the reason code by which it is never saved, whatever anybody wishes."""
    old: bool = False
    """From before the days that auto-saving reaches back."""
    files: tuple[tuple[str, bytes], ...] = ()
    answers: str = ""
    """The subject of the letter it is a reply to."""
    shares: str = ""
    """The subject of the letter whose Message-ID it has too: to mailboxes they are one conversation."""
    names: str = ""
    """The Account or Opportunity whose address stands in its text."""
    spam: str = ""
    """A filter called it that: by its `level` or by another `header`."""
    words: Words = BARE
    """What stands below its first line."""

    @property
    def case(self) -> str:
        """The number of the Case in its subject."""
        return self.subject.partition(" about Case ")[2]

    def addresses(self, *, bcc: bool) -> tuple[str, ...]:
        """Everybody on it, the sender first, as one sees it who does or does not see blind copies."""
        return tuple(dict.fromkeys((self.sender, *self.to, *self.cc, *(self.bcc if bcc else ()))))


@dataclass(slots=True, eq=False)
class Copy:
    """A letter as one mailbox holds it. `place` and `marked` are people's doing alone."""

    letter: Letter
    person: str
    item_id: str
    number: int
    """The sandbox's, to look at it in the end."""
    first: int
    place: Timeline[str] = field(default_factory=Timeline)
    marked: Timeline[bool] = field(default_factory=Timeline)
    """Whether people left the category on it; a receipt they have not touched is not theirs."""
    removed: list[int] = field(default_factory=list)
    """When people took a category *Salesforce* off that was there."""
    moved: list[int] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)
    """When people changed its categories, which a mailbox tells of wherever the copy came from."""
    others: frozenset[str] = frozenset()
    """The other categories people gave it last."""
    put: str = ""
    """Where people put it last."""
    draft_until: int = 0
    """When it was sent; NEVER while it is a draft."""
    twin: bool = False
    """A person's copy of another copy: what was on that one came along."""
    sees_bcc: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A Contact, Lead or User as a record has it."""

    object: str
    record_id: str
    address: str
    account: str = ""
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A Contact or Lead that no person made, as it was when it appeared."""

    address: str
    object: str
    number: int
    known_from: int
    """The number of the oldest thing that whoever made it may have known."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Of those that a signature fills."""


@dataclass(frozen=True, slots=True)
class Deal:
    """An open Opportunity as a record has it."""

    record_id: str
    account: str
    owner: str
    closes: str
    """ISO day."""
    modified: datetime
    created: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """A session of one mailbox that ended well, from the start of the tick before it to its end.

    `calm`: nothing had gone wrong for so long that everything put off is done. `began`: the session itself; a tick
    that came to nothing may lie long before it, and sessions that ended badly between.
    """

    person: str
    first: int
    last: int
    calm: bool
    began: int = 0


@dataclass(slots=True, eq=False)
class Made:
    """A record as it was when it appeared, and when people deleted it and brought it back."""

    record_id: str
    subject: str
    number: int
    known_from: int
    """The number of the oldest thing that whoever wrote it may have known of the directory."""
    linked: tuple[str, ...]
    who: str
    what: str
    alive: Timeline[bool] = field(default_factory=Timeline)
    older_receipts: frozenset[str] = frozenset()
    """Item ids of copies of its mail that carried a receipt before it appeared: an earlier record's."""
    told: set[int] = field(default_factory=set)
    """When it was deleted though a copy of its mail carried our receipt of it already."""

    @property
    def object(self) -> str:
        return "Task" if self.record_id.startswith("00T") else "EmailMessage"


@dataclass(slots=True)
class Ledger:
    number: int = 0
    watched: tuple[str, ...] = WATCHED
    """Folders that Crosstie looks at; a history's settings may name the Archive, from its beginning to its end."""
    letters: dict[str, Letter] = field(default_factory=dict)
    """By subject, which no two letters share."""
    copies: dict[tuple[str, str], Copy] = field(default_factory=dict)
    """By person and item id."""
    directory: dict[str, Timeline[Person | None]] = field(default_factory=dict)
    """By record id."""
    holders: dict[str, dict[str, None]] = field(default_factory=dict)
    """By address: ids of records that have it or once had it, in the order of their coming."""
    heirs: dict[str, list[Person]] = field(default_factory=dict)
    """Whom people merged a Contact into, or what a Lead was converted to, by the id of what went."""
    newcomers: dict[str, Newcomer] = field(default_factory=dict)
    """By record id."""
    deals: dict[str, Timeline[Deal | None]] = field(default_factory=dict)
    """By record id; None while it is closed or deleted."""
    cases: dict[str, Timeline[str]] = field(default_factory=dict)
    """By number: the id of an open Case; empty while it is closed or deleted."""
    domains: dict[str, str] = field(default_factory=dict)
    """The Account whose website is at a domain."""
    deleted: dict[str, int] = field(default_factory=dict)
    """When people deleted an Opportunity."""
    users: dict[str, str] = field(default_factory=dict)
    """The User of each person with a mailbox."""
    settings: dict[str, Timeline[Settings]] = field(default_factory=dict)
    changes: list[int] = field(default_factory=list)
    """Numbers at which people changed anything."""
    looks: list[Look] = field(default_factory=list)
    settled: int = 0
    """When bad luck was over for good."""
    crossings: list[tuple[int, int]] = field(default_factory=list)
    """From the start to the end of a round in which two workers were at work."""
    turns: list[tuple[int, int]] = field(default_factory=list)
    """From start to end of ticks in which everything was read, what is read seldom too."""
    forgotten: list[int] = field(default_factory=list)
    """When the store lost its last transactions."""
    restored: list[tuple[int, int]] = field(default_factory=list)
    """When a backup of the store was taken, and when it was put back: what was seen in between is forgotten."""
    past: dict[str, int] = field(default_factory=dict)
    """Whose older mails were asked for, and when."""
    relisted: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """By person and place: when a listing began anew, because its cursor was dead or its answer no use."""
    refusing: Timeline[str] = field(default_factory=Timeline)
    """How the org refuses every other mail, for as long as it does; empty once it does no more."""
    retried: int = NEVER
    """When everything that was refused before the end has surely been tried again."""
    made: dict[str, Made] = field(default_factory=dict)
    sent: int = 0
    """Mails that people sent themselves."""
    deeds: list[str] = field(default_factory=list)
    """What people did, in words, for whoever has to find out what went wrong."""

    def next(self) -> int:
        self.number += 1
        return self.number

    def change(self) -> int:
        """What may be meant is another from here on."""
        number = self.next()
        self.changes.append(number)
        return number

    def deed(self, words: str) -> int:
        """Somebody changes something; answers its number."""
        number = self.change()
        self.deeds.append(f"{number}: {words}")
        return number

    def placed(self, copy: Copy, place: str, number: int) -> None:
        """A person put it there."""
        copy.place.set(number, place)
        copy.moved.append(number)
        copy.put = place

    def know(self, person: Person | None, record_id: str, number: int) -> None:
        self.directory.setdefault(record_id, Timeline()).set(number, person)
        if person is not None:
            self.holders.setdefault(person.address, {})[record_id] = None

    def people_at(self, address: str, number: int) -> list[Person]:
        found = (self.directory[record_id].at(number) for record_id in self.holders.get(address, ()))
        return [one for one in found if one is not None and one.address == address]

    def was_outsider(self, address: str, until: int) -> bool:
        """Whether it was ever a Contact's or Lead's, by then."""
        lines = [self.directory[record_id] for record_id in self.holders.get(address, ())]
        return any(
            number <= until and one is not None and one.address == address and one.object != "User"
            for line in lines
            for number, one in zip(line.numbers, line.values, strict=True)
        )

    def open_deals(self, first: int, last: int) -> set[frozenset[Deal]]:
        """What was open, at every moment between the two."""
        moments = (first, *self.changes_between(first, last))
        return {
            frozenset(one for line in self.deals.values() if (one := line.at(moment)) is not None)
            for moment in moments
        }

    def surely_read(self, number: int) -> int:
        """When what is read seldom was certainly read last, by that time."""
        lost = max(self.forgotten, default=-1)
        return max((first for first, last in self.turns if last <= number and first > lost), default=0)

    def remembered(self, look: Look) -> bool:
        """Whether the store knows in the end what the session has seen."""
        return not any(taken < look.last < back for taken, back in self.restored)

    def copies_of(self, letter: Letter) -> Iterator[Copy]:
        return (copy for copy in self.copies.values() if copy.letter is letter)

    def is_refusable(self, subject: str) -> bool:
        """By its number, which each letter has in its subject."""
        letter = self.letters.get(subject)
        return letter is not None and int(subject.split()[1]) % 2 == 0

    def refused(self, letter: Letter, first: int, last: int) -> str | None:
        """How the org refuses it at the end of that time, if it was to be saved at its beginning: empty where it
        does not; None where it did, and it may not have been tried again since.
        """
        if not self.is_refusable(letter.subject) or not any(self.refusing.during(first, last)):
            return ""
        return self.refusing.at(last) or ("" if last > self.retried else None)

    def is_in_a_saved_thread(self, letter: Letter) -> bool:
        """Whether a letter that answers it, or has its Message-ID, was ever saved."""
        saved = (self.letters.get(made.subject) for made in self.made.values())
        return any(letter.subject in (one.answers, one.shares) for one in saved if one)

    def is_deleted(self, letter: Letter) -> bool:
        """Whether it was saved, and no record of it is left."""
        found = [made.alive.last() for made in self.made.values() if made.subject == letter.subject]
        return bool(found) and not any(found)

    def copies_in(self, person: str, *places: str) -> list[Copy]:
        """Those that people believe to lie there."""
        return [copy for copy in self.copies.values() if copy.person == person and copy.place.last() in places]

    def changes_between(self, first: int, last: int) -> list[int]:
        return self.changes[bisect_right(self.changes, first) : bisect_right(self.changes, last)]
