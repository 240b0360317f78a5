"""Queries by id, key, address, foreign key or SystemModstamp look at the rows they give and at few others."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.clock import ManualClock
from sandbox.salesforce.ids import Id
from sandbox.salesforce.org import Org
from tests.places import ROOT
from tests.unit.sandbox.salesforce.conftest import Company

MANY = 5_000
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def crowd() -> tuple[Org, list[Id]]:
    """Contacts, one a second, written without rules: their number is what counts."""
    org = Org(ManualClock(datetime(2026, 11, 20, tzinfo=UTC)), random.Random(3))
    org.load_package(ROOT / "salesforce-package")
    accounts = [org.insert(org.admin, "Account", {"Name": f"A{number}"}) for number in range(5)]
    ids = []
    for number in range(MANY):
        values: dict[str, Any] = {
            "LastName": f"N{number}",
            "Name": f"N{number}",
            "Email": f"n{number}@crowd.test",
            "AccountId": accounts[number % 5] if number < 100 else None,
            "OwnerId": org.admin,
        }
        ids.append(org.core.put_new("Contact", values, org.admin, BEGIN + timedelta(seconds=number))["Id"])
    return org, ids


def examined(org: Org, soql: str) -> tuple[int, int]:
    """Rows looked at, rows given."""
    before = org.rows_examined
    size = org.query(org.admin, soql).total_size
    return org.rows_examined - before, size


@pytest.mark.parametrize(
    ("where", "looked_at", "given"),
    [
        ("Id = '{id}'", 1, 1),
        ("Id IN ('{id}', '{other}')", 2, 2),
        ("Email = 'N7@CROWD.test'", 1, 1),
        ("Email IN ('n7@crowd.test', 'n8@crowd.test', 'nobody@x.test')", 2, 2),
        ("Name = 'n9'", 1, 1),
        ("Email = 'n7@crowd.test' AND LastName LIKE 'x%'", 1, 0),
        ("Email = 'n7@crowd.test' OR Id = '{id}'", 2, 2),
        ("(Email = 'n7@crowd.test' OR Email = 'n8@crowd.test') AND LastName != null", 2, 2),
        ("SystemModstamp >= 2026-01-01T00:10:00Z AND SystemModstamp < 2026-01-01T00:10:05Z", 6, 5),
        ("SystemModstamp > 2026-01-01T00:10:00Z AND SystemModstamp <= 2026-01-01T00:10:05Z", 6, 5),
        ("SystemModstamp = 2026-01-01T00:10:00Z", 1, 1),
        ("SystemModstamp > 2026-01-01T01:23:00Z AND SystemModstamp >= 2026-01-01T01:23:18Z", 2, 2),
        ("SystemModstamp < 2026-01-01T00:00:09Z AND SystemModstamp <= 2026-01-01T00:00:01Z", 2, 2),
        ("SystemModstamp >= 2026-01-01T00:10:00Z AND Email = 'n7@crowd.test'", 1, 0),
        ("SystemModstamp >= LAST_N_DAYS:3", 0, 0),
        ("SystemModstamp > 9999-12-31T23:59:59Z", 0, 0),
        ("SystemModstamp < 0001-01-01T00:00:00Z", 0, 0),
        ("AccountId != null AND Email = 'n3@crowd.test'", 1, 1),
        ("AccountId IN (SELECT Id FROM Account WHERE Name = 'A1')", 21, 20),
        ("Id IN (SELECT AccountId FROM Contact WHERE Email = 'n3@crowd.test')", None, None),
        ("LastName LIKE 'N12%'", MANY, 111),
        ("Email = 'n7@crowd.test' OR LastName = 'N8'", MANY, 2),
        ("NOT Email = 'n7@crowd.test'", MANY, MANY - 1),
        ("Email != 'n7@crowd.test'", MANY, MANY - 1),
    ],
)
def test_rows_examined(crowd: tuple[Org, list[Id]], where: str, looked_at: int | None, given: int | None) -> None:
    org, ids = crowd
    where = where.format(id=ids[0], other=ids[-1])
    if looked_at is None:
        assert examined(org, f"SELECT Name FROM Account WHERE {where}") == (2, 1)
        return
    assert examined(org, f"SELECT Id FROM Contact WHERE {where}") == (looked_at, given)


def test_an_index_gives_what_a_scan_gives(crowd: tuple[Org, list[Id]]) -> None:
    org, _ = crowd
    start, end = "2026-01-01T00:59:50Z", "2026-01-01T01:00:10Z"
    by_index = f"SystemModstamp >= {start} AND SystemModstamp < {end}"
    by_scan = f"CreatedDate >= {start} AND CreatedDate < {end}"
    found = [
        [
            record["Id"]
            for record in org.query(org.admin, f"SELECT Id FROM Contact WHERE {where} ORDER BY Id").records
        ]
        for where in (by_index, by_scan)
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 20


def test_custom_keys_are_indexed_and_follow_every_write(company: Company) -> None:
    task = company.add("Task", Subject="a", Crosstie_Key__c="k1")
    for number in range(50):
        company.add("Task", Subject="b", Crosstie_Key__c=f"other{number}")
    soql = "SELECT Id FROM Task WHERE Crosstie_Key__c = '{}'"
    assert examined(company.org, soql.format("k1")) == (1, 1)
    company.change("Task", task, Crosstie_Key__c="k2")
    assert examined(company.org, soql.format("k1")) == (0, 0)
    assert examined(company.org, soql.format("k2")) == (1, 1)
    company.org.purge(task)
    assert examined(company.org, soql.format("k2")) == (0, 0)


def test_children_are_found_by_their_key(company: Company) -> None:
    account = company.add("Account", Name="One")
    company.add("Contact", LastName="In", AccountId=account)
    for number in range(50):
        company.add("Contact", LastName=f"Out{number}")
    before = company.org.rows_examined
    (record,) = company.records(f"SELECT Id, (SELECT LastName FROM Contacts) FROM Account WHERE Id = '{account}'")
    assert record["Contacts"]["records"] == [{"LastName": "In"}]
    assert company.org.rows_examined - before == 1
