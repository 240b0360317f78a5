"""HTML as mail has it, without a parser's tree: cut so that it stays balanced, and tamed before it is parsed.

Everything here takes time in proportion to the length of the text, whatever somebody put into it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from crosstie.mapping.text import head, units

TAG = re.compile(
    r"""<(?P<slash>/?)(?P<name>[a-zA-Z][^\s/<>]*+)(?P<rest>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>"""
    r"""|<(?P<slash2>/?)(?P<name2>[a-zA-Z][^\s/<>]*+)(?P<rest2>[^<>]*+)>"""
)
"""A tag with its quotes honoured, or, with a stray quote in it, up to the next `>`. It never reaches over the
next `<`, so failing costs no more than one tag.
"""
IMAGE = re.compile(r"<img\b[^<>]*+>", re.IGNORECASE)
EMBEDDED = re.compile(r"""\bsrc\s*=\s*["']?\s*cid:""", re.IGNORECASE)
WRITTEN_OUT = re.compile(r"""\bsrc\s*=\s*["']?\s*data:""", re.IGNORECASE)
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
ENTITY_LENGTH = 33
"""Characters of the longest named entity, with & and ;."""
LONGEST_LINK = 2000
LONGEST_TAG = 8000
LONGEST_WORD = 100
"""A word is kept whole when text is cut; what is longer is none."""

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
OPTIONAL_END = frozenset(
    {"body", "colgroup", "dd", "dt", "head", "html", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
"""Closed by what follows them: they do not pile up when nobody closes them."""
RAW = frozenset({"script", "style", "textarea", "title", "xmp", "noembed", "noframes", "iframe"})
"""What stands in these is no markup up to their own end tag."""
BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "table", "tr", "ul"}
)
DEEPEST = 256
"""Elements within each other that are kept: a parser's time grows with the square of the depth."""
PARSED = 400_000
"""Characters of tamed HTML that are parsed: several times what any field takes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is no text: a tag (`name` lower case) or, with an empty `name`, a comment or a raw element whole."""

    start: int
    end: int
    name: str = ""
    closes: bool = False
    attributes: str = ""

    @property
    def opens(self) -> bool:
        return bool(self.name) and not self.closes and self.name not in VOID


def pieces(html: str, stop: int) -> Iterator[Piece]:
    """All that begin before `stop`; what lies between two is text."""
    position = html.find("<")
    while 0 <= position < stop:
        piece = _piece(html, position)
        if piece:
            yield piece
        position = html.find("<", piece.end if piece else position + 1)


def _piece(html: str, start: int) -> Piece | None:
    if html.startswith("<!--", start):
        return Piece(start, _after(html, "-->", start + 4))
    if html.startswith(("<!", "<?"), start):
        return Piece(start, _after(html, ">", start))
    found = TAG.match(html, start)
    if not found:
        return None
    name = (found["name"] or found["name2"]).lower()
    closes = bool(found["slash"] or found["slash2"])
    if name in RAW and not closes:
        ending = re.compile(f"</{name}", re.IGNORECASE).search(html, found.end())
        return Piece(start, _after(html, ">", ending.end()) if ending else len(html))
    return Piece(start, found.end(), name, closes, found["rest"] or found["rest2"] or "")


def _after(html: str, mark: str, start: int) -> int:
    found = html.find(mark, start)
    return len(html) if found < 0 else found + len(mark)


def without_embedded(html: str) -> str:
    """Without pictures that only the mail itself has: they are not saved and would show as broken."""
    return IMAGE.sub(lambda found: "" if EMBEDDED.search(found[0]) else found[0], html)


def cut_html(html: str, limit: int) -> str:
    """At most `limit` units, cut between tags or words, never within a tag or entity; what is open is closed.
    What goes first is what nobody reads: one picture spelled out in the text may be longer than all the words.
    """
    for lighter in (_as_it_is, _without_pictures, _bare):
        html = lighter(html)
        if units(html) <= limit:
            return html
    size = len(head(html, limit))
    opened: list[str] = []
    closing = kept = 0
    text_end = size
    for piece in pieces(html, size):
        popped = _popped(piece, opened)
        after = closing + (units(piece.name) + 3 if piece.opens else -sum(units(name) + 3 for name in popped))
        if piece.end + after > size:
            text_end = piece.start
            break
        del opened[len(opened) - len(popped) :]
        if piece.opens:
            opened.append(piece.name)
        closing, kept = after, piece.end
    end = _text_end(html, kept, min(text_end, size - closing), text_end)
    return html[:end] + "".join(f"</{name}>" for name in reversed(opened))


def up_to(html: str, end: int) -> str:
    """The part before `end`, which is where a tag begins; what is open is closed."""
    opened: list[str] = []
    for piece in pieces(html, end):
        popped = _popped(piece, opened)
        del opened[len(opened) - len(popped) :]
        if piece.opens:
            opened.append(piece.name)
    return html[:end] + "".join(f"</{name}>" for name in reversed(opened))


def _as_it_is(html: str) -> str:
    return html


def _without_pictures(html: str) -> str:
    return IMAGE.sub(lambda found: "" if WRITTEN_OUT.search(found[0]) else found[0], html)


def _bare(html: str) -> str:
    """Without comments, scripts and style sheets; of tags of an odd length the name alone stays."""
    parts: list[str] = []
    position = 0
    for piece in pieces(html, len(html)):
        parts.append(html[position : piece.start])
        if piece.name and piece.end - piece.start <= LONGEST_TAG:
            parts.append(html[piece.start : piece.end])
        elif piece.name:
            parts.append(f"</{piece.name}>" if piece.closes else f"<{piece.name}>")
        position = piece.end
    return "".join(parts) + html[position:]


def _popped(piece: Piece, opened: list[str]) -> list[str]:
    """What an end tag closes: its element and what was left open within it; nothing if it was never opened."""
    if not piece.closes:
        return []
    for back in range(1, min(len(opened), DEEPEST) + 1):
        if opened[-back] == piece.name:
            return opened[-back:]
    return []


def _text_end(html: str, start: int, end: int, whole: int) -> int:
    """Where the text from `start` may end, at most at `end`; at `whole` it is complete."""
    if end == whole and end < len(html) and html[end] == "<":
        return end
    text = html[start:end]
    broken = text.rfind("<")
    if broken >= 0 and ">" not in text[broken:]:
        text = text[:broken]
    entity = text.rfind("&", len(text) - ENTITY_LENGTH if len(text) > ENTITY_LENGTH else 0)
    if entity >= 0 and ";" not in text[entity:]:
        text = text[:entity]
    blank = max(text.rfind(" "), text.rfind("\n"))
    if blank > max(0, len(text) - LONGEST_WORD):
        text = text[:blank]
    return start + len(text)


def tamed(html: str) -> str:
    """Equal words in markup that no parser chokes on: bare tags, links kept, no comments, scripts or styles, at
    most `DEEPEST` elements within each other, at most `PARSED` characters. What is no tag is escaped.
    """
    parts: list[str] = []
    opened: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    position = size = 0
    for piece in pieces(html, len(html)):
        parts.append(html[position : piece.start].replace("<", "&lt;"))
        parts.append(_tame(piece, opened, dropped))
        position = piece.end
        size += len(parts[-1]) + len(parts[-2])
        if size > PARSED:
            return "".join(parts)[:PARSED]
    parts.append(html[position : position + PARSED].replace("<", "&lt;"))
    return "".join(parts)[:PARSED]


def _tame(piece: Piece, opened: Counter[str], dropped: Counter[str]) -> str:
    name = piece.name
    if not name:
        return ""
    if name in VOID or name in OPTIONAL_END:
        return f"</{name}>" if piece.closes else f"<{name}{_attributes(piece)}>"
    broken_line = "<br>" if name in BLOCKS else ""
    if piece.closes:
        if dropped[name]:
            dropped[name] -= 1
            return broken_line
        if not opened[name]:
            return ""
        opened[name] -= 1
        return f"</{name}>"
    if opened.total() >= DEEPEST:
        dropped[name] += 1
        return broken_line
    opened[name] += 1
    return f"<{name}{_attributes(piece)}>"


def _attributes(piece: Piece) -> str:
    kept = ""
    pattern = {"a": HREF, "img": ALT}.get(piece.name)
    found = pattern.search(piece.attributes) if pattern else None
    if found:
        value = next((group for group in found.groups() if group), "")
        if len(value) <= LONGEST_LINK:
            kept = f' {"href" if piece.name == "a" else "alt"}="{value.replace(chr(34), "&quot;")}"'
    return kept + (" hidden" if HIDDEN.search(piece.attributes) else "")
