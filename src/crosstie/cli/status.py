"""`crosstie status [ADDRESS]`."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from crosstie.cli import frame, mailbox


def configure(parser: ArgumentParser) -> None:
    mailbox.add_arguments(parser, required=False)


def run(options: Namespace) -> int:
    with frame.server():
        from crosstie.accounts.sync import status
        from crosstie.domain.clock import SystemClock

        now = SystemClock().now()
        found = [status.status(ref.scope, ref.mailbox_id, now) for ref in mailbox.chosen(options)]
        lines = [f"{each.address}: {each.sentence} {each.last_sentence}" for each in found]
        frame.answer(options, [asdict(each) for each in found], "\n".join(lines) or "There are no mailboxes yet.")
    return 0
