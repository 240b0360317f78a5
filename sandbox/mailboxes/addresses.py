"""Address headers (RFC 5322, section 3.4) as they are met: read as far as they go, no address lost."""

import re
from collections.abc import Iterator, Sequence

from sandbox.mailboxes.charsets import words_decoded
from sandbox.mailboxes.model import Person

Token = tuple[str, str]
"""quoted, angle, comment, blank or text, and its source (a comment's without its brackets)."""

_TOKEN = re.compile(
    r"""(?P<quoted>"(?:[^"\\]|\\.){0,1000}+")|(?P<angle><[^<>]*+>)|(?P<stop>[,;])|(?P<open>\()"""
    r"""|(?P<blank>\s++)|(?P<text>[^\s"<,;(]++)|(?P<odd>.)""",
    re.DOTALL,
)
_ADDRESS = re.compile(r"(?<![^\s<>,;:\"'()])[^\s<>,;:\"'()@]++@(?:\[[^\[\]\s]*+\]|[^\s<>,;:\"'()]++)")
_COMMENT = re.compile(r"\([^()]*+\)")
MOST = 10_000
"""People of one header that are read."""


def people(value: str) -> tuple[Person, ...]:
    """Everybody on an unfolded header. Names are decoded after the split: an encoded comma splits nothing."""
    found: list[Person] = []
    for tokens in _entries(value):
        found += _people(tokens)
        if len(found) > MOST:
            break
    return tuple(found[:MOST])


def _entries(value: str) -> Iterator[list[Token]]:
    """The tokens of one entry after the other; the names of groups are left out."""
    tokens: list[Token] = []
    position = 0
    while match := _TOKEN.match(value, position):
        kind, text = str(match.lastgroup), match[0]
        position = match.end()
        if kind == "open":
            comment, position = _comment(value, position)
            tokens.append(("comment", comment))
        elif kind == "stop":
            yield tokens
            tokens = []
        elif kind == "text" and ":" in text and "@" not in text.partition(":")[0] and "[" not in text:
            tokens = [("text", text.partition(":")[2])]
        else:
            tokens.append(("text" if kind == "odd" else kind, text))
    yield tokens


def _comment(value: str, start: int) -> tuple[str, int]:
    """The text of a comment, those within it included, and where it ends."""
    depth, position = 1, start
    while position < len(value):
        sign = value[position]
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return value[start:position], position + 1
        position += 2 if sign == "\\" else 1
    return value[start:], len(value)


def _people(tokens: Sequence[Token]) -> Iterator[Person]:
    before: list[Token] = []
    for kind, text in tokens:
        if kind != "angle":
            before.append((kind, text))
            continue
        yield _of_angle(text[1:-1], before)
        before = []
    yield from _of_plain(before, after_angle=any(kind == "angle" for kind, _ in tokens))


def _of_angle(inner: str, before: Sequence[Token]) -> Person:
    """`name <address>`; a route in front of the address is dropped."""
    address = "".join(_COMMENT.sub("", inner).split())
    address = address.rpartition(":")[2] if address.startswith("@") else address
    shown = _shown(before) or _shown(before, comments=True)
    if not address.strip("@;,") or ":@" in address:
        return Person("", shown or inner.strip())
    return Person(address, shown)


def _of_plain(tokens: Sequence[Token], *, after_angle: bool) -> Iterator[Person]:
    """What has no angle brackets: an address, several with blanks between, a name and an address, a word."""
    source = "".join(" " if kind == "comment" else text for kind, text in tokens if kind != "odd")
    plain = re.sub(r"\s*@\s*|\s+\.\s*(?=\S+$)", lambda blanks: blanks[0].strip(), source.strip())
    quoted = any(kind == "quoted" for kind, _ in tokens) and '"@' in plain
    addresses = [plain] if quoted else _ADDRESS.findall(plain)
    if not addresses:
        if plain and not after_angle:
            single = len(plain.split()) == 1
            yield Person(plain if single else "", "" if single else words_decoded(plain))
        return
    name = "" if quoted else _ADDRESS.split(plain, maxsplit=1)[0]
    first = words_decoded(name.strip("\"' ")) or _shown(tokens, comments=True, only_comments=True)
    yield Person(addresses[0], first)
    yield from (Person(address) for address in addresses[1:])


def _shown(tokens: Sequence[Token], *, comments: bool = False, only_comments: bool = False) -> str:
    pieces = []
    for kind, text in tokens:
        if kind == "quoted":
            piece = re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
        elif kind == "comment":
            piece = re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL) if comments else ""
        else:
            piece = text
        if kind == "comment" or not only_comments:
            pieces.append(piece)
    return words_decoded(" ".join("".join(pieces).split())).strip().strip('"')
