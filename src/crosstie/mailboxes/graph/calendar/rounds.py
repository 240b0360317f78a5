"""The calendar's way through its change stream, whose links are bound to a window of time.

As time goes by the window has to be chosen anew, with a listing of its own. What was deleted before that is known
to the old link alone, so the old link is kept, and followed to its end once more after the listing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from crosstie.domain.mailboxes import Cursor, Span
from crosstie.mailboxes.graph.calendar.translate import TEXT_BODY
from crosstie.mailboxes.graph.client import Part
from crosstie.mailboxes.graph.rounds import CALENDAR, Round
from crosstie.mailboxes.graph.translate import Row

DAY = timedelta(days=1)
SPARE = timedelta(days=28)
"""How far the window goes beyond what is asked for: so long it is good."""
SPREAD = 14
"""Days by which mailboxes that began together differ in that."""
SELDOM = timedelta(days=7)
"""A window that does not hold what is asked for is kept for as long all the same."""
DEAD = "/-"
"""Instead of the old link: it is dead, and nobody tells what went away before the listing."""
_FORM = "%Y%m%d"


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days of UTC, and the one on which it was chosen."""

    since: datetime
    before: datetime
    chosen: datetime

    @classmethod
    def around(cls, wanted: Span, now: datetime, mailbox_id: int) -> "Window":
        spare = SPARE + DAY * (mailbox_id % SPREAD)
        return cls(_midnight(wanted.since), _midnight(wanted.before) + DAY + spare, _midnight(now))

    @classmethod
    def of(cls, text: str) -> "Window | None":
        """From what `str` made; None for anything else."""
        try:
            days = [datetime.strptime(one, _FORM).replace(tzinfo=UTC) for one in text.split("-")]
            return cls(*days)
        except (ValueError, TypeError):
            return None

    def __str__(self) -> str:
        return "-".join(one.strftime(_FORM) for one in (self.since, self.before, self.chosen))

    def serves(self, wanted: Span, now: datetime) -> bool:
        if now < self.chosen + SELDOM:
            return True
        return self.since <= wanted.since and wanted.before <= self.before

    @property
    def query(self) -> str:
        return f"startDateTime={_stamp(self.since)}&endDateTime={_stamp(self.before)}"


@dataclass(slots=True, kw_only=True)
class CalendarRound(Round):
    """Owned by its window, as text."""

    root: str
    fresh: Window
    """Of whatever has to be listed from its start."""
    old: str = ""
    """The link of the window before this one, or DEAD, while this one is being listed once more."""
    begins: bool = False
    """That listing has just begun."""
    listed: set[str] = field(default_factory=set)
    """What it has shown."""
    anew: bool = False
    """It began again, and what was deleted meanwhile is not going to be told."""

    @classmethod
    def resume(cls, root: str, cursors: Mapping[str, Cursor], fresh: Window, wanted: Span) -> "CalendarRound":
        """From the calendar's cursor, as long as its window will do."""
        cursor = cursors.get(CALENDAR)
        baseline = cursor.baseline if cursor else True
        one = cls(name=CALENDAR, owner=str(fresh), baseline=baseline, root=root, fresh=fresh)
        owner, link, old = _parts(cursor.token if cursor else "")
        window = Window.of(owner)
        if link and window is not None and window.serves(wanted, fresh.chosen):
            one.owner, one.link, one.old = owner, link, old
        elif link:
            one.old, one.anew, one.begins = old or link, bool(old), True
        return one

    def start(self) -> str:
        return f"{self.root}/calendarView/delta?{self.fresh.query}"

    def page(self, size: int) -> Part:
        return calendar_page(self.link or self.start(), size)

    def take(self, rows: Sequence[Row], link: str, *, last: bool) -> None:
        Round.take(self, rows, link, last=last)
        if self.old:
            gone = {row["id"] for row in rows if "@removed" in row}
            self.listed = (self.listed | {row["id"] for row in rows}) - gone

    def restart(self, code: str) -> None:
        """A dead link tells nothing of what was deleted since; nor would the old one's end, which lies before."""
        Round.restart(self, code)
        self.owner, self.anew, self.old = str(self.fresh), True, DEAD
        self.begins, self.listed = True, set()

    def cursor(self, before: Cursor | None) -> Cursor:
        cursor = Round.cursor(self, before)
        if not self.old or self.at_start or self.done:
            return cursor
        return replace(cursor, token=f"{cursor.token} {self.old}")


def link_of(cursors: Mapping[str, Cursor]) -> str:
    """Where the calendar's cursor goes on; empty where there is none."""
    cursor = cursors.get(CALENDAR)
    return _parts(cursor.token)[1] if cursor else ""


def calendar_page(link: str, size: int) -> Part:
    return Part("GET", link, page_size=size, prefer=TEXT_BODY)


def _parts(token: str) -> tuple[str, str, str]:
    """Owner, link and the old window's link."""
    owner, link, old = (*token.split(" "), "", "", "")[:3]
    return owner, link if link.startswith("/") else "", old if old.startswith("/") else ""


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
