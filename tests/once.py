"""What costs seconds and is the same for every process of a test run is worked out by one of them."""

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T")
SHARED_HOME = "TEST_RUN_HOME"
"""The folder that a run's processes have in common, where it has several (tests/conftest.py)."""


def once(name: str, make: Callable[[], T]) -> T:
    """`make()`, or what another process of this run has made."""
    home = os.environ.get(SHARED_HOME)
    if not home:
        return make()
    made = Path(home, f"{name}.pickle")
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            made.write_bytes(pickle.dumps(make()))
        return cast(T, pickle.loads(made.read_bytes()))
