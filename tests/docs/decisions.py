"""The decision table of the mirror, as people read it."""

from collections.abc import Collection
from enum import StrEnum

from crosstie.engine.mirror.table import TABLE
from tests.docs.markdown import page, table

OPENING = """\
A calendar item and its Event are a pair that is kept alike. What a session does with one follows from how the two
stand to each other and from what either side says of its half since it was last seen. The first row that fits
decides. What a removal comes to is said by the table of removals in [the rules](rules.md); how two edits of one
event meet, by [decision 50](decisions/0050-the-mirror-remembers-before-it-acts.md)."""


def decisions_page() -> str:
    rows = [(row.bond, _several(row.item), _several(row.record), row.verdict, row.says) for row in TABLE]
    return page("What the mirror decides", OPENING, table(("Pair", "Item", "Event", "Verdict", "Because"), rows))


def _several(values: Collection[StrEnum]) -> str:
    """In the order in which they are explained."""
    (kind,) = {type(value) for value in values}
    return "any" if len(values) == len(kind) else ", ".join(value for value in kind if value in values)
