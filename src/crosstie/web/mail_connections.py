"""What an administrator does on Connections about Microsoft 365: let the app in, and check that it is.

Who allows it comes back to the address of all mailboxes' sign-ins (web/returning.py).
"""

import hmac
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import consent_words
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.trouble import advice
from crosstie.accounts.words import NOT_ADMIN, Answer, Unacceptable
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import company_consent, wiring
from crosstie.jobs.company_consent import Claimed, Wish
from crosstie.openid import Begun
from crosstie.store.models import Role
from crosstie.web import connection_forms, connections, limits, mailbox_sign_in
from crosstie.web.connection_forms import FIELDS, Form
from crosstie.web.org_connections import TRIES
from crosstie.web.visits import signed_in, tell

BEGUN = "company-consent"
"""The session's key."""
NAMES = FIELDS[Form.MICROSOFT]


@require_POST
@signed_in
def begin(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """A page that leads on to Microsoft."""
    try:
        limits.spend("connections", str(person.person_id), TRIES)
        wanted = company_consent.wish(person.scope, *(request.POST.get(name, "") for name in NAMES))
        secret = request.POST.get("client_secret", "")
        url, state = company_consent.begin(person, wanted, secret, mailbox_sign_in.redirect_uri())
    except Unacceptable as refusal:
        return connections.refused(request, person, Form.MICROSOFT, refusal)
    connection_forms.leave_with(request, connection_forms.typed(request, Form.MICROSOFT))
    request.session[BEGUN] = {
        "person": person.person_id,
        "wish": [getattr(wanted, name) for name in NAMES],
        "state": state,
        "at": wiring.get().clock.now().isoformat(),
    }
    return render(request, "crosstie/leaving.html", {"url": url, "vendor": "Microsoft"})


def is_answer(request: HttpRequest) -> bool:
    """Whether the browser brings back what was begun here, rather than somebody's own sign-in or a letter's."""
    kept: dict[str, Any] | None = request.session.get(BEGUN)
    state = request.GET.get("state", "")
    if kept is None:
        return False
    if "begun" in kept:  # who allowed it has gone on to sign in
        return hmac.compare_digest(state.encode(), str(kept["begun"]["state"]).encode())
    if "code" in request.GET:
        return False
    is_ours = hmac.compare_digest(state.encode(), str(kept["state"]).encode())
    return bool(state) and ("admin_consent" in request.GET or is_ours)


@signed_in
def back(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """From the consent, and then from the sign-in that proves whose it was.

    What was begun is forgotten before the answer is looked at, so that nothing can be played twice. Each answer
    is to a beginning, which was counted: the answer itself is not, or a consent that was given would be lost.
    """
    kept: dict[str, Any] = request.session.pop(BEGUN)
    given = {name: request.GET[name] for name in request.GET}
    try:
        _check(kept, person)
        wanted, here = Wish(*kept["wish"]), mailbox_sign_in.redirect_uri()
        if "begun" not in kept:
            claimed = company_consent.consented(person, wanted, kept["state"], given, here)
            begun = {"directory": claimed.directory, "begun": asdict(claimed.begun)}
            request.session[BEGUN] = kept | begun
            return redirect(claimed.url)
        claimed = Claimed(kept["directory"], "", Begun(**kept["begun"]))
        actor = Actor("web", person.person_id)
        said = company_consent.finish(person, wanted, claimed, given, here, actor)
        connection_forms.forget(request)
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    return _said(request, said)


@require_POST
@signed_in
def check(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """The page, with what came of it; that is not kept."""
    inside, outside = request.POST.get("inside", "")[:320], request.POST.get("outside", "")[:320]
    given: dict[str, Any] = {"inside": inside, "outside": outside}
    try:
        limits.spend("connections", str(person.person_id), TRIES)
        found = company_consent.check(person.scope, inside, outside)
        given["lines"] = [connections.line(one.level, one.words) for one in found]
    except Unacceptable as refusal:
        given["trouble"] = refusal.sentence
    except CrosstieError as error:
        given["trouble"] = advice.for_error(error)
    return connections.shown(request, person, check=given, status=400 if "trouble" in given else 200)


def _check(kept: dict[str, Any], person: PersonInfo) -> None:
    """Whoever left may have been away for long, be somebody else now, or less than an administrator."""
    late = wiring.get().clock.now() - datetime.fromisoformat(kept["at"]) > mailbox_sign_in.PATIENCE
    if late or kept["person"] != person.person_id:
        raise Unacceptable(consent_words.CONSENT_STALE)
    if person.role != Role.PLATFORM_ADMIN:
        raise Unacceptable(NOT_ADMIN)


def _said(request: HttpRequest, answer: Answer) -> HttpResponse:
    tell(request, answer)
    return redirect("connections")
