"""Hostile input: a sample of each target, and whether the runner sees what it is there to see."""

import json
import time
from pathlib import Path
from random import Random

import pytest

from bench.__main__ import main
from bench.fuzz import runner
from bench.fuzz.runner import Figures, Stateless, again, load, run, store
from bench.fuzz.targets import TARGETS

SAMPLE = {
    "mail": 400,
    "text": 150,
    "calendar": 60,
    "graph": 500,
    "salesforce": 700,
    "soql": 700,
    "requests": 700,
    "webhook": 700,
}
SEED = 20_261_116


@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample_neither_crashes_nor_hangs(name: str) -> None:
    figures = Figures()
    run(name, TARGETS[name](), SAMPLE[name], figures, seed=SEED, save=lambda: None)
    assert figures.inputs == SAMPLE[name]
    assert figures.findings == []


@pytest.mark.shared
def test_a_sample_of_real_mail_neither_crashes_nor_hangs() -> None:
    figures = Figures()
    run("real-mail", TARGETS["real-mail"](), 150, figures, seed=SEED, save=lambda: None)
    assert (figures.inputs, figures.findings) == (150, [])


class Fragile(Stateless):
    """Crashes at some inputs and never ends at others."""

    def __init__(self) -> None:
        self.fed: list[int] = []

    def feed(self, dice: Random) -> None:
        number = dice.randrange(10)
        self.fed.append(number)
        if number == 3:
            raise KeyError("three")
        while number in (7, 8):
            """For ever."""


def test_crashes_and_hangs_are_counted_and_the_next_input_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "HANG", 0.05)
    target, figures = Fragile(), Figures()
    run("fragile", target, 40, figures, save=lambda: None)
    assert (figures.inputs, len(target.fed)) == (40, 40)
    assert (figures.crashes, figures.hangs) == (target.fed.count(3), target.fed.count(7) + target.fed.count(8))
    assert figures.crashes
    assert figures.hangs
    assert {finding["error"] for finding in figures.findings} == {"KeyError: 'three'", "Hung: "}
    number = next(int(one["input"]) for one in figures.findings if one["error"].startswith("KeyError"))
    with pytest.raises(KeyError):
        again("fragile", Fragile(), number)


def test_a_run_goes_on_where_the_last_one_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = tmp_path / "fuzz.json"
    arguments = ["fuzz", "--target", "webhook", "--inputs", "30", "--state", str(state), "--json"]
    assert main(arguments) == 0
    assert main(arguments) == 0
    shown = json.loads(capsys.readouterr().out.split("}\n{")[-1].join(("{", "")))
    assert shown["inputs"] == load(state)["webhook:0"].inputs == 60
    whole, parts = Fragile(), Fragile()
    run("x", _harmless(whole), 20, Figures(), save=lambda: None)
    figures = Figures()
    for _ in range(2):
        run("x", _harmless(parts), 10, figures, save=lambda: store(state, {"x:0": figures}))
    assert (whole.fed, load(state)["x:0"].inputs) == (parts.fed, 20)


def _harmless(target: Fragile) -> Fragile:
    target.feed = lambda dice: target.fed.append(dice.randrange(1000))  # type: ignore[method-assign]
    return target


def test_the_watchdog_measures_this_process_alone() -> None:
    class Sleeper(Stateless):
        def feed(self, dice: Random) -> None:
            time.sleep(0.01)

    figures = Figures()
    run("sleeper", Sleeper(), 3, figures, save=lambda: None)
    assert (figures.hangs, figures.crashes) == (0, 0)
    assert figures.cpu_seconds < 0.03
