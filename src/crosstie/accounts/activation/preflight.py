"""What an org that was looked at has and lacks, in words: on the page Connections and in `crosstie doctor`."""

from dataclasses import dataclass

from crosstie.domain.preflight import Item, Level, Right
from crosstie.domain.speech import noted, say

LETS_IN, CALLS, FEW_CALLS = "lets-in", "calls", "few-calls"
KEYED, UNKEYED, LACKING = "keyed", "unkeyed", "lacking"
NO_FILES, NO_ADDRESSES = "no-files", "no-addresses"
MADE, THERE, NOT_MADE, SHOWN, NO_CUSTOMIZE = "made", "there", "refused", "shown", "no-customize"
"""Of fields that were to be made."""
GRANTED, MISSING, UNSEEN = "granted-", "missing-", "unseen-"
"""Beginnings, before the name of a right."""


@dataclass(frozen=True, slots=True)
class Words:
    sentence: str
    advice: str = ""
    """What to do; empty where nothing is to be done."""


_GRANT = noted(
    "Give the account the permission {label} in Salesforce Setup, or assign it our package's permission set."
)
_GRANT_ALL = noted(
    "Give the account the permission {label} in Salesforce Setup, in a permission set or its profile."
)
_WORDS: dict[str, Words] = {
    LETS_IN: Words(noted("{name} lets us in.")),
    CALLS: Words(noted("{name} has {left:,} of {daily:,} calls left today.")),
    FEW_CALLS: Words(
        noted("{name} has {left:,} of {daily:,} calls left today."),
        noted("See Setup, System Overview for who uses them; Crosstie waits when its share is used up."),
    ),
    KEYED: Words(noted("{name} has our key fields: nothing is saved twice.")),
    UNKEYED: Words(
        noted("{name} lacks our key fields: it works, but a lost answer may leave a duplicate."),
        noted(
            "Create the fields on the page Connections, or deploy salesforce-package/ and give its permission set "
            "to the user we act as."
        ),
    ),
    LACKING: Words(
        noted("Of our fields {count} are missing, or the account may not write them: {names}."),
        noted("Without them records are saved all the same; what the fields would say is left out."),
    ),
    MADE: Words(noted("{field} was made.")),
    THERE: Words(noted("{field} is there already.")),
    NOT_MADE: Words(
        noted("{field} was not made ({code})."),
        noted(
            "Make it in Salesforce Setup as the package's page describes it, or free room for it, then try again."
        ),
    ),
    SHOWN: Words(noted("{count} fields are shown to the account by the permission set Crosstie Integration.")),
    NO_CUSTOMIZE: Words(
        noted("The account may not make fields (Customize Application), so nothing was made."),
        noted("Give it that permission while this goes on, or let an administrator deploy salesforce-package/."),
    ),
    NO_FILES: Words(
        noted("{name} takes no Files: attachments are not saved."),
        noted("Allow the user we act as to create Files (ContentVersion)."),
    ),
    NO_ADDRESSES: Words(
        noted("{name} shows no e-mail field of {names}: nobody is recognised by it."),
        noted("Let the user we act as read these fields."),
    ),
}
_LABELS = {
    Right.API: "API Enabled",
    Right.ACTIVITIES: "Access Activities",
    Right.EDIT_TASKS: "Edit Tasks",
    Right.EDIT_EVENTS: "Edit Events",
    Right.VIEW_ALL: "View All Data",
    Right.MODIFY_ALL: "Modify All Data",
    Right.CUSTOMIZE: "Customize Application",
}
"""As Salesforce calls them."""
_MISSED = {
    Right.API: noted("The account may not use the interface for programs ({label}): nothing works without it."),
    Right.ACTIVITIES: noted("The account may not see Tasks and Events ({label}): nothing is saved as one."),
    Right.EDIT_TASKS: noted("The account may not change Tasks ({label}): e-mails that are saved as Tasks fail."),
    Right.EDIT_EVENTS: noted("The account may not change Events ({label}): calendars are not kept in step."),
    Right.VIEW_ALL: noted(
        "The account sees only what is shared with it ({label}): people and deals that it does not see are not "
        "linked, and Events that people make in Salesforce do not reach their calendars."
    ),
    Right.MODIFY_ALL: noted(
        "The account changes only what is shared with it for that ({label}): meetings that people move in their "
        "mailboxes may stay where they are in Salesforce."
    ),
}
ALLOWED = noted("The account has the permission {label}.")
NOT_TOLD = noted("Salesforce does not tell whether the account has the permission {label}.")
LEVELS = dict.fromkeys(_MISSED, Level.PROBLEM) | {Right.VIEW_ALL: Level.WARNING, Right.MODIFY_ALL: Level.WARNING}
"""Right that is wanted → what it means that it is missing."""


def words(item: Item, name: str) -> Words:
    """`name` is what the org is called."""
    beginning, _, right = item.code.partition("-")
    if right in list(Right):
        label = _LABELS[Right(right)]
        if beginning == "granted":
            return Words(say(ALLOWED, label=label))
        if beginning == "unseen":
            return Words(say(NOT_TOLD, label=label))
        grant = _GRANT_ALL if right in (Right.VIEW_ALL, Right.MODIFY_ALL) else _GRANT
        return Words(say(_MISSED[Right(right)], label=label), say(grant, label=label))
    found = _WORDS[item.code]
    return Words(say(found.sentence, name=name, **item.values), say(found.advice))
