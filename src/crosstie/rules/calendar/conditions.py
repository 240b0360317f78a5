"""Events that the value of a field keeps out of the mailbox; they come down again when it is another one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crosstie.domain.records import FieldKind, Record, Value
from crosstie.domain.settings import Settings

TEXTS = frozenset({"string", "email", "phone", "textarea", "url", "picklist", "combobox", "multipicklist"})
USABLE = TEXTS | {"boolean", "int", "double", "currency", "percent"}
"""Types of fields, as the org describes them, whose values can be compared; numbers without decimals alone."""
WHOLE = frozenset({"double", "currency", "percent"})
CHOSEN = frozenset({"multipicklist", "picklist", "combobox"})
LONGEST = 255
"""A longer text is a body, and bodies are not compared."""


def conditions(settings: Settings) -> Iterator[tuple[str, str]]:
    """Field and value, in the order of the settings."""
    for entry in settings.events_unsync:
        field, _, value = entry.partition("=")
        if field.strip():
            yield field.strip().removeprefix("Event."), value.strip()


@dataclass(frozen=True, slots=True)
class Judged:
    """Conditions as the org names their fields, and the fields that cannot be one."""

    usable: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()


def judged(settings: Settings, fields: Mapping[str, FieldKind]) -> Judged:
    """`fields` are those of Event, as the org describes them; where it does not, nobody can tell."""
    if not fields:
        return Judged(settings.events_unsync)
    names = {name.casefold(): name for name in fields}
    usable, unusable = [], []
    for field, value in conditions(settings):
        name = names.get(field.casefold(), "")
        if name and is_usable(fields[name]):
            usable.append(f"{name}={value}")
        else:
            unusable.append(name or field)
    return Judged(tuple(usable), tuple(dict.fromkeys(unusable)))


def columns(settings: Settings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field for field, _ in conditions(settings)))


def met(record: Record, settings: Settings) -> str:
    """The first field that keeps the record out; empty where none does. A field that was not read says nothing."""
    fields = record.fields
    return next(
        (field for field, value in conditions(settings) if field in fields and _is(fields[field], value)), ""
    )


def is_usable(kind: FieldKind) -> bool:
    if kind.type not in USABLE or not kind.filterable or (kind.type in WHOLE and kind.decimals):
        return False
    return kind.type in CHOSEN or kind.length <= LONGEST


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
