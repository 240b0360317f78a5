"""Records that a mail names: by the address at which people see them, or as a Case number in the subject.

What a mail quotes counts as well: a conversation about a record stays one.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from crosstie.domain.records import ACCOUNT, CASE, OPPORTUNITY, long_id

RELATABLE = {"001": ACCOUNT, "006": OPPORTUNITY, "500": CASE}
"""The first three characters of the ids of what a mail may be related to."""
LONGEST_READ = 200_000
"""Characters of a text that are looked at."""
MOST = 5
"""Records, and Case numbers, of one mail that are asked about."""
_ADDRESS = re.compile(r"(?=https?://([A-Za-z0-9.-]+(?::[0-9]{1,5})?)/([^\s\"'<>]{15,2000}))")
"""Nothing of the text is used up, so that an address within another one is found too."""
_WORD = re.compile(r"[0-9A-Za-z]+")
_CASE = re.compile(r"\bcase\b[\s:#-]*(?:no\b\.?|nr\b\.?|number\b)?[\s:#-]*([0-9]{5,10})(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mentions:
    records: tuple[str, ...] = ()
    """Ids of 18 characters, those in the subject first."""
    cases: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.records or self.cases)


def mentioned(subject: str, text: str, hosts: Collection[str], never: Collection[str] = ()) -> Mentions:
    """`text` is HTML or plain; links behind words and within another program's own links count too. Kinds of
    records in `never` are passed over.
    """
    listed = (*_records(subject, hosts), *_records(text[:LONGEST_READ], hosts))
    found = dict.fromkeys(one for one in listed if RELATABLE[one[:3]] not in never)
    cases = dict.fromkeys(match[1] for match in _CASE.finditer(subject) if CASE not in never)
    return Mentions(tuple(found)[:MOST], tuple(cases)[:MOST])


def _records(text: str, hosts: Collection[str]) -> Iterator[str]:
    """A link may be wrapped once in another: its address is then written with percent signs."""
    plain = unescape(text)
    for readable in dict.fromkeys((plain, unquote(plain))):
        for match in _ADDRESS.finditer(readable):
            if match[1].lower() in hosts:
                yield from _first_id(match[2])


def _first_id(path: str) -> Iterator[str]:
    """The record an address shows comes before whatever else it names."""
    for word in _WORD.findall(path):
        record_id = long_id(word)
        if record_id:
            if record_id[:3] in RELATABLE:
                yield record_id
            return
