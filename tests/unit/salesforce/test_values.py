"""Values on the wire."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from crosstie.domain.errors import Retry
from crosstie.domain.records import Value
from crosstie.salesforce import values

MOMENT = datetime(2026, 11, 21, 10, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21T10:04:00.000+0000", MOMENT),
        ("2026-11-21T10:04:00.000Z", MOMENT),
        ("2026-11-21T10:04:00Z", MOMENT),
        ("2026-11-21T10:04:00.250+0000", MOMENT + timedelta(milliseconds=250)),
        ("2026-11-21T11:04:00.000+0100", MOMENT),
        ("2026-11-21T05:04:00.000-05:00", MOMENT),
    ],
)
def test_time_stamps(text: str, moment: datetime) -> None:
    found = values.parse_moment(text)
    assert (found, found.tzinfo) == (moment, UTC)


@pytest.mark.parametrize(
    "text", [None, "", "2026-11-21", "2026-11-21T10:04:00", "2026-11-21T10:04:00.000000Z", "yesterday", 17]
)
def test_what_is_no_time_stamp_is_no_answer(text: object) -> None:
    with pytest.raises(Retry):
        values.parse_moment(text)


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (b"\x00\xff", "AP8="),
        (MOMENT.replace(microsecond=123_456), "2026-11-21T10:04:00.123Z"),
        (MOMENT.astimezone(timezone(timedelta(hours=1))), "2026-11-21T10:04:00.000Z"),
        (date(2026, 11, 21), "2026-11-21"),
        (("a", "b"), ["a", "b"]),
        ("text", "text"),
        (True, True),
        (None, None),
    ],
)
def test_to_json(value: Value, json: Any) -> None:
    assert values.to_json(value) == json


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        values.to_json(datetime(2026, 11, 21))  # noqa: DTZ001 - that is the case


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("CreatedDate", MOMENT),
        ("Name", "2026-11-21T10:04:00.000+0000"),
        ("ActivityDate", "2026-11-21"),
        ("Account.Name", "Birchworks"),
        ("Account.Owner.Name", None),
        ("Gone.Name", None),
        ("Missing", None),
        ("IsDeleted", False),
        ("Amount", 1.5),
        ("ToIds", ("003", "00Q")),
        ("Account", None),
    ],
)
def test_rows(path: str, value: Value) -> None:
    row: dict[str, object] = {
        "CreatedDate": "2026-11-21T10:04:00.000+0000",
        "Name": "2026-11-21T10:04:00.000+0000",
        "ActivityDate": "2026-11-21",
        "Account": {"attributes": {}, "Name": "Birchworks", "Owner": None},
        "Gone": None,
        "IsDeleted": False,
        "Amount": 1.5,
        "ToIds": ["003", "00Q"],
    }
    assert values.from_row(row, path) == value


def test_ids_of_both_lengths_are_the_same() -> None:
    assert values.same_id("003UZ0000eVfaw3", "003UZ0000eVfaw3YAB")
    assert not values.same_id("003UZ0000eVfaw3", "003UZ0000eVfaW3")
    assert not values.same_id("", "")
