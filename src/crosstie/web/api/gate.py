"""Who asks, and whether they may: a personal access token in the header, and nothing else.

No cookie is looked at, so that no page elsewhere can make a browser ask on somebody's behalf.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from django.http import HttpRequest
from ninja import Router
from ninja.security import HttpBearer

from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.governance import settings
from crosstie.accounts.governance.layers import Place
from crosstie.accounts.sign_in import api_words, tokens
from crosstie.accounts.sign_in.tokens import Bearer
from crosstie.jobs import wiring
from crosstie.web import limits
from crosstie.web.api import bodies, problems
from crosstie.web.api.problems import problem
from crosstie.web.api.shapes import ProblemShape

View = TypeVar("View", bound=Callable[..., Any])
ASKED = 120
"""Requests of one person in a minute."""
GUESSED = 30
"""Tokens that are none, from one address in a minute, before it is told to wait."""
ALWAYS = (401, 422, 429)
"""Statuses that every resource may answer with: a name in the address that nobody asks for is the second."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose program asks; what it reaches is that person's own."""

    bearer: Bearer

    @property
    def actor(self) -> Actor:
        return Actor("api", self.bearer.person.person_id)

    @property
    def mailbox(self) -> MailboxRef:
        """Raises Unacceptable for somebody who has none."""
        return mailboxes.of_person(self.bearer.person.scope, self.bearer.person.person_id)

    @property
    def place(self) -> Place:
        return settings.for_person(self.bearer.person.scope, self.bearer.person.person_id)

    def spend(self, what: str, limit: int) -> None:
        """From the same purse as the person's pages."""
        limits.spend(what, str(self.bearer.person.person_id), limit)


class Asked(HttpRequest):
    """A request that came through the gate."""

    auth: Caller


class PersonalAccessToken(HttpBearer):
    """The scheme's name in openapi.json."""

    openapi_description = "A personal access token, made on the page My tokens."

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        house = wiring.get()
        bearer = tokens.bearer(token, house.stores.secrets.digest, house.clock.now())
        if bearer is None:
            self._refuse(request)
        return Caller(bearer)

    def __call__(self, request: HttpRequest) -> Caller:
        found: Caller | None = super().__call__(request)
        return found or self._refuse(request)

    def _refuse(self, request: HttpRequest) -> NoReturn:
        limits.spend("api-guess", limits.place(request), GUESSED)
        raise problems.of_status(401)


TOKEN = PersonalAccessToken()


def resource(
    router: Router, method: str, path: str, answer: Any, *, acts: bool = False, refusals: tuple[int, ...] = ()
) -> Callable[[View], View]:
    """Register what answers `method` at `path` with an `answer`, or with a problem of one of these statuses.

    The docstring of the view is what openapi.json says of it, and its name the operation's.
    """
    statuses = sorted({*ALWAYS, *refusals, *((403,) if acts else ())})

    def register(view: View) -> View:
        names = _query_names(view, path)

        @functools.wraps(view)
        def guarded(request: Asked, **values: Any) -> Any:
            request.auth.spend("api", ASKED)
            if acts and not request.auth.bearer.token.may_act:
                raise problem(403, api_words.READ_ONLY)
            bodies.check_query(request.GET, names)
            return view(request, **values)

        responses = {200: answer, **dict.fromkeys(statuses, ProblemShape)}
        name = view.__name__
        summary, _, description = inspect.cleandoc(view.__doc__ or name).partition("\n\n")
        router.api_operation(
            [method],
            path,
            auth=TOKEN,
            response=responses,
            operation_id=name,
            url_name=name.replace("_", "-"),
            summary=" ".join(summary.split()),
            description=description,
        )(guarded)
        return view

    return register


def _query_names(view: Callable[..., Any], path: str) -> frozenset[str]:
    """A parameter that is neither in the path nor the body stands in the address."""
    names = list(inspect.signature(view).parameters)[1:]
    return frozenset(name for name in names if name != "given" and f"{{{name}}}" not in path)
