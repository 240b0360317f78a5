"""A table of cases as the pages show it."""

from collections.abc import Sequence
from typing import Any

from crosstie.domain import settings
from tests.docs.markdown import table

SETTING_NAMES = {attribute: f"`{name}`" for name, (attribute, _) in settings.catalogue().items()}


def listed(title: str, cases: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> str:
    rows = [(str(name), *map(_cell, rest)) for name, *rest in cases]
    return f"## {title}\n\n{table(('case', *columns), rows)}"


def _cell(value: Any) -> str:
    """A value of a case as a reader wants it: `name: value` pairs, settings by their names, sizes for bytes."""
    if isinstance(value, dict):
        return ", ".join(f"{SETTING_NAMES.get(name, name)}: {_cell(inner)}" for name, inner in value.items())
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value) or "–"
