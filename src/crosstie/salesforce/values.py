"""Values on the wire: what our frozen values look like in a JSON body, and what rows say."""

import base64
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from crosstie.domain.errors import Retry
from crosstie.domain.records import Value

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{3}))?(Z|[+-]\d\d:?\d\d)")
_MOMENT_NAMES = ("Date", "DateTime", "Modstamp")


def parse_moment(text: object) -> datetime:
    """`2026-11-21T10:04:00.000+0000` → aware, UTC. Anything else is not an answer of this vendor."""
    match = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Retry("CRM-ANSWER", "a row without a proper time stamp")
    zone = "+00:00" if match[3] == "Z" else match[3]
    try:
        return datetime.fromisoformat(f"{match[1]}.{match[2] or '000'}{zone}").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Retry("CRM-ANSWER", "a row with a time stamp of no calendar") from error


def to_json(value: Value) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def from_row(row: Mapping[str, Any], path: str) -> Value:
    """The field of a query row, by a relationship path where it has dots.

    Moments are told by their form together with the field's name: a row does not say its types.
    """
    found: Any = row
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        is_moment = path.endswith(_MOMENT_NAMES) and _MOMENT.fullmatch(found)
        return parse_moment(found) if is_moment else found
    if isinstance(found, list):
        return tuple(str(item) for item in found)
    return found if isinstance(found, bool | int | float) else None


def typed(row: Mapping[str, Any], name: str, kind: str) -> Value:
    """The field of a query row whose type a describe has told."""
    found = row.get(name)
    if kind == "datetime" and found is not None:
        return parse_moment(found)
    if kind == "date" and found is not None:
        return _parse_day(found)
    return from_row(row, name)


def _parse_day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise Retry("CRM-ANSWER", "a row with a date of no calendar") from error


def json_size(value: Value) -> int:
    """About how many bytes the value takes in a JSON body."""
    if isinstance(value, bytes):
        return (len(value) + 2) // 3 * 4 + 2
    if isinstance(value, str):
        return len(value.encode("utf-8", "replace")) + value.count("\n") + value.count('"') + 2
    return 32 + (24 * len(value) if isinstance(value, tuple) else 0)


def same_id(one: str, other: str) -> bool:
    """Ids have 15 characters or, with a suffix that guards their case, 18."""
    return bool(one) and one[:15] == other[:15]
