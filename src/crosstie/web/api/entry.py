"""All resources together, what their refusals become, and openapi.json."""

import functools
import json
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from crosstie import __version__
from crosstie.accounts.governance.settings import Refusals
from crosstie.accounts.sign_in import api_words
from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Unacceptable
from crosstie.domain.errors import CrosstieError
from crosstie.web.api import issues, me, problems, sessions, settings, sync, why
from crosstie.web.api.bodies import StrictParser
from crosstie.web.api.problems import Mistake, Problem, problem

DESCRIPTION = """
What the pages show and do, for your own programs. Each request carries a personal access token, which you make on
the page My tokens; a token that only reads cannot act. Refusals are RFC 9457 problems with a stable code. Names
may be added to answers; what is there stays as it is within v1.
"""
NAMESPACE, OPENAPI = "api", "openapi.json"
api = NinjaAPI(
    title="Crosstie",
    version=__version__,
    description=" ".join(DESCRIPTION.split()),
    urls_namespace=NAMESPACE,
    docs_url=None,
    openapi_url=None,
    parser=StrictParser(),
)
for part in (me, sync, settings, issues, why, sessions):
    api.add_router("", part.router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, given: Problem) -> HttpResponse:
    return problems.respond(given)


@api.exception_handler(Unacceptable)
def _unacceptable(request: HttpRequest, refusal: Unacceptable) -> HttpResponse:
    return problems.respond(problems.of_refusal(refusal))


@api.exception_handler(Refusals)
def _refusals(request: HttpRequest, refused: Refusals) -> HttpResponse:
    mistakes = [Mistake(_pointer(name), one.code, one.sentence) for name, one in refused.by_name.items()]
    return problems.respond(problem(422, api_words.SETTINGS_REFUSED, mistakes))


@api.exception_handler(CrosstieError)
def _out_of_reach(request: HttpRequest, error: CrosstieError) -> HttpResponse:
    return problems.respond(Problem(503, error.code, advice.for_error(error)))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.respond(problem(422, api_words.INPUT_BAD, [_mistake(one) for one in error.errors[:20]]))


@api.exception_handler(HttpError)
def _of_ninja(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the parser raised is behind it."""
    found = error.__cause__
    return problems.respond(found if isinstance(found, Problem) else problems.of_status(error.status_code))


@api.exception_handler(Http404)
def _nowhere(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.respond(problems.of_status(404))


def _mistake(error: Mapping[str, Any]) -> Mistake:
    source, *where = error["loc"]
    parts = [str(one) for one in where]
    pointer = "".join(map(_pointer, parts[1:])) if source == "body" else "/".join(parts)
    unknown = error["type"] == "extra_forbidden"
    code = (api_words.NAME_UNKNOWN if unknown else api_words.INPUT_BAD).code
    return Mistake(pointer[:200], code, api_words.NAME_UNKNOWN.said() if unknown else f"{error['msg']}.")


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """Says nothing about anybody, so everybody may read it."""
    return HttpResponse(_document(), content_type="application/json")


@functools.cache
def _document() -> bytes:
    prefix = reverse(f"{NAMESPACE}:openapi").removesuffix(OPENAPI)
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=prefix)))
    for operations in found["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {problems.MEDIA_TYPE: answer["content"]["application/json"]}
    return json.dumps(found, ensure_ascii=False, sort_keys=True).encode()


_ROOT = "api-root"
"""ninja's own, which says nothing."""
_RESOURCES = [one for one in api.urls[0] if getattr(one, "name", "") != _ROOT]
urls = ([path(OPENAPI, document, name="openapi"), *_RESOURCES], NAMESPACE, NAMESPACE)
