"""The tables, for histories that run on them; and the outbox of whatever has a calendar."""

from collections.abc import Iterator

import pytest

from tests.simulation import outboxes
from tests.tables import migrated, tables

__all__ = ["migrated", "tables"]


@pytest.fixture(autouse=True)
def nobody_is_mailed() -> Iterator[None]:
    outboxes.forget()
    yield
    assert outboxes.unwanted() == []


@pytest.fixture
def mail_is_wanted(nobody_is_mailed: None) -> None:
    """For a test in which somebody says that attendees may be told."""
    outboxes.want()
