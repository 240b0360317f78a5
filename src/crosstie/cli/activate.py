"""`crosstie activate --all | --group NAME | --file CSV [--dry-run]`."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from crosstie.cli import frame, runs

if TYPE_CHECKING:
    from crosstie.accounts.activation.activation_runs import RunInfo
    from crosstie.store.models import Scope


def configure(parser: ArgumentParser) -> None:
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--all", action="store_true", help="every active user of the Salesforce org")
    whom.add_argument("--group", metavar="NAME", help="the members of a group: its name, address or id")
    whom.add_argument(
        "--file", metavar="CSV", help="who stands in a file: email, name, salesforce id, …; - reads it"
    )
    runs.add_org(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    how.add_argument("--background", action="store_true", help="let the workers find that out too, and go on")
    frame.add_json(parser)


def run(options: Namespace) -> int:
    """Says first what it will do; then the workers do it."""
    with frame.server():
        from crosstie.accounts.activation import activation_runs
        from crosstie.jobs import activations as acts

        scope = runs.org(options)
        begun = _begin(options, scope)
        if options.background:
            acts.wake(begun)
            found = activation_runs.progress(scope, begun.run_id)
        else:
            found = acts.look(begun)
        if options.dry_run:
            activation_runs.forget(scope, begun.run_id)
        elif not options.background:
            acts.start(scope, begun.run_id)
        lines = [*runs.lines(found), _last(options, begun.run_id)]
        frame.answer(options, runs.shown(found), "\n".join(lines))
    return 0


def _begin(options: Namespace, scope: "Scope") -> "RunInfo":
    from crosstie.accounts.activation import lists
    from crosstie.jobs import activations as acts

    if options.group:
        return acts.of_group(scope, options.group, goes_on=options.background)
    if options.file:
        return acts.of_file(scope, options.file, lists.read(_content(options.file)), goes_on=options.background)
    return acts.of_users(scope, goes_on=options.background)


def _content(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise frame.CommandError(f"{name} cannot be read: {error.strerror or error}.") from error


def _last(options: Namespace, run_id: int) -> str:
    if options.dry_run:
        return "Nothing was done. To do it, leave --dry-run out."
    return f"The workers see to it. How far they got: crosstie activations {run_id}"
