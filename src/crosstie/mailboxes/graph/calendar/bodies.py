"""Bodies of events as they are written: a person's text as HTML, with the part that leads to an online meeting.

An event loses its online meeting with that part (https://learn.microsoft.com/graph/api/event-update), so it is
taken from the body there is, and put behind the new text. What the new text repeats of it, having been read as
text before, is left out.
"""

import html
import re
from collections.abc import Mapping
from itertools import groupby

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crosstie.mailboxes.graph.translate import Row, body, text

_OF_MEETINGS = ("me-email-text", "divskypemeeting")
"""Class and id of the part, as Teams and Skype write them."""
_RULER = re.compile(r"[_\s]*")
_LINKS = re.compile(r"<[^<>]*>|\[[^\[\]]*\]|https?://\S+")
_BARS = str.maketrans("_|", "  ")
_BLOCKS = frozenset({"div", "p", "table", "blockquote", "body"})


def body_of(content: str, event: Row) -> dict[str, str]:
    """The itemBody of that text, with the event's online meeting where it is one."""
    url = _meeting_url(event)
    old, _ = body(event)
    found = _meeting_part(old, url) if url else None
    if found is None:
        return {"contentType": "text", "content": content}
    part, words = found
    whole = _as_html(_without(content, url, words)).replace("</body>", f"<br>\r\n{part}</body>")
    return {"contentType": "html", "content": whole}


def _as_html(content: str) -> str:
    """Each line its own, and no blank less."""
    lines = (html.escape(line, quote=False).replace("  ", "&nbsp; ") for line in content.splitlines())
    return "<html><body>" + "<br>\r\n".join(lines) + "</body></html>"


def _meeting_url(event: Row) -> str:
    """Other providers than Teams have it beside the meeting."""
    meeting = event.get("onlineMeeting")
    found = text(meeting, "joinUrl") if isinstance(meeting, Mapping) else ""
    return found or text(event, "onlineMeetingUrl")


def _meeting_part(old: str, url: str) -> tuple[str, str] | None:
    """Its HTML and its words; None where the body does not have it."""
    links = [one for one in LexborHTMLParser(old).css("a") if one.attributes.get("href") == url]
    if not links:
        return None
    part = _around(links[0])
    return part.html or "", part.text(separator=" ")


def _around(link: LexborNode) -> LexborNode:
    """The block that is marked as the meeting's, or the one the link is in."""
    nearest, step = link, link.parent
    while step is not None and step.tag != "body":
        marks = f"{step.attributes.get('class') or ''} {step.attributes.get('id') or ''}".casefold()
        if any(mark in marks for mark in _OF_MEETINGS):
            return step
        if nearest is link and step.tag in _BLOCKS:
            nearest = step
        step = step.parent
    return nearest


def _without(content: str, url: str, words: str) -> str:
    """The text without those lines in a row that say what the part says: with its link, or most of its words."""
    known = _normal(words)
    kept: list[str] = []
    for of_part, run in groupby(content.splitlines(), lambda line: url in line or _is_of(line, known)):
        lines = list(run)
        said = _normal(" ".join(lines))
        if not of_part or not (url in "".join(lines) or (said and 2 * len(said) >= len(known))):
            kept += lines
    return "\n".join(kept).rstrip()


def _is_of(line: str, known: str) -> bool:
    """A ruler, an empty line, or words of the part."""
    return bool(_RULER.fullmatch(line)) or _normal(line) in known


def _normal(words: str) -> str:
    return " ".join(_LINKS.sub(" ", words).translate(_BARS).split()).casefold()
