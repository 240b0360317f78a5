"""To a mailbox's vendor and back: what is remembered meanwhile, and one address for everybody who comes back.

A page that sends somebody there says what for; the answer is looked at by whoever finishes that errand.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from crosstie.accounts import words
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.words import Unacceptable
from crosstie.jobs import consenting, wiring
from crosstie.mailboxes.graph.sign_in import SignIn

BEGUN = "mailbox-sign-in"
"""The session's key."""
PATIENCE = timedelta(minutes=10)
TRIES = 10
"""In a minute by one person: each asks a vendor."""


def leave(request: HttpRequest, begun: SignIn, person: PersonInfo, errand: str) -> HttpResponse:
    """A page that leads on, as with Salesforce (web/sign_in.py)."""
    request.session[BEGUN] = {
        "person": person.person_id,
        "errand": errand,
        "state": begun.state,
        "verifier": begun.verifier,
        "at": wiring.get().clock.now().isoformat(),
    }
    return render(request, "crosstie/leaving.html", {"url": begun.url, "to_mailbox": True})


def is_under_way(request: HttpRequest, person: PersonInfo) -> bool:
    """Somebody left for the vendor lately, and has not come back."""
    kept: dict[str, Any] | None = request.session.get(BEGUN)
    return kept is not None and kept["person"] == person.person_id and not _is_old(kept)


def take(request: HttpRequest) -> dict[str, Any] | None:
    """What was begun is forgotten before the answer is looked at, so that nothing can be played twice."""
    kept: dict[str, Any] | None = request.session.pop(BEGUN, None)
    return kept


def answered(request: HttpRequest, kept: dict[str, Any] | None, person: PersonInfo) -> SignIn:
    """What was begun. Raises Unacceptable for what is not its answer, and for a refusal."""
    if kept is None or kept["person"] != person.person_id or _is_old(kept):
        raise Unacceptable(words.SIGN_IN_STALE)
    begun = SignIn("", kept["state"], kept["verifier"])
    if "error" in request.GET:
        raise consenting.refused(begun, request.GET.get("state", ""), request.GET.get("error_description", ""))
    return begun


def redirect_uri() -> str:
    return f"{settings.PUBLIC_URL}{reverse('mailbox-sign-in-callback')}"


def _is_old(kept: dict[str, Any]) -> bool:
    return wiring.get().clock.now() - datetime.fromisoformat(kept["at"]) > PATIENCE
