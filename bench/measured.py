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
    at_least: Mapping[str, float] = field(default_factory=dict)
    """Named like the goals."""

    def flat(self) -> dict[str, float | str]:
        return dict(_flat(self.figures))

    def missed(self) -> list[str]:
        numbers = {path: value for path, value in self.flat().items() if not isinstance(value, str)}
        return [path for path, value in numbers.items() if not self._lowest(path) <= value <= self._highest(path)]

    def told(self, path: str) -> str:
        """The goal of a figure, as a sentence; empty where it has none."""
        bounds = [f"at least {self.at_least[path]:.4g}"] if path in self.at_least else []
        bounds += [f"at most {self.goals[path]:.4g}"] if path in self.goals else []
        return f"goal: {' and '.join(bounds)}" if bounds else ""

    def _lowest(self, path: str) -> float:
        return self.at_least.get(path, float("-inf"))

    def _highest(self, path: str) -> float:
        return self.goals.get(path, float("inf"))


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
