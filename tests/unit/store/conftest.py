"""Imports within the fixtures: this file is read before Django's apps are there."""

from typing import TYPE_CHECKING

import pytest

from tests.clocks import StepClock
from tests.tables import migrated, tables

if TYPE_CHECKING:
    from tests.stores import DatabaseStore

__all__ = ["clock", "migrated", "store", "tables"]


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def store(tables: None, clock: StepClock) -> "DatabaseStore":
    from tests.stores import DatabaseStore

    return DatabaseStore(clock)
