"""From Mend to Salesforce and back, for an org that is entered with somebody's sign-in.

The way back is the one of signing in here: it is what the app at Salesforce knows already.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crosstie.accounts import orgs, words
from crosstie.accounts.audit import Actor
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.signing_in import Way
from crosstie.accounts.words import Unacceptable
from crosstie.jobs import entering, wiring
from crosstie.salesforce.sign_in import SignIn
from crosstie.store.models import Role
from crosstie.store.sql import org_of
from crosstie.web import limits, mailbox_sign_in, mend, sign_in
from crosstie.web.visits import signed_in, tell

BEGUN = "mend-org"
WAY = Way.SALESFORCE


@require_POST
@signed_in
def begin(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """A page that leads on to Salesforce, as signing in here does."""
    try:
        limits.spend("mend", str(person.person_id), mend.TRIES)
        trouble = mend.named(request.POST.get("trouble", ""), person, lambda card: card.org_sign_in)
        begun = entering.begin(trouble, sign_in.redirect_uri(WAY))
    except Unacceptable as refusal:
        return mend.refused(request, refusal.sentence)
    request.session[BEGUN] = {
        "org": org_of(trouble.scope),
        "begun": [begun.state, begun.verifier, begun.nonce],
        "at": wiring.get().clock.now().isoformat(),
    }
    return render(request, "crosstie/leaving.html", {"url": begun.url, "vendor": WAY.vendor})


@require_GET
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """Somebody comes back from Salesforce, who is let in here, or lets us in there."""
    answer: HttpResponse = _finish(request) if BEGUN in request.session else sign_in.callback(request, WAY.value)
    return answer


@signed_in
def _finish(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """What was begun is forgotten before the answer is looked at, so that nothing can be played twice."""
    kept: dict[str, Any] = request.session.pop(BEGUN)
    try:
        limits.spend("mend", str(person.person_id), mend.TRIES)
        _check(kept, person)
        begun, actor = SignIn("", *kept["begun"]), Actor("web", person.person_id)
        said = entering.finish(kept["org"], begun, sign_in.given(request), sign_in.redirect_uri(WAY), actor)
    except Unacceptable as refusal:
        return mend.refused(request, refusal.sentence)
    tell(request, said)
    return redirect("mend")


def _check(kept: dict[str, Any], person: PersonInfo) -> None:
    """Whoever left may have been away for long, or been made less than an administrator since."""
    if wiring.get().clock.now() - datetime.fromisoformat(kept["at"]) > mailbox_sign_in.PATIENCE:
        raise Unacceptable(words.SIGN_IN_STALE)
    if person.role != Role.PLATFORM_ADMIN or orgs.get(kept["org"]).scope.tenant_id != person.scope.tenant_id:
        raise Unacceptable(words.NOT_ADMIN)
