"""A process that runs tests in the tree it stands in: `python -m bench.mutation.trials ASKED ANSWERS`."""

import sys
import time
from collections.abc import Mapping

import pytest

from bench.mutation.watch import Watch, watched

DATABASE = {"cluster", "tables", "django_db_setup"}
"""A test that starts PostgreSQL is not asked: who is ended by force would leave a server behind."""
LONGEST = 600.0


class Witness:
    """A plugin of pytest."""

    def __init__(self, watch: Watch, limits: Mapping[str, float]) -> None:
        self.watch, self.limits = watch, limits
        self.said, self.began = "", 0.0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        far = [one for one in items if DATABASE & set(getattr(one, "fixturenames", ()))]
        slow = [one for one in items if one.get_closest_marker("slow")]
        left = {one.nodeid for one in (*far, *slow)}
        items[:] = [one for one in items if one.nodeid not in left]
        self.watch.ready()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.said, self.began = "", time.process_time()
        self.watch.begin(nodeid, self.limits.get(nodeid, LONGEST))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.said = (report.longreprtext.strip().splitlines() or ["failed"])[-1]

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.watch.end(nodeid, self.said, time.process_time() - self.began)


def main(asked_of: str, answers: str) -> int:
    """`what`: test or file, and the CPU it may take. Ends with the first that fails, unless watched."""
    with watched(asked_of, answers) as (asked, watch):
        limits = dict(asked["what"])
        usual = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", *([] if watch.coverage else ["-x"])]
        return int(pytest.main([*usual, *limits], plugins=[Witness(watch, limits)]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
