"""Generated histories of calendars end as people meant them; a failing one names the command that repeats it.

`make test` takes 300 of them, CALENDAR_HISTORIES=1000 more, SEED=12345 others.
"""

import os

import pytest

from tests.simulation.calendar.cells import CELLS, UNREACHABLE, name
from tests.simulation.campaign import CALENDAR, run_some

HISTORIES = int(os.environ.get("CALENDAR_HISTORIES", "8"))
FIRST = int(os.environ.get("SEED", "0"))
SHARDS = 4


@pytest.mark.parametrize("shard", range(SHARDS))
def test_what_people_meant_is_what_became_of_it(shard: int) -> None:
    """With at least 20 edits, 4 sessions and several crash points each."""
    figures = run_some(range(FIRST + shard, FIRST + HISTORIES, SHARDS), of=(CALENDAR,))
    assert figures.violations == []
    assert figures.crash_points >= 2 * figures.histories
    assert figures.deeds >= 20 * figures.histories
    assert figures.sessions >= 4 * figures.histories
    assert figures.records, "nothing was saved at all"
    assert figures.compared, "nothing was there on both sides at the end"


def test_a_cell_that_cannot_be_met_has_a_reason_and_no_hit() -> None:
    figures = run_some(range(FIRST, FIRST + 2), of=(CALENDAR,))
    assert all(UNREACHABLE.values())
    assert [one for one in UNREACHABLE if figures.cells[name(one)]] == []
    assert [one for one in CELLS if figures.cells[one]], "nothing was counted"
