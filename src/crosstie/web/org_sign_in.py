"""To Salesforce and back on behalf of an org: what is remembered meanwhile.

The way back is the one of signing in here (web/entering.py): it is what the app at Salesforce knows already.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crosstie.accounts import words
from crosstie.accounts.sign_in.signing_in import Way
from crosstie.accounts.words import Unacceptable
from crosstie.jobs import wiring
from crosstie.salesforce.sign_in import SignIn
from crosstie.web import mailbox_sign_in, sign_in

BEGUN = "org-sign-in"
"""The session's key."""
WAY = Way.SALESFORCE


def leave(request: HttpRequest, begun: SignIn, errand: str, what: Mapping[str, Any]) -> HttpResponse:
    """A page that leads on to Salesforce, as signing in here does."""
    request.session[BEGUN] = {
        "errand": errand,
        "what": dict(what),
        "begun": [begun.state, begun.verifier, begun.nonce],
        "at": wiring.get().clock.now().isoformat(),
    }
    return render(request, "crosstie/leaving.html", {"url": begun.url, "vendor": WAY.vendor})


def take(request: HttpRequest) -> dict[str, Any]:
    """What was begun is forgotten before the answer is looked at, so that nothing can be played twice."""
    kept: dict[str, Any] = request.session.pop(BEGUN)
    return kept


def begun_of(kept: Mapping[str, Any]) -> SignIn:
    """Raises Unacceptable where whoever left was away for long."""
    if wiring.get().clock.now() - datetime.fromisoformat(kept["at"]) > mailbox_sign_in.PATIENCE:
        raise Unacceptable(words.SIGN_IN_STALE)
    return SignIn("", *kept["begun"])


def redirect_uri() -> str:
    return sign_in.redirect_uri(WAY)
