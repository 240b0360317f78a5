"""Writes down what this process sends to the vendors, for the judges at the end of the test run.

Standard library alone, and nothing of the product is imported here: `watch` waits until the product's own modules
are. The same file serves the test processes and, by way of children/sitecustomize.py, every process they start.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

FOLDER = "JUDGES_FOLDER"
"""Environment variable: where the files of this run go, one a process."""
OBSERVED = {"crosstie.salesforce.soql": "statement", "crosstie.transport": "request"}
"""Module with a list `observers` → the recorder's method that listens."""


@dataclass(slots=True)
class Recorder:
    """One line a thing sent, written at once: a process that is killed has said what it sent."""

    path: Path
    seen: set[int] = field(default_factory=set)
    """Hashes; what is sent again word for word is not judged again."""

    def statement(self, text: str) -> None:
        self._write(["soql", text])

    def request(self, method: str, url: str, body: Any) -> None:
        """Graph's alone; the version in its address tells it from the others."""
        parts = urlsplit(url)
        if parts.path.startswith("/v1.0/"):
            self._write(["graph", method, parts.path, parts.query, body])

    def _write(self, line: list[Any]) -> None:
        text = json.dumps(line)
        if (digest := hash(text)) not in self.seen:
            self.seen.add(digest)
            with self.path.open("a") as file:
                file.write(text + "\n")


class _Watched(Loader):
    """Loads a module as its own loader would, then adds the listener."""

    def __init__(self, loader: Loader, listener: Callable[..., None]) -> None:
        self.loader, self.listener = loader, listener

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        module.observers.append(self.listener)


class _Finder(MetaPathFinder):
    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in OBSERVED:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Watched(spec.loader, getattr(self.recorder, OBSERVED[fullname]))
        return spec


def watch() -> None:
    """Record from now on, if a test run asked for it; a second call changes nothing."""
    folder = os.environ.get(FOLDER)
    if not folder or any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    recorder = Recorder(Path(folder) / f"{os.getpid()}.jsonl")
    sys.meta_path.insert(0, _Finder(recorder))
    for name, method in OBSERVED.items():
        if (module := sys.modules.get(name)) is not None:
            module.observers.append(getattr(recorder, method))
