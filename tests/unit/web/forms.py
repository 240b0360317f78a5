"""What stands in a form of a page, and beside it."""

from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser


@dataclass(frozen=True, slots=True)
class Form:
    fields: dict[str, str]
    """By the names of its controls; of several to choose among the one that is chosen."""
    refusal: str
    """Why it was refused; empty where nothing says so."""
    is_open: bool
    """Not within a fold that is closed."""


def form(answer: Any, action: str) -> Form:
    """The last one that leads there."""
    found = LexborHTMLParser(answer.content.decode()).css(f'form[action="{action}"]')[-1]
    fields: dict[str, str] = {}
    for one in found.css("input, textarea"):
        given = one.attributes
        if given.get("type") not in ("radio", "checkbox") or "checked" in given:
            fields[str(given["name"])] = (given.get("value") or "") if one.tag == "input" else one.text()
    refusal = found.css_first('[role="alert"]')
    folds, parent = [], found.parent
    while parent is not None:
        folds.append(parent.tag == "details" and "open" not in parent.attributes)
        parent = parent.parent
    return Form(fields, refusal.text(strip=True) if refusal else "", not any(folds))
