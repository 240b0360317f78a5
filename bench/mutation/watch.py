"""What both programs that judge have in common: they say how far they are, and may watch which lines run.

ASKED is a file of JSON, ANSWERS one that gets lines of JSON: `ready` when the core is imported, `began` and
`ended` of each history or test. What takes more CPU than it may ends the process by SIGPROF.
"""

import importlib
import json
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coverage import Coverage

MEMORY = 4 * 1024**3
"""Bytes of addresses; whoever asks for more without end is told so."""


class Watch:
    """Line coverage of the core, one context each; nothing where nobody wants it."""

    def __init__(self, asked: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> None:
        self.say = say
        files = [str(Path(file).resolve()) for file in asked.get("reach") or ()]
        self.coverage = Coverage(data_file=None, include=files, config_file=False) if files else None
        if self.coverage:
            self.coverage.start()
        if asked.get("module"):
            importlib.import_module(asked["module"])

    def ready(self) -> None:
        self.say({"ready": True, "lines": self.lines("")})

    def begin(self, name: str, limit: float) -> None:
        self.say({"began": name})
        if self.coverage:
            self.coverage.switch_context(name)
        signal.setitimer(signal.ITIMER_PROF, limit)

    def end(self, name: str, said: str, seconds: float) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        self.say({"ended": name, "said": said, "seconds": round(seconds, 3), "lines": self.lines(name)})

    def lines(self, name: str) -> dict[str, list[int]]:
        if self.coverage is None:
            return {}
        data = self.coverage.get_data()
        data.set_query_context(name)
        root = Path.cwd()
        found = {file: data.lines(file) for file in data.measured_files()}
        return {str(Path(file).relative_to(root)): sorted(lines) for file, lines in found.items() if lines}


@contextmanager
def watched(asked_of: str, answers: str) -> Iterator[tuple[dict[str, Any], Watch]]:
    asked = json.loads(Path(asked_of).read_text())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with Path(answers).open("a", buffering=1) as file:
        yield asked, Watch(asked, lambda answer: print(json.dumps(answer), file=file))
