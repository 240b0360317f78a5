"""Events that the value of a field keeps out of the mailbox; they come down again when it is another one."""

from collections.abc import Iterator

from crosstie.domain.records import Record, Value
from crosstie.domain.settings import Settings

TEXTS = frozenset({"string", "email", "phone", "textarea", "url", "picklist", "combobox", "multipicklist"})
USABLE = TEXTS | {"boolean", "int", "double", "currency", "percent"}
"""Types of fields, as the org describes them, whose values can be compared; numbers without decimals alone."""
WHOLE = frozenset({"double", "currency", "percent"})
LONGEST = 255
"""A longer text is a body, and bodies are not compared."""


def conditions(settings: Settings) -> Iterator[tuple[str, str]]:
    """Field and value, in the order of the settings."""
    for entry in settings.events_unsync:
        field, _, value = entry.partition("=")
        if field.strip():
            yield field.strip().removeprefix("Event."), value.strip()


def columns(settings: Settings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field for field, _ in conditions(settings)))


def met(record: Record, settings: Settings) -> str:
    """The first field that keeps the record out; empty where none does. A field that was not read says nothing."""
    fields = record.fields
    return next(
        (field for field, value in conditions(settings) if field in fields and _is(fields[field], value)), ""
    )


def is_usable(kind: str, *, length: int = 0, decimals: int = 0, filterable: bool = True) -> bool:
    """Of a field as the org describes it."""
    return kind in USABLE and filterable and length <= LONGEST and not (kind in WHOLE and decimals)


def _is(there: Value, value: str) -> bool:
    """Of several values of a picklist all must be the same ones."""
    if isinstance(there, bool):
        return value.casefold() == str(there).casefold()
    if isinstance(there, int | float):
        return value == str(int(there)) and there == int(there)
    if there is None:
        return not value
    return isinstance(there, str) and _parts(there) == _parts(value)


def _parts(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(";"))
