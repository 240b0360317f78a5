"""A pair both halves of which are at hand, and what a verdict may come to."""

from dataclasses import dataclass

from crosstie.domain.calendar import CalendarItem
from crosstie.domain.links import Link
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.records import Record
from crosstie.engine.mirror.facts import Questions
from crosstie.rules.calendar.leading import Turn

Answer = Mirroring | Questions | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A pair both halves of which are at hand. `link` may know already that another item leads than did until now;
    `stored` is what is remembered still.
    """

    natural: str
    link: Link
    item: CalendarItem
    record: Record
    stored: Link
    turn: Turn = Turn.LEAD
