"""What became of a mutant, and the file in which verdicts of several runs add up."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from bench.mutation.mutants import Mutant


class Fate(StrEnum):
    KILLED = "killed"
    HUNG = "timed out"
    SURVIVED = "survived"
    UNREACHED = "not reached"
    BROKEN = "cannot be compiled"
    """Or its module cannot be imported: no judge is needed for that, and it is not counted."""


NOTICED = (Fate.KILLED, Fate.HUNG)


@dataclass(frozen=True, slots=True)
class Verdict:
    fate: Fate
    by: str = ""
    """The history or test that noticed."""
    said: str = ""
    tried: int = 0
    """Histories or tests."""
    seconds: float = 0.0
    """By the clock."""


@dataclass(frozen=True, slots=True)
class Row:
    """One mutant, as the state's file has it."""

    where: str
    operator: str
    was: str
    became: str
    fate: Fate
    by: str
    said: str
    tried: int
    seconds: float
    sources: str

    @classmethod
    def of(cls, mutant: Mutant, text: str, verdict: Verdict, sources: str) -> "Row":
        lines = text.splitlines()
        became = lines[mutant.line - 1].strip() if mutant.line <= len(lines) else ""
        where = f"{mutant.file}:{mutant.line}"
        return cls(where, mutant.operator, mutant.text, became, **asdict(verdict), sources=sources)


@dataclass(slots=True)
class Verdicts:
    """Of one seed and one kind of judge, by the mutant's name."""

    rows: dict[str, Row] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | None) -> "Verdicts":
        if path is None or not path.exists():
            return cls()
        return cls(
            {name: Row(**{**row, "fate": Fate(row["fate"])}) for name, row in json.loads(path.read_text()).items()}
        )

    def write(self, path: Path | None) -> None:
        if path:
            fresh = path.with_name(path.name + ".new")
            fresh.write_text(json.dumps({name: asdict(row) for name, row in self.rows.items()}, indent=1))
            os.replace(fresh, path)

    def shown(self, drawn: Iterable[Mutant], sources: str) -> dict[str, Any]:
        """Figures of those that are drawn; verdicts on lines that are not there any more do not count."""
        rows = [self.rows[one.name] for one in drawn if one.name in self.rows]
        fates = Counter(row.fate for row in rows)
        counted = sum(fates.values()) - fates[Fate.BROKEN]
        return {
            "mutants": counted,
            **{fate.name.lower(): fates[fate] for fate in Fate},
            "score": sum(fates[fate] for fate in NOTICED) / counted if counted else 0.0,
            "of_other_sources": sum(row.sources != sources for row in rows),
            "minutes": round(sum(row.seconds for row in rows) / 60, 1),
            "rows": [_told(row) for row in sorted(rows, key=lambda row: (row.fate, row.where))],
        }


def _told(row: Row) -> str:
    change = f"{row.where} [{row.operator}] {row.was}  =>  {row.became}"
    how = f" by {row.by}: {row.said}" if row.by else f" ({row.tried} tried)" if row.tried else ""
    return f"{row.fate}: {change}{how}"


def survivors(rows: Mapping[str, Row]) -> list[str]:
    return [name for name, row in rows.items() if row.fate in (Fate.SURVIVED, Fate.UNREACHED)]
