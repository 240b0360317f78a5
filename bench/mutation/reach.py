"""Which history or test goes through which statement of the core, recorded once on the true code."""

import ast
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.mutation.mutants import Mutant

Lines = Mapping[str, list[int]]
"""File → the lines of it that ran."""


@dataclass(slots=True)
class Reach:
    sources: str = ""
    recorded: list[str] = field(default_factory=list)
    """Histories, or files of tests."""
    at_import: Lines = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    """Name of a history or test → CPU it took, with coverage."""
    lines: dict[str, Lines] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    """Those that do not pass on the true code, and are not asked."""

    def add(self, name: str, seconds: float, lines: Lines, problem: str = "") -> None:
        if problem:
            self.failing[name] = problem
        else:
            self.seconds[name], self.lines[name] = seconds, lines

    def take(self, parts: Iterable[str], answers: Iterable[Mapping[str, Any]]) -> None:
        """What a process has answered that recorded these parts. Later parts import the rest of the core."""
        for answer in answers:
            if "ready" in answer:
                self.at_import = {**answer["lines"], **self.at_import}
            elif "ended" in answer:
                self.add(answer["ended"], answer["seconds"], answer["lines"], answer["said"])
        self.recorded += parts

    def through(self, root: Path, mutant: Mutant) -> list[str]:
        """Who goes through the mutant's statement, cheapest first.

        What runs when the module is imported may be noticed by whoever goes through any line of that file.
        """
        whose = statements((root / mutant.file).read_text())
        wanted = whose.get(mutant.line, mutant.line)
        ran = {
            name: {whose.get(line, line) for line in of.get(mutant.file, ())} for name, of in self.lines.items()
        }
        straight = [name for name, lines in ran.items() if wanted in lines]
        imported = {whose.get(line, line) for line in self.at_import.get(mutant.file, ())}
        beside = [name for name, lines in ran.items() if lines and wanted not in lines]
        cheap = self.seconds.__getitem__
        return sorted(straight, key=cheap) + (sorted(beside, key=cheap) if wanted in imported else [])

    @classmethod
    def read(cls, path: Path) -> "Reach":
        return cls(**json.loads(path.read_text())) if path.exists() else cls()

    def write(self, path: Path) -> None:
        fresh = path.with_name(path.name + ".new")
        fresh.write_text(json.dumps(asdict(self)))
        os.replace(fresh, path)


def statements(source: str) -> Mapping[int, int]:
    """Line → the first line of the innermost statement it is of: of what runs not every line is told."""
    return dict(_statements(source))


def _statements(source: str) -> Iterator[tuple[int, int]]:
    for node in ast.walk(ast.parse(source)):  # inner ones come later
        if isinstance(node, ast.stmt | ast.ExceptHandler):
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                yield line, node.lineno
