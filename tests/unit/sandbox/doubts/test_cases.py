"""Every doubt with a case of its own is seen with both answers."""

from pathlib import Path

import pytest

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


@pytest.mark.parametrize("face", ["graph", "microsoft", "calendar", "salesforce"])
def test_doubts_without_a_case_here_have_tests_that_ask_for_both_answers(face: str, tmp_path: Path) -> None:
    """Who declares a switch writes a case beside those here, or a test of its own that turns it."""
    left = {name: constant for name, constant in constants().items() if name not in CASES}
    mine = {name: tests for name, tests in found_in(left).items() if name.partition(".")[0] == face}
    assert [name for name, tests in mine.items() if not tests] == [], "no test names them"
    asked = answers_asked(sorted({test for tests in mine.values() for test in tests}), tmp_path)
    assert {name: asked.get(name) for name in mine if asked.get(name) != {True, False}} == {}
