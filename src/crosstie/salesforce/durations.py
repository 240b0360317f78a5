"""Whether an org takes events of several days: a setting that no description tells, but every refusal does."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from crosstie.domain.records import Value
from crosstie.salesforce.errors import VendorError

START, END, LENGTH = "StartDateTime", "EndDateTime", "DurationInMinutes"
DAY, LONGEST = timedelta(days=1), timedelta(days=14)
"""What every org takes, and what no org takes more of."""


def is_refused_for_length(fields: Mapping[str, Value], error: VendorError) -> bool:
    """An event that is longer than a day and that any org might take, refused because of its end or length."""
    about_it = error.code == "FIELD_INTEGRITY_EXCEPTION" and not {END, LENGTH}.isdisjoint(error.fields)
    return about_it and DAY < _length(fields) <= LONGEST


def _length(fields: Mapping[str, Value]) -> timedelta:
    """Nothing where the fields do not tell."""
    minutes, start, end = (fields.get(name) for name in (LENGTH, START, END))
    if isinstance(minutes, int):
        return timedelta(minutes=minutes)
    return end - start if isinstance(start, datetime) and isinstance(end, datetime) else timedelta()
