"""A worker whose jobs write down what they do; started by the queue's tests as a process of its own."""

import os
import sys
import time
from pathlib import Path

import django

from crosstie.jobs import queue

BOOK = Path(os.environ.get("GROUND_BOOK", "/dev/null"))


def note(*words: object) -> None:
    line = " ".join(map(str, (time.monotonic(), *words))) + "\n"
    with BOOK.open("a") as book:
        book.write(line)


def nap(key: str) -> None:
    """Key `name/seconds`: sleeps so long and says when it begins and ends."""
    note("begin", key, os.getpid())
    time.sleep(float(key.partition("/")[2] or 0))
    note("end", key, os.getpid())


def fail(key: str) -> None:
    raise ValueError(f"planted content of {key}")


def read(key: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        note("read", key, cursor.fetchone()[0])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "crosstie.config.django"
    django.setup()
    from crosstie.jobs.worker import run_worker

    for kind, handler in (("nap", nap), ("fail", fail), ("read", read)):
        queue.register(kind)(handler)
    sys.exit(run_worker(int(sys.argv[1])))
