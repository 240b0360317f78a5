"""The pages of `docs/` that say what the code says: rendered from it, never written by hand.

`make docs` writes them; a test compares.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from crosstie.domain import reasons, settings
from crosstie.domain.reasons import Outcome
from crosstie.mapping.email import losses
from crosstie.rules.files import LeftOut
from tests.docs.doubts import doubts_page
from tests.docs.markdown import page, table
from tests.docs.trouble import trouble_page
from tests.unit.rules import (
    cases_files,
    cases_linking,
    cases_mentions,
    cases_participants,
    cases_relating,
    cases_relevance,
    cases_resolving,
    cases_spam,
)
from tests.unit.sandbox.salesforce import cases_soql

SETTING_NAMES = {attribute: f"`{name}`" for name, (attribute, _) in settings.catalogue().items()}


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
Every e-mail ends in exactly one of these. The page *Mail*, `crosstie why` and the journal use the same code and
sentence; a word in braces is filled in with a setting, a field's name or a vendor's code, never with content.
Codes are kept for ever. A code by which a whole session ended is an error, not a reason; see
[read an error](howto/read-an-error.md).
""",
        *parts,
    )


def losses_page() -> str:
    rows = [(one.object, f"`{one.field}`", str(one.room or ""), one.sentence) for one in losses()]
    return page(
        "What a record does not hold",
        """
A record has less room than an e-mail. These are all the ways in which a saved e-mail says less than the original,
which stays in its mailbox as it was. Lengths are Salesforce's standard ones, in UTF-16 units; an org that reports
another length for a field is believed.
""",
        table(("object", "field", "room", "what does not survive"), rows),
    )


def rules_page() -> str:
    return page(
        "The rules, case by case",
        """
The tables the tests run through. The company is `north.test`; the mailbox is Ann's (`ann@north.test`, also
`ann@nord.test`), activated at noon of 10 June 2026 with auto-saving on. The blocklist has the domain `news.test`
and the address `rival@partner.test`; `free.test` stands for a free mail service. Unless a case says otherwise,
`joe@customer.test` writes to Ann and the mail lies in her Inbox.
""",
        _cases("Is an e-mail saved automatically?", cases_relevance.AUTOMATIC, ("mail", "settings", "answer")),
        _cases(
            "Is it saved although nobody on it is in Salesforce?",
            cases_relevance.UNKNOWN,
            ("mail", "settings", "known", "answer"),
        ),
        _cases(
            "Do colleagues and people at free mail services count?",
            cases_relevance.ADMITTED,
            ("mail", "settings", "the Contact", "answer"),
        ),
        _cases("Is a marked e-mail saved?", cases_relevance.MARKED, ("mail", "answer")),
        _cases("Inbound or outbound?", cases_relevance.DIRECTIONS, ("mail", "answer")),
        _cases("What is a spam filter's mark?", cases_spam.CASES, ("header", "answer")),
        _cases("Whose is an address?", cases_participants.CASES, ("address", "group")),
        _cases(
            "Whom is a saved e-mail linked to?\n\n"
            "Known people are written `C1/A1/2024-05-01`: Contact C1 of Account A1, created on that day; "
            "L is a Lead, U a User, A an Account whose website is at that domain.",
            cases_linking.CASES,
            ("mail", "who is known", "Name", "Related To", "everybody linked"),
        ),
        _cases(
            "What is never linked?\n\nA Lead wrote to Ann (U1), a Contact with an Account is in copy.",
            cases_linking.NEVER,
            ("`links.never`", "Name", "Related To", "everybody linked"),
        ),
        _cases(
            "What is an automatically saved e-mail related to?\n\n"
            "Ann's open Opportunities are written `O1/A1/2026-07-01/2026-06-01`: O1 on Account A1, expected to "
            "close, and changed last, on those days; without days it closes in a month and was changed today, "
            "which is the day of activation. A dash stands for a mail that is saved with the people alone.",
            cases_relating.CASES,
            ("mail", "who is known", "Ann's Opportunities", "settings", "answer"),
        ),
        _cases(
            "Which records does an e-mail name?\n\n"
            "The org is seen at `acme.my.salesforce.com` and in Lightning. A is the Account `001000000000001`, O "
            "the Opportunity `006000000000001`, K the Case `500000000000001`; a number is that of a Case.",
            cases_mentions.CASES,
            ("subject", "text", "answer"),
        ),
        *_made(),
        _cases("Which attachments are saved?", cases_files.CASES, ("attachment", "settings", "answer")),
        "What is left out is said with one of these sentences:\n\n"
        + table(("answer", "sentence"), [(one.value, one.sentence) for one in LeftOut]),
    )


def _made() -> list[str]:
    return [
        _cases(
            "For whom is a record made?\n\nWith `resolving` on; a Lead or a Contact.",
            cases_resolving.CASES,
            ("mail", "settings", "known", "answer"),
        ),
        _cases("Is an address one person's?", cases_resolving.SOMEBODY, ("address", "answer")),
        _cases(
            "Under which Account is a new Contact put?\n\nA1 has most of the Contacts at the domain.",
            cases_resolving.ACCOUNTS,
            ("Accounts there", "settings", "answer"),
        ),
        _cases(
            "What is a new record called?", cases_resolving.NAMES, ("name", "address", "first name", "last name")
        ),
    ]


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
    "settings.md": settings_page,
    "reasons.md": reasons_page,
    "losses.md": losses_page,
    "rules.md": rules_page,
    "trouble.md": trouble_page,
    "soql.md": soql_page,
    "doubts.md": doubts_page,
}


def _cases(title: str, cases: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> str:
    rows = [(str(name), *map(_cell, rest)) for name, *rest in cases]
    return f"## {title}\n\n{table(('case', *columns), rows)}"


def _cell(value: Any) -> str:
    """A value of a case as a reader wants it: `name: value` pairs, settings by their names, sizes for bytes."""
    if isinstance(value, dict):
        return ", ".join(f"{SETTING_NAMES.get(name, name)}: {_cell(inner)}" for name, inner in value.items())
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value) or "–"


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
        return ", ".join(f"`{one.value}`" for one in type(default) if one.value not in info.not_built)
    return "on or off" if isinstance(default, bool) else "a list, entries apart by commas"


def _reaches(level: settings.Level, lowest: settings.Level) -> bool:
    ordered = list(settings.Level)
    return ordered.index(level) <= ordered.index(lowest)
