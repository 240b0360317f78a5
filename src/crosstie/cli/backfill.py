"""`crosstie backfill preview|start|pause|resume|status ADDRESS`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from crosstie.cli import frame, mailbox

if TYPE_CHECKING:
    from crosstie.accounts.connection.mailboxes import MailboxRef
    from crosstie.accounts.sync.backfills import LeftOut, Progress
    from crosstie.accounts.words import Answer
    from crosstie.jobs.backfills import Preview

MOST = 20_000
"""E-mails a preview looks at, the newest first."""
VERBS = {
    "preview": "what a back-fill would save and leave out, and why; writes nothing",
    "start": "have older e-mails saved that the rules of auto-saving want",
    "pause": "from the next session on",
    "resume": "from where it was",
    "status": "how far each back-fill got",
}


def configure(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="|".join(VERBS))
    for name, summary in VERBS.items():
        verb = verbs.add_parser(name, help=summary)
        mailbox.add_arguments(verb, required=True)
        if name in ("preview", "start"):
            verb.add_argument("--from", dest="first", required=True, metavar="DAY", help="such as 2026-01-31")
            verb.add_argument("--to", dest="last", required=True, metavar="DAY", help="this day included")
        if name == "start":
            place = verb.add_mutually_exclusive_group()
            place.add_argument("--then", action="store_true", help="after the one that is not over yet")
            place.add_argument("--replace", action="store_true", help="in place of the one that is not over yet")


def run(options: Namespace) -> int:
    """The exit code is 1 when nothing was changed that should have been."""
    with frame.server():
        from crosstie.jobs import backfills

        (ref,) = mailbox.chosen(options)
        if options.verb == "preview":
            found = backfills.preview(ref, options.first, options.last, MOST)
            frame.answer(options, asdict(found), "\n".join(_preview_lines(found)))
            return 0
        if options.verb == "status":
            listed = backfills.progress(ref)
            text = "\n".join(line for one in listed for line in _progress_lines(one))
            frame.answer(options, [asdict(one) for one in listed], text or _none())
            return 0
        said = _change(options, ref)
        frame.answer(options, asdict(said), said.sentence)
    return 0 if said.ok else 1


def _change(options: Namespace, ref: "MailboxRef") -> "Answer":
    from crosstie.accounts.sync.backfills import Place
    from crosstie.jobs import backfills

    if options.verb == "start":
        place = Place.BEHIND if options.then else Place.INSTEAD if options.replace else Place.ALONE
        return backfills.start(ref, options.first, options.last, place)
    return backfills.pause(ref) if options.verb == "pause" else backfills.resume(ref)


def _none() -> str:
    from crosstie.accounts import words

    return words.BACKFILL_NONE.text


def _preview_lines(found: "Preview") -> Iterator[str]:
    yield f"{found.days.first} to {found.days.last}: {found.looked} e-mails."
    yield f"{found.saved} would be saved, with about {found.calls} calls to Salesforce."
    yield f"{found.already} are in Salesforce already."
    yield from _left_out_lines(found.left_out)
    if found.left:
        yield f"{found.left} older ones were not looked at."


def _progress_lines(one: "Progress") -> Iterator[str]:
    of = "" if one.all is None else f" of {one.all}"
    yield f"{one.days.first} to {one.days.last}: {one.stage}, {one.looked}{of} e-mails looked at."
    yield f"{one.saved} saved, {one.already} were in Salesforce already."
    yield from _left_out_lines(one.left_out)
    if one.waits:
        yield one.waits


def _left_out_lines(several: "Sequence[LeftOut]") -> Iterator[str]:
    for one in several:
        yield f"  {one.count} × {one.sentence} [{one.code}]"
