"""The mirror's table, and what is written either way for some of its rows."""

from collections.abc import Collection, Iterator, Mapping

from crosstie.domain.calendar import CalendarItem
from crosstie.domain.records import EVENT, Record
from crosstie.mapping.event.holding import as_shown
from crosstie.mapping.event.rows import Columns, Row
from crosstie.mapping.event.standing import ABOUT, PRIVATE, SHOW_AS, WITH
from crosstie.mapping.event.time import REMINDER, WHEN
from crosstie.mapping.event.words import LOCATION, SUBJECT, TEXT_ROW, described, shows_people, text_within
from crosstie.mapping.tables import Loss, Org

ROWS: Mapping[str, Row] = {
    row.name: row for row in (SUBJECT, WHEN, LOCATION, TEXT_ROW, SHOW_AS, REMINDER, PRIVATE, WITH, ABOUT)
}
"""In the order in which they are written and taken over: a reminder is counted from the time that counts."""
CALLED = {
    "when": "time",
    "location": "place",
    "show_as": "availability",
    "private": "privacy",
    "with": "people",
    "about": "related record",
}
"""What people call a row, where it is not its name."""
COLUMNS = tuple(dict.fromkeys(column for row in ROWS.values() for column in row.columns))
"""Everything of a record that the rows read."""
ALL = frozenset(ROWS)
ANNOUNCED = frozenset(row.name for row in ROWS.values() if row.announced)


def of_item(item: CalendarItem, rows: Collection[str] = ALL) -> dict[str, str]:
    """Row → what the item says by itself."""
    return {name: row.of_item(item) for name, row in ROWS.items() if name in rows}


def of_record(record: Record, rows: Collection[str] = ALL) -> dict[str, str]:
    return {name: row.of_record(record) for name, row in ROWS.items() if name in rows}


def reading(columns: Collection[str]) -> frozenset[str]:
    """The rows that read one of the columns of a record."""
    given = frozenset(columns)
    return frozenset(name for name, row in ROWS.items() if not given.isdisjoint(row.columns))


def different(item: CalendarItem, record: Record, org: Org, rows: Collection[str] = ALL) -> frozenset[str]:
    """Those of the rows in which the two are not equal within the losses."""
    shown = as_shown(item, record)
    return frozenset(name for name in rows if not ROWS[name].same(shown, record, org))


def upward(item: CalendarItem, record: Record, rows: Collection[str], org: Org) -> Columns:
    """What is written so that the record says in these rows what the item says; nothing that it says already.

    `item` has been merged before: where the record counts, it says what the record says.
    """
    item = as_shown(item, record)
    wanted = [row for name, row in ROWS.items() if name in rows and not row.same(item, record, org)]
    following: Columns = {}
    for row in wanted:
        if row.beside:
            following |= row.beside(item, record, org)
    columns = following | {name: value for row in wanted for name, value in row.up(item, org).items()}
    if TEXT_ROW in wanted and not shows_people(item, record):
        columns |= described(text_within(item), item, org, with_reference=False)
    return columns


def downward(record: Record, item: CalendarItem, rows: Collection[str], org: Org) -> CalendarItem:
    """The item that says in these rows what the record says."""
    if not rows:
        return item
    shown = as_shown(item, record)
    if shown is not item:
        rows = different(item, record, org, rows)
    for name, row in ROWS.items():
        if name in rows:
            item = row.down(record, item, org)
    return item


def called(rows: Collection[str]) -> str:
    """The rows as a person would list them."""
    return ", ".join(CALLED.get(name, name) for name in ROWS if name in rows)


def changed_fields(before: CalendarItem, after: CalendarItem) -> frozenset[str]:
    """Names of what the mailbox has to be told, of all that a record can change."""
    names = (name for row in ROWS.values() for name in row.item_fields)
    return frozenset(name for name in names if getattr(before, name) != getattr(after, name))


def losses() -> Iterator[Loss]:
    for row in ROWS.values():
        if row.up_loss:
            yield Loss(EVENT, row.name, 0, row.up_loss)
    for row in ROWS.values():
        if row.down_loss:
            yield Loss("calendar item", row.name, 0, row.down_loss)
