"""Query options and the Prefer header, parsed as far as Outlook's endpoints understand them."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from werkzeug.datastructures import MultiDict

from sandbox.digits import is_whole
from sandbox.graph.errors import bad_request
from sandbox.graph.ids import Form

SYSTEM_OPTIONS = {
    "$select", "$expand", "$filter", "$orderby", "$top", "$skip", "$count", "$search", "$format",
    "$skiptoken", "$deltatoken",
}  # fmt: skip
_PREFERENCE = re.compile(r'([\w.\-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s,;]+)))?')


@dataclass(frozen=True, slots=True)
class Preferences:
    id_form: Form = "default"
    page_size: int | None = None
    text_body: bool | None = None
    """True asks for text, False for HTML."""
    time_zone: str = ""
    """As the client names it; whether there is such a zone is asked where moments are shown."""
    applied: tuple[str, ...] = ()


def read_preferences(header: str) -> Preferences:
    """Unknown preferences are ignored, as HTTP wants it; bad values too."""
    found = {name.lower(): quoted or plain for name, quoted, plain in _PREFERENCE.findall(header)}
    applied = []
    form: Form = "immutable" if found.get("idtype", "").lower() == "immutableid" else "default"
    size = found.get("odata.maxpagesize", "")
    body = found.get("outlook.body-content-type", "").lower()
    zone = found.get("outlook.timezone", "")
    if form == "immutable":
        applied.append('IdType="ImmutableId"')
    if is_whole(size):
        applied.append(f"odata.maxpagesize={size}")
    if body in ("text", "html"):
        applied.append(f'outlook.body-content-type="{body}"')
    if zone:
        applied.append(f'outlook.timezone="{zone}"')
    return Preferences(
        form,
        int(size) if is_whole(size) and int(size) > 0 else None,
        {"text": True, "html": False}.get(body),
        zone,
        tuple(applied),
    )


@dataclass(frozen=True, slots=True)
class Expansion:
    name: str
    select: tuple[str, ...] | None = None
    filter: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    select: tuple[str, ...] | None = None
    """None means everything that is shown by default."""
    expand: tuple[Expansion, ...] = ()
    filter: str = ""
    orderby: tuple[tuple[str, bool], ...] = ()
    """Property path and whether it descends."""
    top: int | None = None
    skip: int = 0
    count: bool = False
    search: str = ""
    given: frozenset[str] = field(default_factory=frozenset)


def read_options(query: "MultiDict[str, str]", properties: frozenset[str]) -> Options:
    """Raises 400 for unknown options, doubled options, unknown properties and numbers that are none.

    `properties` are the names `$select` may use.
    """
    given = {name.lower(): value for name, value in query.items() if name.startswith("$")}
    for name in given:
        if name not in SYSTEM_OPTIONS:
            raise bad_request(f"There is no query option {name}.")
        if len(query.getlist(name)) > 1:
            raise bad_request(f"The query option {name} is given twice.")
    return Options(
        select=read_select(given["$select"], properties) if "$select" in given else None,
        expand=read_expand(given.get("$expand", "")),
        filter=given.get("$filter", ""),
        orderby=_orderby(given.get("$orderby", "")),
        top=_number("$top", given.get("$top")),
        skip=_number("$skip", given.get("$skip")) or 0,
        count=given.get("$count", "").lower() == "true",
        search=given.get("$search", ""),
        given=frozenset(given),
    )


@lru_cache(maxsize=256)
def read_select(text: str, properties: frozenset[str]) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    by_folded_name = {name.lower(): name for name in properties}
    for name in names:
        if name != "*" and name.lower() not in by_folded_name:
            raise bad_request(f"There is no property {name} to select.", "RequestBroker--ParseUri")
    if "*" in names or not names:
        return tuple(sorted(properties))
    return tuple(by_folded_name[name.lower()] for name in names)


@lru_cache(maxsize=256)
def read_expand(text: str) -> tuple[Expansion, ...]:
    return tuple(_expansion(part) for part in split_outside(text, ",") if part.strip())


def _expansion(text: str) -> Expansion:
    name, bracket, rest = text.strip().partition("(")
    if not bracket:
        return Expansion(name.strip())
    if not rest.endswith(")"):
        raise bad_request(f"The $expand of {name} does not close its bracket.", "RequestBroker--ParseUri")
    inner = {}
    for option in split_outside(rest[:-1], ";"):
        key, _, value = option.strip().partition("=")
        inner[key.strip().lower()] = value.strip()
    unknown = set(inner) - {"$select", "$filter", "$top"}
    if unknown:
        raise bad_request(f"{name} cannot be expanded with {', '.join(sorted(unknown))}.")
    select = tuple(one.strip() for one in inner["$select"].split(",")) if "$select" in inner else None
    return Expansion(name.strip(), select, inner.get("$filter", ""))


def split_outside(text: str, separator: str) -> list[str]:
    """Split, but not within brackets or single quotes."""
    parts, depth, quoted = [""], 0, False
    for sign in text:
        if sign == "'":
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == separator and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _orderby(text: str) -> tuple[tuple[str, bool], ...]:
    found = []
    for part in text.split(","):
        words = part.split()
        if not words:
            continue
        if len(words) > 2 or (len(words) == 2 and words[1].lower() not in ("asc", "desc")):
            raise bad_request(f"$orderby cannot be read at: {part.strip()}", "RequestBroker--ParseUri")
        found.append((words[0], len(words) == 2 and words[1].lower() == "desc"))
    return tuple(found)


def _number(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not is_whole(text) or (name == "$top" and not 0 < int(text) <= 1000):
        raise bad_request(f"{name} must be a number within its range, not {text}.", "ErrorInvalidUrlQuery")
    return int(text)
