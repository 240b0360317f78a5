"""Imports within the fixtures: this file is read before Django's apps are there."""

from typing import TYPE_CHECKING

import pytest

from tests.clocks import StepClock
from tests.tables import migrated, tables

if TYPE_CHECKING:
    from tests.stores import Store

__all__ = ["clock", "migrated", "other", "store", "tables"]


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture(params=["memory", "postgresql"])
def store(request: pytest.FixtureRequest, clock: StepClock) -> "Store":
    """The org under test, once in memory and once on PostgreSQL."""
    from tests.stores import DatabaseStore, MemoryStore

    if request.param == "memory":
        return MemoryStore(clock)
    request.getfixturevalue("tables")
    return DatabaseStore(clock)


@pytest.fixture
def other(store: "Store", clock: StepClock) -> "Store":
    """Another tenant's org in the same place."""
    from tests.stores import DatabaseStore, MemoryStore

    return MemoryStore(clock) if isinstance(store, MemoryStore) else DatabaseStore(clock)
