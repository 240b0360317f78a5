"""My tokens: what the person's own programs show instead of signing in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts.audit import Actor
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import api_words, tokens
from crosstie.accounts.sign_in.tokens import TokenDetails
from crosstie.accounts.words import Answer, Unacceptable, answer
from crosstie.jobs import wiring
from crosstie.web import limits
from crosstie.web.visits import SIGN_IN, signed_in, tell

TRIES = 30
"""Tokens made or revoked by one person in a minute."""
CHOICES = (30, tokens.DAYS, 180, tokens.MOST_DAYS)
"""Days that the page offers."""


@require_safe
@signed_in
def page(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    return render(request, "crosstie/tokens.html", _context(request, person))


@require_POST
@signed_in
def make(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """The answer shows the token, once: it is not kept for another page to show it."""
    form, house = request.POST, wiring.get()
    days = form.get("days", "")
    given = TokenDetails(form.get("name", ""), form.get("may_act") == "on", int(days) if _is_number(days) else 0)
    ring = house.stores.secrets.digest
    try:
        limits.spend("tokens", str(person.person_id), TRIES)
        here, actor = request.session[SIGN_IN], _actor(person)
        made, token = tokens.make(person.scope, person.person_id, given, ring, house.clock, actor, sign_in_id=here)
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
        typed = {"typed": given.name[:200], "may_act": given.may_act, "chosen": given.days}
        context = _context(request, person) | {"said": said} | typed
        return render(request, "crosstie/tokens.html", context, status=_status(refusal))
    context = _context(request, person) | {"said": answer(api_words.TOKEN_MADE), "made": made, "token": token}
    return render(request, "crosstie/tokens.html", context)


@require_POST
@signed_in
def revoke(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    token, clock = request.POST.get("token", ""), wiring.get().clock
    number = int(token) if _is_number(token) else 0
    try:
        limits.spend("tokens", str(person.person_id), TRIES)
        gone = tokens.revoke(person.scope, person.person_id, number, clock, _actor(person))
        tell(request, answer(api_words.TOKEN_REVOKED, name=gone.name))
    except Unacceptable as refusal:
        tell(request, Answer(False, refusal.code, refusal.sentence))
    return redirect("tokens")


def _status(refusal: Unacceptable) -> int:
    return 403 if refusal.code == api_words.TOKEN_SIGN_IN_OLD.code else 400


def _context(request: HttpRequest, person: PersonInfo) -> dict[str, Any]:
    now = wiring.get().clock.now()
    return {
        "person": person,
        "here": "tokens",
        "tokens": [(one, one.expires_at <= now) for one in tokens.of_person(person.scope, person.person_id)],
        "is_fresh": tokens.is_fresh(person.scope, person.person_id, request.session[SIGN_IN], now),
        "choices": CHOICES,
        "chosen": tokens.DAYS,
        "address": settings.PUBLIC_URL + reverse("api:openapi"),
    }


def _actor(person: PersonInfo) -> Actor:
    return Actor("web", person.person_id)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
