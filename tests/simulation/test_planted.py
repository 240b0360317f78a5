"""A simulation that does not notice a planted bug would not notice the bug."""

import pytest

from tests.simulation import planted
from tests.simulation.calendar import planted as of_calendars
from tests.simulation.calendar.amid import AMID
from tests.simulation.more import more_of
from tests.simulation.planted import SEEDS, Planted, find

BUGS = (*planted.BUGS, *of_calendars.BUGS)


@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_what_it_is_planted_in_is_still_there(bug: Planted) -> None:
    with bug.planted():
        assert callable(getattr(bug.target, bug.attribute))


@pytest.mark.parametrize("name", AMID)
def test_what_histories_have_more_of_is_there_for_their_length(name: str) -> None:
    there = [getattr(module, attribute) for module, attribute, _ in AMID[name]]
    with more_of(AMID[name]):
        assert all(getattr(module, attribute) == value for module, attribute, value in AMID[name])
    assert [getattr(module, attribute) for module, attribute, _ in AMID[name]] == there


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_a_history_finds_it(bug: Planted) -> None:
    assert find(bug, (bug.seed, *range(SEEDS))) is not None
