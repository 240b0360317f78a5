"""Who registered themselves shows that their address is theirs: to its vendor and back, and on to the mailbox.

The way back is the one of signing in here, as of signing in for an org (web/entering.py).
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crosstie.accounts import people, words
from crosstie.accounts.activation import setting_up
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import proving_words, registering, signing_in
from crosstie.accounts.sign_in.signing_in import Door, Way
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.jobs import signing_in as acts
from crosstie.jobs import wiring
from crosstie.openid import Begun
from crosstie.web import connecting, limits, mailbox_sign_in, sign_in, wizard
from crosstie.web.visits import signed_in, tell

ERRANDS: dict[str, tuple[Callable[[HttpRequest, PersonInfo], HttpResponse], str]] = {
    connecting.ERRAND: (connecting.go_on, "activation"),
    wizard.ERRAND: (wizard.go_on, "register-mailbox"),
}
"""What it is wanted for: how that goes on, and the page that it is wanted on."""


@require_POST
@signed_in
def begin(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    errand = request.POST.get("errand", "")
    errand = errand if errand in ERRANDS else connecting.ERRAND
    try:
        limits.spend("mailbox-sign-in", str(person.person_id), mailbox_sign_in.TRIES)
        door = _door(person, request.POST.get("way", ""))
        kept = {"person": person.person_id, "errand": errand}
        return sign_in.leave(request, door, reverse(ERRANDS[errand][1]), whose=person.address, besides=kept)
    except Unacceptable as refusal:
        return _to_page(request, errand, Answer(False, refusal.code, refusal.sentence))


@require_GET
@never_cache
def back(request: HttpRequest, way: str) -> HttpResponse:
    """From Microsoft or Google, be it to be let in here, or to show that an address is one's own."""
    if "errand" in request.session.get(sign_in.BEGUN, {}):
        answer: HttpResponse = _finish(request, way)
        return answer
    return sign_in.callback(request, way)


@signed_in
def _finish(request: HttpRequest, person: PersonInfo, way: str) -> HttpResponse:
    """What was begun is forgotten before the answer is looked at, so that nothing can be played twice."""
    kept: dict[str, Any] = request.session.pop(sign_in.BEGUN)
    try:
        said = _proven(request, person, sign_in.fresh(kept, way))
    except Unacceptable as refusal:
        return _to_page(request, kept["errand"], Answer(False, refusal.code, refusal.sentence))
    person = people.get(person.scope, person.person_id)
    if setting_up.situation(person, wiring.get().clock.now()).stage in setting_up.CONNECTABLE:
        return ERRANDS[kept["errand"]][0](request, person)
    return _to_page(request, kept["errand"], said)


def _proven(request: HttpRequest, person: PersonInfo, kept: dict[str, Any]) -> Answer:
    if kept["person"] != person.person_id:
        raise Unacceptable(words.SIGN_IN_STALE)
    door = signing_in.again(Way(kept["way"]), kept["door"])
    begun, given = Begun(**kept["begun"]), sign_in.given(request)
    return acts.prove(person, door, begun, given, sign_in.redirect_uri(door.way))


def _door(person: PersonInfo, way: str) -> Door:
    for door in signing_in.of_company(person.scope):
        if door.way == way:
            return door
    whom = registering.whom_to_ask(person.scope)
    raise Unacceptable(proving_words.PROOF_OWED, own=person.address, whom=whom)


def _to_page(request: HttpRequest, errand: str, said: Answer) -> HttpResponse:
    tell(request, said)
    return redirect(ERRANDS[errand][1])
