"""The house style that a machine can check: sizes, who reads the clock, and what a text must not name."""

import ast
import re
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import ROOT

CODE = ("src/crosstie", "sandbox")
CLOCKS = {"src/crosstie/domain/clock.py", "sandbox/clock.py"}
CHANCE = re.compile(
    r"(?:\b|^)(?:time\.(time|time_ns|monotonic|perf_counter|sleep)\(|datetime\.(now|utcnow|today)\(|date\.today\("
    r"|timezone\.now\(|\bsecrets\.(token_|choice|rand)|^\s*from (random|secrets|time) import"
    r"|\brandom\.(?!Random\(\w)\w+\("
    r"|uuid[14]\b|os\.urandom\(|get_random_)"
)
HOMES = re.compile(r"/home/\w+/")
LOCKS = ("requirements/dev.txt", "requirements/run.txt", "package-lock.json")


def files(pattern: str, *folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(pattern)):
            if "migrations" not in path.parts and "node_modules" not in path.parts:
                yield path


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length in lines, docstring included, nested ones too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("folder", [*CODE, "tests"])
def test_functions_are_short(folder: str) -> None:
    sizes = [(size, f"{path.name}:{name}") for path in files("*.py", folder) for name, size in functions(path)]
    assert sizes
    assert [entry for entry in sizes if entry[0] > 60] == []
    ordered = sorted(size for size, _ in sizes)
    assert ordered[int(len(ordered) * 0.9)] <= 30, "the ninetieth percentile of function lengths"


@pytest.mark.parametrize("folder", [*CODE, "tests"])
def test_files_are_short(folder: str) -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files("*.py", folder)}
    assert {name: size for name, size in sizes.items() if size > 500} == {}
    assert statistics.median(sizes.values()) <= 150


def test_only_the_clocks_know_time_and_chance() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files("*.py", *CODE)
        if str(path.relative_to(ROOT)) not in CLOCKS
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if CHANCE.search(line) and not line.lstrip().startswith("#")
    ]
    assert found == []


def test_texts_name_no_machine() -> None:
    places = [f"{folder}/" for folder in (ROOT, Path.home()) if len(folder.parts) > 1]
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found = []
    for name in filter(None, tracked.decode().split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue
        text = path.read_bytes().decode(errors="replace")
        found += [f"{name}: {place}" for place in places if place in text]
        found += [f"{name}: {match[0]}" for match in HOMES.finditer(text)]
    assert found == []


def test_what_is_locked_names_no_place_to_fetch_it_from() -> None:
    """A site with an index of its own uses the locks unchanged; a package's hash says what it must be."""
    for name in LOCKS:
        addresses = re.findall(
            r"^.*(?:--(?:extra-)?index-url|\"resolved\"|@ https?:).*$", (ROOT / name).read_text(), re.M
        )
        assert addresses == [], name


def test_the_chance_rule_sees_what_it_must() -> None:
    caught = ["time.sleep(1)", "x = datetime.now(UTC)", "secrets.token_hex()", "from secrets import token_hex"]
    caught += ["random.choice(x)", "random.Random()", "uuid.uuid4()"]
    spared = ["clock.sleep(1)", "clock.now()", "from crosstie.config import secrets", "runtime.timeout(3)"]
    spared += ["random.Random(seed)", "dice: random.Random", "secrets.compare_digest(a, b)"]
    assert all(CHANCE.search(line) for line in caught)
    assert not any(CHANCE.search(line) for line in spared)
