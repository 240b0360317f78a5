"""The page about what stays unproven, from the sandbox's register of doubts."""

from collections.abc import Iterable

import sandbox.build
from sandbox.doubts import Doubt, register, switch_of
from tests.docs.markdown import page, table

__all__ = ["doubts_page", "sandbox"]
OPENING = """
No test reaches a vendor, so what the tests prove rests on how the sandbox answers. Where its answer comes from
memory, from a field report or from pages that differ, it is a switch, and the promises are tested under either
answer; where no switch stands, the last tables say why. **None of it was measured at a vendor: all of it stays
unproven** until somebody tries it there.

*Where* is a section of our notes on the vendors' interfaces (`1.2` Graph's delta, `4.8` Salesforce's events), a
pitfall of Graph (`G-3`), a probe that a live tenant would answer (`P8`), or `design 5`: bad manners nobody has
promised not to have. *Assumed* is the answer in force when nobody turns the switch; `sandbox switches` lists and
turns them.
"""
MISSING = "not modelled yet: "
VENDORS = {
    "graph": "Microsoft Graph",
    "microsoft": "Microsoft's sign-in",
    "calendar": "Calendars",
    "salesforce": "Salesforce",
    "google": "Google's sign-in",
}


def doubts_page() -> str:
    rows = list(register())
    parts = [_part(title, [row for row in rows if row.vendor == vendor]) for vendor, title in VENDORS.items()]
    without = [(row.where, row.what, row.why) for row in rows if not row.switch]
    reasoned = [row for row in without if not row[2].startswith(MISSING)]
    missing = [(where, what, why.removeprefix(MISSING)) for where, what, why in without if why.startswith(MISSING)]
    return page(
        "Doubts about the vendors",
        OPENING,
        *parts,
        "## Without a switch\n\n" + table(("where", "doubt", "why there is no switch"), reasoned),
        "## Not modelled yet\n\nThe sandbox has no such face so far; the doubts wait for it.\n\n"
        + table(
            ("where", "doubt", "face"), [(where, what, why.partition(": ")[2]) for where, what, why in missing]
        ),
    )


def _part(title: str, doubts: Iterable[Doubt]) -> str:
    rows = []
    for doubt in doubts:
        switch = switch_of(doubt)
        assumed = "yes" if switch.default else "no"
        rows.append((doubt.where, f"`{switch.name}`", switch.question, assumed, switch.source))
    return f"## {title}\n\n" + table(("where", "switch", "question", "assumed", "source"), rows)
