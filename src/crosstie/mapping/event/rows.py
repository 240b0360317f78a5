"""What a row of the mirror is: something that an item and its record both say, each in its own words."""

from collections.abc import Callable
from dataclasses import dataclass

from crosstie.domain.calendar import CalendarItem
from crosstie.domain.records import EVENT, Record, Value
from crosstie.mapping.event.values import alike
from crosstie.mapping.tables import Org

Columns = dict[str, Value]


def room(org: Org, column: str, standard: int) -> int:
    """The org's own length of a column of Event, in UTF-16 units, or the standard one."""
    return org.lengths.get(f"{EVENT}.{column}", standard)


def written(wanted: Columns, record: Record) -> bool:
    """A column that the record was not asked for, or that the org has not got, says nothing."""
    return all(alike(value, record.fields[name]) for name, value in wanted.items() if name in record.fields)


@dataclass(frozen=True, slots=True)
class Row:
    """`up` answers with the columns to write; `take` with the item as the record has it, the very same item where
    it says so already; None where the record is never asked.

    `of_item` and `of_record` are what each side says by itself, nothing left out, for its digest.
    """

    name: str
    columns: tuple[str, ...]
    item_fields: frozenset[str]
    """Names in CalendarItem."""
    of_item: Callable[[CalendarItem], str]
    of_record: Callable[[Record], str]
    up: Callable[[CalendarItem, Org], Columns]
    take: Callable[[Record, CalendarItem, Org], CalendarItem] | None = None
    fits: Callable[[CalendarItem, Record, Org], bool] | None = None
    """Whether the record has what `up` writes; where None, column by column."""
    beside: Callable[[CalendarItem, Record, Org], Columns] | None = None
    """Columns of other rows that have to follow, given the record as it is."""
    announced: bool = False
    """The vendor tells the attendees of a meeting when its organizer changes it."""
    up_loss: str = ""
    down_loss: str = ""

    @property
    def two_way(self) -> bool:
        return self.take is not None

    def same(self, item: CalendarItem, record: Record, org: Org) -> bool:
        """Equal within the declared losses: either side is what the other becomes."""
        if self._is_written(item, record, org):
            return True
        return self.take is not None and self.take(record, item, org) == item

    def down(self, record: Record, item: CalendarItem, org: Org) -> CalendarItem:
        """The item with this taken over from the record; nothing is overwritten that is the same."""
        if self.take is None or self._is_written(item, record, org):
            return item
        taken = self.take(record, item, org)
        return item if taken == item else taken

    def _is_written(self, item: CalendarItem, record: Record, org: Org) -> bool:
        return self.fits(item, record, org) if self.fits else written(self.up(item, org), record)
