"""What holds for all of the API, also where no resource is reached: sizes, HEAD, and problems instead of pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from crosstie.accounts.sign_in import api_words
from crosstie.web.api import problems
from crosstie.web.api.problems import Problem, problem

PREFIX = "/api/"
LARGEST = 64 * 1024
"""Bytes of a body."""


class ApiMiddleware:
    """Outside all others but those that speak of the connection, so that their refusals are problems too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        refusal = _refusal(request)
        response = problems.respond(refusal) if refusal else self._answer(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """HEAD is GET whose body stays here."""
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        response = self.get_response(request)
        if response.status_code >= 400 and response.headers.get("Content-Type") != problems.MEDIA_TYPE:
            response = _as_problem(response)
        if is_head:
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        return response


def _refusal(request: HttpRequest) -> Problem | None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit() and len(length) < 19):
        return problem(400, api_words.REQUEST_BAD)
    return problem(413, api_words.TOO_LARGE, most=LARGEST) if int(length) > LARGEST else None


def _as_problem(response: HttpResponse) -> HttpResponse:
    made = problems.respond(problems.of_status(response.status_code))
    if "Allow" in response.headers:
        allowed = {method.strip() for method in response.headers["Allow"].split(",")}
        made.headers["Allow"] = ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
    return made
