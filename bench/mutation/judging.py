"""Whoever goes through a mutant's line is asked, cheapest first, until one notices."""

import time
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.mutation.mutants import Mutant, core
from bench.mutation.process import Ended, run
from bench.mutation.reach import Reach
from bench.mutation.tree import Tree
from bench.mutation.verdict import Fate, Verdict

PATIENCE, LEAST = 8, 10.0
"""A history or test may take so many times the CPU it took on the true code, and so many seconds beside."""
START = 60.0
"""Seconds of CPU to import everything."""
LONGEST = 600.0
"""Seconds of CPU of one of them, on the true code."""


class Judges(Protocol):
    program: str
    at_once: int
    """How many parts one process records."""

    def parts(self, root: Path, asked: Namespace) -> list[str]:
        """What is recorded of them: histories, or files of tests."""


@dataclass(frozen=True, slots=True)
class Court:
    tree: Tree
    judges: Judges
    most: int
    """How many of them a mutant may take."""

    def record(self, reach: Reach, wanted: Iterable[str]) -> Iterator[None]:
        """Adds what is not recorded yet, some at a time."""
        missing = [part for part in wanted if part not in reach.recorded]
        files = [str(path.relative_to(self.tree.root)) for path in core(self.tree.root)]
        for start in range(0, len(missing), self.judges.at_once):
            some = missing[start : start + self.judges.at_once]
            asked = {"what": [(part, LONGEST) for part in some], "reach": files}
            ended = run(self.tree, self.judges.program, (), LONGEST * len(some), asked)
            if not ended.answers or ended.hung:
                raise ChildProcessError(f"recording {some}: {ended.last_words()}")
            reach.take(some, ended.answers)
            yield

    def judge(self, mutant: Mutant, reach: Reach) -> tuple[Verdict, str]:
        """And the mutated text."""
        chosen, began = reach.through(self.tree.root, mutant)[: self.most], time.monotonic()
        with self.tree.bug(mutant) as text:
            verdict = self._verdict(mutant, reach, chosen) if _compiles(text) else Verdict(Fate.BROKEN)
        fields = (verdict.fate, verdict.by, verdict.said, verdict.tried, round(time.monotonic() - began, 1))
        return Verdict(*fields), text

    def _verdict(self, mutant: Mutant, reach: Reach, chosen: Sequence[str]) -> Verdict:
        limits = [reach.seconds[name] * PATIENCE + LEAST for name in chosen]
        asked = {"what": list(zip(chosen, limits, strict=True)), "module": module(mutant.file)}
        ended = run(self.tree, self.judges.program, (), sum(limits) + START, asked)
        return _of(ended, len(chosen))


def _of(ended: Ended, chosen: int) -> Verdict:
    if not any("ready" in answer for answer in ended.answers):
        return Verdict(Fate.HUNG, "import") if ended.hung else Verdict(Fate.BROKEN, said=ended.last_words())
    begun = [answer["began"] for answer in ended.answers if "began" in answer]
    last = begun[-1] if begun else ""
    if said := next((answer["said"] for answer in ended.answers if answer.get("said")), ""):
        return Verdict(Fate.KILLED, last, said[:300], len(begun))
    if ended.hung:
        return Verdict(Fate.HUNG, last, "", len(begun))
    if not chosen:
        return Verdict(Fate.UNREACHED)
    if ended.code != 0:
        return Verdict(Fate.KILLED, last, ended.last_words(), len(begun))
    return Verdict(Fate.SURVIVED, tried=len(begun))


def module(file: str) -> str:
    return ".".join(Path(file).relative_to("src").with_suffix("").parts).removesuffix(".__init__")


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True
