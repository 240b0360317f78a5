"""A pytest plugin that writes down which answers of which switches a run has asked for."""

import json
import os
from pathlib import Path

from sandbox.switches import Switch, Switches

VARIABLE = "ASKED_SWITCHES"
"""Names the file to write: `{"name": [false, true], ...}`."""
_asked: dict[str, set[bool]] = {}


def pytest_configure() -> None:
    original = Switches.on

    def on(self: Switches, switch: Switch) -> bool:
        answer = original(self, switch)
        _asked.setdefault(switch.name, set()).add(answer)
        return answer

    Switches.on = on  # type: ignore[method-assign]


def pytest_sessionfinish() -> None:
    told = {name: sorted(answers) for name, answers in _asked.items()}
    Path(os.environ[VARIABLE]).write_text(json.dumps(told))
