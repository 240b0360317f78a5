"""What a bench finds: figures, the goals some of them have, and what went wrong while they were taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Measured:
    figures: Mapping[str, Any]
    """Numbers, sentences, and mappings of them; a list of sentences counts as their number."""
    goals: Mapping[str, float] = field(default_factory=dict)
    """At most; named by the way to the figure, with dots."""
    wrong: Sequence[str] = ()

    def flat(self) -> dict[str, float | str]:
        return dict(_flat(self.figures))

    def missed(self) -> list[str]:
        numbers = {path: value for path, value in self.flat().items() if not isinstance(value, str)}
        return [path for path, value in numbers.items() if value > self.goals.get(path, float("inf"))]


def _flat(figures: Mapping[str, Any], before: str = "") -> list[tuple[str, float | str]]:
    found: list[tuple[str, float | str]] = []
    for name, value in figures.items():
        path = f"{before}{name}"
        if isinstance(value, Mapping):
            found += _flat(value, f"{path}.")
        elif isinstance(value, str):
            found.append((path, value))
        else:
            found.append((path, float(len(value) if isinstance(value, list) else value)))
    return found
