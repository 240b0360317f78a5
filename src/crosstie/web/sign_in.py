"""Signing in by the provider of identities of one's company, and out."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from crosstie.accounts import people, words
from crosstie.accounts.audit import WEB, Actor
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import refused_sign_ins, sign_ins, signing_in
from crosstie.accounts.sign_in.signing_in import Door, Stranger, Way
from crosstie.accounts.words import Unacceptable
from crosstie.jobs import registering, wiring
from crosstie.jobs import signing_in as acts
from crosstie.openid import Begun
from crosstie.store.models import Scope
from crosstie.web import language, limits, newcomers
from crosstie.web.visits import SIGN_IN, arrive

BEGUN = "sign-in"
"""The session's key for what is remembered between leaving for the provider and coming back."""
PATIENCE = timedelta(minutes=10)
BACKEND = "django.contrib.auth.backends.ModelBackend"
BEGINNINGS, RETURNS = 120, 240
"""From one address in a minute; a whole company may come from one."""
NOTHING: Mapping[str, Any] = {}


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_safe_next(request, request.GET.get("next", "")))
    return _page(request)


@require_POST
@never_cache
def begin(request: HttpRequest, way: str) -> HttpResponse:
    """A page that leads on: a redirect would fall under form-action, which knows no foreign host."""
    try:
        limits.spend("sign-in", limits.place(request), BEGINNINGS)
        door = signing_in.find(Way(way), request.POST.get("company", ""))
        return leave(request, door, _safe_next(request, request.POST.get("next", "")))
    except Unacceptable as refusal:
        return _page(request, refusal.sentence, status=503 if refusal.code == words.SIGN_IN_AWAY.code else 400)


def leave(
    request: HttpRequest, door: Door, then: str, *, whose: str = "", besides: Mapping[str, Any] = NOTHING
) -> HttpResponse:
    """To the provider; `then` is the page of ours that it goes on with, `whose` the address of the account that is
    asked for there, and `besides` what else is to be remembered. Raises Unacceptable.
    """
    url, begun = acts.begin(door, redirect_uri(door.way), whose)
    request.session[BEGUN] = {
        "way": door.way.value,
        "door": door.key,
        "site": door.site,
        "begun": asdict(begun),
        "at": wiring.get().clock.now().isoformat(),
        "next": then,
        **besides,
    }
    return render(request, "crosstie/leaving.html", {"url": url, "vendor": door.way.vendor})


@require_GET
@never_cache
def callback(request: HttpRequest, way: str) -> HttpResponse:
    """What was begun is forgotten before the answer is looked at, so that nothing can be played twice.

    Each provider comes back to an address of its own, so that none can answer for another.
    """
    kept: dict[str, Any] | None = request.session.pop(BEGUN, None)
    door: Door | None = None
    try:
        limits.spend("sign-in-return", limits.place(request), RETURNS)
        kept = fresh(kept, way)
        door = signing_in.again(Way(way), kept["door"], kept.get("site", ""))
        person = acts.finish(door, Begun(**kept["begun"]), given(request), redirect_uri(door.way))
    except Stranger as stranger:
        return _welcome(request, stranger)
    except Unacceptable as refusal:
        if door:
            _refused(door.way, door.scope, refusal.code)
        to_send = refusal.code == words.SIGN_IN_OTHER_ORG.code
        return _page(request, refusal.sentence, status=403, to_send=to_send)
    let_in(request, person, way)
    return redirect(kept["next"])


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """`next` is the page that whoever signs in again goes on with."""
    person = arrive(request, active=True)
    if person:
        clock, actor = wiring.get().clock, Actor(WEB, person.person_id)
        sign_ins.end(person, request.session[SIGN_IN], clock, actor)
    auth.logout(request)
    then = urlencode({"next": request.POST["next"]}) if "next" in request.POST else ""
    return redirect(f"{reverse('sign-in')}?{then}" if then else "sign-in")


def fresh(kept: dict[str, Any] | None, way: str) -> dict[str, Any]:
    if kept is None or kept.get("way") != way:
        raise Unacceptable(words.SIGN_IN_STALE)
    if wiring.get().clock.now() - datetime.fromisoformat(kept["at"]) > PATIENCE:
        raise Unacceptable(words.SIGN_IN_STALE)
    return kept


def given(request: HttpRequest) -> acts.Given:
    answer = request.GET
    return acts.Given(*(answer.get(name, "") for name in ("state", "code", "error", "iss", "error_description")))


def let_in(request: HttpRequest, person: PersonInfo, way: str) -> None:
    """In a session with a new key, and with nothing of the old one."""
    request.session.flush()
    auth.login(request, people.login(person.scope, person.person_id), backend=BACKEND)
    agent = request.headers.get("User-Agent", "")
    language.remember(request, person)
    request.session[SIGN_IN] = sign_ins.begin(person, way, limits.caller(request), agent, wiring.get().clock)


def _welcome(request: HttpRequest, stranger: Stranger) -> HttpResponse:
    """Offer an account to somebody who has none, or say whom to ask for one."""
    try:
        registering.meet(stranger.org, stranger.crm_user_id)
    except Unacceptable as refusal:
        _refused(Way.SALESFORCE, stranger.org.scope, refusal.code)
        return _page(request, refusal.sentence, status=403)
    newcomers.keep(request, stranger)
    return redirect("register-account")


def _refused(way: Way, scope: Scope, code: str) -> None:
    refused_sign_ins.note(scope, way.value, code, wiring.get().clock)


def _page(request: HttpRequest, sentence: str = "", status: int = 200, *, to_send: bool = False) -> HttpResponse:
    """`to_send`: an administrator could connect the org that somebody came from."""
    asked = request.GET if request.method in ("GET", "HEAD") else request.POST
    context = {
        "sentence": sentence,
        "to_send": to_send,
        "ways": [(reverse(_BEGIN[way]), way.vendor) for way in signing_in.ways()],
        "needs_company": signing_in.needs_company(),
        "company": asked.get("company", ""),
        "next": _safe_next(request, asked.get("next", "")),
    }
    return render(request, "crosstie/sign_in.html", context, status=status)


_BEGIN = {Way.SALESFORCE: "sign-in-begin", Way.MICROSOFT: "sign-in-microsoft", Way.GOOGLE: "sign-in-google"}
_BACK = {
    Way.SALESFORCE: "sign-in-callback",
    Way.MICROSOFT: "sign-in-microsoft-callback",
    Way.GOOGLE: "sign-in-google-callback",
}


def redirect_uri(way: Way) -> str:
    return f"{settings.PUBLIC_URL}{reverse(_BACK[way])}"


def _safe_next(request: HttpRequest, wanted: str) -> str:
    """A page of this server, or the first one."""
    hosts_allowed = {request.get_host()}
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, hosts_allowed, request.is_secure()
    )
    return wanted if is_ours else reverse("general")
