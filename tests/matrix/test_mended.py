"""What the matrix once found, each by the case that shows it."""

import pytest

from tests.matrix.cases import everything
from tests.matrix.judge import run
from tests.matrix.life import Case

ONCE, HOURS = False, True
MENDED = {
    "a wait that Salesforce asks for is kept by ticks and sessions": (
        "salesforce composite", "429 Retry-After long", HOURS),
    "a wait that the token service asks for is kept": ("salesforce oauth_token", "503 Retry-After long", HOURS),
    "a wait asked for while mails are marked is kept": ("graph messages.update", "429 Retry-After long", HOURS),
    "who is told to wait for seconds again and again backs off": (
        "graph folders.create", "429 Retry-After short", HOURS),
    "a time to wait for that is over is no call to hurry": (
        "graph folders.list", "503 Retry-After date", HOURS),
    "saving that is put off backs off": ("salesforce insert:EmailMessageRelation", "ENTITY_IS_DELETED", HOURS),
    "marks that fail back off and are said": ("graph messages.update", "502", HOURS),
    "ticks that fail back off": ("salesforce composite", "500", HOURS),
    "descriptions of another shape stop no worker": ("salesforce GET describe", "answer numbers", HOURS),
    "a description without fields makes no org unkeyed": ("salesforce GET describe", "answer hollow", ONCE),
    "an object that is said once not to exist is asked for again": (
        "salesforce GET describe", "404 NOT_FOUND", ONCE),
    "rows of another shape stop no worker": ("salesforce GET query_all", "answer hollow_rows", HOURS),
    "an answer nested beyond all reason stops no worker": ("salesforce graph", "answer deep", HOURS),
    "an answer to a write beyond all measure is unclear": ("salesforce graph", "answer huge", ONCE),
    "an empty list of attachments is not believed": ("graph attachments.list", "answer empty", HOURS),
    "a page of changes without rows moves no cursor": ("graph messages.delta", "answer nulls", ONCE),
    "a message without an id is not one": ("graph messages.get", "answer hollow", ONCE),
    "a token that lasts a text is no token of ours": ("microsoft_login login.token", "answer numbers", ONCE),
    "changes that cannot be read are said": ("graph messages.delta", "410 syncStateNotFound", HOURS),
    "a relation that is said to be there is looked for": (
        "salesforce insert:EmailMessageRelation", "DUPLICATE_VALUE", HOURS),
    "a graph halted by nothing waits": ("salesforce insert:ContentVersion", "PROCESSING_HALTED", HOURS),
    "a mail that is said once to be gone is looked for before it is left": (
        "graph messages.move", "404 ErrorItemNotFound", ONCE),
    "a mailbox in trouble is no mail that is gone": ("graph messages.get", "404 ErrorInvalidUser", HOURS),
    "a mail that is said for hours to be gone is looked for a day later": (
        "graph messages.get", "404 ErrorItemNotFound", HOURS),
    "a request that is refused is no mail that is gone": ("graph messages.get", "400 ErrorInvalidRequest", HOURS),
    "a login service in trouble is said to be that": ("salesforce oauth_token", "400 unknown_error", HOURS),
    "a page of a gateway's is no refusal of our grant": ("salesforce oauth_token", "404 as a page", HOURS),
    "a timeout is no refusal": ("salesforce composite", "408", HOURS),
    "a wait asked for in the middle of fetching is kept": (
        "graph attachments.list", "429 Retry-After long", HOURS),
    "nobody waits for a colleague who waits for seconds again and again": (
        "graph attachments.list", "503 Retry-After short", HOURS),
    "nobody waits for a colleague whose mailbox names a day": (
        "graph attachments.list", "429 Retry-After date", HOURS),
    "an id that is none makes no record of ours": ("salesforce POST row_create", "answer numbers", HOURS),
    "an identity of another shape is no refusal": ("salesforce oauth_identity", "answer hollow", ONCE),
    "an event whose invitees are refused is taken back like a mail": (
        "salesforce insert:EventRelation", "DUPLICATE_VALUE", HOURS),
    "a query that took too long is said to pass": ("salesforce GET query", "400 QUERY_TIMEOUT", HOURS),
    "what Salesforce itself does not understand is said to pass": (
        "salesforce GET query", "500 UNKNOWN_EXCEPTION", HOURS),
}  # fmt: skip


def the_case(target: str, trouble: str, lasting: bool) -> Case:
    return next(
        case
        for case in everything()
        if (str(case.target), case.trouble.name, case.lasting) == (target, trouble, lasting)
    )


@pytest.mark.parametrize("what", MENDED)
def test_mended(what: str) -> None:
    assert run(the_case(*MENDED[what])).problems == ()
