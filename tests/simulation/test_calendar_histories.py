"""Generated lives of a calendar end as people meant them; HISTORIES and SEED in the environment ask for others."""

import os
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest

from crosstie.engine.mirror import begun, gather, joined
from tests.simulation.calendar_history import History

FIRST, COUNT = int(os.environ.get("SEED", "1")), int(os.environ.get("HISTORIES", "10"))
SEEDS = range(1000, 1060)
"""In which a planted bug must be found."""
PLANTED: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "what the log tells is no news": (gather, "is_news", lambda *_: False),
    "what was begun is not found again": (begun, "is_begun", lambda _: False),
    "an item is never known by its token": (gather, "join_born", lambda *_: None),
    "what is overwritten is not kept": (joined, "_lost", lambda *_: {}),
}


@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
def test_a_history_ends_as_people_meant_it(seed: int) -> None:
    assert History(seed).live() == []


@pytest.mark.slow
@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(bug: str) -> None:
    where, name, instead = PLANTED[bug]
    with patch.object(where, name, instead):
        found = next((seed for seed in SEEDS if History(seed).live()), None)
    assert found is not None
    print(f"{bug}: seed {found}")
