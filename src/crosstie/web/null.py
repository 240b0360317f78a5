"""No request that carries a null character gets any further: nobody types one, and no database takes it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.request import QueryDict, UnreadablePostError

from crosstie.web.api.middleware import PREFIX


class NullMiddleware:
    """Before all that looks anything up by what a request brings."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_refused = _has_null((*request.COOKIES, *request.COOKIES.values(), *request.headers.values()))
        if not request.path_info.startswith(PREFIX):  # which says itself what is wrong in an address
            is_refused = is_refused or _has_null((request.path_info, *_texts(request.GET)))
        return HttpResponseBadRequest() if is_refused else self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """A form is read only where a view takes one, whose body can then be read no more; None: it may answer."""
        if getattr(view, "csrf_exempt", False):
            return None
        try:
            return HttpResponseBadRequest() if _has_null(_texts(request.POST)) else None
        except UnreadablePostError:  # its sender is gone
            return HttpResponseBadRequest()


def _texts(fields: QueryDict) -> Iterable[str]:
    for name, values in fields.lists():
        yield name
        yield from values


def _has_null(texts: Iterable[str]) -> bool:
    return any("\0" in text for text in texts)
