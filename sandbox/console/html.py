"""HTML as values: every text is escaped where it enters a tag, so that hostile mail stays text."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

Child: TypeAlias = "str | int | Iterable[Child] | None"
"""What a tag may hold; only Markup is taken as HTML."""
Attribute: TypeAlias = "str | int | bool | None"

_VOID = {"br", "input", "link", "meta"}


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """`class_` and `for_` stand for Python's reserved words, `aria_label` for aria-label."""
    words = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{words}>")  # noqa: S704 - the attributes are escaped
    return Markup(f"<{name}{words}>{join(children)}</{name}>")  # noqa: S704 - the children are escaped


def join(children: Child) -> Markup:
    if children is None:
        return Markup("")
    if isinstance(children, str | int):
        return escape(children)
    return Markup("").join(join(child) for child in children)


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(value)}"'


def address(*parts: str | int, **query: str | int) -> str:
    """An address of the console; empty members of the query are left out."""
    path = "/".join(["/console", *(quote(str(part), safe="@") for part in parts)])
    given = {name: value for name, value in query.items() if value != ""}
    return f"{path}?{urlencode(given)}" if given else path


def link(text: Child, target: str, **attributes: Attribute) -> Markup:
    return tag("a", text, href=target, **attributes)


def moment(when: datetime) -> Markup:
    return tag("time", when.strftime("%d %b %H:%M:%S"), datetime=when.isoformat())


def table(caption: str, heads: Sequence[str], rows: Iterable[Iterable[Child]], *, empty: str = "None.") -> Markup:
    """Wide tables scroll by themselves, by keyboard too. `empty` stands in for a table without rows."""
    body = [tag("tr", (tag("td", cell) for cell in row)) for row in rows]
    if not body:
        return tag("p", f"{caption}: {empty}", class_="empty")
    head = tag("tr", (tag("th", one, scope="col") for one in heads))
    whole = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", body))
    return tag("div", whole, class_="wide", tabindex=0, role="region", aria_label=caption)


def facts(pairs: Iterable[tuple[str, Child]]) -> Markup:
    return tag("dl", ((tag("dt", name), tag("dd", value)) for name, value in pairs))


def labelled(text: str, control: Markup) -> Markup:
    """The control lies inside its label: no ids to keep unique."""
    return tag("label", tag("span", text), control)


def text_field(text: str, name: str, value: str = "", **attributes: Attribute) -> Markup:
    return labelled(text, tag("input", name=name, value=value, **attributes))


def choice(text: str, name: str, options: Iterable[tuple[str, str]], chosen: str = "") -> Markup:
    """`options` are pairs of value and label."""
    shown = (tag("option", label, value=value, selected=value == chosen) for value, label in options)
    return labelled(text, tag("select", *shown, name=name))


def form(name: str, target: str, *children: Child, **attributes: Attribute) -> Markup:
    return tag("form", *children, id=name, method="post", action=target, **attributes)


def button(text: str, **attributes: Attribute) -> Markup:
    return tag("button", text, **attributes)
