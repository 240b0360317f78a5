"""`crosstie issues ADDRESS [--retry | --remove SIDE | --keep SIDE | --meant]`."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crosstie.cli import frame, mailbox

if TYPE_CHECKING:
    from crosstie.accounts.connection.mailboxes import MailboxRef
    from crosstie.accounts.words import Answer
    from crosstie.jobs.commands import Problem
    from crosstie.jobs.guarding import CopiesHeld, HeldBack

NONE = "There are no issues."
SIDES = {"salesforce": "crm", "calendar": "mailbox"}
"""What a person says → domain.links.Side."""


def configure(parser: ArgumentParser) -> None:
    mailbox.add_arguments(parser, required=True)
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--retry", action="store_true", help="try all of them again now")
    act.add_argument(
        "--remove", choices=SIDES, metavar="SIDE", help="what is held back there (salesforce or calendar) may go"
    )
    act.add_argument(
        "--keep",
        choices=SIDES,
        metavar="SIDE",
        help="what is held back there stays, and is not kept in step any more",
    )
    act.add_argument("--meant", action="store_true", help="what is held back as copies is none, and may be made")


def run(options: Namespace) -> int:
    """Asks the mailbox live, as the page Issues does; the exit code is 1 when nothing could be done."""
    with frame.server():
        from crosstie.jobs import commands, guarding

        (ref,) = mailbox.chosen(options)
        if options.retry or options.remove or options.keep or options.meant:
            said = _act(options, ref)
            frame.answer(options, asdict(said), said.sentence)
            return 0 if said.ok else 1
        held = guarding.held_back(ref.scope, ref.mailbox_id)
        copies = guarding.copies_held(ref.scope, ref.mailbox_id)
        found = commands.problems(ref.scope, ref.mailbox_id)
        lines = [*([_of_copies(copies)] if copies else []), *map(_of_held, held), *map(_line, found)]
        shown = [*([_shown_copies(copies)] if copies else []), *map(_shown_held, held), *map(_shown, found)]
        frame.answer(options, shown, "\n".join(lines) or NONE)
    return 0


def _act(options: Namespace, ref: "MailboxRef") -> "Answer":
    from crosstie.accounts.trouble.copied import Word as CopyWord
    from crosstie.accounts.trouble.guarded import Word
    from crosstie.domain.links import Side
    from crosstie.jobs import commands, guarding

    if options.meant:
        return guarding.decide_copies(ref.scope, ref.mailbox_id, CopyWord.MEANT)
    if options.retry:
        looked = guarding.decide_copies(ref.scope, ref.mailbox_id, CopyWord.AGAIN)
        tried = commands.retry(ref.scope, ref.mailbox_id, ())
        return tried if tried.ok or not looked.ok else looked
    side = Side(SIDES[options.remove or options.keep])
    return guarding.decide(ref.scope, ref.mailbox_id, side, Word.REMOVE if options.remove else Word.KEEP)


def _shown_held(one: "HeldBack") -> dict[str, Any]:
    return {
        "code": one.held.code,
        "side": next(name for name, side in SIDES.items() if side == one.held.side),
        "events": one.held.count,
        "first_at": one.held.first_at,
        "last_at": one.held.last_at,
    }


def _of_held(one: "HeldBack") -> str:
    side = next(name for name, side in SIDES.items() if side == one.held.side)
    titles = [frame.plain(event.subject) or "(no subject)" for event in one.named]
    named = f": {', '.join(titles)}{f' and {one.more} more' if one.more else ''}" if titles else ""
    where = "deleted in Salesforce" if side == "salesforce" else "taken out of the calendar"
    return (
        f"Held back: {one.held.count} events would be {where}{named}. "
        f"Say --remove {side} or --keep {side}. [{one.held.code}]"
    )


def _shown_copies(one: "CopiesHeld") -> dict[str, Any]:
    return {
        "code": one.held.code,
        "events": one.held.count,
        "waiting": one.held.waiting,
        "first_at": one.held.first_at,
    }


def _of_copies(one: "CopiesHeld") -> str:
    places = {"crm": "in Salesforce", "mailbox": "in the calendar"}
    titles = [
        f"{frame.plain(event.subject) or '(no subject)'} ({places[event.side or '']})" for event in one.named
    ]
    named = f": {', '.join(titles)}{f' and {one.more} more' if one.more else ''}" if titles else ""
    return (
        f"Nothing new is made: {one.held.count} events are copies of others{named}. Look for another product that "
        f"syncs (crosstie doctor), switch it off, change or delete the copies, and say --retry; or --meant. "
        f"[{one.held.code}]"
    )


def _shown(one: "Problem") -> dict[str, Any]:
    shown = one.email or one.event
    return {
        "item_id": one.item_id,
        "message_id": one.email.message_id if one.email else None,
        "code": one.code,
        "source": one.source,
        "sentence": one.sentence,
        "advice": one.advice,
        "first_at": one.first_at,
        "last_at": one.last_at,
        "mailbox_url": shown.web_link if shown else "",
        "record_url": one.record_url,
    }


def _line(one: "Problem") -> str:
    shown = one.email or one.event
    subject = frame.plain(shown.subject) if shown else ""
    about = (subject or f"(an {one.kind})") if one.item_id else "Sync"
    since = f" Since {one.first_at:%Y-%m-%d %H:%M} UTC." if one.first_at else ""
    return f"{about}: {one.sentence}{since}{' ' + one.advice if one.advice else ''} [{one.code}]"
