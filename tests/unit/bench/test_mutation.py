"""Bugs drawn by a seed, planted in a copy, and whether the bench tells right who noticed them."""

import json
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.mutation import mutants, process, simulation, suite, verdict
from bench.mutation.command import _due, _first
from bench.mutation.judging import Court
from bench.mutation.mutants import Mutant, draw, mutated
from bench.mutation.reach import Reach, statements
from bench.mutation.tree import copied
from bench.mutation.verdict import Fate, Row, Verdict, Verdicts
from tests.places import ROOT

SOURCE = """from dataclasses import dataclass

LIMIT = 3

@dataclass(frozen=True)
class Thing:
    size: int

def fits(one: int | None, other: "list[int]"):
    if one and (
        other.size
        <= LIMIT
    ):
        return True
    return any(
        each == other
        for each in one
    )
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "core").mkdir()
    (tmp_path / "core/things.py").write_text(SOURCE)
    monkeypatch.setattr(mutants, "CORE", ("core",))
    return tmp_path


def rows(*fates: tuple[Mutant, Fate]) -> Verdicts:
    return Verdicts({one.name: Row.of(one, SOURCE, Verdict(fate), "now") for one, fate in fates})


def test_a_seed_draws_one_bug_of_each_place_and_the_same_ones_again(project: Path) -> None:
    drawn = draw(project, 1)
    assert drawn == draw(project, 1) != draw(project, 2)
    assert len({one.place for one in drawn}) == len(drawn)
    assert {one.text for one in drawn} >= {"LIMIT = 3", "if one and (", "<= LIMIT", "each == other", "return True"}
    assert not [one for one in drawn if "dataclass" in one.text or "def fits" in one.text]
    assert len({mutated(project, one) for one in drawn} - {SOURCE}) == len(drawn)


def test_an_edit_elsewhere_moves_no_place(project: Path) -> None:
    before = [one.name for one in draw(project, 1)]
    (project / "core/things.py").write_text("NEW = None\n" + SOURCE)
    assert [one.name for one in draw(project, 1)] == before


def test_a_statement_is_reached_when_any_line_of_it_is(project: Path) -> None:
    whose = statements(SOURCE)
    assert (whose[12], whose[16], whose[14], whose[3]) == (10, 15, 14, 3)
    drawn = {one.text: one for one in draw(project, 1)}
    reach = Reach(at_import={"core/things.py": [1, 3, 5, 9]})
    reach.add("slow", 3.0, {"core/things.py": [10, 11, 14]})
    reach.add("quick", 1.0, {"core/things.py": [10, 15, 16]})
    reach.add("elsewhere", 0.1, {"core/other.py": [10]})
    reach.add("failing", 0.1, {"core/things.py": [10, 15, 16]}, "it fails anyway")
    assert reach.through(project, drawn["<= LIMIT"]) == ["quick", "slow"]
    assert reach.through(project, drawn["return True"]) == ["slow"]
    assert reach.through(project, drawn["LIMIT = 3"]) == ["quick", "slow"]
    reach.write(project / "reach")
    assert Reach.read(project / "reach") == reach


def test_so_many_are_judged_as_can_be_imported(project: Path) -> None:
    drawn = draw(project, 1)
    known = rows((drawn[0], Fate.BROKEN), (drawn[1], Fate.SURVIVED), (drawn[2], Fate.HUNG))
    due = _due(drawn, known, 3, set())
    assert next(due) == drawn[3]
    known.rows |= rows((drawn[3], Fate.KILLED)).rows
    assert list(due) == []
    assert list(_first(drawn, known, 2)) == drawn[:3]
    assert next(_due(drawn, known, 3, {drawn[1].name})) == drawn[1]
    figures = known.shown(drawn, "then")
    assert (figures["mutants"], figures["score"], figures["of_other_sources"]) == (3, pytest.approx(2 / 3), 4)
    assert verdict.survivors(known.rows) == [drawn[1].name]
    known.write(project / "state")
    assert Verdicts.read(project / "state") == known


def test_a_bug_stands_in_the_copy_alone_and_is_taken_back() -> None:
    with copied(ROOT) as tree:
        mutant = next(one for one in draw_of(tree.root, "rules/calendar/guard.py"))
        path, true = tree.root / mutant.file, (ROOT / mutant.file).read_text()
        with tree.bug(mutant) as text:
            assert path.read_text() == text != true
            assert (ROOT / mutant.file).read_text() == true
        assert path.read_text() == true
    assert not tree.root.exists()


def draw_of(root: Path, file: str) -> list[Mutant]:
    found = list(mutants._of_file(root, root / "src/crosstie" / file))
    assert found
    return found


def test_what_never_ends_and_what_cannot_be_imported_are_told_apart() -> None:
    with copied(ROOT) as tree:
        asked = {"what": [("mail 0", 0.05)], "module": "crosstie.engine.plan"}
        ended = process.run(tree, simulation.program, (), 60, asked)
        assert (ended.hung, ended.answers[-1]) == (True, {"began": "mail 0"})
        ended = process.run(tree, simulation.program, (), 60, {**asked, "module": "crosstie.engine.nowhere"})
        assert (ended.hung, ended.answers) == (False, [])
        assert "No module named" in ended.last_words()


def test_a_history_notices() -> None:
    with copied(ROOT) as tree:
        found = draw_of(tree.root, "engine/mirror/table.py")
        decides = next(
            one for one in found if "bond is self.bond" in one.text and one.operator.endswith("Is_IsNot")
        )
        reach = Reach()
        reach.add("calendar 0", 2.0, {decides.file: [decides.line]})
        told, _ = Court(tree, simulation, 5).judge(decides, reach)
        assert (told.fate, told.by, told.tried) == (Fate.KILLED, "calendar 0", 1)
        assert "simulation --of calendar --histories 1 --first-seed 0" in told.said


def test_a_test_notices() -> None:
    with copied(ROOT) as tree:
        found = draw_of(tree.root, "rules/calendar/guard.py")
        court, reach = Court(tree, suite, 200), Reach()
        for _ in court.record(reach, ["tests/unit/rules/test_calendar.py"]):
            assert reach.recorded == ["tests/unit/rules/test_calendar.py"]
        fates = [court.judge(one, reach)[0].fate for one in found[:2]]
        assert Fate.KILLED in fates


def test_a_run_adds_up_with_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(mutants, "CORE", ("src/crosstie/rules/calendar",))
    command = ["mutation", "--state", str(tmp_path / "state"), "--histories", "1", "--json"]
    assert main([*command, "--mutants", "1", "--minutes", "0"]) == 0
    assert json.loads(capsys.readouterr().out)["mutants"] == 0
    main([*command, "--mutants", "1"])
    found = json.loads(capsys.readouterr().out)
    assert found["mutants"] == 1 == sum(found[fate.name.lower()] for fate in Fate if fate is not Fate.BROKEN)
    main([*command, "--mutants", "1"])
    assert json.loads(capsys.readouterr().out)["rows"] == found["rows"]
