"""`crosstie sync ADDRESS`."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from crosstie.cli import frame, mailbox


def configure(parser: ArgumentParser) -> None:
    mailbox.add_arguments(parser, required=False)


def run(options: Namespace) -> int:
    """The worker does it; the exit code is 1 when a mailbox could not be asked."""
    with frame.server():
        from crosstie.jobs import commands

        said = {ref.address: commands.force(ref.scope, ref.mailbox_id) for ref in mailbox.chosen(options)}
        lines = [f"{address}: {answer.sentence}" for address, answer in said.items()]
        frame.answer(options, {address: asdict(one) for address, one in said.items()}, "\n".join(lines))
    return 0 if all(answer.ok for answer in said.values()) else 1
