"""An org with the project's own package, a clock that stands still, and a few people to write about."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.clock import ManualClock
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.org import Org
from tests.places import ROOT

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
"""A Friday."""


@dataclass(slots=True)
class Company:
    """An org and what the tests keep asking of it; writes are the integration user's unless said otherwise."""

    org: Org
    clock: ManualClock
    integration: Id
    ann: Id
    bob: Id

    def add(self, object_name: str, **fields: Any) -> Id:
        return self.org.insert(self.integration, object_name, fields)

    def change(self, object_name: str, record_id: Id, **fields: Any) -> None:
        self.org.update(self.integration, object_name, record_id, fields)

    def row(self, object_name: str, record_id: Id) -> dict[str, Any]:
        return self.org.get(self.integration, object_name, record_id)

    def records(self, soql: str, *, all_rows: bool = False, user: Id | None = None) -> list[dict[str, Any]]:
        """All records of all pages, without their attributes."""
        asker = user or self.integration
        page = self.org.query(asker, soql, all_rows=all_rows)
        found = list(page.records)
        while page.locator:
            page = self.org.query_more(asker, page.locator)
            found += page.records
        return [bare(record) for record in found]

    def values(self, soql: str, *, all_rows: bool = False, user: Id | None = None) -> list[Any]:
        """The first column."""
        return [next(iter(record.values())) for record in self.records(soql, all_rows=all_rows, user=user)]

    def later(self, **span: float) -> None:
        self.clock.advance(timedelta(**span))


def bare(value: Any) -> Any:
    """An answer without the attributes in it."""
    if isinstance(value, dict):
        return {name: bare(item) for name, item in value.items() if name != "attributes"}
    return [bare(item) for item in value] if isinstance(value, list) else value


def refusal(act: Any, *arguments: Any, **named: Any) -> SalesforceError:
    """The refusal an act must end in."""
    with pytest.raises(SalesforceError) as caught:
        act(*arguments, **named)
    return caught.value


@pytest.fixture
def company() -> Company:
    clock = ManualClock(START)
    org = Org(clock, random.Random(7), name="Acme")
    org.load_package(ROOT / "salesforce-package")
    integration = org.add_user("sync@acme.test", "Sync", "User", ProfileId=org.profiles["System Administrator"])
    ann = org.add_user("ann@acme.test", "Ann", "Archer")
    bob = org.add_user("bob@acme.test", "Bob", "Baker")
    return Company(org, clock, integration, ann, bob)
