"""Operators' own door: password, then second factor; and the page that an invitation leads to, once."""

from datetime import datetime, timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crosstie.accounts import admin_words, words
from crosstie.accounts.sign_in import operators, sign_ins
from crosstie.accounts.words import Phrase, Unacceptable
from crosstie.domain.address import canonical
from crosstie.jobs import wiring
from crosstie.web import known_browsers, limits
from crosstie.web.sign_in import let_in

PENDING = "operator"
"""The session's key for who gave the right password and owes the second factor."""
PATIENCE = timedelta(minutes=5)
TRIES = 5
"""Codes that may be wrong until the password is asked for again."""
BY_CALLER, BY_NAME = 20, 10
"""In a minute from one address, and of these for one name."""
BY_HOUR, HOUR = 50, timedelta(hours=1)
"""For one name, from wherever, in browsers in which its owner has not signed in yet; each of the others has
as many of its own, so that no stranger keeps them out.
"""
SALT = "crosstie.operator.secret"
PAGE_LIFE = 3600
"""Seconds that the page of an invitation may stay open."""


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "crosstie/operator.html")


@require_POST
@never_cache
@sensitive_post_parameters("password")
@sensitive_variables("password")
def password(request: HttpRequest) -> HttpResponse:
    name, given = request.POST.get("name", ""), request.POST.get("password", "")
    try:
        place = limits.place(request)
        limits.spend("operator", place, BY_CALLER)
        limits.spend("operator-name", f"{canonical(name)}\0{place}", BY_NAME)
        known = known_browsers.of(request, name)
        whose = f"{canonical(name)}\0{known}"
        limits.spend("operator-hour", whose, BY_HOUR, window=HOUR, said=admin_words.PASSWORD_WRONG)
    except Unacceptable as refusal:
        return _again(request, refusal.sentence, status=429)
    found = operators.by_password(name, given, wiring.get().clock)
    if found is None:
        return _again(request, admin_words.PASSWORD_WRONG.said())
    request.session.flush()
    now = wiring.get().clock.now().isoformat()
    request.session[PENDING] = {"operator": found, "name": name, "at": now, "wrong": 0}
    return render(request, "crosstie/operator_code.html")


@require_POST
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    house = wiring.get()
    pending = request.session.get(PENDING)
    if pending is None or house.clock.now() - datetime.fromisoformat(pending["at"]) > PATIENCE:
        request.session.pop(PENDING, None)
        return _again(request, words.SIGN_IN_STALE.said())
    try:
        limits.spend("operator", limits.place(request), BY_CALLER)
    except Unacceptable as refusal:
        return _again(request, refusal.sentence, status=429)
    given = request.POST.get("code", "")[:100]
    person = operators.by_code(pending["operator"], given, house.stores.vault(), house.clock)
    if person is None:
        return _wrong(request, pending)
    let_in(request, person, sign_ins.PASSWORD)
    answer = redirect("general" if person.mailbox_id else "sign-ins")
    known_browsers.know(answer, pending["name"])
    return answer


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("password", "again", "secret")
def welcome(request: HttpRequest) -> HttpResponse:
    """An invitation: a password and a second factor are chosen together, so that neither stands alone."""
    clock = wiring.get().clock
    try:
        limits.spend("invitation", limits.place(request), BY_CALLER)
        invited = operators.invited(_number(request.GET.get("operator", "")), request.GET.get("token", ""), clock)
    except Unacceptable as refusal:
        return _again(request, refusal.sentence)
    chosen = _secret(request.POST.get("secret", ""), invited.operator_id)
    secret = chosen or operators.new_secret(clock)
    sentence = "" if chosen or request.method == "GET" else admin_words.KEY_OLD.said()
    if chosen:
        try:
            codes = _enrol(request, invited.operator_id, secret)
        except Unacceptable as refusal:
            sentence = refusal.sentence
        else:
            answer = render(request, "crosstie/operator_codes.html", {"codes": codes})
            known_browsers.know(answer, invited.person.address)
            return answer
    uri = operators.enrolment_uri(secret, invited.person.address)
    context = {
        "sentence": sentence,
        "address": invited.person.address,
        "shown": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "uri": uri,
        "picture": operators.enrolment_picture(uri),
        "secret": signing.dumps([invited.operator_id, secret], salt=SALT),
    }
    return render(request, "crosstie/operator_welcome.html", context, status=400 if sentence else 200)


def _enrol(request: HttpRequest, operator_id: int, secret: str) -> list[str]:
    given = request.POST
    if given.get("password", "") != given.get("again", ""):
        raise Unacceptable(admin_words.PASSWORDS_DIFFER)
    house = wiring.get()
    return list(
        operators.enrol(
            operator_id,
            given.get("password", ""),
            secret,
            given.get("code", ""),
            house.stores.vault(),
            house.clock,
        )
    )


def _secret(sealed: str, operator_id: int) -> str:
    """That of the page which was filled in; empty where it is another's, or too old."""
    try:
        owner, secret = signing.loads(sealed, salt=SALT, max_age=PAGE_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(secret) if owner == operator_id else ""


def _wrong(request: HttpRequest, pending: dict[str, object]) -> HttpResponse:
    wrong = int(str(pending["wrong"])) + 1
    if wrong >= TRIES:
        request.session.flush()
        return _again(request, admin_words.CODE_WRONG.said())
    request.session[PENDING] = pending | {"wrong": wrong}
    return _say(request, "crosstie/operator_code.html", admin_words.CODE_WRONG)


def _say(request: HttpRequest, template: str, phrase: Phrase) -> HttpResponse:
    return render(request, template, {"sentence": phrase.said()}, status=403)


def _again(request: HttpRequest, sentence: str, status: int = 403) -> HttpResponse:
    context = {"sentence": sentence, "name": request.POST.get("name", "")[:254]}
    return render(request, "crosstie/operator.html", context, status=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
