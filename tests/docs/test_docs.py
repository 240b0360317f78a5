"""The docs say what the code says: rendered pages are in step, the walk matches the imports, no link is dead."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.pages import PAGES
from tests.places import ROOT

DOCS = ROOT / "docs"
WALK = (DOCS / "walk.md").read_text()
PRODUCT = ROOT / "src" / "crosstie"
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(#[^)]*)?\)")
IN_CODE = re.compile(r"`([a-z_]+(?:/[a-z_]+)*/?(?:[a-z_]+\.py)?)`")


def layers() -> list[set[str]]:
    """Of the first import contract, from top to bottom; optional ones that do not exist yet are left out."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    listed = next(one["layers"] for one in contracts if one["type"] == "layers")
    rows = [{name.strip(" ()").removeprefix("crosstie.") for name in re.split(r"[|:]", row)} for row in listed]
    return [{name for name in row if exists(name)} for row in rows]


def exists(name: str) -> bool:
    return (PRODUCT / name / "__init__.py").is_file() or (PRODUCT / f"{name}.py").is_file()


def drawn() -> list[set[str]]:
    picture = WALK.split("```")[1]
    rows = [re.split(r" {3,}", line.strip())[0] for line in picture.strip().splitlines()]
    return [{name.strip() for name in row.split("│")} for row in rows]


@pytest.mark.parametrize("name", PAGES)
def test_rendered_pages_are_in_step(name: str) -> None:
    assert (DOCS / name).read_text() == PAGES[name](), "run `make docs`"


def test_the_walk_draws_the_layers_that_are_checked() -> None:
    assert drawn() == layers()


def test_the_walk_names_every_folder() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", WALK, re.MULTILINE)
    there = {path.name for path in PRODUCT.iterdir() if path.is_dir() and exists(path.name)}
    assert set(rows) == there | {"openid", "transport"}
    assert len(rows) == len(set(rows))


def test_the_walk_names_every_folder_of_the_sandbox_and_of_the_tests() -> None:
    sandbox = [path.parent.relative_to(ROOT) for path in (ROOT / "sandbox").rglob("__init__.py")]
    tests = [path.relative_to(ROOT) for path in (ROOT / "tests").iterdir() if (path / "__init__.py").is_file()]
    assert [str(path) for path in [*sandbox, *tests] if not re.search(rf"`({path}/?|{path.name})`", WALK)] == []


def test_what_the_walk_points_at_is_there() -> None:
    places = [PRODUCT, PRODUCT / "mailboxes" / "graph", PRODUCT / "store", ROOT]
    places += [PRODUCT / row for row in re.findall(r"^\| `([a-z_]+)` \|", WALK, re.MULTILINE)]
    named = {match[1] for match in IN_CODE.finditer(WALK) if "/" in match[1] or match[1].endswith(".py")}
    assert named
    assert {name for name in named if not any((place / name).exists() for place in places)} == set()


@pytest.mark.parametrize("page", sorted([ROOT / "README.md", *DOCS.rglob("*.md")]), ids=lambda page: page.name)
def test_no_link_is_dead(page: Path) -> None:
    local = [match[1] for match in LINK.finditer(page.read_text()) if "://" not in match[1]]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_decisions_are_numbered_and_titled_alike() -> None:
    """Each by a number of its own; one may be kept for a decision that is still being written."""
    pages = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [page.name.partition("-")[0] for page in pages]
    assert len(set(numbers)) == len(numbers)
    for number, page in zip(numbers, pages, strict=True):
        assert page.name.startswith(f"{int(number):04d}-"), page.name
        assert page.read_text().startswith(f"# {int(number)}. "), page.name


def linked(page: Path) -> set[Path]:
    return {
        (page.parent / match[1]).resolve() for match in LINK.finditer(page.read_text()) if "://" not in match[1]
    }


def test_every_page_is_two_clicks_from_the_readme_at_most() -> None:
    first = linked(ROOT / "README.md")
    second = set().union(*(linked(page) for page in first if page.suffix == ".md"))
    reached = first | second
    pages = [page for page in DOCS.rglob("*.md") if page.parent not in reached]
    assert [page.name for page in pages if page not in reached] == []
    assert [page.name for page in (DOCS / "howto").glob("*.md") if page not in first] == []


def test_what_the_promises_name_as_proof_is_there() -> None:
    named = re.findall(r"`(tests/[a-z_/.]+)`", (DOCS / "promises.md").read_text())
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
