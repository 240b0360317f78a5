"""`sandbox facts`: what the sandbox takes Salesforce's fields to be, and on whose word."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence

from sandbox.cli import Problem
from sandbox.salesforce.schema import STANDARD
from sandbox.salesforce.schema.facts import Field, SObject

TRUST = {"V": "the vendor's own page", "S": "a recording or a listing", "F": "a field report", "recall": "memory"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Show the facts about the objects' fields with their source and how far they are trusted."
    parser.add_argument("object", nargs="?", help="all fields of one object, such as EmailMessage")


def run(arguments: argparse.Namespace) -> int:
    if not arguments.object:
        _print(("object", "fields", "trust", "source"), (row for table in STANDARD for row in summary(table)))
        return 0
    wanted = [table for table in STANDARD if table.name.lower() == arguments.object.lower()]
    if not wanted:
        raise Problem(f"no object {arguments.object}; there are {', '.join(table.name for table in STANDARD)}")
    _print(("field", "type", "length", "flags", "trust", "source"), map(_row, wanted[0].fields))
    return 0


def summary(table: SObject) -> list[tuple[str, str, str, str]]:
    """How many fields rest on which source."""
    counted = Counter((fact.trust, fact.source) for fact in table.fields)
    return [(table.name, str(number), trust, source) for (trust, source), number in counted.most_common()]


def _row(fact: Field) -> tuple[str, ...]:
    return fact.name, fact.type, str(fact.length or ""), fact.flags, fact.trust, fact.source


def _print(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        sys.stdout.write("  ".join(padded).rstrip() + "\n")
