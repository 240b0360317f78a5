"""`crosstie thread ADDRESS MESSAGE [--stop]`."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from crosstie.cli import frame, mailbox


def configure(parser: ArgumentParser) -> None:
    mailbox.add_arguments(parser, required=True)
    parser.add_argument("message", help="Message-ID or item id of one, as `crosstie why --json` shows it")
    parser.add_argument("--stop", action="store_true", help="no longer save every e-mail of the thread")


def run(options: Namespace) -> int:
    """The exit code is 1 when nothing changed."""
    with frame.server():
        from crosstie.jobs import commands

        (ref,) = mailbox.chosen(options)
        found = commands.find(ref.scope, ref.mailbox_id, options.message)
        item_id = found[0].email.item_id if found else options.message
        act = commands.stop_thread if options.stop else commands.mark_thread
        said = act(ref.scope, ref.mailbox_id, item_id)
        frame.answer(options, asdict(said), said.sentence)
    return 0 if said.ok else 1
