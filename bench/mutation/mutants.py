"""What can be changed in the sync core: cosmic-ray's operators, place by place, in the order a seed gives."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from random import Random

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

GUARDS = "@dataclass("
"""Frozen values and their slots keep programmers from mistakes; no run of a right program differs without them."""
CORE = tuple(f"src/crosstie/{folder}" for folder in ("engine", "rules", "mapping"))


@dataclass(frozen=True, slots=True)
class Mutant:
    file: str
    """Below the root of the project, as all files here."""
    line: int
    column: int
    operator: str
    occurrence: int
    """The library's count of the operator's places within the file."""
    text: str
    """The line without its indentation."""
    alike: int
    """How many lines before it in the file say the same."""
    indent: int

    @property
    def place(self) -> str:
        """Outlives edits elsewhere in the file, so that verdicts and the order of a draw do."""
        return f"{self.file}: {self.text} #{self.alike} @{self.column - self.indent}"

    @property
    def name(self) -> str:
        return f"{self.place} {self.operator}"


def draw(root: Path, seed: int) -> list[Mutant]:
    """One mutant of each place. Places are equally likely, however many operators one has."""
    drawn = []
    for place, mutants in places(root).items():
        dice = Random(f"{seed} {place}")
        drawn.append((dice.random(), place, dice.choice(mutants)))
    return [mutant for _, _, mutant in sorted(drawn, key=lambda one: one[:2])]


def places(root: Path) -> Mapping[str, list[Mutant]]:
    found: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in chain.from_iterable(_of_file(root, path) for path in core(root)):
        found[mutant.place].append(mutant)
    return found


def core(root: Path) -> Iterator[Path]:
    for folder in CORE:
        yield from sorted((root / folder).rglob("*.py"))


def mutated(root: Path, mutant: Mutant) -> str:
    """The text of its file with the bug in it."""
    text: str | None = mutate_code(
        (root / mutant.file).read_text(), _operators()[mutant.operator](), mutant.occurrence
    )
    if text is None:
        raise LookupError(f"{mutant.name} is not there any more")
    return text


@cache
def _operators() -> Mapping[str, type]:
    """By short name; those that want arguments are about named variables, and left out."""
    found = {name: get_operator(name) for name in operator_names()}
    return {name.partition("/")[2]: one for name, one in found.items() if not one.arguments()}


def _of_file(root: Path, path: Path) -> Iterator[Mutant]:
    source = path.read_text()
    lines, alike, types = source.splitlines(), _alike(source), list(_types(source))
    nodes = list(ast_nodes(get_ast(source)))
    for name, kind in _operators().items():
        operator = kind()
        positions = chain.from_iterable(operator.mutation_positions(node) for node in nodes)
        for occurrence, ((line, column), _) in enumerate(positions):
            text = lines[line - 1]
            stripped = text.strip()
            if stripped.startswith(GUARDS) or any(start <= (line, column) < end for start, end in types):
                continue
            yield Mutant(
                str(path.relative_to(root)),
                line,
                column,
                name,
                occurrence,
                stripped,
                alike[line - 1],
                len(text) - len(text.lstrip()),
            )


def _types(source: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where annotations begin and end: a run reads no type, or cannot be imported with a wrong one."""
    for node in ast.walk(ast.parse(source)):
        for one in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(one, ast.expr):
                yield (one.lineno, one.col_offset), (one.end_lineno or 0, one.end_col_offset or 0)


def _alike(source: str) -> list[int]:
    seen: Counter[str] = Counter()
    found = []
    for line in source.splitlines():
        found.append(seen[line.strip()])
        seen[line.strip()] += 1
    return found
