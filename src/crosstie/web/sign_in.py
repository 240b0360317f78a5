"""Signing in with Salesforce, and out."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from crosstie.accounts import advice, audit, orgs, people, signing_in, words
from crosstie.accounts.audit import Actor, Deed
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.words import Unacceptable
from crosstie.domain.errors import CrosstieError, NeedsConsent, Refused
from crosstie.jobs import wiring
from crosstie.salesforce import hosts, sign_in
from crosstie.salesforce.auth import OrgConnection, Token
from crosstie.web import limits

BEGUN = "sign-in"
"""The session's key for what is remembered between leaving for Salesforce and coming back."""
PATIENCE = timedelta(minutes=10)
SCOPE = "id"
"""Whose account it is, and nothing else: what we do in Salesforce is not done with this token."""
BACKEND = "django.contrib.auth.backends.ModelBackend"
BEGINNINGS, RETURNS = 120, 240
"""From one address in a minute; a whole company may come from one."""


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_safe_next(request, request.GET.get("next", "")))
    return _page(request)


@require_POST
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """A page that leads on to Salesforce: a redirect would fall under form-action, which knows no foreign host."""
    try:
        limits.spend("sign-in", limits.caller(request), BEGINNINGS)
        org = signing_in.find_org(request.POST.get("company", ""))
        house = wiring.get()
        begun = sign_in.begin(
            house.crm.authority, house.sign_in_connection(org.org_id), _redirect_uri(), scope=SCOPE
        )
    except Unacceptable as refusal:
        return _page(request, refusal.sentence, status=400)
    except CrosstieError as error:
        return _page(request, advice.for_error(error), status=503)
    request.session[BEGUN] = {
        "org": org.org_id,
        "state": begun.state,
        "verifier": begun.verifier,
        "nonce": begun.nonce,
        "at": house.clock.now().isoformat(),
        "next": _safe_next(request, request.POST.get("next", "")),
    }
    return render(request, "crosstie/leaving.html", {"url": begun.url})


@require_GET
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """What was begun is forgotten before the answer is looked at, so that nothing can be played twice."""
    kept: dict[str, Any] | None = request.session.pop(BEGUN, None)
    try:
        limits.spend("sign-in-return", limits.caller(request), RETURNS)
        begun = _fresh(kept)
        person = _identify(request, begun)
    except Unacceptable as refusal:
        return _page(request, refusal.sentence, status=403)
    except CrosstieError as error:
        return _page(request, _why_not(error), status=403)
    user = people.login(person.scope, person.person_id)
    auth.login(request, user, backend=BACKEND)
    deed = Deed(wiring.get().clock.now(), Actor("web", person.person_id), "person.sign-in")
    audit.record(person.scope, deed)
    return redirect(begun["next"])


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect("sign-in")


def _fresh(kept: dict[str, Any] | None) -> dict[str, Any]:
    if kept is None or wiring.get().clock.now() - datetime.fromisoformat(kept["at"]) > PATIENCE:
        raise Unacceptable(words.SIGN_IN_STALE)
    return kept


def _identify(request: HttpRequest, kept: dict[str, Any]) -> PersonInfo:
    house = wiring.get()
    authority, connection = house.crm.authority, house.sign_in_connection(kept["org"])
    begun = sign_in.SignIn("", kept["state"], kept["verifier"], kept["nonce"])
    given = request.GET
    if given.get("iss"):  # RFC 9207: not every org sends it, but a foreign one is a mix-up
        hosts.answered_origin(given["iss"], authority.login(connection))
    if "error" in given:
        raise Unacceptable(words.SIGN_IN_DENIED)
    token, identity = sign_in.finish(
        authority,
        connection,
        begun,
        state=given.get("state", ""),
        code=given.get("code", ""),
        redirect_uri=_redirect_uri(),
    )
    _end(token, connection)
    return signing_in.who(orgs.get(kept["org"]), identity.org_id, identity.user_id)


def _end(token: Token, connection: OrgConnection) -> None:
    """We know who it is; the session at Salesforce that told us is of no further use."""
    try:
        wiring.get().crm.authority.revoke(connection, token.access_token)
    except CrosstieError:
        return


def _why_not(error: CrosstieError) -> str:
    if error.code == "CRM-SIGN-IN-STATE":
        return words.SIGN_IN_STALE.text
    if isinstance(error, Refused) or error.code in ("CRM-IDENTITY", "CRM-SIGN-IN-NONCE"):
        return words.SIGN_IN_FOREIGN.text
    if isinstance(error, NeedsConsent) and error.code == "CRM-TOKEN-GRANT":
        return words.SIGN_IN_STALE.text
    return advice.for_error(error)


def _page(request: HttpRequest, sentence: str = "", status: int = 200) -> HttpResponse:
    given = request.GET if request.method in ("GET", "HEAD") else request.POST
    context = {
        "sentence": sentence,
        "needs_company": signing_in.needs_company(),
        "company": given.get("company", ""),
        "next": _safe_next(request, given.get("next", "")),
    }
    return render(request, "crosstie/sign_in.html", context, status=status)


def _redirect_uri() -> str:
    return f"{settings.PUBLIC_URL}{reverse('sign-in-callback')}"


def _safe_next(request: HttpRequest, wanted: str) -> str:
    """A page of this server, or the first one."""
    hosts_allowed = {request.get_host()}
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, hosts_allowed, request.is_secure()
    )
    return wanted if is_ours else reverse("general")
