"""A simulation that does not notice a planted bug would not notice the bug."""

import pytest

from tests.simulation import planted
from tests.simulation.calendar import planted as of_calendars
from tests.simulation.planted import SEEDS, Planted, find

BUGS = (*planted.BUGS, *of_calendars.BUGS)


@pytest.mark.parametrize("bug", [*BUGS, *of_calendars.OPEN], ids=lambda bug: bug.name)
def test_what_it_is_planted_in_is_still_there(bug: Planted) -> None:
    with bug.planted():
        assert callable(getattr(bug.target, bug.attribute))


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_a_history_finds_it(bug: Planted) -> None:
    assert find(bug, (bug.seed, *range(SEEDS))) is not None
