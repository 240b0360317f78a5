"""Values of a record's columns as the org shows them, and when two of them are the same."""

from datetime import UTC, date, datetime

from crosstie.domain.records import Record, Value
from crosstie.mapping.text import clean


def text_of(record: Record, column: str) -> str:
    """With plain line ends, and without the blanks at either end that Salesforce drops by itself."""
    value = record.fields.get(column)
    return clean(value).strip() if isinstance(value, str) else ""


def flag_of(record: Record, column: str) -> bool:
    return record.fields.get(column) is True


def moment_of(record: Record, column: str) -> datetime | None:
    return moment(record.fields.get(column))


def day_of(record: Record, column: str) -> date | None:
    """Of a date, or of a moment in UTC, in which Salesforce keeps whole days."""
    value = record.fields.get(column)
    found = moment(value)
    if found is not None:
        return found.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def moment(value: Value) -> datetime | None:
    """In UTC; also of the text that the REST resources answer with, `2026-06-10T08:00:00.000+0000`."""
    if isinstance(value, str) and "T" in value:
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    return value.astimezone(UTC)


def alike(wanted: Value, there: Value) -> bool:
    """Whether `there` is `wanted` after it was stored: trimmed, with other line ends, without parts of seconds."""
    if isinstance(wanted, bool):
        return wanted is (there is True)
    if isinstance(wanted, datetime):
        found = moment(there)
        return found is not None and found.replace(microsecond=0) == wanted.replace(microsecond=0)
    if isinstance(wanted, str) or wanted is None:
        plain = clean(there).strip() if isinstance(there, str) else ""
        return plain == clean(wanted or "").strip()
    if isinstance(wanted, tuple):
        return set(wanted) == set(there if isinstance(there, tuple) else ())
    return wanted == there
