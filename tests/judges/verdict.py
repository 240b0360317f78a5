"""Hands what a run sent to the vendors' own tools, and says what they think of it."""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.contract.graph_schema import Call, GraphSchema
from tests.places import ROOT, lacking, node

PARSE = """
const {SOQLParser} = require('@salesforce/soql-common/lib/soql-parser');
const parser = SOQLParser({isApex: false, isMultiCurrencyEnabled: true, apiVersion: 55.0});
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const wrong = texts.filter(text => !parser.parseQuery(text).getSuccess());
process.stdout.write(JSON.stringify(wrong));
"""
"""One Node.js process for any number of statements; 55.0 is the newest grammar the parser knows."""
SHOWN = 10
"""Problems printed of each kind."""


@dataclass(slots=True)
class Sent:
    statements: set[str] = field(default_factory=set)
    calls: set[Call] = field(default_factory=set)

    @classmethod
    def read(cls, folder: Path) -> "Sent":
        """From the recorders' files; the last line of a killed process may be half a line."""
        sent = cls()
        for path in sorted(folder.glob("*.jsonl")):
            for line in path.read_text().split("\n")[:-1]:
                kind, *rest = json.loads(line)
                if kind == "soql":
                    sent.statements.add(rest[0])
                else:
                    method, address, query, body = rest
                    sent.calls.add((method, address, query, b"" if body is None else json.dumps(body).encode()))
        return sent


@dataclass(slots=True)
class Verdict:
    lines: list[str] = field(default_factory=list)
    """What was judged, with the counts."""
    left_out: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def judge(sent: Sent, *, whole: bool) -> Verdict:
    """`whole`: the run had every test in it, so nothing sent means that the judges are blind."""
    verdict = Verdict()
    if whole or sent.statements:
        _judge_statements(verdict, sent.statements)
    if whole or sent.calls:
        _judge_calls(verdict, sent.calls)
    if whole and not sent.statements:
        verdict.problems.append("a whole run emitted no SOQL: nobody listens")
    if whole and not any(body for *_, body in sent.calls):
        verdict.problems.append("a whole run sent no body to Graph: nobody listens")
    return verdict


def refused(statements: Iterable[str]) -> list[str]:
    """Statements that Salesforce's own parser does not take."""
    program = node()
    if program is None:
        raise RuntimeError("Node.js is missing")
    texts = json.dumps(sorted(statements))
    run = subprocess.run(
        [program, "-e", PARSE], input=texts, capture_output=True, text=True, cwd=ROOT, check=True, timeout=300
    )
    wrong: list[str] = json.loads(run.stdout)
    return wrong


def _judge_statements(verdict: Verdict, statements: set[str]) -> None:
    if reason := lacking("node"):
        verdict.left_out.append(f"{len(statements)} SOQL statements were not parsed, because {reason}")
        return
    wrong = refused(statements) if statements else []
    verdict.lines.append(f"{len(statements)} different SOQL statements went through Salesforce's own parser")
    verdict.problems += [f"SOQL that Salesforce's parser refuses: {text[:500]}" for text in wrong[:SHOWN]]


def _judge_calls(verdict: Verdict, calls: set[Call]) -> None:
    if reason := lacking("shared"):
        verdict.left_out.append(f"{len(calls)} Graph requests were not judged, because {reason}")
        return
    report = GraphSchema.load().judge(sorted(calls))
    verdict.lines.append(f"Graph's schema judged {len(calls)} different requests: {report}")
    verdict.problems += [f"Graph: {problem[:500]}" for problem in sorted(set(report.problems))[:SHOWN]]
