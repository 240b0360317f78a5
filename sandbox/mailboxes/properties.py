"""Names of MAPI properties, which both Graph and EWS speak of in their own spelling."""

import re
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

SINGLE_TYPES = {
    name.lower(): name
    for name in (
        "ApplicationTime", "Binary", "Boolean", "CLSID", "Currency", "Double", "Float",
        "Integer", "Long", "Short", "String", "SystemTime",
    )
}  # fmt: skip
_FORM = re.compile(
    r"(?P<type>\w+)\s+(?:\{(?P<set>[0-9a-fA-F-]{36})\}\s+(?:Name\s+(?P<name>\S.*?)|Id\s+(?P<id>\w+))|(?P<tag>0x[0-9a-fA-F]+))\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PropertyName:
    """A named property (`set` with `name` or `number`) or a tagged one (`number` alone)."""

    type: str
    number: int | None = None
    set: str | None = None
    name: str | None = None

    def __str__(self) -> str:
        if self.set is None:
            return f"{self.type} 0x{self.number or 0:x}"
        if self.name is not None:
            return f"{self.type} {{{self.set}}} Name {self.name}"
        return f"{self.type} {{{self.set}}} Id 0x{self.number or 0:x}"

    @property
    def plain(self) -> "PropertyName":
        """Without the type: two spellings of one property differ in it at most."""
        return PropertyName("", self.number, self.set, self.name)


@lru_cache(maxsize=256)
def parse_property(text: str) -> PropertyName | None:
    """`String {guid} Name X`, `Integer {guid} Id 0x8233`, `Integer 0x0E08`; None when it is none of these.

    Type, set and numbers are compared without case, the name with it.
    """
    form = _FORM.fullmatch(text.strip())
    if form is None or form["type"].lower().removesuffix("array") not in SINGLE_TYPES:
        return None
    array = form["type"].lower().endswith("array")
    type_ = SINGLE_TYPES[form["type"].lower().removesuffix("array")] + ("Array" if array else "")
    try:
        set_ = str(UUID(form["set"])) if form["set"] else None
        number = form["tag"] or form["id"]
        return PropertyName(type_, int(number, 0) if number else None, set_, form["name"])
    except ValueError:
        return None
