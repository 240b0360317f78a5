"""A worker that dies anywhere, hears no answer, or stands still, loses no appointment and makes none twice.

Here every k-th point; SWEEP=all in the environment takes all of them (about two hours).
"""

import pytest

from tests.simulation.calendar_sweep import HOUSES, Life, blows, failures, sample
from tests.simulation.effects import stride

EVERY = {"keyed": 80, "unkeyed": 160, "on-database": 400}


@pytest.mark.parametrize("kind", ["keyed", "unkeyed"])
def test_an_accident_loses_no_appointment_and_doubles_none(kind: str) -> None:
    assert Life(HOUSES[kind]).live() == []
    assert len(blows(kind)) > 1000
    assert failures(kind, sample(kind, stride(EVERY[kind]))) == []


def test_nor_with_postgresql_as_the_store(tables: None) -> None:
    assert Life(HOUSES["on-database"]).live() == []
    assert failures("on-database", sample("keyed", stride(EVERY["on-database"]), seed=1)) == []
