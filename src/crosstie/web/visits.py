"""Who is looking: every page behind the sign-in is given the person, and through them their own mailbox alone.

Whether they may look is asked before, by access.py.
"""

import functools
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import sign_ins
from crosstie.accounts.words import Answer
from crosstie.jobs import wiring

SIGN_IN = "sign-in-id"
"""The session's key for the row of accounts/sign_in/sign_ins.py that it goes by."""
_PERSON = "crosstie_person"
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Visit:
    person: PersonInfo
    mailbox: MailboxRef

    @property
    def actor(self) -> Actor:
        return Actor("web", self.person.person_id)


def visited(view: Callable[Concatenate[HttpRequest, Visit, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in people who are signed in and have a mailbox; nothing of the answer stays in a browser's cache."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        answer = _answer(request, view, *args, **kwargs)
        add_never_cache_headers(answer)
        return answer

    return checked


def signed_in(
    view: Callable[Concatenate[HttpRequest, PersonInfo, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Let in people who are signed in, with or without a mailbox."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = _person(request)
        if person is None:
            answer = to_sign_in(request)
        else:
            with timezone.override(_zone(person)):
                answer = view(request, person, *args, **kwargs)
        add_never_cache_headers(answer)
        return answer

    return checked


def _answer(
    request: HttpRequest,
    view: Callable[Concatenate[HttpRequest, Visit, P], HttpResponse],
    *args: P.args,
    **kwargs: P.kwargs,
) -> HttpResponse:
    person = _person(request)
    if person is None:
        return to_sign_in(request)
    if person.mailbox_id is None:
        return _go(request, reverse("activation"))
    mailbox = mailboxes.of_person(person.scope, person.person_id)
    with timezone.override(zoneinfo.ZoneInfo(mailbox.time_zone)):
        return view(request, Visit(person, mailbox), *args, **kwargs)


def _zone(person: PersonInfo) -> zoneinfo.ZoneInfo:
    own = mailboxes.of_person(person.scope, person.person_id).time_zone if person.mailbox_id else "UTC"
    return zoneinfo.ZoneInfo(own)


def arrive(request: HttpRequest, *, active: bool) -> PersonInfo | None:
    """Who signed in in this browser, if that still holds; else nothing of the session is kept."""
    kept = request.session.get(SIGN_IN) if request.user.is_authenticated else None
    person = sign_ins.whose(kept, wiring.get().clock, active=active) if isinstance(kept, int) else None
    if person is None and request.user.is_authenticated:
        logout(request)
    setattr(request, _PERSON, person)
    return person


def _person(request: HttpRequest) -> PersonInfo | None:
    """As access.py found them; where anybody may ask, they are looked for here."""
    if not hasattr(request, _PERSON):
        return arrive(request, active=True)
    found: PersonInfo | None = getattr(request, _PERSON)
    return found


def to_sign_in(request: HttpRequest) -> HttpResponse:
    here = request.get_full_path() if request.method == "GET" and not is_htmx(request) else reverse("general")
    target = reverse("sign-in")
    if here != reverse("general"):
        target += "?" + urlencode({"next": here})
    return _go(request, target)


def _go(request: HttpRequest, target: str) -> HttpResponse:
    return HttpResponseClientRedirect(target) if is_htmx(request) else redirect(target)


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def tell(request: HttpRequest, said: Answer) -> None:
    """On the next page."""
    messages.add_message(request, messages.SUCCESS if said.ok else messages.WARNING, said.sentence)
