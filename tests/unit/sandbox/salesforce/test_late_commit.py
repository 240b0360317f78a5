"""Rows that show up minutes after the time they carry: in the order of that time, deleted ones too."""

import random
from datetime import datetime, timedelta

import pytest

from sandbox.salesforce.core import LATEST_COMMIT
from tests.unit.sandbox.salesforce.conftest import Company

OVERLAPS = {"none": timedelta(0), "enough": timedelta(seconds=LATEST_COMMIT)}


def follow(company: Company, overlap: timedelta) -> tuple[set[tuple[str, bool]], list[list[tuple[datetime, str]]]]:
    """A busy hour, read every two minutes from the last reading on: what was seen, and every page's order."""
    org, dice = company.org, random.Random(3)
    seen: set[tuple[str, bool]] = set()
    pages: list[list[tuple[datetime, str]]] = []
    mark, tasks = company.clock.now(), list[str]()
    for _ in range(30):
        for _ in range(3):
            company.later(seconds=40)
            tasks.append(company.add("Task", Subject="Call"))
            if dice.random() < 0.5:
                org.delete(company.integration, tasks.pop(dice.randrange(len(tasks))))
        since = (mark - overlap).strftime("%Y-%m-%dT%H:%M:%SZ")
        soql = f"SELECT Id, IsDeleted, SystemModstamp FROM Task WHERE SystemModstamp >= {since} "
        rows = company.records(soql + "ORDER BY SystemModstamp, Id", all_rows=True)
        mark = company.clock.now()
        seen |= {(row["Id"], row["IsDeleted"]) for row in rows}
        pages.append([(row["SystemModstamp"], row["Id"]) for row in rows])
    return seen, pages


@pytest.mark.parametrize(("overlap", "complete"), [("none", False), ("enough", True)])
def test_who_overlaps_far_enough_misses_nothing(company: Company, overlap: str, complete: bool) -> None:
    company.org.switches.turn("salesforce.late_commit", True)
    seen, pages = follow(company, OVERLAPS[overlap])
    there = {
        (row["Id"], row["IsDeleted"]) for row in company.records("SELECT Id, IsDeleted FROM Task", all_rows=True)
    }
    assert any(deleted for _, deleted in there)
    assert (there <= seen) is complete
    assert all(page == sorted(page) for page in pages)


def test_no_row_runs_behind_its_own_stamp(company: Company) -> None:
    company.org.switches.turn("salesforce.late_commit", True)
    task = company.add("Task", Subject="Call")
    stamps = []
    for number in range(40):
        company.later(seconds=5)
        company.change("Task", task, Subject=f"Call {number}")
        stamps.append(company.row("Task", task)["SystemModstamp"])
    assert stamps == sorted(stamps)
    assert len(set(stamps)) < 40, "two writes may carry one stamp"
