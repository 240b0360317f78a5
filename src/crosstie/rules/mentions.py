"""Records that a mail names: by the address at which people see them, by the reference that Email-to-Case writes
into what it sends, or as a Case number in the subject.

What a mail quotes counts as well: a conversation about a record stays one.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import combinations
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
_REFERENCE = re.compile(r"\bref:[_!]?(00D[0-9A-Za-z]{2,12})\.[_!]?(500[0-9A-Za-z]{7,12}):ref\b")
"""`ref:_00D50IQwR._50050PQo5L:ref`: the org and the Case, both without most of their zeros."""
_KEPT = 5
"""Characters at either end of a Case's id that its reference keeps whole."""
_TOKEN = re.compile(r"\bthread::[0-9A-Za-z_-]{8,64}::")
"""What Lightning threading writes. It stands for a Case and says it to the org alone."""
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,700}>")
_ANSWERED = re.compile(r"^(In-Reply-To|References):(.*)$", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(r"[0-9A-Za-z]+")
_CASE = re.compile(r"\bcase\b[\s:#-]*(?:no\b\.?|nr\b\.?|number\b)?[\s:#-]*([0-9]{5,10})(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mentions:
    records: tuple[str, ...] = ()
    """Ids of 18 characters, those in the subject first."""
    cases: tuple[str, ...] = ()
    references: tuple[tuple[str, ...], ...] = ()
    """For each reference the ids that it may stand for."""
    threaded: bool = False
    """It carries a token of Lightning threading."""


def mentioned(
    subject: str, text: str, hosts: Collection[str], never: Collection[str] = (), org_id: str = ""
) -> Mentions:
    """`text` is HTML or plain; links behind words and within another program's own links count too. Kinds of
    records in `never` are passed over, and so are references of other orgs than `org_id`.
    """
    read = f"{subject}\n{text[:LONGEST_READ]}"
    listed = (*_records(subject, hosts), *_records(text[:LONGEST_READ], hosts))
    found = dict.fromkeys(one for one in listed if RELATABLE[one[:3]] not in never)
    if CASE in never:
        return Mentions(tuple(found)[:MOST])
    cases = dict.fromkeys(match[1] for match in _CASE.finditer(subject))
    references = dict.fromkeys(_references(read, org_id)) if org_id else {}
    return Mentions(
        tuple(found)[:MOST], tuple(cases)[:MOST], tuple(references)[:MOST], _TOKEN.search(read) is not None
    )


def answered(headers: str) -> tuple[str, ...]:
    """Message-IDs of what a mail answers, the one it answers directly first. Header lines are unfolded."""
    lines = {name.casefold(): listed for name, listed in _ANSWERED.findall(headers[:LONGEST_READ])}
    direct = _MESSAGE_ID.findall(lines.get("in-reply-to", ""))
    before = _MESSAGE_ID.findall(lines.get("references", ""))
    return tuple(dict.fromkeys((*direct, *reversed(before))))[:MOST]


def _references(text: str, org_id: str) -> Iterator[tuple[str, ...]]:
    for org, case in _REFERENCE.findall(text):
        if _without_zeros(org) == _without_zeros(org_id[:15]):
            yield tuple(_written_out(case))


def _without_zeros(record_id: str) -> str:
    return record_id.replace("0", "")


def _written_out(short: str) -> list[str]:
    """All ids that a reference may have been made from: the zeros it lost stood somewhere in the middle."""
    middle, room = short[_KEPT:-_KEPT], 15 - 2 * _KEPT
    found = set()
    for places in combinations(range(room), len(middle)):
        letters = ["0"] * room
        for place, letter in zip(places, middle, strict=True):
            letters[place] = letter
        found.add(short[:_KEPT] + "".join(letters) + short[-_KEPT:])
    return sorted(map(long_id, found))


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
