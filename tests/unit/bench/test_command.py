"""One way for every bench: named, asked, judged by its goals, told as text or JSON."""

import json
from argparse import ArgumentParser, Namespace
from types import ModuleType

import pytest

from bench import __main__ as command
from bench.measured import Measured

FIGURES = {"rounds": 3, "seen": {"late": 2, "problems": ["one", "two"]}}


def bench(found: Measured) -> ModuleType:
    def options(parser: ArgumentParser) -> None:
        parser.add_argument("--rounds", type=int, default=3)

    def measure(asked: Namespace) -> Measured:
        return Measured({**found.figures, "rounds": asked.rounds}, found.goals, found.wrong, found.at_least)

    made = ModuleType("rounds", "Rounds.\n\nMore of it.")
    made.__dict__.update(options=options, measure=measure)
    return made


@pytest.fixture(autouse=True)
def _benches(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {
        "calls": bench(Measured(FIGURES, {"rounds": 3})),
        "late": bench(Measured(FIGURES, {"seen.late": 1})),
        "slow": bench(Measured(FIGURES, {"rounds": 9}, at_least={"rounds": 3, "seen.late": 2})),
        "wrong": bench(Measured(FIGURES, wrong=["it broke"])),
    }
    monkeypatch.setattr(command, "BENCHES", made)


def test_what_was_asked_is_measured_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["calls", "--rounds", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {**FIGURES, "rounds": 2}
    assert command.main(["calls"]) == 0
    shown = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert shown == [["rounds", "3"], ["seen.late", "2"], ["seen.problems", "2"]]


def test_a_missed_goal_and_a_problem_fail(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["late"]) == 1
    assert capsys.readouterr().err == "missed: seen.late\n"
    assert command.main(["wrong"]) == 1
    assert capsys.readouterr().err == "it broke\n"
    assert command.main(["calls", "--rounds", "4"]) == 1


def test_a_figure_may_have_to_be_reached(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["slow"]) == 0
    assert "(goal: at least 3 and at most 9)" in capsys.readouterr().out
    assert command.main(["slow", "--rounds", "2"]) == 1
    assert capsys.readouterr().err == "missed: rounds\n"


def test_without_a_name_the_quick_counts_and_what_else_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("rounds")
    assert "  wrong       Rounds\n" in shown
    assert command.main(["--json"]) == 0
    assert json.loads(capsys.readouterr().out) == FIGURES
