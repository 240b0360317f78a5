"""What stands between the braces of FIND: words, phrases, wildcards, and how they are joined.

Text is cut into words at everything that is neither letter nor digit, on either side: an address is four words or
so, and looking for it is looking for these words in their order.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from sandbox.salesforce.errors import SalesforceError

RESERVED = frozenset("?&|!{}[]()^~*:\\\"'+-")
"""To be escaped with a backslash; `*`, `?`, `(`, `)` and `"` mean something unescaped, the others are refused."""
MEANINGFUL = frozenset('*?()"')
WORD = re.compile(r"\w+")
LONGEST, LONGEST_WITH_OPERATORS = 10_000, 4_000


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow one another in a field; each is a pattern, for it may hold wildcards."""

    patterns: tuple[re.Pattern[str], ...]
    literal: str
    """The longest run of plain letters: what does not contain it need not be cut into words."""
    address: str | None = None
    """The whole of it, when it is an e-mail address."""


@dataclass(frozen=True, slots=True)
class Both:
    op: Literal["AND", "OR", "AND NOT"]
    left: "Terms"
    right: "Terms"


Terms = Term | Both


def matches(terms: Terms, found: Callable[[Term], bool]) -> bool:
    """Whether a record has what is asked; `found` says so of one term."""
    if isinstance(terms, Term):
        return found(terms)
    left = matches(terms.left, found)
    if terms.op == "OR":
        return left or matches(terms.right, found)
    return left and matches(terms.right, found) != (terms.op == "AND NOT")


def within(term: Term, text: str) -> bool:
    """Whether the words of a field hold the term."""
    folded = text.lower()
    if term.literal not in folded:
        return False
    words = WORD.findall(folded)
    count = len(term.patterns)
    return any(
        all(pattern.fullmatch(word) for pattern, word in zip(term.patterns, words[start:], strict=False))
        for start in range(len(words) - count + 1)
    )


def malformed(message: str) -> SalesforceError:
    return SalesforceError("MALFORMED_SEARCH", message)


def parse_terms(text: str, *, lenient: bool = False) -> Terms | None:
    """None when nothing can be found by it. `lenient` takes reserved characters for spaces: no escapes needed."""
    if len(text) > LONGEST:
        return None
    pieces = list(_pieces(text, lenient=lenient))
    asked = [piece for piece in pieces if piece.kind in ("word", "phrase")]
    if asked and not any(_long_enough(piece) for piece in asked):
        raise malformed(f"search term must be longer than one character: {text}")
    if len(text) > LONGEST_WITH_OPERATORS:
        return _any_of([_term(piece) for piece in asked])
    parser = _Parser(pieces)
    found = parser.either()
    if parser.rest:
        raise malformed(f"unexpected token: '{parser.rest[0].text}'")
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Literal["word", "phrase", "AND", "OR", "NOT", "(", ")"]
    text: str
    """Escapes and wildcards as written."""


_PIECE = re.compile(r'"(?P<phrase>(?:\\.|[^"\\])*)"|(?P<mark>[()])|(?P<word>(?:\\.|[^\s()"\\])+)', re.DOTALL)


def _pieces(text: str, *, lenient: bool) -> Iterable[Piece]:
    if lenient:
        unmeant = RESERVED - frozenset('*?"')
        text = "".join(" " if letter in unmeant else letter for letter in text)
        text = text if text.count('"') % 2 == 0 else text.replace('"', " ")
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _PIECE.match(text, at)
        if found is None:
            raise malformed(f"line 1:{at} mismatched character '{text[at]}' expecting '}}'")
        at = found.end()
        if found["mark"]:
            yield Piece("(" if found["mark"] == "(" else ")", found["mark"])
        elif found["phrase"] is not None:
            yield Piece("phrase", found["phrase"])
        elif found["word"].upper() in ("AND", "OR", "NOT"):
            yield _operator(found["word"])
        else:
            _check_escaped(found["word"], found.start())
            yield Piece("word", found["word"])


def _operator(word: str) -> Piece:
    kinds: dict[str, Literal["AND", "OR", "NOT"]] = {"AND": "AND", "OR": "OR", "NOT": "NOT"}
    return Piece(kinds[word.upper()], word)


def _check_escaped(word: str, start: int) -> None:
    for place, letter in enumerate(re.sub(r"\\.", "xx", word)):
        if letter in RESERVED - MEANINGFUL:
            raise malformed(f"line 1:{start + place} mismatched character '{letter}' expecting '}}'")


class _Parser:
    """Parentheses before AND and AND NOT before OR; words side by side are joined by AND."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.rest = pieces

    def take(self, kind: str) -> bool:
        if not self.rest or self.rest[0].kind != kind:
            return False
        self.rest = self.rest[1:]
        return True

    def either(self) -> Terms:
        found = self.both()
        while self.take("OR"):
            found = Both("OR", found, self.both())
        return found

    def both(self) -> Terms:
        found = self.one()
        while self.rest and self.rest[0].kind not in ("OR", ")"):
            joined = self.take("AND")
            if self.take("NOT"):
                if not joined:
                    raise malformed("unexpected token: 'NOT'")
                found = Both("AND NOT", found, self.one())
            else:
                found = Both("AND", found, self.one())
        return found

    def one(self) -> Terms:
        if self.take("("):
            found = self.either()
            if not self.take(")"):
                raise malformed("unexpected token: '<EOF>'")
            return found
        if not self.rest:
            raise malformed("unexpected token: '<EOF>'")
        piece = self.rest[0]
        if piece.kind not in ("word", "phrase"):
            raise malformed(f"unexpected token: '{piece.text}'")
        self.rest = self.rest[1:]
        return _term(piece)


def _any_of(terms: list[Term]) -> Terms | None:
    found: Terms | None = None
    for term in terms:
        found = term if found is None else Both("OR", found, term)
    return found


def _long_enough(piece: Piece) -> bool:
    """Wildcards do not count."""
    return len(re.sub(r"\W", "", piece.text)) > 1


def _term(piece: Piece) -> Term:
    """`ann.m*@x.test` as the words it is made of; a wildcard at the front of it all finds no more than none.

    What has no letter at all, such as an escaped `&`, asks for nothing.
    """
    letters = re.findall(r"\\.|.", piece.text.lower().lstrip("*?"), re.DOTALL)
    plain = "".join(letter[-1] for letter in letters if letter not in ("*", "?"))
    words: list[str] = [""]
    runs: list[str] = [""]
    for letter in letters:
        if letter in ("*", "?"):
            words[-1] += r"\w*" if letter == "*" else r"\w"
            runs.append("")
        elif WORD.fullmatch(letter[-1]):
            words[-1] += re.escape(letter[-1])
            runs[-1] += letter[-1]
        else:
            words.append("")
            runs.append("")
    patterns = tuple(re.compile(word) for word in words if word)
    address = plain if "@" in plain and len(plain) == len(letters) else None
    return Term(patterns, max(runs, key=len), address)
