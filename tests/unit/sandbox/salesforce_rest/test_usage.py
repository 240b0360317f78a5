"""The daily allowance of API calls."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.salesforce.usage import Usage

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_calls_of_the_last_24_hours_count() -> None:
    usage = Usage()
    usage.count(NOON, 10)
    usage.count(NOON + timedelta(minutes=1), 5)
    usage.count(NOON + timedelta(hours=10), 3)
    assert usage.used(NOON + timedelta(hours=23, minutes=59)) == 18
    assert usage.used(NOON + timedelta(hours=24)) == 3
    assert usage.used(NOON + timedelta(hours=34)) == 0


@pytest.mark.parametrize(
    ("usage", "calls", "exhausted"),
    [
        (Usage(allowance=10), 9, False),
        (Usage(allowance=10), 10, True),
        (Usage(allowance=10, soft=True), 1000, False),
        (Usage(allowance=10, hard_cap=12), 11, False),
        (Usage(allowance=10, hard_cap=12), 12, True),
    ],
)
def test_the_cap(usage: Usage, calls: int, exhausted: bool) -> None:
    usage.count(NOON, calls)
    assert usage.exhausted(NOON) is exhausted
    assert usage.header(NOON) == f"api-usage={calls}/10"
