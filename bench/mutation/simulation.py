"""Judged by generated histories alone: those that go through the mutant's line, the cheapest first."""

import time
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

from bench.mutation.mutants import Mutant, core
from bench.mutation.process import run
from bench.mutation.reach import Reach
from bench.mutation.tree import Tree
from bench.mutation.verdict import Fate, Verdict
from tests.simulation.campaign import KINDS

LIVES = "bench.mutation.lives"
PATIENCE, LEAST = 8, 10.0
"""A history may take so many times the CPU it took on the true code, and so many seconds beside."""
START = 60.0
"""Seconds of CPU to import everything."""
AT_ONCE = 20
"""Histories of one process while reach is recorded."""


def names(first: int, each: int) -> list[str]:
    return [f"{kind} {seed}" for kind, seed in product(KINDS, range(first, first + each))]


def record(tree: Tree, reach: Reach, wanted: Iterable[str]) -> Iterator[Reach]:
    """Adds what is not recorded yet, some at a time."""
    missing = [name for name in wanted if name not in reach.seconds and name not in reach.failing]
    files = [str(path.relative_to(tree.root)) for path in core(tree.root)]
    for start in range(0, len(missing), AT_ONCE):
        some = missing[start : start + AT_ONCE]
        asked = {"histories": [_asked(name, 300.0) for name in some], "reach": files}
        ended = run(tree, LIVES, (), 300.0 * len(some), asked)
        if ended.code != 0:
            raise ChildProcessError(f"recording {some}: {ended.last_words()}")
        for answer in ended.answers:
            if "ready" in answer:
                reach.at_import = answer["lines"]
            elif "ended" in answer:
                reach.add(answer["ended"], answer["seconds"], answer["lines"], answer["said"])
        yield reach


def judge(tree: Tree, mutant: Mutant, reach: Reach, most: int) -> tuple[Verdict, str]:
    """And the mutated text."""
    chosen, began = reach.through(tree.root, mutant)[:most], time.monotonic()
    with tree.bug(mutant) as text:
        verdict = _verdict(tree, mutant, reach, chosen) if _compiles(text) else Verdict(Fate.BROKEN)
    fields = (verdict.fate, verdict.by, verdict.said, verdict.tried, round(time.monotonic() - began, 1))
    return Verdict(*fields), text


def _verdict(tree: Tree, mutant: Mutant, reach: Reach, chosen: list[str]) -> Verdict:
    limits = [reach.seconds[name] * PATIENCE + LEAST for name in chosen]
    histories = [_asked(name, limit) for name, limit in zip(chosen, limits, strict=True)]
    ended = run(tree, LIVES, (), sum(limits) + START, {"histories": histories, "module": module(mutant.file)})
    if not ended.answers:
        return Verdict(Fate.BROKEN, said=ended.last_words())
    begun = [answer["began"] for answer in ended.answers if "began" in answer]
    said = next((answer["said"] for answer in ended.answers if answer.get("said")), "")
    if said:
        return Verdict(Fate.KILLED, begun[-1], said[:300], len(begun))
    if ended.hung:
        return Verdict(Fate.HUNG, begun[-1] if begun else "import", "", len(begun))
    if ended.code != 0:
        return Verdict(Fate.KILLED, begun[-1], ended.last_words(), len(begun))
    return Verdict(Fate.SURVIVED if chosen else Fate.UNREACHED, tried=len(chosen))


def module(file: str) -> str:
    return ".".join(Path(file).relative_to("src").with_suffix("").parts).removesuffix(".__init__")


def _asked(name: str, limit: float) -> tuple[str, str, int, float]:
    kind, seed = name.split()
    return name, kind, int(seed), limit


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True
