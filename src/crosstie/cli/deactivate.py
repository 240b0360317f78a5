"""`crosstie deactivate ADDRESS [--as-it-is] [--yes]`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from crosstie.cli import frame, mailbox

if TYPE_CHECKING:
    from crosstie.accounts.words import Answer
    from crosstie.jobs.withdrawing import Preview


def configure(parser: ArgumentParser) -> None:
    mailbox.add_arguments(parser, required=True)
    parser.add_argument(
        "--as-it-is",
        action="store_true",
        help="take nothing out of the calendar: for a mailbox that cannot be reached any more",
    )
    parser.add_argument("--yes", action="store_true", help="do it; without this, only say what would be done")


def run(options: Namespace) -> int:
    """The exit code is 1 when nothing was changed that should have been."""
    with frame.server():
        from crosstie.jobs import leaving

        (ref,) = mailbox.chosen(options)
        if options.yes:
            said = leaving.at_once(ref) if options.as_it_is else leaving.begin(ref)
            return _told(options, said)
        if not options.as_it_is and (refusal := leaving.against(ref)):
            return _told(options, refusal)
        found = None if options.as_it_is else leaving.preview(ref)
        frame.answer(options, asdict(found) if found else {}, "\n".join(_lines(found)))
    return 0


def _told(options: Namespace, said: "Answer") -> int:
    frame.answer(options, asdict(said), said.sentence)
    return 0 if said.ok else 1


def _lines(found: "Preview | None") -> Iterator[str]:
    if found is None:
        yield "Nothing would be taken out of the calendar."
    else:
        yield f"{found.count} item(s) that came from Salesforce would be taken out of the calendar."
        yield from (f"  {one.start:%Y-%m-%d}  {frame.plain(one.title)}" for one in found.first)
        if found.further:
            yield f"  … and {found.further} more"
        if found.staying:
            yield f"{found.staying} stay(s), because somebody was invited."
        if found.unseen:
            yield f"{found.unseen} further one(s) were not looked at."
        yield "Our categories would be taken off the mailbox's list; items keep them."
    yield "Salesforce keeps everything. Access that was granted to this mailbox alone would be forgotten."
    yield "Nothing was done. To do it, add --yes."
