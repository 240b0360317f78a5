"""What an administrator does on Connections about Salesforce: connect the account, as it or by certificate."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from crosstie.accounts import words
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import service_words
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.jobs import fields, preflight, service_accounts
from crosstie.jobs.service_accounts import Wish
from crosstie.jobs.signing_in import Given
from crosstie.salesforce.sign_in import SignIn
from crosstie.web import connection_forms, connections, limits, org_sign_in
from crosstie.web.connection_forms import Form
from crosstie.web.visits import signed_in, tell

ERRAND = "connect"
"""What somebody is sent to Salesforce for (web/org_sign_in.py)."""
TRIES = 30
"""In a minute by one person: each asks a vendor."""
LARGEST_KEY = 20_000
"""Bytes."""


@require_POST
@signed_in
def begin(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """A page that leads on to Salesforce."""
    same = "same" in request.POST
    try:
        limits.spend("connections", str(person.person_id), TRIES)
        wanted = _again(request, person) if same else _wish(request, person)
        begun = service_accounts.begin(person, wanted, _text(request, "client_secret"), org_sign_in.redirect_uri())
    except Unacceptable as refusal:
        if same:
            return said(request, Answer(False, refusal.code, refusal.sentence))
        return connections.refused(request, person, Form.SIGN_IN, refusal)
    if not same:
        connection_forms.leave_with(request, connection_forms.typed(request, Form.SIGN_IN))
    what = {"login": wanted.login_url, "client": wanted.client_id, "org": wanted.org_id, "same": wanted.same}
    return org_sign_in.leave(request, begun, ERRAND, what)


def finish(person: PersonInfo, what: dict[str, Any], begun: SignIn, given: Given) -> Answer:
    """Raises Unacceptable."""
    wanted = Wish(what["login"], what["client"], what["org"], same=what["same"])
    return service_accounts.finish(person, wanted, begun, given, org_sign_in.redirect_uri(), _actor(person))


@require_POST
@signed_in
def certificate(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    username, secret, actor = _text(request, "username"), _text(request, "client_secret"), _actor(person)
    try:
        limits.spend("connections", str(person.person_id), TRIES)
        wanted = _wish(request, person)
        found = service_accounts.by_certificate(person.scope, wanted, username, _key(request), secret, actor)
    except Unacceptable as refusal:
        return connections.refused(request, person, Form.CERTIFICATE, refusal)
    return said(request, found)


@require_POST
@signed_in
def check(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """Whether the account is let in as things stand."""

    def act(actor: Actor) -> Answer:
        return service_accounts.renew(person.scope, _org(request) or 0, actor)

    return _act(request, person, act)


@require_POST
@signed_in
def look(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """What the org has and lacks; the page shows how far that is."""

    def act(_actor: Actor) -> Answer:
        found = service_accounts.org(person.scope, _org(request) or 0)
        if found is None:
            raise Unacceptable(service_words.ORG_NOT_YOURS)
        preflight.begin(found.scope)
        return words.answer(service_words.LOOKING)

    return _act(request, person, act)


@require_POST
@signed_in
def make(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """Our fields, as the page said it would."""

    def act(actor: Actor) -> Answer:
        found = service_accounts.org(person.scope, _org(request) or 0)
        if found is None:
            raise Unacceptable(service_words.ORG_NOT_YOURS)
        fields.begin(found.scope, actor)
        return words.answer(service_words.MAKING)

    return _act(request, person, act)


def _act(request: HttpRequest, person: PersonInfo, act: Any) -> HttpResponse:
    try:
        limits.spend("connections", str(person.person_id), TRIES)
        found = act(_actor(person))
    except Unacceptable as refusal:
        found = Answer(False, refusal.code, refusal.sentence)
    return said(request, found)


def said(request: HttpRequest, answer: Answer) -> HttpResponse:
    tell(request, answer)
    return redirect("connections")


def _wish(request: HttpRequest, person: PersonInfo) -> Wish:
    place = _text(request, "place")
    login = connection_forms.PLACES.get(place) or _text(request, "address")
    return service_accounts.wish(person.scope, login, _text(request, "client_id"), _org(request))


def _again(request: HttpRequest, person: PersonInfo) -> Wish:
    return service_accounts.as_it_is(person.scope, _org(request))


def _org(request: HttpRequest) -> int | None:
    """The one that the form is about; none where nothing is connected yet."""
    wanted = request.POST.get("org", "")
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else None


def _actor(person: PersonInfo) -> Actor:
    return Actor("web", person.person_id)


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "")


def _key(request: HttpRequest) -> str:
    """As a file or pasted; the file counts where both are there."""
    given = request.FILES.get("key_file")
    if not isinstance(given, UploadedFile):
        return _text(request, "key")[:LARGEST_KEY]
    if (given.size or 0) > LARGEST_KEY:
        raise Unacceptable(service_words.KEY_BAD)
    raw: bytes = given.read()
    return raw.decode("ascii", "replace")
