"""XML out: text that is escaped once, and elements made of it."""

import html
import re
from collections.abc import Iterable

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold, however it is written."""


class Xml(str):
    """Markup, as opposed to text that has yet to be escaped."""

    __slots__ = ()


Content = Xml | str | bool | int | float | None


def element(name: str, content: Content, kind: str = "") -> Xml:
    """`<name>content</name>`; None is nil, `kind` its xsi:type."""
    if content is None:
        return Xml(f'<{name} xsi:nil="true"/>')
    attribute = f' xsi:type="{kind}"' if kind else ""
    return Xml(f"<{name}{attribute}>{_text(content)}</{name}>")


def joined(parts: Iterable[Xml]) -> Xml:
    return Xml("".join(parts))


def _text(content: Content) -> str:
    if isinstance(content, Xml):
        return content
    if isinstance(content, bool):
        return str(content).lower()
    return html.escape(_FORBIDDEN.sub("", str(content)), quote=False)
