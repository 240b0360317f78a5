"""A child process in the copy, with a limit to everything: what it said, and how it ended."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.mutation.tree import Tree

SLOW = 12
"""A busy machine takes so many times the CPU by the clock; beyond it the process waits for nothing that comes."""


@dataclass(frozen=True, slots=True)
class Ended:
    code: int | None
    """None: it was ended from here, by the clock."""
    answers: list[dict[str, Any]] = field(default_factory=list)
    output: str = ""

    @property
    def hung(self) -> bool:
        return self.code is None or self.code == -signal.SIGPROF

    def last_words(self) -> str:
        return (self.output.strip().splitlines() or ["no word"])[-1][:300]


def run(
    tree: Tree,
    module: str,
    arguments: Sequence[str],
    seconds: float,
    asked: Mapping[str, Any] | None = None,
) -> Ended:
    """`asked` goes to a file, the first argument; what is answered comes from one that is the second."""
    with TemporaryDirectory(prefix="crosstie-mutant-") as folder:
        question, answer, output = (Path(folder, name) for name in ("asked", "answers", "output"))
        question.write_text(json.dumps(asked))
        files = [] if asked is None else [str(question), str(answer)]
        with output.open("wb") as sink:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *files, *arguments],
                cwd=tree.root,
                env=tree.environment() | {"TMPDIR": folder},
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code: int | None = process.wait(seconds * SLOW)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                _end(process)
        answers = answer.read_text().splitlines() if answer.exists() else []
        return Ended(code, [json.loads(line) for line in answers], output.read_text(errors="replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """With what it started; of one that ended by itself nothing may be left."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
