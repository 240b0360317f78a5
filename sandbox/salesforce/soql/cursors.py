"""Open queries behind their locators."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.digits import is_whole
from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row

SMALLEST, LARGEST = 200, 2000
"""Rows of a page."""
LOCATOR_LIFE = timedelta(days=2)
LOCATORS_KEPT = 10
"""Per user; the oldest is given up for a new one."""
CHILDREN_KEPT = 1000
"""Per user, of sub-selects."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """An open query: its rows as they were, and what is needed to show them."""

    user: Id
    soql: str
    all_rows: bool
    batch: int
    rows: tuple[Row, ...]
    expires: datetime
    within: tuple[int, ...] = ()
    """Of children: the places of the sub-selects that lead to them, from the outermost in."""


class Cursors:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._open: dict[str, Cursor] = {}

    def open(self, cursor: Cursor) -> str:
        """The name of its locators. Children have places of their own, so that they push out no query."""
        kept = CHILDREN_KEPT if cursor.within else LOCATORS_KEPT
        mine = [name for name, other in self._open.items() if _alike(cursor, other)]
        for name in mine[: max(0, len(mine) - kept + 1)]:
            del self._open[name]
        name = self._core.ids.make("01g")
        self._open[name] = cursor
        return name

    def forget(self, locator: str) -> None:
        """As if it had expired."""
        self._open.pop(locator.partition("-")[0], None)

    def find(self, user: Id, locator: str) -> tuple[str, Cursor, int]:
        """Name, cursor and first row of the page; INVALID_QUERY_LOCATOR when it is not this user's or gone."""
        name, _, start = locator.partition("-")
        cursor = self._open.get(name)
        gone = cursor is None or cursor.expires <= self._core.clock.now() or cursor.user != user
        if cursor is None or gone or not is_whole(start):
            raise SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
        return name, cursor, int(start)


def _alike(one: Cursor, other: Cursor) -> bool:
    return one.user == other.user and bool(one.within) == bool(other.within)
