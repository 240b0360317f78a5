"""`crosstie issues ADDRESS [--retry]`."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crosstie.cli import frame, mailbox

if TYPE_CHECKING:
    from crosstie.jobs.commands import Problem

NONE = "There are no issues."


def configure(parser: ArgumentParser) -> None:
    mailbox.add_arguments(parser, required=True)
    parser.add_argument("--retry", action="store_true", help="try all of them again now")


def run(options: Namespace) -> int:
    """Asks the mailbox live, as the page Issues does; the exit code is 1 when nothing could be tried again."""
    with frame.server():
        from crosstie.jobs import commands

        (ref,) = mailbox.chosen(options)
        if options.retry:
            said = commands.retry(ref.scope, ref.mailbox_id, ())
            frame.answer(options, asdict(said), said.sentence)
            return 0 if said.ok else 1
        found = commands.problems(ref.scope, ref.mailbox_id)
        frame.answer(options, [_shown(one) for one in found], "\n".join(map(_line, found)) or NONE)
    return 0


def _shown(one: "Problem") -> dict[str, Any]:
    return {
        "item_id": one.item_id,
        "message_id": one.email.message_id if one.email else None,
        "code": one.code,
        "source": one.source,
        "sentence": one.sentence,
        "advice": one.advice,
        "first_at": one.first_at,
        "last_at": one.last_at,
        "mailbox_url": one.email.web_link if one.email else "",
        "record_url": one.record_url,
    }


def _line(one: "Problem") -> str:
    subject = frame.plain(one.email.subject) if one.email else ""
    about = (subject or "(an e-mail)") if one.item_id else "Sync"
    since = f" Since {one.first_at:%Y-%m-%d %H:%M} UTC." if one.first_at else ""
    return f"{about}: {one.sentence}{since}{' ' + one.advice if one.advice else ''} [{one.code}]"
