"""The register of doubts says of every switch where it comes from, and of every doubt what became of it."""

import re
from collections import Counter
from itertools import pairwise

import pytest

import sandbox.build
from sandbox import doubts, switches
from tests.places import SHARED
from tests.unit.sandbox.doubts.elsewhere import constants

assert sandbox.build.FACES, "all switches are declared once the faces are there"
ROWS = tuple(doubts.register())
SEMANTICS = SHARED / "spec" / "vendor-apis.md"


def test_every_switch_has_a_row() -> None:
    assert doubts.unlisted() == [], "declare a switch, and give it a row in sandbox/doubts"


def test_every_row_has_its_switch_or_a_reason() -> None:
    known = {one.name for one in switches.declared()}
    assert [row.switch for row in ROWS if row.switch and row.switch not in known] == []
    assert [row for row in ROWS if bool(row.switch) == bool(row.what and row.why)] == []
    assert [name for name, times in Counter(row.switch for row in ROWS if row.switch).items() if times > 1] == []


def test_the_code_declares_what_is_declared() -> None:
    """Every declaration is loaded with the faces, and found by those who look for its tests."""
    assert set(constants()) == {one.name for one in switches.declared()}


def test_a_question_can_be_answered() -> None:
    assert [one.name for one in switches.declared() if not one.question.endswith("?") or not one.source] == []


@pytest.mark.shared
def test_whatever_was_recalled_has_a_row() -> None:
    text = SEMANTICS.read_text()
    headings = [*re.finditer(r"^#{2,3} (\d(?:\.\d+)?)[ .]", text, re.MULTILINE)]
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    parts = {heading[1]: text[heading.end() : end] for heading, end in zip(headings, ends, strict=True)}
    recalled = {section for section, part in parts.items() if "recall" in part and section not in ("4", "7", "8")}
    assert {"0", "1.10", "4.13"} <= recalled
    probes = set(re.findall(r"\bP\d+(?= )", parts["8"]))
    assert len(probes) == 16
    pitfalls = {"1.11"} if any(row.where.startswith("G-") for row in ROWS) else set()
    assert (recalled | probes) - {row.where for row in ROWS} - pitfalls == set()


@pytest.mark.shared
def test_rows_stand_in_the_order_of_the_page() -> None:
    """Those who look up a section find its rows together."""
    for vendor in ("graph", "salesforce"):
        sections = [row.where for row in ROWS if row.vendor == vendor and re.fullmatch(r"\d\.\d+", row.where)]
        known = [*dict.fromkeys(sections)]
        assert all(_number(one) < _number(two) for one, two in pairwise(known)), known


def _number(section: str) -> tuple[int, ...]:
    return tuple(map(int, section.split(".")))
