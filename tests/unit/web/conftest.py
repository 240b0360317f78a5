"""Imports within the fixtures: this file is read before Django's apps are there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.tables import migrated, tables

if TYPE_CHECKING:
    from tests.unit.web.office import Office
    from tests.unit.web.staff import Staff

__all__ = ["migrated", "office", "tables"]


@pytest.fixture
def office(tables: None, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Office]":
    """The sandbox's company as a customer of this server, whose vendors are reached without a socket."""
    from django.core.cache import cache
    from django.db import connection

    from crosstie.jobs import wiring
    from tests.unit.web.office import ORIGIN, Office

    monkeypatch.setenv("CROSSTIE_TRUSTED_ORIGINS", ORIGIN)
    wiring.get.cache_clear()
    made = Office(wiring.get())
    monkeypatch.setattr(wiring, "get", lambda: made.house)
    cache.clear()
    yield made
    monkeypatch.undo()
    wiring.get.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs; DELETE FROM django_session")


@pytest.fixture
def staff(office: "Office") -> "Staff":
    """The company with more people than are activated."""
    from tests.unit.web.staff import Staff

    return Staff.of(office)
