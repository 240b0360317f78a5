"""A full reconcile of a large calendar, ours and vdirsyncer's side by side.

Both are given what two sides list of their items, by id and version, and what they stored of them, and end with
operations and their own state stored. One mailbox, rounds in turn; the median counts, by the clock on the wall.
The processor's time beside it tells more on a machine with other work. What carrying out adds to ours, its journal
above all, is told apart: vdirsyncer's does not take long, and has none.
"""

import gc
import statistics
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from typing import Protocol

from bench.measured import Measured
from bench.reconcile.ours import Ours
from bench.reconcile.sides import Spent, Unsound
from bench.reconcile.theirs import Theirs

AT_LEAST = 5.0
"""How many times as fast as vdirsyncer."""
UNCHANGED = "unchanged"
EDITED = {"one_percent": 100, "two_percent": 50}
"""Every so manieth item was edited; half of them on one side, and half on the other one."""
GOALS = (UNCHANGED, "one_percent")
CARRIED_OUT = "{}_carried_out"
Taken = dict[str, dict[str, list[Spent]]]
"""Name → kind → what each round took."""


class Pair(Protocol):
    """Two sides, kept alike by somebody."""

    def edit(self, here: Iterable[int], there: Iterable[int], /) -> None: ...

    def spent(self) -> Spent: ...

    def reconcile(self) -> Spent:
        """Answers with what carrying out took, as far as it can be told apart."""

    def differences(self) -> int: ...


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)


def measure(asked: Namespace) -> Measured:
    with closing(Theirs(asked.items)) as theirs:
        taken = _taken({"ours": Ours(asked.items), "vdirsyncer": theirs}, asked.items, asked.rounds)
    walls, processors = _medians(taken, lambda one: one.wall), _medians(taken, lambda one: one.processor)
    figures = {
        "items": asked.items,
        "rounds": asked.rounds,
        "seconds": walls,
        "processor_seconds": processors,
        **{f"ratio_to_vdirsyncer_{kind}": ratio for kind, ratio in _ratios(walls).items()},
        **{f"processor_ratio_to_vdirsyncer_{kind}": ratio for kind, ratio in _ratios(processors).items()},
    }
    return Measured(figures, at_least={f"ratio_to_vdirsyncer_{kind}": AT_LEAST for kind in GOALS})


def _medians(taken: Taken, read: Callable[[Spent], float]) -> dict[str, dict[str, float]]:
    return {
        name: {kind: statistics.median(map(read, several)) for kind, several in kinds.items()}
        for name, kinds in taken.items()
    }


def _ratios(seconds: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {kind: seconds["vdirsyncer"][kind] / ours for kind, ours in seconds["ours"].items()}


def _taken(pairs: Mapping[str, Pair], items: int, rounds: int) -> Taken:
    """Who goes first changes from one round to the next."""
    taken: Taken = {name: {} for name in pairs}
    for number in range(rounds):
        turns = list(pairs.items())[:: 1 if number % 2 else -1]
        for name, pair in turns:
            taken[name].setdefault(UNCHANGED, []).append(_seconds(pair)[1])
        for kind, every in EDITED.items():
            few = max(1, items // every // 2)
            first = 2 * few * number % (items - 2 * few + 1)
            for name, pair in turns:
                pair.edit(range(first, first + few), range(first + few, first + 2 * few))
                decided, whole = _seconds(pair)
                taken[name].setdefault(kind, []).append(decided)
                taken[name].setdefault(CARRIED_OUT.format(kind), []).append(whole)
                _at_rest(name, pair)
    return taken


def _seconds(pair: Pair) -> tuple[Spent, Spent]:
    """Without carrying out, and with it."""
    gc.collect()
    began = pair.spent()
    carried_out = pair.reconcile()
    whole = pair.spent() - began
    return whole - carried_out, whole


def _at_rest(name: str, pair: Pair) -> None:
    """Everything was carried over; whatever comes back of one's own writes has been looked at."""
    if found := pair.differences():
        raise Unsound(f"pairs that differ still by {name}: {found}")
    pair.edit((), ())
    pair.reconcile()
    pair.edit((), ())
