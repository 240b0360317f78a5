"""`crosstie doctor`: looks at everything, changes nothing, and says what to do about what it finds."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from crosstie.cli import frame
from crosstie.cli.doctor import database, machine, network
from crosstie.cli.doctor.finding import Check, Finding, Level
from crosstie.config.environment import Config, ConfigError

CHECKS: list[Check] = [*machine.CHECKS, *network.CHECKS, *database.CHECKS]
"""In the order of the report. A check that needs more than the one before it comes later."""


def configure(parser: ArgumentParser) -> None:
    frame.add_json(parser)


def run(options: Namespace) -> int:
    findings = examine(CHECKS)
    problems = sum(finding.level is Level.PROBLEM for finding in findings)
    text = "\n".join([*map(str, findings), _summary(findings)])
    frame.answer(options, {"ok": not problems, "findings": [finding.as_dict() for finding in findings]}, text)
    return 1 if problems else 0


def examine(checks: Iterable[Check]) -> list[Finding]:
    try:
        config = frame.settings()
    except ConfigError as error:
        return [Finding.problem("environment", sentence, "Correct or unset it.") for sentence in error.findings]
    return [finding for check in checks for finding in _safely(check, config)]


def _safely(check: Check, config: Config) -> list[Finding]:
    """A check that fails is a finding, so that the others are still heard."""
    try:
        return list(check(config))
    except Exception as error:
        name = check.__module__.rpartition(".")[2]
        kind = type(error).__qualname__
        return [Finding.problem(name, f"The check {check.__name__} itself failed ({kind}).", "Report it, please.")]


def _summary(findings: list[Finding]) -> str:
    counts = {level: sum(finding.level is level for finding in findings) for level in Level}
    return f"{counts[Level.PROBLEM]} problem(s), {counts[Level.WARNING]} warning(s), {counts[Level.OK]} in order"
