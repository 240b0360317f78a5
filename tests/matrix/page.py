"""The page docs/trouble.md: each kind of trouble, what Crosstie does, and what was seen when it lasted."""

from collections.abc import Iterator, Mapping, Sequence

from tests.matrix.cases import everything
from tests.matrix.judge import Outcome, run
from tests.matrix.life import Case
from tests.matrix.troubles import TROUBLES, Group

DOES: Mapping[Group, str] = {
    Group.LOST: "A question is asked once more at once, then by the next session. A write whose answer was lost "
    "counts as unclear: with a key it is sent again, without one it is looked up first.",
    Group.DOWN: "The session or tick ends, cursors stay, the next one waits the longer the longer it lasts.",
    Group.BUSY: "Nobody asks again before the time the vendor named; without one, as when it is down.",
    Group.DAMAGED: "Nothing of the answer is believed. A question is asked again later, a write is unclear.",
    Group.SHUT: "The session ends and cursors stay. After six refusals in a row the person is asked to grant "
    "access again; after ten it is tried once an hour only, and whoever can mend it is told by mail.",
    Group.ENDED: "A new token is fetched and the request repeated, once.",
    Group.GONE: "It is asked for by id before it is believed. A dead position in a folder means that the folder "
    "is read anew; a record that is missing is waited for.",
    Group.CONFLICT: "The item is read again and the write tried on top of what a person changed; a key that is "
    "taken is the record we look for.",
    Group.REFUSED: "The record becomes an issue with its reason, tried again daily and after a change; a mark "
    "that is refused is tried again. What stood beside it in the same call goes through.",
    Group.LOCKED: "A few tries within the session, then the item waits for the next one.",
}
SHOWN: Mapping[Group, Sequence[tuple[str, str]]] = {
    Group.LOST: (("graph batch", "lose_answer"), ("salesforce graph", "drop_before")),
    Group.DOWN: (("graph messages.delta", "500"), ("salesforce composite", "503 SERVER_UNAVAILABLE")),
    Group.BUSY: (
        ("graph messages.delta", "429 Retry-After long"), ("salesforce composite", "429 Retry-After long"),
    ),
    Group.DAMAGED: (("graph messages.delta", "answer nulls"), ("salesforce GET query_all", "answer hollow_rows")),
    Group.SHUT: (
        ("microsoft_login login.token", "401 invalid_client"), ("salesforce oauth_token", "400 inactive_user"),
    ),
    Group.ENDED: (("graph batch", "expire"), ("salesforce composite", "401 INVALID_SESSION_ID")),
    Group.GONE: (
        ("graph messages.delta", "410 syncStateNotFound"),
        ("salesforce insert:EmailMessageRelation", "ENTITY_IS_DELETED"),
    ),
    Group.CONFLICT: (
        ("graph messages.update", "412 resourceModified"), ("salesforce insert:EmailMessage", "DUPLICATE_VALUE"),
    ),
    Group.REFUSED: (
        ("graph messages.update", "400 ErrorInvalidRequest"),
        ("salesforce insert:EmailMessage", "FIELD_CUSTOM_VALIDATION_EXCEPTION"),
    ),
    Group.LOCKED: (("graph messages.get", "423 locked"), ("salesforce insert:EmailMessage", "UNABLE_TO_LOCK_ROW")),
}  # fmt: skip
"""Address and trouble that stand for a group, on either side."""


def kinds() -> Iterator[tuple[str, str, str]]:
    """Group, its troubles, what is done."""
    for group in Group:
        names = dict.fromkeys(trouble.name for trouble in TROUBLES if trouble.group is group)
        yield group.value, ", ".join(f"`{name}`" for name in names), DOES[group]


def seen() -> Iterator[tuple[str, str, str, str]]:
    """Address and trouble, requests to it in the first and second hour, what a session says, what a mail says."""
    by_name = {(str(case.target), case.trouble.name): case for case in everything() if case.lasting}
    for shown in SHOWN.values():
        for name in shown:
            yield _row(by_name[name], run(by_name[name]))


def _row(case: Case, outcome: Outcome) -> tuple[str, str, str, str]:
    sentences = " ".join(sorted(outcome.sentences)) or "nothing: the work goes on"
    reasons = ", ".join(f"`{code}`" for code in sorted(outcome.reasons_meanwhile)) or "–"
    first, second = outcome.asked
    return f"`{case.trouble.name}` at `{case.target}`", f"{first}, {second}", sentences, reasons
