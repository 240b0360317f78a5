"""The pages of `docs/` that say what the code says: rendered from it, never written by hand.

`make docs` writes them; a test compares.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from crosstie.domain import reasons, settings
from crosstie.domain.reasons import Outcome
from crosstie.mapping.email import losses
from crosstie.mapping.event.table import losses as losses_of_events
from tests.docs.asked.page import asked_page
from tests.docs.decisions import decisions_page
from tests.docs.doubts import doubts_page
from tests.docs.markdown import page, table
from tests.docs.rules import rules_page
from tests.docs.trouble import trouble_page
from tests.unit.sandbox.salesforce import cases_soql


def settings_page() -> str:
    defaults = settings.Settings()
    rows = [
        (
            f"`{name}`",
            info.help,
            _value(getattr(defaults, attribute)),
            _bounds(info),
            " → ".join(level for level in settings.Level if _reaches(level, info.lowest)),
            ", ".join(info.aliases),
        )
        for name, (attribute, info) in sorted(settings.catalogue().items())
    ]
    return page(
        "Settings",
        """
Resolved from left to right: what everybody has, what the profile says, what the person says. A lower level's value
replaces the one above unless that one is locked; lists are joined. `crosstie settings get NAME` says where a value
comes from; [change settings](howto/change-settings.md) says how to set one. The last column has the names that
comparable products give the same thing.
""",
        table(("setting", "what it does", "default", "takes", "set for", "also known as"), rows),
    )


def reasons_page() -> str:
    parts = []
    for outcome in Outcome:
        kinds = [kind for kind in reasons.KINDS.values() if kind.outcome is outcome]
        rows = [(f"`{kind.code}`", kind.sentence, ", ".join(sorted(kind.rechecked_by))) for kind in kinds]
        listed = table(("code", "sentence", "looked at again when these change"), rows)
        parts.append(f"## {outcome.value.capitalize()}\n\n{listed}")
    return page(
        "Reasons",
        """
Every e-mail, and every calendar item and Event, ends in exactly one of these. The page *Mail*, `crosstie why` and
the journal use the same code and sentence; a word in braces is filled in with a setting, a field's name or a
vendor's code, never with content.
Codes are kept for ever. A code by which a whole session ended is an error, not a reason; see
[read an error](howto/read-an-error.md).
""",
        *parts,
    )


def losses_page() -> str:
    rows = [(one.object, f"`{one.field}`", str(one.room or ""), one.sentence) for one in losses()]
    mirrored = [(one.object, one.field, one.sentence) for one in losses_of_events()]
    return page(
        "What a record does not hold",
        """
A record has less room than an e-mail. These are all the ways in which a saved e-mail says less than the original,
which stays in its mailbox as it was. Lengths are Salesforce's standard ones, in UTF-16 units; an org that reports
another length for a field is believed.
""",
        table(("object", "field", "room", "what does not survive"), rows),
        "## Calendar items and Events\n\nThey are kept alike both ways. Where nothing but such a loss tells the "
        "two apart they count as equal, and neither is written.\n\n"
        + table(("on the way to", "what", "what does not survive"), mirrored),
    )


def soql_page() -> str:
    disputes = [
        (f"`{' '.join(soql.split())}`", "valid" if valid else "invalid", "refuses" if valid else "takes", why)
        for soql, (valid, why) in cases_soql.DISAGREEMENTS.items()
    ]
    return page(
        "SOQL in the sandbox",
        """
The sandbox evaluates SOQL as the REST resource does, from the vendor's reference, and is judged by two that know
nothing of it: a published list of valid and invalid statements, and Salesforce's own parser. The parser judges the
shape of a statement alone; names, types and ranges are the server's. Doubts are switches.
""",
        "## What is evaluated\n\n"
        + table(("what", "example"), [(what, f"`{soql}`") for what, soql in cases_soql.FEATURES]),
        "## Why a valid statement of the list may be refused\n\n"
        + "\n".join(f"- {reason}" for reason in cases_soql.REASONS)
        + f"\n\nThe objects are {', '.join(sorted(cases_soql.NO_SUCH_OBJECTS))}.\n"
        "The list's custom objects are made for the test.",
        "## Where the list and the parser differ\n\nThe sandbox refuses all of these.\n\n"
        + table(("statement", "list says", "parser", "because"), disputes),
    )


PAGES: dict[str, Callable[[], str]] = {
    "asked.md": asked_page,
    "settings.md": settings_page,
    "reasons.md": reasons_page,
    "losses.md": losses_page,
    "rules.md": rules_page,
    "trouble.md": trouble_page,
    "mirror.md": decisions_page,
    "soql.md": soql_page,
    "doubts.md": doubts_page,
}


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, StrEnum):
        return f"`{value.value}`"
    if isinstance(value, tuple):
        return ", ".join(value) or "empty"
    return f"{value:_}".replace("_", " ") if isinstance(value, int) else str(value)


def _bounds(info: settings.SettingInfo) -> str:
    if info.minimum is not None and info.maximum is not None:
        return f"{_value(info.minimum)} to {_value(info.maximum)}"
    attribute, _ = settings.catalogue()[info.name]
    default = getattr(settings.Settings(), attribute)
    if isinstance(default, StrEnum):
        return ", ".join(f"`{one.value}`" for one in type(default))
    return "on or off" if isinstance(default, bool) else "a list, entries apart by commas"


def _reaches(level: settings.Level, lowest: settings.Level) -> bool:
    ordered = list(settings.Level)
    return ordered.index(level) <= ordered.index(lowest)
