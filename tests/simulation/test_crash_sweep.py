"""A worker that dies anywhere, or hears no answer, loses no mail and saves none twice.

Here every k-th point; SWEEP=all in the environment takes all of them (some minutes).
"""

import pytest

from tests.simulation.effects import stride
from tests.simulation.sweep import HOUSES, Day, failures, points, sample

EVERY = {"email-message": 8, "task": 16, "files-apart": 32, "unkeyed": 32, "unkeyed-task": 64}
SHARDS = 2


@pytest.mark.parametrize("kind", HOUSES)
def test_an_uneventful_day_ends_as_people_meant_it(kind: str) -> None:
    assert Day(HOUSES[kind]).live() == []


@pytest.mark.parametrize("kind", HOUSES)
def test_there_are_enough_points(kind: str) -> None:
    assert len(points(kind)) >= 60
    assert sum(len(sample(one, stride(EVERY[one]))) for one in HOUSES) >= 60


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("kind", HOUSES)
def test_an_accident_loses_and_doubles_nothing(kind: str, shard: int) -> None:
    chosen = sample(kind, stride(EVERY[kind]))[shard::SHARDS]
    assert chosen
    assert failures(kind, chosen) == []
