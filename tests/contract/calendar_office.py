"""A person's calendar: what the calendar suite needs of a vendor, and the connector's view of it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crosstie.domain.calendar import (
    Absent,
    Answer,
    CalendarItem,
    ChangeItem,
    ItemWrite,
    Present,
    Sensitivity,
    Shape,
    ShowAs,
    When,
)
from crosstie.domain.mailboxes import Cursor, Span, WriteResult
from crosstie.ports.calendar import CalendarObservation
from crosstie.ports.mailbox import Mailbox

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""A Monday."""
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PLENTY = 1000
ADA, BEN, NORA = "ada@larch.test", "ben@larch.test", "nora@birchworks.test"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person enters into a calendar, or reads there. Whole days are dates."""

    subject: str = "Roof"
    start: datetime | date = START + DAY
    end: datetime | date = START + DAY + HOUR
    zone: str = "Europe/Berlin"
    rule: str = ""
    """RRULE of RFC 5545."""
    text: str = ""
    place: str = ""
    show_as: ShowAs = ShowAs.BUSY
    sensitivity: Sensitivity = Sensitivity.NORMAL
    reminder: timedelta | None = timedelta(minutes=15)
    categories: frozenset[str] = frozenset()
    attendees: tuple[str, ...] = ()


class CalendarOffice(ABC):
    """Keys are the office's own names of items; `day`: the occurrence that belongs to it."""

    @abstractmethod
    def open(self) -> Mailbox:
        """The mailbox as a new session gets it."""

    @abstractmethod
    def pass_time(self, by: timedelta) -> None: ...

    @abstractmethod
    def now(self) -> datetime: ...

    @abstractmethod
    def enter(self, entry: Entry) -> str:
        """Ada notes something; its key. Whoever is on it is invited."""

    @abstractmethod
    def invited(self, entry: Entry) -> str:
        """Nora, elsewhere, invites Ada and whoever is on it; the key in Ada's calendar."""

    @abstractmethod
    def edit(self, key: str, day: date | None = None, **changes: object) -> None:
        """By names of Entry."""

    @abstractmethod
    def delete(self, key: str, day: date | None = None) -> None: ...

    @abstractmethod
    def answer(self, key: str, answer: Answer) -> None:
        """Ada's, to somebody else's meeting."""

    @abstractmethod
    def answered(self, key: str, answer: Answer) -> None:
        """Nora's, to one of Ada's."""

    @abstractmethod
    def call_off(self, key: str) -> None:
        """Nora, who invited Ada, does."""

    @abstractmethod
    def item_id(self, key: str, day: date | None = None) -> str:
        """The id under which the connector knows it."""

    @abstractmethod
    def entry(self, key: str, day: date | None = None) -> Entry | None:
        """As it is now; None when it is gone."""

    @abstractmethod
    def entries(self) -> list[Entry]:
        """All there are, a series as one."""

    @abstractmethod
    def mailed(self) -> list[str]:
        """Whom the vendor told something of Ada's calendar because of what the connector did."""

    @abstractmethod
    def category_names(self) -> set[str]: ...

    @abstractmethod
    def drop_categories(self) -> None: ...

    @abstractmethod
    def kill_cursors(self) -> None: ...

    @abstractmethod
    def calls(self) -> int:
        """Requests the vendor received so far, those for tokens left out."""

    @abstractmethod
    def refuse(self, *, status: int, times: int, retry_after: int | None = None) -> None:
        """The next readings of the calendar's changes are refused."""

    @abstractmethod
    def lose_next_answer(self) -> None:
        """Of a write."""

    @abstractmethod
    def close_calendar(self) -> None:
        """The right to calendars is taken back, the one to mail is not."""


class CalendarView:
    """The connector used as the engine does: cursors kept between sessions, and what is known of each series."""

    def __init__(self, office: CalendarOffice) -> None:
        self.office = office
        self.cursors: dict[str, Cursor] = {}
        self.known: dict[str, CalendarItem] = {}
        self.last = CalendarObservation((), ())
        self.changes: tuple[Present | Absent, ...] = ()

    def look(self, *, limit: int = PLENTY) -> CalendarObservation:
        """One slice of a new session."""
        now = self.office.now()
        calendar = self.office.open().calendar()
        self.last = calendar.observe(self.cursors, Span(now - 30 * DAY, now + 180 * DAY), limit=limit)
        self.cursors |= {cursor.collection: cursor for cursor in self.last.cursors}
        of_series: dict[str, list[str]] = {}
        for item in self.known.values():
            of_series.setdefault(item.series_id, []).append(item.item_id)
        self.changes = self.last.changes(of_series)
        for one in self.changes:
            if isinstance(one, Present):
                self.known[one.item.item_id] = one.item
            else:
                self.known.pop(one.item_id, None)
        return self.last

    def look_to_the_end(self, *, limit: int) -> int:
        """How many slices it took."""
        for slices in range(1, 50):
            if not self.look(limit=limit).more:
                return slices
        raise AssertionError("there is no end to it")

    def told(self) -> list[CalendarItem]:
        return [one.item for one in self.changes if isinstance(one, Present)]

    def absent(self) -> set[str]:
        return {one.item_id for one in self.changes if isinstance(one, Absent)}

    def item(self, subject: str = "Roof") -> CalendarItem:
        """The one of that subject that is known."""
        (found,) = [one for one in self.known.values() if one.subject == subject]
        return found

    def dates(self) -> dict[date, CalendarItem]:
        """All occurrences that are known, by their original days."""
        return {one.original: one for one in self.known.values() if one.original}

    def master(self) -> CalendarItem:
        (found,) = [one for one in self.known.values() if one.shape is Shape.MASTER]
        return found

    def by_id(self, item_ids: Iterable[str]) -> dict[str, CalendarItem]:
        return dict(self.office.open().calendar().items(list(item_ids)))

    def apply(self, *writes: ItemWrite) -> Sequence[WriteResult]:
        return self.office.open().calendar().apply(writes)


def noted(when: When | None = None, **fields: Any) -> CalendarItem:
    """What the engine wants to be in the calendar."""
    when = when or When(START + DAY, START + DAY + HOUR, "Europe/Berlin")
    return CalendarItem("", "", when, **{"subject": "Roof", **fields})


def changing(item: CalendarItem, **fields: Any) -> ChangeItem:
    return ChangeItem(replace(item, **fields), frozenset(fields))


def berlin(day: date, hour: int, minute: int = 0) -> datetime:
    """The moment at which clocks in Berlin show that."""
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))
    return moment.astimezone(UTC)
