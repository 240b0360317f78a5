"""The rows of docs/asked.md: each once, each with an answer, and every place that is named is there."""

import re

import pytest

from tests.docs.asked import Asked
from tests.docs.asked.page import SECTIONS
from tests.places import ROOT

ROWS = [row for section in SECTIONS for row in section.rows]


def test_each_row_stands_once() -> None:
    names = [row.row for row in ROWS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.row)
def test_what_a_row_names_is_there(row: Asked) -> None:
    assert row.answer.endswith(".")
    assert row.where or not row.is_built, "shown by nothing"
    for place in row.where:
        path, _, name = place.partition("::")
        text = (ROOT / path).read_text()
        assert not name or re.search(rf"^ *def {name}\b", text, re.MULTILINE), place
