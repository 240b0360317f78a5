"""The judges of a whole run: Salesforce's parser over every SOQL statement, Graph's schema over every request.

Each process that takes part writes down what it sends (recorder.py); the one that ends the run judges it all.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.judges.recorder import FOLDER, watch
from tests.judges.verdict import Sent, Verdict, judge
from tests.places import SHARED_MISSING

CHILDREN = Path(__file__).parent / "children"
VERDICT = pytest.StashKey[Verdict]()


def pytest_configure(config: pytest.Config) -> None:
    """Before any worker or child starts, which all inherit the environment."""
    if _ends_the_run(config):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="crosstie-judges-")
        paths = [str(CHILDREN), *filter(None, [os.environ.get("PYTHONPATH")])]
        os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    watch()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if not _ends_the_run(session.config):
        return
    verdict = judge(Sent.read(Path(os.environ[FOLDER])), whole=_is_whole(session))
    session.config.stash[VERDICT] = verdict
    strict = os.environ.get("CI") == "true" and any(SHARED_MISSING not in line for line in verdict.left_out)
    if session.exitstatus == 0 and (verdict.problems or strict):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    verdict = config.stash.get(VERDICT, Verdict())
    for line in verdict.lines:
        terminalreporter.write_line(f"judged: {line}")
    for line in verdict.left_out:
        terminalreporter.write_line(f"left out: {line}", yellow=True)
    for line in verdict.problems:
        terminalreporter.write_line(f"judged wrong: {line}", red=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _ends_the_run(config) and (folder := os.environ.pop(FOLDER, None)):
        shutil.rmtree(folder, ignore_errors=True)


def _ends_the_run(config: pytest.Config) -> bool:
    """Not a worker of xdist."""
    return not hasattr(config, "workerinput")


def _is_whole(session: pytest.Session) -> bool:
    """Nobody picked some of the tests, and none of them stopped the run."""
    config = session.config
    picked = config.option.keyword or config.option.markexpr or config.option.collectonly
    return (
        config.args_source is pytest.Config.ArgsSource.TESTPATHS
        and not picked
        and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    )
