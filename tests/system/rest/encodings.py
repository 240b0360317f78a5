"""Finds words in bytes however they were encoded on the way there."""

import base64
import json
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

ENCODINGS = (
    "plain",
    "upper case",
    "lower case",
    "base64 at 0",
    "base64 at 1",
    "base64 at 2",
    "base64url at 0",
    "base64url at 1",
    "base64url at 2",
    "quoted-printable",
    "UTF-16LE",
    "UTF-16BE",
    "percent",
    "JSON",
    "hexadecimal",
    "Latin-1",
)
_SOFT_BREAK = re.compile(rb"=(\r?\n|\\r|\\n)+")
_LINE_BREAK = re.compile(rb"\r?\n|\\r|\\n")
"""Also as a dump writes them."""


@dataclass(frozen=True, slots=True)
class Sighting:
    word: str
    encoding: str
    where: str
    around: bytes
    """What stands beside it, for whoever has to find out how it got there."""

    def __str__(self) -> str:
        return f"{self.word!r} ({self.encoding}) in {self.where}: {self.around!r}"


def encoded(word: str, encoding: str) -> bytes:
    """The word as that encoding writes it, in the midst of other text."""
    name, _, offset = encoding.partition(" at ")
    raw = word.encode()
    match name:
        case "plain":
            return raw
        case "upper case":
            return word.upper().encode()
        case "lower case":
            return word.lower().encode()
        case "base64":
            return _inner_base64(raw, int(offset))
        case "base64url":
            return _inner_base64(raw, int(offset)).translate(bytes.maketrans(b"+/", b"-_"))
        case "quoted-printable":
            return quopri.encodestring(raw, quotetabs=True).replace(b"=\n", b"")
        case "UTF-16LE" | "UTF-16BE":
            return word.encode(name)
        case "percent":
            return quote(word, safe="").encode()
        case "JSON":
            return json.dumps(word)[1:-1].encode()
        case "hexadecimal":
            return raw.hex().encode()
        case "Latin-1":
            return word.encode("latin-1", "ignore")
    raise ValueError(encoding)


def find(data: bytes, words: Iterable[str], where: str) -> Iterator[Sighting]:
    """Every word that `data` holds in any encoding, once an encoding. ASCII's case does not count."""
    lowered = data.lower()
    views = {True: _views(data, _LINE_BREAK), False: _views(lowered, _SOFT_BREAK)}
    for word in words:
        for exact, encoding, needle in needles(word):
            for text in views[exact]:
                at = text.find(needle)
                if at >= 0:
                    yield Sighting(word, encoding, where, text[max(0, at - 60) : at + len(needle) + 60])
                    break


def _views(data: bytes, broken: re.Pattern[bytes]) -> tuple[bytes, ...]:
    """As it is and, where there are any, without the line breaks that an encoding puts in."""
    joined = broken.sub(b"", data)
    return (data,) if len(joined) == len(data) else (data, joined)


@cache
def needles(word: str) -> tuple[tuple[bool, str, bytes], ...]:
    """(case counts, encoding, bytes to look for), each bytes once."""
    found: dict[tuple[bool, bytes], str] = {}
    for encoding in ENCODINGS:
        exact = encoding.startswith("base64")
        text = encoded(word, encoding)
        found.setdefault((exact, text if exact else text.lower()), encoding)
    return tuple((exact, encoding, needle) for (exact, needle), encoding in found.items())


def _inner_base64(raw: bytes, offset: int) -> bytes:
    """The characters that depend on `raw` alone when it begins `offset` bytes into a group of three."""
    text = base64.b64encode(b"\0" * offset + raw)
    first = (offset * 8 + 5) // 6
    last = (offset + len(raw)) * 8 // 6
    return text[first:last]
