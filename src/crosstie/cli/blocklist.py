"""`crosstie blocklist list|add|remove|pin|unpin`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from crosstie.cli import frame, levels

if TYPE_CHECKING:
    from crosstie.accounts.governance.blocklist import Blocklist, Entry

CHANGES = {
    "add": "addresses or domains that are not saved automatically and never linked",
    "remove": "take entries off, those of levels above too where that is allowed",
    "pin": "entries that no level below can take off",
    "unpin": "let levels below take entries off again, as far as blocklist.removable says",
}


def configure(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="list|add|remove|pin|unpin")
    readers = [verbs.add_parser("list", help="what is on it, who put it there, and what was taken off")]
    for name, summary in CHANGES.items():
        writer = verbs.add_parser(name, help=summary)
        writer.add_argument("entries", nargs="+", metavar="ENTRY")
        readers.append(writer)
    for verb in readers:
        levels.add_arguments(verb)
        frame.add_json(verb)


def run(options: Namespace) -> int:
    with frame.server():
        from crosstie.accounts.governance import blocklist
        from crosstie.domain.clock import SystemClock

        scope, place = levels.chosen(options)
        if options.verb == "list":
            found = blocklist.show(scope, place)
            frame.answer(options, asdict(found), "\n".join(_lines(found)) or "Nothing is on the blocklist.")
            return 0
        change = getattr(blocklist, options.verb)
        said = [change(scope, place, entry, SystemClock()) for entry in options.entries]
        frame.answer(options, [asdict(one) for one in said], "\n".join(one.sentence for one in said))
    return 0


def _lines(found: "Blocklist") -> Iterator[str]:
    for entry in found.entries:
        yield f"{entry.text}    {_origin(entry)}"
    for entry in found.removed:
        yield f"{entry.text}    taken off for {_level(entry.removed_by)}"
    if found.free_mail:
        yield "and every free mail service, but for those taken off"


def _origin(entry: "Entry") -> str:
    source = "a domain of your organization" if entry.source == "internal" else f"for {_level(entry.source)}"
    return source + (f", pinned for {_level(entry.pinned_by)}" if entry.pinned_by else "")


def _level(level: str | None) -> str:
    from crosstie.accounts.words import LEVEL_WORDS
    from crosstie.domain.settings import Level

    return LEVEL_WORDS[Level(level or Level.GLOBAL)]
