"""What nobody knows of the vendors for certain: the day ends well under either answer, and under any mixture."""

import random
import re

import pytest

from sandbox import switches
from sandbox.switches import Switch
from tests.simulation.day import DAY_SETTINGS
from tests.simulation.house import Make
from tests.simulation.sweep import Day, Point, points

MIXTURES = (*range(6), 20)
"""In the last one locators of small pages died while the half-written records of a dead worker were read."""
SLOW = {"graph.never_ending_round"}
"""Thousands of requests a day; tests/contract/test_graph.py tries it."""
DECLARED = tuple(
    sorted(
        (one for one in switches.declared() if one.name not in SLOW and not one.interferes),
        key=lambda one: one.name,
    )
)
"""Where somebody else changes what was written, a day does not end as its people meant it."""


@pytest.mark.parametrize("switch", DECLARED, ids=[one.name for one in DECLARED])
def test_the_other_answer(switch: Switch) -> None:
    day = Day(Make(settings=DAY_SETTINGS, switches={switch.name: not switch.default}))
    assert day.live() == []


INTERFERENCE = {
    "graph.categories_dropped": r"copy has the categories \[\]",
    "salesforce.automation_empties_fields": r"Related To is None",
    "salesforce.rival_saves_same_mail": r"2 records instead|saved more than once|linked to \{\}|0 files|is None",
}
"""What the oracle finds only because somebody else did it; another record of a mail is looked at for ours."""
INTERFERING = sorted(one.name for one in switches.declared() if one.interferes)


@pytest.mark.parametrize("name", INTERFERING)
def test_somebody_else_interferes(name: str) -> None:
    """What he did stays done; everything else is as people meant it, and nobody fights him."""
    day = Day(Make(settings=DAY_SETTINGS, switches={name: True}))
    explained = re.compile(INTERFERENCE.get(name, r"(?!)"))
    assert [problem for problem in day.live() if not explained.search(problem)] == []


@pytest.mark.parametrize("seed", MIXTURES)
def test_a_mixture_of_answers_and_an_accident(seed: int) -> None:
    """The seed picks the answers and what goes wrong; a failing one is named by the test's id."""
    dice = random.Random(seed)
    turned = {one.name: dice.random() < 0.5 for one in DECLARED}
    known: tuple[Point, ...] = points("email-message")
    day = Day(Make(settings=DAY_SETTINGS, switches=turned, seed=seed), dice.choice(known))
    assert day.live() == []
