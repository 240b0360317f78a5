"""A worker that dies anywhere, hears no answer, or stands still, loses no appointment and makes none twice.

Here every k-th point; SWEEP=all in the environment takes all of them (about two hours).
"""

import os

import pytest

from tests.simulation.calendar_sweep import HOUSES, Life, blows, failures, sample

EVERY = {"keyed": 80, "unkeyed": 160, "on-database": 400}


@pytest.mark.parametrize("kind", HOUSES)
def test_an_accident_loses_no_appointment_and_doubles_none(kind: str) -> None:
    assert Life(HOUSES[kind]).live() == []
    assert len(blows(kind)) > 1000
    chosen = sample(kind, 1 if os.environ.get("SWEEP") == "all" else EVERY[kind])
    assert failures(kind, chosen) == []
