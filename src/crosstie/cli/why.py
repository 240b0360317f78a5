"""`crosstie why ADDRESS [MESSAGE]`."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from crosstie.cli import frame, mailbox

if TYPE_CHECKING:
    from crosstie.jobs.commands import Explained

SHOWN = 25
NOT_FOUND = "That e-mail is not in the folders Crosstie looks at; look for its Message-ID in the mail's headers."
NO_MAIL = "There is no e-mail in the Inbox, in Sent Items or in the further folders that the settings name."


def configure(parser: ArgumentParser) -> None:
    mailbox.add_arguments(parser, required=True)
    parser.add_argument(
        "message", nargs="?", default="", help="Message-ID or item id; without one, the mailbox's newest mails"
    )


def run(options: Namespace) -> int:
    """Asks the mailbox live, as the Mail page does; the exit code is 1 when the message is not found."""
    with frame.server():
        from crosstie.jobs import commands

        (ref,) = mailbox.chosen(options)
        if options.message:
            found = commands.find(ref.scope, ref.mailbox_id, options.message)
        else:
            found = commands.latest(ref.scope, ref.mailbox_id, SHOWN)
        nothing = NOT_FOUND if options.message else NO_MAIL
        frame.answer(options, [_shown(one) for one in found], "\n".join(map(_line, found)) or nothing)
    return 0 if found else 1


def _shown(one: "Explained") -> dict[str, Any]:
    return {
        "item_id": one.email.item_id,
        "message_id": one.email.message_id,
        "code": one.code,
        "outcome": one.outcome,
        "sentence": one.sentence,
        "record_url": one.record_url,
        "left_out": [{"ending": two.ending, "count": two.count, "code": two.why.value} for two in one.left_out],
    }


def _line(one: "Explained") -> str:
    where = f" {one.record_url}" if one.record_url else ""
    left_out = "".join(f"\n    not saved with it: {two.sentence}" for two in one.left_out)
    return f"{frame.plain(one.email.subject) or '(no subject)'}: {one.sentence}{where}{left_out}"
