"""Histories with PostgreSQL as their store, judged by the same oracle."""

import pytest

from tests.simulation.campaign import run


@pytest.mark.parametrize("seed", [0, 50])
def test_what_people_meant_is_what_became_of_it(tables: None, seed: int) -> None:
    outcome = run(seed, on_database=True)
    assert outcome.violations == []
    assert outcome.records
