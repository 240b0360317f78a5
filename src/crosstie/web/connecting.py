"""Set up sync: where somebody stands with their mailbox, what connecting it does, and the button to press next."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts.activation import setting_up
from crosstie.accounts.activation.setting_up import Stage
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import connecting_words
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import registering, signing_in
from crosstie.accounts.trouble import advice, letters, mending
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import connecting, wiring
from crosstie.mailboxes.graph.sign_in import SignIn
from crosstie.web import limits, mailbox_sign_in, mend
from crosstie.web.visits import signed_in, tell

NOW = timedelta()
"""For how long the first session waits."""
Back = Callable[[HttpRequest, PersonInfo, Answer], HttpResponse]
ERRAND = "connect"
"""What somebody is sent to their mailbox's vendor for (web/mailbox_sign_in.py)."""
NEEDS_ADMIN = "needs-admin"
"""The session's key: Microsoft has said that an administrator is needed, and nobody has connected since."""
BADGES = {
    Stage.HINDERED: (_("Not set up"), "calm"),
    Stage.NOT_SET_UP: (_("Not set up"), "calm"),
    Stage.LEFT: (_("Not set up"), "calm"),
    Stage.LEAVING: (_("Being disconnected"), "busy"),
    Stage.ACTIVE: (_("Active"), "good"),
    Stage.PAUSED: (_("Paused"), "calm"),
    Stage.STANDING: (_("Suspended"), "bad"),
    Stage.DISABLED: (_("Switched off"), "calm"),
}
WAITING = (_("Waiting for consent"), "busy")


@require_safe
@signed_in
def page(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    return render(request, "crosstie/activation.html", shown(request, person, ERRAND))


@require_POST
@signed_in
def connect(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    return go_on(request, person)


def go_on(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    return go(request, person, ERRAND, back)


def go(request: HttpRequest, person: PersonInfo, errand: str, back: Back, grace: timedelta = NOW) -> HttpResponse:
    """To the vendor's sign-in; at once where the administrator granted access to all mailboxes."""
    try:
        limits.spend("mailbox-sign-in", str(person.person_id), mailbox_sign_in.TRIES)
        found = setting_up.situation(person, wiring.get().clock.now())
        if found.way and not found.by_sign_in:
            actor = Actor("web", person.person_id)
            return back(request, person, connecting.at_once(person, actor, grace))
        begun = connecting.begin(person, mailbox_sign_in.redirect_uri(), choose="choose" in request.POST)
    except Unacceptable as refusal:
        return back(request, person, Answer(False, refusal.code, refusal.sentence))
    except CrosstieError as error:
        return back(request, person, Answer(False, error.code, advice.for_error(error)))
    return mailbox_sign_in.leave(request, begun, person, errand)


def finish(person: PersonInfo, begun: SignIn, given: tuple[str, str], grace: timedelta = NOW) -> Answer:
    """Raises Unacceptable and CrosstieError."""
    actor = Actor("web", person.person_id)
    return connecting.finish(person, begun, given, mailbox_sign_in.redirect_uri(), actor, grace)


def back(request: HttpRequest, _person: PersonInfo, said: Answer) -> HttpResponse:
    tell(request, said)
    if said.code == connecting_words.CONNECT_ADMIN.code:
        request.session[NEEDS_ADMIN] = True
        return redirect("activation-letter")
    if said.ok:
        request.session.pop(NEEDS_ADMIN, None)
        return redirect("general")
    return redirect("activation")


@require_safe
@signed_in
def later(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """Not now: what does not work until then."""
    return render(request, "crosstie/later.html", {"person": person})


@require_safe
@signed_in
def letter(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """What to send an administrator who has to allow it first."""
    try:
        url = connecting.admin_consent_url(person, mailbox_sign_in.redirect_uri())
    except Unacceptable as refusal:
        tell(request, Answer(False, refusal.code, refusal.sentence))
        return redirect("activation")
    except CrosstieError as error:
        tell(request, Answer(False, error.code, advice.for_error(error)))
        return redirect("activation")
    found = letters.consent(person.name, url)
    mailto = f"mailto:?subject={quote(found.subject)}&body={quote(found.body)}"
    context = {"person": person, "letter": found, "url": url, "mailto": mailto}
    return render(request, "crosstie/letter.html", context)


def shown(request: HttpRequest, person: PersonInfo, errand: str) -> dict[str, Any]:
    """Where the person stands; `errand` is what they are on the page for."""
    found = setting_up.situation(person, wiring.get().clock.now())
    connectable = found.stage in setting_up.CONNECTABLE
    under_way = mailbox_sign_in.is_under_way(request, person) or NEEDS_ADMIN in request.session
    waiting = connectable and under_way
    badge, tone = WAITING if waiting else BADGES[found.stage]
    ref = found.mailbox
    trouble = mending.of_mailbox(ref.scope, ref.mailbox_id) if ref and found.stage is Stage.STANDING else None
    return {
        "person": person,
        "found": found,
        "badge": badge,
        "tone": tone,
        "waiting": waiting,
        "needs_admin": waiting and NEEDS_ADMIN in request.session,
        "connectable": connectable,
        "permissions": connecting_words.permissions(),
        "proof": None if person.address_proven or (connectable and found.by_sign_in) else _proof(person, errand),
        "card": mend.card(trouble, person, is_mine=True) if trouble else None,
    }


def _proof(person: PersonInfo, errand: str) -> dict[str, Any]:
    """How somebody shows that their address is theirs: at whom, and who else can say so."""
    ways = [(door.way.value, door.way.vendor) for door in signing_in.of_company(person.scope)]
    return {"errand": errand, "ways": ways, "whom": registering.whom_to_ask(person.scope)}
