"""`crosstie block ADDRESS MESSAGE [--domain] [--everybody] [--yes]`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crosstie.cli import frame, mailbox

if TYPE_CHECKING:
    from crosstie.jobs.blocking import Proposal


def configure(parser: ArgumentParser) -> None:
    mailbox.add_arguments(parser, required=True)
    parser.add_argument("message", help="Message-ID or item id of a saved one, as `crosstie why --json` shows it")
    parser.add_argument("--domain", action="store_true", help="block the sender's whole domain")
    parser.add_argument("--everybody", action="store_true", help="block for everybody, not for this person alone")
    parser.add_argument("--yes", action="store_true", help="do it; without this, only say what would be done")


def run(options: Namespace) -> int:
    """The exit code is 1 when the mail's record stays."""
    with frame.server():
        from crosstie.accounts.governance import settings
        from crosstie.jobs import blocking, commands

        (ref,) = mailbox.chosen(options)
        found = commands.find(ref.scope, ref.mailbox_id, options.message)
        saved = next((one for one in found if one.record_url), None)
        item_id = saved.email.item_id if saved else options.message
        place = settings.EVERYBODY if options.everybody else settings.for_person(ref.scope, ref.person_id)
        proposal = blocking.preview(ref.scope, ref.mailbox_id, item_id, place)
        entry = proposal.entries[-1 if options.domain else 0]
        if not options.yes:
            frame.answer(options, _shown(proposal, entry), "\n".join(_lines(proposal, entry)))
            return 0
        said = blocking.block(ref.scope, ref.mailbox_id, item_id, entry, place)
        frame.answer(options, asdict(said), said.sentence)
    return 0 if said.ok else 1


def _shown(proposal: "Proposal", entry: str) -> dict[str, object]:
    records = [asdict(one) for one in proposal.records]
    return {
        "entry": entry,
        "level": proposal.level,
        "listed": proposal.listed,
        "listed_by": proposal.listed_by,
        "records": records,
    }


def _lines(proposal: "Proposal", entry: str) -> Iterator[str]:
    from crosstie.accounts.words import LEVEL_WORDS

    source: Any = proposal.listed_by
    yield f"Would be blocked, for {proposal.level}: {entry}"
    if proposal.listed:
        yield f"On the blocklist already: {proposal.listed}, for {LEVEL_WORDS.get(source, source)}"
    for one in proposal.records:
        yield f"{one.object} {one.record_url}: {one.sentence}"
    yield "Nothing was done. To do it, add --yes."
