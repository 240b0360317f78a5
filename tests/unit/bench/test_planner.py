"""The reconcile side by side with vdirsyncer, in small: it runs, and notices when somebody did not do the work."""

from argparse import Namespace

import pytest

from bench import planner
from bench.reconcile import sides
from bench.reconcile.ours import Ours
from bench.reconcile.sides import Unsound
from crosstie.domain.mailboxes import WriteResult

ITEMS = 200


def test_both_are_measured(tables: None) -> None:
    found = planner.measure(Namespace(items=ITEMS, rounds=2))
    assert found.at_least.keys() == {"ratio_to_vdirsyncer_unchanged", "ratio_to_vdirsyncer_one_percent"}
    assert all(found.figures[name] > 0 for name in found.at_least)
    assert found.figures["items"] == ITEMS
    spent = found.figures["processor_seconds"]
    assert all(spent[name][kind] > 0 for name in ("ours", "vdirsyncer") for kind in spent[name])
    assert spent["ours"]["one_percent"] < spent["ours"]["one_percent_carried_out"]


def test_an_edit_on_either_side_is_carried_over_and_then_all_is_at_rest(tables: None) -> None:
    ours = Ours(ITEMS)
    ours.reconcile()
    before = dict(ours.diary.shown), dict(ours.ledger.rows)
    ours.lose()
    ours.reconcile()
    assert (ours.diary.shown, ours.ledger.rows) == before
    ours.edit([3], [7])
    assert ours.differences() == 2
    ours.reconcile()
    assert ours.differences() == 0
    moved = [number for number, one in enumerate(ours.ledger.rows) if ours.ledger.rows[one] != before[1][one]]
    assert moved == [3, 7]
    assert [one for one, item in ours.diary.shown.items() if item != before[0][one]] == [
        sides.item_id_of(3),
        sides.item_id_of(7),
    ]


def test_who_does_not_carry_over_is_noticed(tables: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sides.Diary, "_written", lambda _self, write: WriteResult(write.item.item_id, "v"))
    with pytest.raises(Unsound, match="pairs that differ still by ours: 1"):
        planner.measure(Namespace(items=ITEMS, rounds=1))
