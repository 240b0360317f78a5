"""What is not granted, as RFC 9457 has it: a status, our code, and the sentence that a page would show."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse

from crosstie.accounts import words
from crosstie.accounts.sign_in import api_words
from crosstie.accounts.words import Answer, Phrase, Unacceptable
from crosstie.web import limits

MEDIA_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="crosstie"'
_BY_CODE = {
    words.TOO_OFTEN.code: 429,
    words.FORCED_LATELY.code: 429,
    words.MAILBOX_UNKNOWN.code: 409,
    words.NO_SUCH_ISSUE.code: 404,
    api_words.WHY_UNKNOWN.code: 404,
    api_words.WOULD_TAKE_AWAY.code: 409,
}
OF_STATUS = {
    401: api_words.UNAUTHORIZED,
    403: api_words.READ_ONLY,
    404: api_words.NO_SUCH_PLACE,
    405: api_words.NO_SUCH_METHOD,
    415: api_words.NOT_JSON,
    500: api_words.FAILED,
}
"""What a status says of itself, where nobody gave a reason of their own."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong with what was sent."""

    pointer: str
    """Where, as RFC 6901 has it: within the body, or the name of what stands in the address."""
    code: str
    detail: str


class Problem(Exception):
    """Raised anywhere below a resource; it becomes the answer."""

    def __init__(
        self, status: int, code: str, detail: str, mistakes: Sequence[Mistake] = (), wait: int | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.mistakes = mistakes
        self.wait = wait
        """Seconds after which it may be tried again."""


def problem(status: int, phrase: Phrase, mistakes: Sequence[Mistake] = (), **values: object) -> Problem:
    return Problem(status, phrase.code, phrase.said(**values), mistakes)


def of_refusal(refusal: Unacceptable) -> Problem:
    return _of(refusal.code, refusal.sentence, otherwise=422)


def of_answer(said: Answer) -> Problem:
    """Something that could not be done as things stand."""
    return _of(said.code, said.sentence, otherwise=409)


def of_status(status: int) -> Problem:
    return problem(status, OF_STATUS.get(status, api_words.FAILED if status >= 500 else api_words.REQUEST_BAD))


def _of(code: str, sentence: str, *, otherwise: int) -> Problem:
    status = _BY_CODE.get(code, otherwise)
    return Problem(status, code, sentence, wait=limits.WINDOW if status == 429 else None)


def respond(given: Problem) -> HttpResponse:
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(given.status).phrase,
        "status": given.status,
        "code": given.code,
        "detail": given.detail,
    }
    if given.mistakes:
        listed = ({"pointer": one.pointer, "code": one.code, "detail": one.detail} for one in given.mistakes)
        body["errors"] = list(listed)
    return HttpResponse(json.dumps(body), status=given.status, content_type=MEDIA_TYPE, headers=_headers(given))


def _headers(given: Problem) -> Mapping[str, str]:
    if given.wait is not None:
        return {"Retry-After": str(given.wait)}
    if given.status == 401:
        return {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
    if given.status == 403:
        return {"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope", scope="act"'}
    return {}
