"""What stands of earlier mails below a reply: found by the marks that mail programs leave, and taken off.

Careful rather than thorough: a quote with words below it stays, for somebody answered within it; so does a
forwarded mail, which is what was to be read, and a mail that would have no words left. Everything here takes time
in proportion to the length of the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crosstie.domain.email import Content
from crosstie.mapping.markup import Piece, pieces, up_to
from crosstie.mapping.plain import plain_text
from crosstie.mapping.text import clean

FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|vb|vs|vl|pd|i|doorst|转发|轉寄)\s*[:：]", re.IGNORECASE)
"""How subjects of forwarded mails begin, by the language of the program."""

# -- HTML ----------------------------------------------------------------------------------------------
ATTRIBUTE = re.compile(
    r"""\b(id|class|type|style|name|data-marker)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
TO_THE_END = {
    ("id", "divrplyfwdmsg"),
    ("id", "appendonsend"),
    ("id", "mail-editor-reference-message-container"),
    ("data-marker", "__quoted_text__"),
}
"""From here on all is older: Outlook on the web, the new Outlook, Zimbra."""
HEADER_RULE = re.compile(r"border:\s*none;\s*border-top:\s*solid\s+#(?:e1e1e1|b5c4df)", re.IGNORECASE)
"""The line that Outlook for Windows draws above the header of what it quotes."""
CONTAINERS = {
    ("class", "gmail_quote"),
    ("class", "yahoo_quoted"),
    ("class", "protonmail_quote"),
    ("id", "olk_src_body_section"),
    ("name", "messagereplysection"),
    ("type", "cite"),
}
"""The quote is this element: Gmail, Yahoo, Proton, Outlook for Mac, Spark; Apple Mail and Thunderbird."""
PREFIX = ("class", "moz-cite-prefix")
"""Who wrote it and when, above the quote."""


WAS_TEXT = re.compile(r"""<div class=["']?PlainText\b""", re.IGNORECASE)
"""Exchange's HTML of a mail that is plain text: its quotes are marked as text marks them."""


def cropped(content: Content, subject: str) -> Content:
    """Without earlier mails; as it was if none are found or nothing else is in it. Of a mail that was plain text
    what is left is text again.
    """
    if FORWARDED.match(subject):
        return content
    if not content.text and WAS_TEXT.search(content.html):
        whole = plain_text(content.html, len(content.html))
        shorter = _text(whole)
        return content if shorter == whole else replace(content, html="", text=shorter)
    return replace(content, html=_html(content.html), text=_text(clean(content.text)))


def _html(html: str) -> str:
    start = _quote_start(html)
    shorter = up_to(html, start) if start >= 0 else html
    return shorter if _says_something(shorter) else html


@dataclass(slots=True)
class Quotes:
    """Quotes that follow each other with no words in between, as the tags go by."""

    html: str
    start: int = -1
    end: int = 0
    prefix: int = -1
    _within: str = ""
    """The name of the element that is the quote, while it is open."""
    _depth: int = 0

    def passes(self, piece: Piece) -> bool:
        """Whether the tag belongs to a quote that is open."""
        if not self._depth:
            return False
        if piece.name == self._within:
            self._depth += -1 if piece.closes else 1
            self.end = piece.end
        return True

    def begin(self, piece: Piece) -> None:
        at = self.prefix if self.prefix >= self.end else piece.start
        self.join(at)
        self._within, self._depth, self.prefix = piece.name, 1, -1

    def join(self, at: int) -> None:
        """One that begins there goes on with the others unless somebody wrote something before it."""
        if self.start < 0 or _says_something(self.html[self.end : at]):
            self.start = at

    def reaching_to_the_end(self) -> int:
        if self.start < 0 or self._depth:
            return self.start
        return -1 if _says_something(self.html[self.end :]) else self.start


def _quote_start(html: str) -> int:
    """Where the quotes begin that reach to the end; -1 without any."""
    quotes = Quotes(html)
    for piece in pieces(html, len(html)):
        if quotes.passes(piece) or piece.closes or "=" not in piece.attributes:
            continue
        marks = _marks(piece)
        if marks & TO_THE_END or any(name == "style" and HEADER_RULE.search(value) for name, value in marks):
            quotes.join(piece.start)
            return quotes.start
        if PREFIX in marks:
            quotes.prefix = piece.start
        elif marks & CONTAINERS:
            quotes.begin(piece)
    return quotes.reaching_to_the_end()


def _marks(piece: Piece) -> set[tuple[str, str]]:
    marks = set()
    for found in ATTRIBUTE.finditer(piece.attributes):
        name, value = found[1].lower(), next((one for one in found.groups()[1:] if one), "").lower()
        marks |= {(name, one) for one in (value.split() if name == "class" else [value])}
    return marks


def _says_something(html: str) -> bool:
    return bool(plain_text(html, 100).strip())


# -- text ----------------------------------------------------------------------------------------------
SEPARATOR = re.compile(r"\s*[-_]{5,}[^-_]{0,60}[-_]*\s*")
"""`-----Original Message-----`, or a line of underscores."""
LABEL = re.compile(r"[*\s]{0,5}[^\s:：]{1,25}(?: [^\s:：]{1,25})?\*?\s?[:：]")
FROM = re.compile(
    r"[*\s]{0,5}(?:from|von|de|da|van|från|fra|od|lähettäjä|gönderen|от|发件人|寄件者|差出人|보낸 사람)"
    r"\*?\s?[:：]",
    re.IGNORECASE,
)
LABELS = 3
"""Lines of a header that is quoted: who, when, to whom, about what."""
ATTRIBUTION = 3
"""Lines that `On Monday, somebody wrote:` takes at most."""


def _text(text: str) -> str:
    lines = text.split("\n")
    start = min(_header_start(lines), _quoted_start(lines))
    shorter = "\n".join(lines[:start]).rstrip()
    return shorter if start < len(lines) and shorter.strip() else text


def _header_start(lines: Sequence[str]) -> int:
    """Where the header of an earlier mail stands, with or without a line above it; below it all is older."""
    for number, line in enumerate(lines):
        if SEPARATOR.fullmatch(line[:200]):
            below = number + 1 + (number + 1 < len(lines) and not lines[number + 1].strip())
            if _labels(lines, below) >= LABELS:
                return number
        elif FROM.match(line[:100]) and _labels(lines, number) >= LABELS:
            return number
    return len(lines)


def _labels(lines: Sequence[str], start: int) -> int:
    """How many lines in a row are a header's, up to as many as matter."""
    count = 0
    while count < LABELS and start + count < len(lines) and LABEL.match(lines[start + count][:100]):
        count += 1
    return count


def _quoted_start(lines: Sequence[str]) -> int:
    """Where the lines with `>` begin that reach to the end, with who is said to have written them."""
    start = len(lines)
    while start and (not lines[start - 1].strip() or lines[start - 1].lstrip().startswith(">")):
        start -= 1
    if not any(line.lstrip().startswith(">") for line in lines[start:]):
        return len(lines)
    if not start or not lines[start - 1].rstrip().endswith((":", "：")):
        return start
    first = start - 1
    while first and start - first < ATTRIBUTION and lines[first - 1].strip():
        first -= 1
    is_paragraph = not first or not lines[first - 1].strip()
    return first if is_paragraph else start - 1
