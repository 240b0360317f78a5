"""The log of what people meant with their appointments: every edit with its place in the order of things."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from crosstie.domain.settings import MeetingUpdates, Settings


class Kind(StrEnum):
    APPOINTMENT = "appointment"
    MEETING = "meeting"
    """Organized by one of us."""
    OUTSIDE = "meeting organized outside"
    SERIES = "series"
    EVENT = "event"
    """Made in Salesforce, and assigned to one of us."""


class End(StrEnum):
    """How people were done with one of them."""

    DELETED_HERE = "deleted here"
    CANCELLED = "cancelled"
    DELETED_THERE = "deleted there"
    UNSYNCED = "unsynced"


HERE, THERE = "here", "there"
SUBJECT, START, PLACE, TEXT, SHOWN = "subject", "start", "place", "text", "shown"
UNKNOWN = "changed in Salesforce while nobody knew yet that it had been made"
"""Of what an org without keys was made to hold nobody knows whose it is once it says something else."""
FORGOTTEN = "deleted in Salesforce when it was forgotten that it had been made"
"""It is made again: nobody remembers that there was anything to delete."""
UNREAD = "went out of sight before anybody had read what it says"
"""Nothing tells of it until it moves again (docs/decisions/0070), and without keys it is not found again."""
UNSTAMPED = "changed in Salesforce under the very second of the change before, and long after it"
"""A transaction has the stamp of its beginning: that this one is another change nothing tells."""
FIELDS = (SUBJECT, START, PLACE, TEXT, SHOWN)


@dataclass(slots=True)
class Matter:
    """One appointment, meeting, series or Event, known by the name its subjects begin with."""

    name: str
    kind: Kind
    host: str
    """Whose calendar it is in, or who it is assigned to; of a meeting from outside, whom it was sent to first."""
    began: int
    said: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    """(side, field) → when, and what a person last wrote there."""
    over: End | None = None
    was_over: End | None = None
    """What it had been when a person marked it anew."""
    wavered: bool = False
    """It was marked anew, and the mark was taken off before it was answered, or while it was."""
    asked: bool = False
    """A person marked it, and it was not saved then."""
    ever_wanted: bool = False
    wanted_since: int | None = None
    """Since when the rules have wanted it saved, or brought, without a break."""
    strayed: bool = False
    """It was out of the days that are kept in step: whatever it was then stays, and nobody takes it up again."""
    uncalled_for: bool = False
    """Its item was there though the rules had not wanted it yet."""
    vacated: bool = False
    """Its Event has the value by which the settings keep it out of the mailbox."""
    was_vacated: bool = False
    unwanted_since: int | None = None
    """Since when the rules have surely not wanted it, without a break."""
    private: int | None = None
    """Since when it is private."""
    was_private: bool = False
    was_open: bool = False
    """Everybody could read it in Salesforce when it became private: what its Event has by then is no secret, and
    what is said since is."""
    shown: bool = False
    """A person marked it when it was private already: it is saved as it is."""
    barred: bool = False
    """Changes in Salesforce may have been kept there: its attendees would have been told."""
    edited_late: bool = False
    """Changed in the mailbox when it was deleted in Salesforce, or about then."""
    doubt: str = ""
    """Why nobody can tell what must have become of it."""
    secret: set[str] = field(default_factory=set)
    """What was said of it while it was private."""
    told: set[str] = field(default_factory=set)
    """What had been said of it before, which is no secret whoever says it again."""
    out: set[str] = field(default_factory=set)
    """When the occurrences are whose Events were deleted in Salesforce."""
    days: dict[str, str] = field(default_factory=dict)
    """When an occurrence is → why nobody can tell what must have become of it; that is no doubt of the others."""

    def note_doubt(self, why: str, start: str) -> None:
        """`start`: when that is of which nobody can tell."""
        if self.is_single:
            self.doubt = self.doubt or why
        else:
            self.days.setdefault(start, why)

    @property
    def tag(self) -> str:
        return f"{self.name} "

    @property
    def born_here(self) -> bool:
        return self.kind is not Kind.EVENT

    @property
    def is_single(self) -> bool:
        return self.kind is not Kind.SERIES


@dataclass(slots=True)
class Ledger:
    matters: list[Matter] = field(default_factory=list)
    settings: dict[str, Settings] = field(default_factory=dict)
    number: int = 0
    vacates: bool = False
    """The settings keep Events out of the mailbox by a field's value."""
    deeds: list[str] = field(default_factory=list)
    """Each in words."""
    settled: int = 0
    """The number at which trouble was over and nobody did anything any more."""
    in_flight: set[str] = field(default_factory=set)
    """What was written to Salesforce while something of ours was on its way there: of one field it may be
    overwritten unseen, as the first promise says.
    """
    colours: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)
    """(whose, number of the item) → its categories that are people's own."""
    removed: set[tuple[str, int]] = field(default_factory=set)
    """Items that people deleted, declined or called off."""
    seen: dict[tuple[str, int], Matter] = field(default_factory=dict)
    """Items that were in a calendar and that no session made."""
    unheard: set[str] = field(default_factory=set)
    """Names of those whose other half was being made when a worker died, or is being made now."""
    unsure: set[str] = field(default_factory=set)
    """Names of those that were unheard of when something befell a session."""
    unmarked: set[str] = field(default_factory=set)
    """Names of those that are over and whose mark a session was to take off of which nothing may be remembered."""
    begun: dict[str, datetime] = field(default_factory=dict)
    """Of these, when it was there first while nobody had said so. An org without keys carries out for ten minutes
    what it was sent, and is not asked before.
    """
    forgotten: set[str] = field(default_factory=set)
    """Of these, those whose Event was made by a session of which nothing is remembered."""
    others: set[str] = field(default_factory=set)
    """Names of colleagues' meetings whose Event was not their organizer's though nobody had waited for long."""
    read: dict[str, datetime] = field(default_factory=dict)
    """Id of an Event → the version of it that was shown to a whole reading of the org."""
    updates: set[MeetingUpdates] = field(default_factory=set)
    """What was ever set to become of a meeting that is changed in Salesforce."""

    def deed(self, words: str) -> int:
        self.number += 1
        self.deeds.append(f"{self.number} {words}")
        return self.number

    def say(self, one: Matter, side: str, name: str, words: str) -> None:
        one.said[side, name] = (self.number, words)
        if side == THERE:
            one.told.add(words)
            one.secret.discard(words)
        elif one.private is not None and not one.shown and words not in one.told:
            one.secret.add(words)

    def living(self) -> list[Matter]:
        return [one for one in self.matters if one.over is None]

    def of(self, name: str) -> Matter | None:
        """By what a subject begins with."""
        head = name.partition(" ")[0]
        return next((one for one in self.matters if one.name == head), None)
