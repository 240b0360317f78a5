"""Every doubt with a case of its own is seen with both answers."""

from collections.abc import Mapping
from functools import cache

import pytest

from tests.once import once
from tests.unit.sandbox.doubts import (
    cases_graph,
    cases_graph_calendar,
    cases_graph_manners,
    cases_salesforce,
    cases_salesforce_manners,
)
from tests.unit.sandbox.doubts.elsewhere import answers_asked, constants, found_in
from tests.unit.sandbox.doubts.stage import CASES, Stage

__all__ = [
    "cases_graph",
    "cases_graph_calendar",
    "cases_graph_manners",
    "cases_salesforce",
    "cases_salesforce_manners",
]


@pytest.mark.parametrize("on", [True, False], ids=["on", "off"])
@pytest.mark.parametrize("switch", sorted(CASES))
def test_the_answer_shows(switch: str, on: bool) -> None:
    case = CASES[switch]
    assert case.look(Stage(switch, on)) == (case.on if on else case.off)


@cache
def elsewhere() -> tuple[Mapping[str, list[str]], Mapping[str, set[bool]]]:
    """Of the doubts without a case here: the tests that name them, and the answers those ask for."""

    def look() -> tuple[Mapping[str, list[str]], Mapping[str, set[bool]]]:
        named = found_in({name: constant for name, constant in constants().items() if name not in CASES})
        return named, answers_asked(sorted({test for tests in named.values() for test in tests}))

    return once("doubts-elsewhere", look)


@pytest.mark.parametrize("face", ["graph", "microsoft", "calendar", "salesforce", "google"])
def test_doubts_without_a_case_here_have_tests_that_ask_for_both_answers(face: str) -> None:
    """Who declares a switch writes a case beside those here, or a test of its own that turns it."""
    named, asked = elsewhere()
    mine = {name: tests for name, tests in named.items() if name.partition(".")[0] == face}
    assert [name for name, tests in mine.items() if not tests] == [], "no test names them"
    assert {name: asked.get(name) for name in mine if asked.get(name) != {True, False}} == {}
