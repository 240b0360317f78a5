"""Refusals by their consequence: a table of what Graph and Entra answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crosstie.domain import errors
from crosstie.mailboxes.graph.errors import Answer, translate, translate_token

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def refusal(code: str, *inner: str) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name in reversed(inner):
        nested = {"code": name, "innerError": nested}
    return {"error": {"code": code, "message": "Dear nora@birchworks.test", "innererror": nested}}


@pytest.mark.parametrize(
    ("status", "body", "error", "code"),
    [
        (400, refusal("ErrorInvalidRequest"), errors.Refused, "GRAPH-REFUSED"),
        (400, refusal("syncStateNotFound"), errors.CursorDead, "GRAPH-CURSOR-DEAD"),
        (404, refusal("SyncStateNotFound"), errors.CursorDead, "GRAPH-CURSOR-DEAD"),
        (400, refusal("BadRequest", "x", "SYNCSTATEINVALID"), errors.CursorDead, "GRAPH-CURSOR-DEAD"),
        (410, refusal("resyncRequired"), errors.CursorDead, "GRAPH-CURSOR-DEAD"),
        (410, None, errors.CursorDead, "GRAPH-CURSOR-DEAD"),
        (401, refusal("InvalidAuthenticationToken"), errors.NeedsConsent, "GRAPH-UNAUTHORIZED"),
        (403, refusal("ErrorAccessDenied"), errors.NeedsConsent, "GRAPH-ACCESS-DENIED"),
        (404, refusal("ErrorItemNotFound"), errors.Gone, "GRAPH-GONE"),
        (404, refusal("MailboxNotEnabledForRESTAPI"), errors.Fatal, "GRAPH-NO-MAILBOX"),
        (404, refusal("ErrorInvalidUser"), errors.Fatal, "GRAPH-NO-MAILBOX"),
        (404, refusal("Request_ResourceNotFound"), errors.Fatal, "GRAPH-NO-MAILBOX"),
        (409, refusal("ErrorIrresolvableConflict"), errors.Conflict, "GRAPH-CONFLICT"),
        (412, refusal("resourceModified"), errors.Conflict, "GRAPH-CONFLICT"),
        (412, None, errors.Conflict, "GRAPH-CONFLICT"),
        (413, None, errors.Refused, "GRAPH-REFUSED"),
        (423, None, errors.Retry, "GRAPH-UNAVAILABLE"),
        (424, None, errors.Retry, "GRAPH-UNAVAILABLE"),
        (429, refusal("TooManyRequests"), errors.Throttled, "GRAPH-THROTTLED"),
        (500, refusal("ErrorInternalServerTransientError"), errors.Retry, "GRAPH-UNAVAILABLE"),
        (400, refusal("ErrorMailboxMoveInProgress"), errors.Retry, "GRAPH-UNAVAILABLE"),
        (502, "<html>", errors.Retry, "GRAPH-UNAVAILABLE"),
        (503, None, errors.Retry, "GRAPH-UNAVAILABLE"),
        (509, None, errors.Throttled, "GRAPH-THROTTLED"),
        (418, ["odd"], errors.Refused, "GRAPH-REFUSED"),
    ],
)
def test_refusals(status: int, body: Any, error: type[errors.CrosstieError], code: str) -> None:
    found = translate(Answer(status, body), NOW)
    assert type(found) is error
    assert found.code == code
    assert "nora" not in str(found)


@pytest.mark.parametrize(
    ("status", "value", "until"),
    [
        (429, "30", NOW + timedelta(seconds=30)),
        (503, "5", NOW + timedelta(seconds=5)),
        (429, "Mon, 16 Nov 2026 09:01:00 GMT", NOW + timedelta(minutes=1)),
        (429, "99999999999999999999", NOW + timedelta(days=1)),
        (429, "soon", None),
        (429, "²", None),
        (429, "", None),
    ],
)
def test_when_to_ask_again(status: int, value: str, until: datetime | None) -> None:
    found = translate(Answer(status, None, {"retry-after": value}), NOW)
    assert isinstance(found, errors.Throttled)
    assert found.until == until


@pytest.mark.parametrize(
    ("status", "code", "error", "ours"),
    [
        (400, "invalid_grant", errors.NeedsConsent, "GRAPH-SIGN-IN"),
        (400, "interaction_required", errors.NeedsConsent, "GRAPH-SIGN-IN"),
        (401, "invalid_client", errors.NeedsConsent, "GRAPH-APP-REFUSED"),
        (400, "unauthorized_client", errors.NeedsConsent, "GRAPH-APP-REFUSED"),
        (400, "invalid_request", errors.Fatal, "GRAPH-LOGIN-ADDRESS"),
        (503, "temporarily_unavailable", errors.Retry, "GRAPH-UNAVAILABLE"),
        (429, "", errors.Retry, "GRAPH-UNAVAILABLE"),
        (500, "", errors.Retry, "GRAPH-UNAVAILABLE"),
    ],
)
def test_refused_tokens(status: int, code: str, error: type[errors.CrosstieError], ours: str) -> None:
    found = translate_token(Answer(status, {"error": code, "error_description": "AADSTS0"}), NOW)
    assert type(found) is error
    assert found.code == ours


def test_an_endless_chain_of_inner_errors_ends() -> None:
    loop: dict[str, Any] = {"code": "A"}
    loop["innererror"] = loop
    assert Answer(400, {"error": loop}).codes == {"a"}
