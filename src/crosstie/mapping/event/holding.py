"""A private item whose record holds its time, and says nothing else."""

from crosstie.domain.calendar import CalendarItem
from crosstie.domain.records import Record
from crosstie.mapping.event.values import flag_of, text_of

HELD = "Busy"
"""What an item is called of which nobody is to know more than when it is."""


def placeholder(item: CalendarItem) -> CalendarItem:
    """What is shown of a private item that only keeps its time."""
    return CalendarItem(
        item.item_id,
        item.version,
        item.when,
        uid=item.uid,
        shape=item.shape,
        series_id=item.series_id,
        original=item.original,
        subject=HELD,
        show_as=item.show_as,
        sensitivity=item.sensitivity,
        is_organizer=True,
    )


def as_shown(item: CalendarItem, record: Record) -> CalendarItem:
    """The item as far as its record may know of it: a record that holds a time never learns more."""
    is_held = item.is_private and flag_of(record, "IsPrivate") and text_of(record, "Subject") == HELD
    return placeholder(item) if is_held else item
