"""Imports within the fixtures: this file is read before Django's apps are there."""

from typing import TYPE_CHECKING

import pytest

from tests.clocks import StepClock
from tests.tables import migrated, tables

if TYPE_CHECKING:
    from tests.unit.accounts.homes import Home

__all__ = ["clock", "home", "migrated", "stranger", "tables"]


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def home(tables: None, clock: StepClock) -> "Home":
    from tests.unit.accounts.homes import Home

    return Home.make("Acme", clock)


@pytest.fixture
def stranger(home: "Home", clock: StepClock) -> "Home":
    """Another tenant of the same server."""
    from tests.unit.accounts.homes import Home

    return Home.make("Globex", clock)
