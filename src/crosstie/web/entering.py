"""From Mend to Salesforce, for an org that is entered with somebody's sign-in; and everybody's way back."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crosstie.accounts import words
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import orgs
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.jobs import entering
from crosstie.jobs.signing_in import Given
from crosstie.salesforce.sign_in import SignIn
from crosstie.store.models import Role
from crosstie.store.sql import org_of
from crosstie.web import connection_forms, limits, mend, org_connections, org_sign_in, sign_in
from crosstie.web.visits import signed_in, tell

ERRAND = "mend"
"""What somebody is sent to Salesforce for (web/org_sign_in.py)."""
Finish = Callable[[PersonInfo, dict[str, Any], SignIn, Given], Answer]


@require_POST
@signed_in
def begin(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    try:
        limits.spend("mend", str(person.person_id), mend.TRIES)
        trouble = mend.named(request.POST.get("trouble", ""), person, lambda card: card.org_sign_in)
        begun = entering.begin(trouble, org_sign_in.redirect_uri())
    except Unacceptable as refusal:
        return mend.refused(request, refusal.sentence)
    return org_sign_in.leave(request, begun, ERRAND, {"org": org_of(trouble.scope)})


@require_GET
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """Somebody comes back from Salesforce, who is let in here, or lets us in there."""
    if org_sign_in.BEGUN in request.session:
        answer: HttpResponse = _finish(request)
        return answer
    return sign_in.callback(request, org_sign_in.WAY.value)


@signed_in
def _finish(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    kept = org_sign_in.take(request)  # its beginning was counted
    finish, page = ERRANDS[kept["errand"]]
    try:
        _check(person)
        said = finish(person, kept["what"], org_sign_in.begun_of(kept), sign_in.given(request))
        connection_forms.forget(request)
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    tell(request, said)
    return redirect(page)


def _check(person: PersonInfo) -> None:
    """Whoever left may have been made less than an administrator since."""
    if person.role != Role.PLATFORM_ADMIN:
        raise Unacceptable(words.NOT_ADMIN)


def _mended(person: PersonInfo, what: dict[str, Any], begun: SignIn, given: Given) -> Answer:
    if orgs.get(what["org"]).scope.tenant_id != person.scope.tenant_id:
        raise Unacceptable(words.NOT_ADMIN)
    actor = Actor("web", person.person_id)
    return entering.finish(what["org"], begun, given, org_sign_in.redirect_uri(), actor)


ERRANDS: dict[str, tuple[Finish, str]] = {
    ERRAND: (_mended, "mend"),
    org_connections.ERRAND: (org_connections.finish, "connections"),
}
"""What finishes it, and the page that goes on with what that said."""
