"""Who a meeting is with, as lines below the text of a record whose organizer is not its owner.

Everything else of the Description is the meeting's own text, before the lines and after them: people write notes
where there is room.
"""

import re
from collections.abc import Iterable

from crosstie.domain.address import Address
from crosstie.domain.calendar import CalendarItem, Part
from crosstie.mapping.text import SHORTENED, counted, displayed, head, shorten, units

HEADING = "[Crosstie: who is on this meeting]"
SHARE = 8
"""A line takes at most this part of the room."""
PARTS = {"To": Part.REQUIRED, "Cc": Part.OPTIONAL, "Resources": Part.RESOURCE}
_BLOCK = re.compile(rf"^{re.escape(HEADING)}[^\n]*(?:\n(?:From|{'|'.join(PARTS)}): [^\n]*)*\n?", re.MULTILINE)
_GAP = "\n\n"


def in_part(item: CalendarItem, part: Part) -> list[Address]:
    return [one.address for one in item.attendees if one.part is part]


def names(addresses: Iterable[Address], limit: int) -> str:
    return counted([shown for shown in map(displayed, addresses) if shown], limit)


def reference(item: CalendarItem, limit: int) -> str:
    """Empty for a meeting that the mailbox's own person organizes: the record's owner says it already."""
    if item.is_organizer:
        return ""
    said = {"From": shorten(displayed(item.organizer), limit // SHARE) if item.organizer else ""}
    said |= {label: names(in_part(item, part), limit // SHARE) for label, part in PARTS.items()}
    lines = [f"{label}: {people}" for label, people in said.items() if people]
    return "\n".join([HEADING, *lines]) if lines else ""


def composed(text: str, block: str, limit: int) -> str:
    """The lines stay whole, the text is cut."""
    below = (_GAP if text and block else "") + block
    space = limit - units(below)
    if text.endswith(SHORTENED) and units(text) > space:
        return head(text.removesuffix(SHORTENED), space - units(SHORTENED)).rstrip() + SHORTENED + below
    return shorten(text, space, SHORTENED) + below


def without(description: str) -> str:
    """The meeting's own text."""
    if HEADING not in description:
        return description.strip()
    parts = [part.strip() for part in _BLOCK.split(description)]
    return _GAP.join(part for part in parts if part)


def within(description: str) -> str:
    """The lines alone; empty where somebody took them out."""
    found = _BLOCK.search(description) if HEADING in description else None
    return found[0].strip() if found else ""
