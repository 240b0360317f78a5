"""The decision table answers every situation, and each of its rows answers one."""

import pytest

from crosstie.domain.links import Bond
from crosstie.engine.mirror.table import TABLE, Item, Record, Row, Verdict, cells, decide

DELETES = {Verdict.DELETE, Verdict.PART, Verdict.WITHDRAW, Verdict.LEAVE}
"""After these the matrix may delete something."""


@pytest.mark.parametrize("cell", list(cells()), ids="-".join)
def test_every_situation_has_one_answer(cell: tuple[Bond, Item, Record]) -> None:
    assert [row for row in TABLE if row.fits(*cell)] == [decide(*cell)]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.says)
def test_every_row_answers_something(row: Row) -> None:
    assert any(decide(*cell) is row for cell in cells())


def test_what_is_hidden_or_left_alone_deletes_nothing() -> None:
    hidden = {decide(*cell).verdict for cell in cells() if cell[2] is Record.HIDDEN}
    lone = {decide(*cell).verdict for cell in cells() if cell[0] is Bond.NONE}
    assert not (hidden | lone) & DELETES


def test_a_record_is_deleted_only_where_a_person_did_something_to_the_item() -> None:
    asked = {cell[1] for cell in cells() if decide(*cell).verdict in (Verdict.DELETE, Verdict.PART)}
    assert asked == {Item.GONE, Item.UNSYNC}
