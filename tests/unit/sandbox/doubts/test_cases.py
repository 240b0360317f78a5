"""Every doubt with a case of its own is seen with both answers."""

import pytest

from tests.unit.sandbox.doubts import (
    cases_graph,
    cases_graph_manners,
    cases_salesforce,
    cases_salesforce_manners,
)
from tests.unit.sandbox.doubts.stage import CASES, Stage

__all__ = ["cases_graph", "cases_graph_manners", "cases_salesforce", "cases_salesforce_manners"]


@pytest.mark.parametrize("on", [True, False], ids=["on", "off"])
@pytest.mark.parametrize("switch", sorted(CASES))
def test_the_answer_shows(switch: str, on: bool) -> None:
    case = CASES[switch]
    assert case.look(Stage(switch, on)) == (case.on if on else case.off)
