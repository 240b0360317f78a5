"""The judges themselves: what they must let pass, what they must see, and that a bad word turns a run red."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

import pytest

from tests.judges.recorder import FOLDER
from tests.judges.verdict import Sent, judge, refused
from tests.places import ROOT

GOOD = "SELECT Id FROM Lead WHERE Email = 'a@b.test' LIMIT 5"
BAD = ["SELECT FROM Lead", "SELECT Id FROM Lead WHERE Email = 'a", "SELECT Id FROM Lead WHERE Email = 'it's'"]
EMIT = """
from crosstie.domain.errors import Unclear
from crosstie.salesforce import soql
from crosstie.transport import Http

def say(statement):
    for observer in soql.observers:
        observer(statement)

def post(body):
    try:
        Http(timeout=1).request("PATCH", "http://localhost:1/v1.0/users/ann@acme.test/messages/m1", json=body)
    except Exception:
        pass
"""
"""Both go the product's own way as far as it leads without a vendor."""


@pytest.mark.node
def test_the_parser_takes_what_is_soql_and_nothing_else() -> None:
    assert refused([GOOD, *BAD]) == sorted(BAD)


@pytest.mark.node
@pytest.mark.shared
def test_a_verdict_counts_what_it_judged() -> None:
    path = "/v1.0/users/ann@acme.test/messages/m1"
    sent = Sent({GOOD}, {("PATCH", path, "", b'{"categories": ["Salesforce"]}')})
    verdict = judge(sent, whole=True)
    assert verdict.problems == verdict.left_out == []
    assert verdict.lines[0].startswith("1 different SOQL")
    assert "1 × PATCH message" in verdict.lines[1]
    assert len(judge(Sent(), whole=True).problems) == 2, "a whole run in which nothing was sent"
    assert judge(Sent(), whole=False).problems == []


def test_half_a_line_of_a_killed_process_is_no_line(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_text('["soql", "a"]\n["soql", "b"]\n["so')
    (tmp_path / "2.jsonl").write_text('["soql", "b"]\n["graph", "GET", "/v1.0/me", "", null]\n')
    assert Sent.read(tmp_path) == Sent({"a", "b"}, {("GET", "/v1.0/me", "", b"")})


CHILD = "import subprocess, sys\n    subprocess.run([sys.executable, '-c', EMIT + {!r}], check=True)"


@pytest.mark.node
@pytest.mark.shared
@pytest.mark.parametrize(
    ("workers", "test", "wanted"),
    [
        ((), f'say("{GOOD}")\n    post({{"categories": ["Salesforce"]}})', None),
        ((), f'say("{BAD[0]}")', "SOQL that Salesforce's parser refuses: SELECT FROM Lead"),
        (("-n", "2"), f'say("{BAD[0]}")', "SOQL that Salesforce's parser refuses: SELECT FROM Lead"),
        ((), 'post({"colour": "green"})', "message has no colour"),
        ((), CHILD.format(f'say("{BAD[0]}")'), "SOQL that Salesforce's parser refuses: SELECT FROM Lead"),
        (("-n", "2"), CHILD.format('post({"categories": 5})'), "message.categories: a list is needed"),
        ((), "pass", "a whole run emitted no SOQL"),
    ],
    ids=["good", "soql", "soql of a worker", "body", "soql of a child", "body of a worker's child", "silence"],
)
def test_a_run_is_red_for_one_bad_word(
    tmp_path: Path, test: str, wanted: str | None, workers: Sequence[str]
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = .\n")
    speak = f"    say({GOOD!r})\n    post({{'categories': []}})\n" if test != "pass" else ""
    (tmp_path / "test_planted.py").write_text(
        f"{EMIT}\nEMIT = {EMIT!r}\n\ndef test_planted():\n{speak}    {dedent(test)}\n"
    )
    run = _pytest(tmp_path, *workers)
    if wanted is None:
        assert run.returncode == 0, run.stdout
        assert "judged wrong" not in run.stdout
        assert "judged: 1 different SOQL statements" in run.stdout
    else:
        assert run.returncode == 1, run.stdout
        assert "1 passed" in run.stdout
        assert wanted in run.stdout


def _pytest(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != FOLDER and "PYTEST" not in name}
    environment["PYTHONPATH"] = f"{ROOT}/src{os.pathsep}{ROOT}"
    words = ["-p", "tests.judges.plugin", "-p", "no:django", "-p", "no:cacheprovider", *options]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
