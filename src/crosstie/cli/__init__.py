"""`crosstie COMMAND`: one module a command, imported only when it is called."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from crosstie import __version__
from crosstie.cli.frame import report_failure

COMMANDS = {
    "up": "everything in one terminal: database, web, workers, ticker",
    "web": "the web server alone",
    "worker": "one worker process",
    "ticker": "the process that decides when things are due",
    "migrate": "bring the database in step with this version",
    "status": "each mailbox: its state, last session and next one",
    "sync": "start a session now",
    "plan": "what the next session would do, without doing it",
    "issues": "what needs a person, and trying it again: issues [--retry]",
    "notices": "mails about suspended sync and changed accounts, owed and sent: notices [--all]",
    "why": "what became of an e-mail, and the rule that decided",
    "unsave": "take a saved e-mail out of Salesforce, for everybody",
    "block": "block a saved e-mail's sender and undo what was made for it: block [--yes]",
    "thread": "have all e-mails of a thread saved: thread [--stop]",
    "adopt": "find what another product has saved, and point to it: adopt [--dry-run]",
    "backfill": "have older e-mails saved: backfill preview|start|pause|resume|status",
    "activate": "start syncing many mailboxes: activate --all|--group NAME|--file CSV [--dry-run]",
    "activations": "how far that got, and trying the failed again: activations [RUN] [--again]",
    "deactivate": "stop syncing a mailbox, and take out of it what came from Salesforce: deactivate [--yes]",
    "settings": "read and change settings: settings get|set|unset|export|import",
    "people": "roles, sign-ins, who may register: people list|role|release|end|registration",
    "operator": "platform admins with a password and a second factor: operator add|reset|remove|list",
    "google": "with which Google Workspace people sign in: google allow|forbid|show",
    "blocklist": "read and change the blocklist: blocklist list|add|remove|pin|unpin",
    "demo": "connect the sandbox's small company to this server",
    "doctor": "say what is wrong with this installation and what to do",
}
"""One line a command; its module is `crosstie.cli.NAME`."""


class Command(Protocol):
    """What a command's module offers."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; the answer is the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="crosstie", description="Keeps mailboxes and Salesforce in step.")
    parser.add_argument("-V", "--version", action="version", version=f"crosstie {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    called = next((argument for argument in arguments if not argument.startswith("-")), None)
    for name, summary in COMMANDS.items():
        below = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        if name == called:
            _module(name).configure(below)
    options = parser.parse_args(arguments)
    try:
        return _module(options.command).run(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        return report_failure(error)


def _module(name: str) -> Command:
    return cast(Command, importlib.import_module(f"crosstie.cli.{name}"))
