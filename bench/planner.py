"""A full reconcile of a large calendar, ours and vdirsyncer's side by side.

Both are given what two sides list of their items, by id and version, and what they stored of them, and end with
operations and their own state stored. One mailbox, rounds in turn; the median counts. What carrying out adds to
ours, its journal above all, is told apart: vdirsyncer's does not take long, and has none.
"""

import gc
import statistics
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Protocol

from bench.measured import Measured
from bench.reconcile.ours import Ours
from bench.reconcile.sides import Unsound
from bench.reconcile.theirs import Theirs

AT_LEAST = 5.0
"""How many times as fast as vdirsyncer."""
UNCHANGED = "unchanged"
EDITED = {"one_percent": 100, "two_percent": 50}
"""Every so manieth item was edited; half of them on one side, and half on the other one."""
GOALS = (UNCHANGED, "one_percent")
CARRIED_OUT = "{}_carried_out"


class Pair(Protocol):
    """Two sides, kept alike by somebody."""

    def edit(self, here: Iterable[int], there: Iterable[int], /) -> None: ...

    def reconcile(self) -> float:
        """Answers with the seconds that carrying out took, as far as they can be told apart."""

    def differences(self) -> int: ...


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)


def measure(asked: Namespace) -> Measured:
    with closing(Theirs(asked.items)) as theirs:
        taken = _taken({"ours": Ours(asked.items), "vdirsyncer": theirs}, asked.items, asked.rounds)
    ours, others = ({kind: statistics.median(one) for kind, one in kinds.items()} for kinds in taken.values())
    ratios = {f"ratio_to_vdirsyncer_{kind}": others[kind] / ours[kind] for kind in ours}
    figures = {
        "items": asked.items,
        "rounds": asked.rounds,
        "seconds": {"ours": ours, "vdirsyncer": others},
        **ratios,
    }
    return Measured(figures, at_least={f"ratio_to_vdirsyncer_{kind}": AT_LEAST for kind in GOALS})


def _taken(pairs: Mapping[str, Pair], items: int, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Name → kind → seconds of each round; who goes first changes from one round to the next."""
    taken: dict[str, dict[str, list[float]]] = {name: {} for name in pairs}
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


def _seconds(pair: Pair) -> tuple[float, float]:
    """Without carrying out, and with it."""
    gc.collect()
    began = time.perf_counter()
    carried_out = pair.reconcile()
    whole = time.perf_counter() - began
    return whole - carried_out, whole


def _at_rest(name: str, pair: Pair) -> None:
    """Everything was carried over; whatever comes back of one's own writes has been looked at."""
    if found := pair.differences():
        raise Unsound(f"pairs that differ still by {name}: {found}")
    pair.edit((), ())
    pair.reconcile()
    pair.edit((), ())
