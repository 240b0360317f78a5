"""HTML to the text a person would read: paragraphs, lists, tables, quotes; links as `words <address>`."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crosstie.mapping.markup import BLOCKS, tamed
from crosstie.mapping.text import clean

SKIPPED = frozenset({"audio", "head", "iframe", "math", "noscript", "object", "script", "select", "style", "svg"})
SKIPPED |= {"template", "video"}
SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre", "table"})
"""An empty line before and after."""
SHOWN_LINKS = ("http://", "https://", "ftp://", "tel:")
DEEPEST_INDENT = 8
"""Quotes and lists within each other that are indented; a thread may have hundreds."""
MOST_EMPTY_LINES = 2
CELLS = " | "
"""Between two cells of a row that both say something."""
BLANKS = re.compile(r"[ \t\n\f\r]+")


def plain_text(html: str, limit: int) -> str:
    """All of it, or somewhat more than `limit` characters; never raises for bad HTML."""
    tree = LexborHTMLParser(tamed(clean(html)))
    page = Page(limit)
    if tree.body:
        _walk(tree.body, page)
    return page.text()


class Page:
    """Lines as they are written. Empty lines are owed, and paid when the next word comes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.lines: list[str] = []
        self.line: list[str] = []
        self.owed = 0
        self.owed_depth = 0
        """How far the empty lines are indented: a quote's mark belongs neither before its first line nor after."""
        self.joint = ""
        """What stands between the last word of the line and the next one, if one comes."""
        self.indents: list[str] = []
        self.bullet = ""
        self.numbers: list[int] = []
        """Of the lists that are open: the next number, 0 for bullets."""
        self.links: list[tuple[int, int]] = []
        """Where the links that are open began: line, part of the line."""
        self.preformatted = 0

    @property
    def full(self) -> bool:
        return self.size > self.limit

    def write(self, words: str) -> None:
        if self.preformatted:
            for number, line in enumerate(words.split("\n")):
                if number:
                    self.break_line()
                self._add(line)
            return
        collapsed = BLANKS.sub(" ", words)
        if collapsed.startswith(" "):
            self.joint = self.joint or " "
        if collapsed.strip(" "):
            self._add(collapsed.strip(" "))
            self.joint = " " if collapsed.endswith(" ") else ""

    def _add(self, words: str) -> None:
        if not words:
            return
        if not self.line:
            self._begin_line()
        else:
            self.line.append(self.joint)
        self.line.append(words)
        self.size += len(words) + len(self.joint)
        self.joint = ""

    def _begin_line(self) -> None:
        indent = "".join(self.indents[:DEEPEST_INDENT])
        if self.lines:
            gap = "".join(self.indents[: min(self.owed_depth, DEEPEST_INDENT)]).rstrip()
            self.lines.extend([gap] * self.owed)
        self.owed = 0
        if self.bullet:
            indent = indent[: -len(self.bullet)] + self.bullet if len(self.indents) <= DEEPEST_INDENT else indent
            self.bullet = ""
        self.line.append(indent)
        self.size += len(indent)

    def end_line(self) -> None:
        if self.line:
            self.lines.append("".join(self.line).rstrip())
            self.line = []
            self.size += 1
        self.joint = ""

    def break_line(self) -> None:
        """A break that was asked for: on an empty line it leaves an empty one."""
        if self.line:
            self.end_line()
        else:
            self._owe(min(self.owed + 1, MOST_EMPTY_LINES))

    def block(self, *, spaced: bool) -> None:
        self.end_line()
        self._owe(max(self.owed, int(spaced)))

    def _owe(self, lines: int) -> None:
        self.owed_depth = min(self.owed_depth, len(self.indents)) if self.owed else len(self.indents)
        self.owed = lines

    def text(self) -> str:
        self.end_line()
        return "\n".join(self.lines).strip("\n")


def _walk(root: LexborNode, page: Page) -> None:
    """Into the depth without recursion: elements that were entered, each with its children still to come."""
    entered = [(root, _children(root))]
    while entered and not page.full:
        node, children = entered[-1]
        child = next(children, None)
        if child is None:
            entered.pop()
            _leave(node, page)
        elif child.is_text_node:
            page.write(child.text_content or "")
        elif child.is_element_node and _enter(child, page):
            entered.append((child, _children(child)))


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def _enter(node: LexborNode, page: Page) -> bool:
    """Whether its children are to be read."""
    tag = node.tag or ""
    if tag in SKIPPED or "hidden" in node.attributes:
        return False
    if tag == "br":
        page.break_line()
    elif tag == "img":
        page.write(node.attributes.get("alt") or "")
    elif tag in ("td", "th") and page.line:
        page.joint = CELLS
    elif tag == "a":
        page.links.append((len(page.lines), len(page.line)))
    elif tag in BLOCKS:
        page.block(spaced=_spaced(node))
        _begin_block(tag, page)
    return True


def _spaced(node: LexborNode) -> bool:
    """A list within a list's item stands close to it."""
    within = node.parent is not None and node.parent.tag == "li"
    return node.tag in SPACED and not (within and node.tag in ("ul", "ol", "p"))


def _begin_block(tag: str, page: Page) -> None:
    if tag == "blockquote":
        page.indents.append("> ")
    elif tag == "li":
        page.bullet = _bullet(page)
        page.indents.append(" " * len(page.bullet))
    elif tag in ("ul", "ol"):
        page.numbers.append(int(tag == "ol"))
    elif tag == "hr":
        page.write("---")
    elif tag == "pre":
        page.preformatted += 1


def _bullet(page: Page) -> str:
    number = page.numbers[-1] if page.numbers else 0
    if not number:
        return "- "
    page.numbers[-1] += 1
    return f"{number}. "


def _leave(node: LexborNode, page: Page) -> None:
    tag = node.tag or ""
    if tag == "a":
        _end_link(node.attributes.get("href") or "", page)
    if tag not in BLOCKS:
        return
    page.block(spaced=_spaced(node))
    if tag in ("blockquote", "li"):
        page.indents.pop()
        page.bullet = ""
    elif tag in ("ul", "ol"):
        page.numbers.pop()
    elif tag == "pre":
        page.preformatted -= 1


def _end_link(target: str, page: Page) -> None:
    """The address after the words, unless the words are the address."""
    line, part = page.links.pop()
    target = target.strip()
    words = "".join(page.line[part:]).strip(CELLS) if line == len(page.lines) else ""
    bare = target.removeprefix("https://").removeprefix("http://").rstrip("/")
    if target.lower().startswith(SHOWN_LINKS) and bare not in words:
        page.write(f" <{target}>")
