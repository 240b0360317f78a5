"""Text that a field takes: cleaned, and cut where cutting does the least harm.

Room is counted on the safe side: in UTF-16 units, so that an emoji takes two, and two for a line end, which
Salesforce may keep as CR and LF. One unit too much and the whole record is refused.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from crosstie.domain.address import Address

REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters XML has no place for; Salesforce answers them with an error or a broken page."""
LONE_SURROGATES = re.compile("[\ud800-\udfff]")
DIRECTION_TRICKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Override marks make `evil<RLO>fdp.exe` read as a PDF file. File names lose all of these, lines the overrides."""
OVERRIDES = re.compile("[\u202d\u202e]")
"""They force a direction on letters of the other one; no keyboard for Arabic or Hebrew needs them."""
LINE_LOSS = "Cut at the end; marks that force a reading direction."
ZERO_WIDTH_JOINER = "\u200d"
SHORTENED = "\n[… shortened]"
GLUE = 32
"""Most code points one visible sign is taken to consist of: bounds the search for its beginning."""


def clean(text: str) -> str:
    """Refused characters dropped, lone surrogates replaced, line ends as `\\n`. Everything visible stays."""
    if text.isascii() and text.isprintable():
        return text
    text = LONE_SURROGATES.sub("\ufffd", text)
    return REFUSED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """For fields of one line: every run of white space is one blank, and nothing reads otherwise than it is."""
    cleaned = clean(text)
    return " ".join((cleaned if cleaned.isascii() else OVERRIDES.sub("", cleaned)).split())


def units(text: str) -> int:
    """Room the text takes; line ends are plain `\n`."""
    wide = 0 if text.isascii() else sum(char > "\uffff" for char in text)
    return len(text) + wide + text.count("\n")


def head(text: str, limit: int) -> str:
    """The longest beginning that fits, no sign torn apart: a letter keeps its accent, an emoji its colour."""
    if limit <= 0:
        return ""
    if units(text) <= limit:
        return text
    stored = text[:limit].replace("\n", "\r\n").encode("utf-16-le", "surrogatepass")[: 2 * limit]
    end = len(stored.decode("utf-16-le", "ignore").removesuffix("\r").replace("\r\n", "\n"))
    back = end
    while 0 < back < len(text) and end - back < GLUE and _glued(text, back):
        back -= 1
    return text[: back or end]


def _glued(text: str, at: int) -> bool:
    """Whether the code points before and after `at` belong to one sign."""
    before, after = text[at - 1], text[at]
    if ZERO_WIDTH_JOINER in (before, after) or unicodedata.combining(after):
        return True
    return unicodedata.category(after) in ("Mn", "Me") or "\U0001f3fb" <= after <= "\U0001f3ff"


def shorten(text: str, limit: int, mark: str = "…") -> str:
    """Cut at the end, with a mark that says so; `limit` is kept including the mark."""
    if units(text) <= limit:
        return text
    if units(mark) >= limit:
        return head(text, limit)
    return head(text, limit - units(mark)).rstrip() + mark


def whole_lines(text: str, limit: int) -> str:
    """As many whole header lines as fit. A folded header counts as one line: half of it would read as another."""
    if units(text) <= limit:
        return text
    kept = head(text, limit + 2)
    end = kept.rfind("\n")
    while end > 0 and text[end + 1 : end + 2] in (" ", "\t"):
        end = kept.rfind("\n", 0, end)
    return kept[: max(end, 0)]


def joined(parts: Sequence[str], limit: int, separator: str = "; ") -> str:
    """As many whole parts as fit, in order."""
    return separator.join(_fitting(parts, limit, separator))


def counted(parts: Sequence[str], limit: int, separator: str = "; ") -> str:
    """Like `joined`, but it says how many parts were left out."""
    if len(_fitting(parts, limit, separator)) == len(parts):
        return separator.join(parts)
    kept = _fitting(parts, limit - len(f"{separator}and {len(parts)} more"), separator)
    left = f"{len(parts) - len(kept)} more"
    return separator.join([*kept, f"and {left}"]) if kept else head(left, limit)


def _fitting(parts: Sequence[str], limit: int, separator: str) -> list[str]:
    used = 0
    kept: list[str] = []
    for part in parts:
        used += units(part) + (len(separator) if kept else 0)
        if used > limit:
            break
        kept.append(part)
    return kept


def displayed(address: Address) -> str:
    """`Name <address>`; a separator within the name would split one person into two."""
    name = one_line(address.name).replace(";", ",")
    email = one_line(address.email)
    return f"{name} <{email}>" if name and name.casefold() != email else email


def emails(addresses: Iterable[Address]) -> tuple[str, ...]:
    """Each plain address once, without blanks or separators, which end an address in Salesforce's fields."""
    cleaned = ("".join(clean(address.email).replace(";", "").replace(",", "").split()) for address in addresses)
    return tuple({email: None for email in cleaned if email})


def file_name(name: str, limit: int) -> str:
    """A name without folders and tricks, its ending kept when it is cut."""
    plain = DIRECTION_TRICKS.sub("", one_line(name)).replace("\\", "/").rpartition("/")[2].strip()
    plain = plain.lstrip(".").strip() or "attachment"
    if units(plain) <= limit:
        return plain
    stem, dot, ending = plain.rpartition(".")
    if not stem or units(ending) > 20:
        return head(plain, limit)
    return head(stem, limit - units(ending) - 1) + dot + ending
