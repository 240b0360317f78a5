"""The cases: every target the product uses, in the kind of house and stage that use it first, × every trouble."""

import random
from collections.abc import Iterator, Sequence
from functools import cache

from tests.matrix.life import KINDS, Case, Life, Stage
from tests.matrix.troubles import TROUBLES, Target
from tests.once import once

LIES = frozenset(
    (
        ("GET describe", "404 NOT_FOUND"),
        ("GET describe", "400 INVALID_TYPE"),
        ("GET describe", "403 INSUFFICIENT_ACCESS"),
    )
)
"""A vendor that says for hours that its own objects do not exist, or not for us, has none: the product then does
without.
"""


@cache
def used() -> dict[Target, tuple[str, Stage]]:
    """What the product asks of the vendors in undisturbed lives, with the house and stage to meet it in."""
    return once("matrix-used", _used)


def _used() -> dict[Target, tuple[str, Stage]]:
    found: dict[Target, tuple[str, Stage]] = {}
    for kind in KINDS:
        life = Life(kind=kind)
        life.live()
        if found_wrong := life.judge() + life.ward.notes.escaped:
            raise AssertionError(f"{kind}, undisturbed: {found_wrong}")
        for stage in (Stage.WORK, Stage.START, Stage.ERRAND):
            for target in life.asked[stage]:
                found.setdefault(target, (kind, stage))
    return found


@cache
def everything() -> tuple[Case, ...]:
    return tuple(_all())


def _all() -> Iterator[Case]:
    for target, (kind, stage) in sorted(used().items()):
        for trouble in TROUBLES:
            if trouble.may_befall(target):
                yield Case(kind, target, trouble, stage, lasting=False)
                if (target.name, trouble.name) not in LIES:
                    yield Case(kind, target, trouble, stage, lasting=True)


def sample(count: int, seed: int = 0) -> Sequence[Case]:
    """So many cases: those first that meet most of what no earlier one met."""
    dice = random.Random(f"matrix:{seed}")
    left = list(everything())
    dice.shuffle(left)
    met: set[object] = set()
    chosen: list[Case] = []
    for wanted in (3, 2, 1, 0):
        for case in [case for case in left if case not in chosen]:
            if len(chosen) < count and len(aspects(case) - met) >= wanted:
                chosen.append(case)
                met |= aspects(case)
    return chosen


def aspects(case: Case) -> set[object]:
    """What a sample should meet once at least, the names of troubles as far as it reaches."""
    return {case.target, (case.trouble.group, case.target.face, case.lasting), case.trouble.name}
