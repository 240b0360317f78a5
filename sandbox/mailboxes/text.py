"""Between HTML and plain text, as Exchange converts them."""

import html as html_entities
import re
from dataclasses import replace
from html.parser import HTMLParser

from sandbox.mailboxes.model import Mail

_META = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
_SCRIPTS = re.compile(r"<script\b.*?(?:</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_HTML = re.compile(r"<html\b[^>]*>", re.IGNORECASE)
_META_OF_CHARSET = re.compile(r"<meta\b[^>]*charset[^>]*>", re.IGNORECASE)
_BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "hr"}
_QUOTE = re.compile(
    r"^(?:-{2,} ?(?:Original Message|Forwarded message) ?-{2,}|_{20,}|On .{1,200} wrote:|>.*)\s*$", re.MULTILINE
)
_QUOTED_HTML = re.compile(
    r'<hr tabindex="-1"|<div id="(?:divRplyFwdMsg|appendonsend)"|<div class="gmail_quote|<blockquote',
    re.IGNORECASE,
)
_UNSEEN = {"script", "style", "head", "title"}


def clean_html(html: str) -> str:
    """Safe HTML with Exchange's own charset declaration; scripts are gone."""
    html = _META_OF_CHARSET.sub("", _SCRIPTS.sub("", html))
    if _HEAD.search(html):
        return _HEAD.sub(lambda head: f"{head[0]}\r\n{_META}", html, count=1)
    if _HTML.search(html):
        return _HTML.sub(lambda tag: f"{tag[0]}<head>\r\n{_META}</head>", html, count=1)
    return f"<html><head>\r\n{_META}</head><body>{html}</body></html>"


def text_to_html(text: str) -> str:
    lines = html_entities.escape(text, quote=False).splitlines()
    body = "<br>\r\n".join(lines)
    return f'<html><head>\r\n{_META}</head><body>\r\n<div class="PlainText">{body}</div>\r\n</body></html>'


def html_to_text(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = re.sub(r"[ \t]+", " ", "".join(reader.pieces))
    text = re.sub(r" ?\n ?", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip().replace("\n", "\r\n")


def unquoted(mail: Mail) -> Mail:
    """What this mail adds to its conversation: all above the first mark of a quote, where there is one."""
    text = None if mail.text is None else _QUOTE.split(mail.text, maxsplit=1)[0].rstrip()
    html = None if mail.html is None else _QUOTED_HTML.split(mail.html, maxsplit=1)[0]
    return replace(mail, text=text, html=html)


def preview(text: str) -> str:
    """The first 255 characters of the plain text."""
    return re.sub(r"\r?\n", "\r\n", text.strip())[:255]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._hidden += 1
        elif tag == "body":
            self._hidden = 0
        elif tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in ("p", "div", "tr", "table", "li"):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(re.sub(r"\s+", " ", data))
