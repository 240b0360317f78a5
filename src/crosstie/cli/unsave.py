"""`crosstie unsave ADDRESS ITEM`."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from crosstie.cli import frame, mailbox


def configure(parser: ArgumentParser) -> None:
    mailbox.add_arguments(parser, required=True)
    parser.add_argument("message", help="Message-ID or item id, as `crosstie why --json` shows it")


def run(options: Namespace) -> int:
    """The exit code is 1 when the record stays."""
    with frame.server():
        from crosstie.jobs import commands

        (ref,) = mailbox.chosen(options)
        found = commands.find(ref.scope, ref.mailbox_id, options.message)
        saved = next((one for one in found if one.record_url), None)
        item_id = saved.email.item_id if saved else options.message
        said = commands.unsave(ref.scope, ref.mailbox_id, item_id)
        frame.answer(options, asdict(said), said.sentence)
    return 0 if said.ok else 1
