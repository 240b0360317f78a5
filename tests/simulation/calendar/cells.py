"""Which cells of the mirror's decision table decided something, and which cannot."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from crosstie.domain.links import Bond
from crosstie.engine.mirror import plan as mirror_plan
from crosstie.engine.mirror import planning
from crosstie.engine.mirror.table import Item, Record, cells, decide

Situation = tuple[Bond, Item, Record]
WITH_ITEM = tuple(one for one in Item if one is not Item.NONE)


def _reasons() -> Iterator[tuple[Iterable[Situation], str]]:
    """Groups of cells that no session meets, and why."""
    yield (
        [(bond, Item.NONE, Record.NONE) for bond in Bond],
        "a pair has an item or a record: it is made of what a calendar or Salesforce told",
    )
    yield (
        [(bond, Item.LEFT, record) for bond in (Bond.NONE, Bond.PARTED) for record in Record],
        "only of halves that are kept alike is it said that they have left the window",
    )
    yield (
        [(bond, item, Record.KEPT_OUT) for bond in (Bond.NONE, Bond.PARTED) for item in Item],
        "only what is kept alike is put aside",
    )
    yield (
        [(Bond.NONE, Item.NONE, Record.SAME)],
        "a record alone is remembered without what it said: all that it says is news",
    )
    yield (
        [(Bond.NONE, item, record) for item in WITH_ITEM for record in Record if record is not Record.NONE],
        "an item that is not joined is remembered without a record, and one that was begun is joined before it is "
        "decided about",
    )
    yield (
        [(bond, item, Record.NONE) for bond in (Bond.JOINED, Bond.PARTED) for item in WITH_ITEM],
        "what is, or was, kept alike has a record, and its id is not forgotten",
    )


UNREACHABLE: Mapping[Situation, str] = {one: why for some, why in _reasons() for one in some}


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
