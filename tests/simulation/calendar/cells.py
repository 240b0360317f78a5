"""Which cells of the mirror's decision table decided something, and which cannot."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from crosstie.domain.links import Bond
from crosstie.engine.mirror import plan as mirror_plan
from crosstie.engine.mirror import planning
from crosstie.engine.mirror.table import Item, Record, cells, decide

Situation = tuple[Bond, Item, Record]
SHOWN = tuple(one for one in Item if one not in (Item.NONE, Item.GONE))
THERE = (Record.SAME, Record.MOVED, Record.GONE, Record.HIDDEN)


def _reasons() -> Iterator[tuple[Iterable[Situation], str]]:
    """Groups of cells that no session meets, and why."""
    yield (
        [(bond, Item.NONE, Record.NONE) for bond in Bond],
        "a pair has an item or a record: it is made of what a calendar or Salesforce told",
    )


UNREACHABLE = {name_: why for some, why in _reasons() for name_ in some}


def name(one: Situation) -> str:
    bond, item, record = one
    return f"event: {bond.value}, {item.value}, {record.value} -> {decide(*one).verdict.value}"


CELLS = tuple(name(one) for one in cells() if one not in UNREACHABLE)


@contextmanager
def counted(hits: Counter[str]) -> Iterator[None]:
    """Every cell that decided in a session. A plan that asks first does not count, and one that stands while a
    colleague's asks, once.
    """
    plan, planned = mirror_plan.plan, list[Any]()

    def counting(pairs: Any, situation: Any, facts: Any) -> Any:
        found = plan(pairs, situation, facts)
        if not found.questions and not any(one is situation for one in planned[-4:]):
            planned.append(situation)
            hits.update(name(one) for one in found.cells)
        return found

    with patch.object(planning, "plan", counting):
        yield
