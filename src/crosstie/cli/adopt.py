"""`crosstie adopt ADDRESS [--dry-run]`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from crosstie.cli import frame, mailbox

if TYPE_CHECKING:
    from crosstie.jobs.adopting import Report

MOST = 20_000
"""E-mails of one run, the newest first."""
WORDS = {
    "known": "Known here already",
    "adopted": "With a record in Salesforce, to which they point",
    "shared": "Copies of e-mails that are known here, which point to their record",
    "imported": "Without a record, to be saved by the next sessions",
    "missing": "Without a record",
    "deleted": "With a record that was deleted in Salesforce",
    "nameless": "Without a Message-ID that only they have, so that their record cannot be found",
    "unfit": "Not e-mails between people, or not to be read",
}
"""Fate (engine/adopting.py) → what is said of so many e-mails."""


def configure(parser: ArgumentParser) -> None:
    mailbox.add_arguments(parser, required=True)
    parser.add_argument("--dry-run", action="store_true", help="say what would be found, and write nothing")
    parser.add_argument("--all", action="store_true", help="e-mails without an old mark too")
    parser.add_argument("--import", dest="imports", action="store_true", help="save marked ones without a record")
    parser.add_argument("--write-keys", action="store_true", help="write our key on the records that are adopted")
    parser.add_argument(
        "--field", action="append", default=[], metavar="NAME", help="a field of Task with the Message-ID"
    )
    parser.add_argument("--from", dest="first", default="1980-01-01", metavar="DAY", help="such as 2026-01-31")
    parser.add_argument("--to", dest="last", default="9999-12-31", metavar="DAY", help="this day included")


def run(options: Namespace) -> int:
    with frame.server():
        from crosstie.jobs import adopting

        (ref,) = mailbox.chosen(options)
        wanted = adopting.wishes(
            everything=options.all, imports=options.imports, stamps=options.write_keys, fields=options.field
        )
        report = adopting.adopt(ref, wanted, options.first, options.last, dry=options.dry_run, most=MOST)
        frame.answer(options, asdict(report), "\n".join(_lines(report)))
    return 0


def _lines(report: "Report") -> Iterator[str]:
    yield f"E-mails looked at: {report.looked}, with so many calls to Salesforce: {report.calls}"
    if report.dry:
        yield "Nothing was written. This is what would be found:"
    for fate, said in WORDS.items():
        if count := report.counts.get(fate):
            yield f"{said}: {count}"
    if report.doubled:
        yield f"With several records, of which the oldest counts: {report.doubled}"
    if report.stamped:
        yield f"Records that were given our key: {report.stamped}"
    for one in report.sample:
        received = f"{one.received_at:%Y-%m-%d}" if one.received_at else "-"
        yield f"  {received} {one.fate}: {frame.plain(one.subject) or '(no subject)'} {one.record}".rstrip()
    if report.stopped_at:
        yield f"Older ones were not looked at. Go on with: --to {report.stopped_at:%Y-%m-%d}"
