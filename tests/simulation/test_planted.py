"""A simulation that does not notice a planted bug would not notice the bug."""

import pytest

from tests.simulation.planted import BUGS, SEEDS, Planted, find


@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_what_it_is_planted_in_is_still_there(bug: Planted) -> None:
    with bug.planted():
        assert callable(getattr(bug.target, bug.attribute))


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_a_history_finds_it(bug: Planted) -> None:
    assert find(bug, (bug.seed, *range(SEEDS))) is not None
