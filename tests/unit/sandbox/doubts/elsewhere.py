"""Doubts that tests of their own part try: found by their names, and run once to see both answers asked for."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.places import ROOT
from tests.unit.sandbox.doubts import recorder

TESTS = ROOT / "tests" / "unit" / "sandbox"
NOT_HERE = ("doubts", "console")
NOT_THESE = ("test_the_tour_under_every_switch",)
"""They turn whatever there is and look for no difference."""
_DECLARED = re.compile(r'^(\w+) = declare\(\s*"([\w.]+)"', re.MULTILINE)


def constants() -> dict[str, str]:
    """Switch → the constant that stands for it in the code."""
    sources = (path.read_text() for path in sorted((ROOT / "sandbox").rglob("*.py")))
    return {name: constant for text in sources for constant, name in _DECLARED.findall(text)}


def found_in(switches: Mapping[str, str]) -> dict[str, list[str]]:
    """Switch → the tests whose text has its name, its constant, or `turn(short_name=...)`."""
    texts = list(_tests())
    return {
        name: [node for node, text in texts if _names(text, name, constant)] for name, constant in switches.items()
    }


def _tests() -> Iterator[tuple[str, str]]:
    for path in sorted(TESTS.rglob("test_*.py")):
        place = path.relative_to(ROOT)
        if place.parts[3] in NOT_HERE:
            continue
        text = path.read_text()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test") and node.name not in NOT_THESE:
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                yield f"{place}::{node.name}", "\n".join(text.splitlines()[first - 1 : node.end_lineno])


def _names(text: str, name: str, constant: str) -> bool:
    short = name.partition(".")[2]
    return bool(re.search(rf'"{re.escape(name)}"|\b{constant}\b|\bturn\([^)]*\b{short}=', text))


def answers_asked(nodes: list[str]) -> dict[str, set[bool]]:
    """Run these tests by themselves; switch → the answers that the sandbox had to give."""
    with TemporaryDirectory() as folder:
        return _answers_asked(nodes, Path(folder, "asked.json"))


def _answers_asked(nodes: list[str], told: Path) -> dict[str, set[bool]]:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", recorder.__name__]
    run = subprocess.run(
        [*command, *nodes],
        cwd=ROOT,
        env=os.environ | {recorder.VARIABLE: str(told), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    return {name: set(answers) for name, answers in json.loads(told.read_text()).items()}
