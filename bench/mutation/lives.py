"""A process that lives histories in the tree it stands in: `python -m bench.mutation.lives ASKED ANSWERS`.

ASKED is JSON. ANSWERS gets a line of JSON when the core is imported, when a history begins, and when it has ended.
A history that takes more CPU than it may ends the process by SIGPROF.
"""

import importlib
import json
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from coverage import Coverage

MEMORY = 4 * 1024**3
"""Bytes of addresses; whoever asks for more without end is told so."""


def main(asked_of: str, answers: str) -> None:
    asked = json.loads(Path(asked_of).read_text())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with Path(answers).open("a", buffering=1) as file:
        live(asked, lambda answer: print(json.dumps(answer), file=file))


def live(asked: dict[str, Any], say: Any) -> None:
    """`histories`: name, kind, seed, the CPU it may take; `module`: imported first; `reach`: files to watch."""
    watch = Watch(asked.get("reach"))
    if asked.get("module"):
        importlib.import_module(asked["module"])
    from tests.simulation.campaign import run_some

    say({"ready": True, "lines": watch.lines("")})
    for name, kind, seed, limit in asked["histories"]:
        say({"began": name})
        watch.begin(name)
        signal.setitimer(signal.ITIMER_PROF, limit)
        figures = run_some([seed], of=(kind,))
        signal.setitimer(signal.ITIMER_PROF, 0)
        said = figures.violations[0] if figures.violations else ""
        say({"ended": name, "said": said, "seconds": round(figures.seconds, 3), "lines": watch.lines(name)})
        if said and not asked.get("reach"):
            return


class Watch:
    """Line coverage of the core, one context a history; nothing where nobody wants it."""

    def __init__(self, files: list[str] | None) -> None:
        self.files = [str(Path(file).resolve()) for file in files or ()]
        self.coverage = Coverage(data_file=None, include=self.files, config_file=False) if files else None
        if self.coverage:
            self.coverage.start()

    def begin(self, name: str) -> None:
        if self.coverage:
            self.coverage.switch_context(name)

    def lines(self, name: str) -> dict[str, list[int]]:
        if self.coverage is None:
            return {}
        data = self.coverage.get_data()
        data.set_query_context(name)
        root = Path.cwd()
        found = {file: data.lines(file) for file in data.measured_files()}
        return {str(Path(file).relative_to(root)): sorted(lines) for file, lines in found.items() if lines}


if __name__ == "__main__":
    main(*sys.argv[1:])
