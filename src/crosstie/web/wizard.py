"""Register: three steps from nobody here to a mailbox that is kept in step. No step is stored.

Where somebody is follows from what is so: signed in or not, a mailbox or none, and what the settings say.
So the way goes on in another browser, and going back or pressing twice changes nothing that was done.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts import words
from crosstie.accounts.activation import setting_up
from crosstie.accounts.connection import connecting_words
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import entrances, registering_words, signing_in
from crosstie.accounts.sign_in.signing_in import Way
from crosstie.accounts.trouble import advice, letters
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import beginning, wiring
from crosstie.mailboxes.graph.sign_in import SignIn
from crosstie.web import calendar, connecting, general, limits, newcomers, sign_in, switches
from crosstie.web.visits import Visit, arrive, is_htmx, signed_in, tell, visited

ERRAND = "register"
"""What somebody is sent to their mailbox's vendor for (web/returning.py)."""
GRACE = timedelta(minutes=5)
"""To choose what is kept in step; then the first session starts by itself, were the browser closed meanwhile."""
LOOKS = 10
"""In a minute by one person: each asks the mailbox, and Salesforce about those who are on its mails."""
STEPS = (_("Salesforce"), _("Mailbox"), _("What to sync"))
TO_SEND = (
    words.NOT_CONNECTED.code,
    words.COMPANY_UNKNOWN.code,
    registering_words.NO_SUCH_ORG.code,
)
"""Refusals of which an administrator can make an end, if somebody writes to them."""
SWITCHES = (
    (
        general.AUTO_SAVE,
        "auto_save",
        _("Auto-save e-mails"),
        _("E-mails that arrive in your Inbox or that you send, with somebody who is a Contact or Lead."),
    ),
    *((box.setting, box.field, box.label, box.hint) for box in calendar.BOXES),
)
"""What can be kept in step today: setting, field of the form, and its words."""


@dataclass(frozen=True, slots=True)
class Choice:
    setting: str
    field: str
    label: object
    hint: object
    switch: switches.Switch


# -- step 1: Salesforce --------------------------------------------------------------------------------
@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """The step at which somebody is."""
    person = arrive(request, active=True)
    if person:
        return redirect(_next_of(person))
    if newcomers.is_here(request):
        return redirect("register-account")
    return _first(request)


@require_POST
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """To Salesforce, by the button that was pressed."""
    given = request.POST
    try:
        limits.spend("sign-in", limits.place(request), sign_in.BEGINNINGS)
        trusted = wiring.get().config.trusted_origins
        entrance = entrances.entrance(given.get("entrance", ""), given.get("site", ""), trusted)
        door = signing_in.find(Way.SALESFORCE, given.get("company", ""), entrance)
        return sign_in.leave(request, door, reverse("register"))
    except Unacceptable as refusal:
        return _first(request, refusal, 503 if refusal.code == words.SIGN_IN_AWAY.code else 400)


@require_safe
@never_cache
def letter(request: HttpRequest) -> HttpResponse:
    """What to send an administrator of a company whose org is not connected here."""
    found = letters.connect(settings.PUBLIC_URL)
    mailto = f"mailto:?subject={quote(found.subject)}&body={quote(found.body)}"
    return render(request, "crosstie/register_letter.html", {"letter": found, "mailto": mailto})


def _first(request: HttpRequest, refusal: Unacceptable | None = None, status: int = 200) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    code, sentence = (refusal.code, refusal.sentence) if refusal else ("", "")
    context = {
        "steps": _steps(1),
        "sentence": sentence,
        "about_site": code.startswith("SITE-"),
        "to_send": code in TO_SEND,
        "needs_company": signing_in.needs_company(),
        "company": asked.get("company", ""),
        "site": asked.get("site", ""),
        "domains": entrances.DOMAINS,
    }
    return render(request, "crosstie/register.html", context, status=status)


# -- step 2: the mailbox -------------------------------------------------------------------------------
@require_safe
@signed_in
def mailbox(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    context = connecting.shown(request, person, ERRAND) | {"steps": _steps(2), "tiles": setting_up.offered(person)}
    return render(request, "crosstie/register_mailbox.html", context)


@require_POST
@signed_in
def connect(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    return go_on(request, person)


def go_on(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    return connecting.go(request, person, ERRAND, back, GRACE)


def connected(person: PersonInfo, begun: SignIn, given: tuple[str, str]) -> Answer:
    """Raises Unacceptable and CrosstieError."""
    return connecting.finish(person, begun, given, GRACE)


def back(request: HttpRequest, person: PersonInfo, said: Answer) -> HttpResponse:
    """From the vendor, with what that came to."""
    if said.code == connecting_words.CONNECT_ADMIN.code:
        return connecting.back(request, person, said)
    tell(request, said)
    return redirect("register-data" if said.ok else "register-mailbox")


@require_safe
@signed_in
def without(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """The step is skipped: what does not work then."""
    return render(request, "crosstie/register_without.html", {"person": person, "steps": _steps(2)})


# -- step 3: what to sync ------------------------------------------------------------------------------
@require_safe
@visited
def data(request: HttpRequest, visit: Visit) -> HttpResponse:
    context = {"person": visit.person, "steps": _steps(3), "choices": _choices(visit)}
    if "count" in request.GET:
        context |= _counted(visit)
    return render(request, "crosstie/register_data.html", context)


@require_safe
@visited
def count(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The part of the page that is looked up after the rest is there."""
    if not is_htmx(request):
        return redirect(f"{reverse('register-data')}?count=yes")
    return render(request, "crosstie/parts/register_count.html", _counted(visit))


@require_POST
@visited
def keep(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was ticked is kept; then the first session starts, unless somebody wants to see the figures first."""
    for one in _choices(visit):
        if one.switch.locked or one.switch.on == (request.POST.get(one.field) == "on"):
            continue
        if one.setting == calendar.DOWN and calendar.takes_away(request, visit):
            return redirect("events-leaving")
        said = switches.turn(request, visit, one.setting, one.field, {True: "", False: ""})
        if not said.ok:
            tell(request, said)
            return redirect("register-data")
    return (
        redirect(f"{reverse('register-data')}?count=yes") if "count" in request.POST else _finish(request, visit)
    )


@require_POST
@visited
def finish(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The step is skipped: what is so stays so."""
    return _finish(request, visit)


def _finish(request: HttpRequest, visit: Visit) -> HttpResponse:
    tell(request, beginning.start(visit.mailbox, visit.actor))
    return redirect("general")


def _choices(visit: Visit) -> list[Choice]:
    return [Choice(*one, switches.switch(visit, one[0])) for one in SWITCHES]


def _counted(visit: Visit) -> dict[str, Any]:
    try:
        limits.spend("register-count", str(visit.person.person_id), LOOKS)
        return {"counted": beginning.count(visit.mailbox)}
    except Unacceptable as refusal:
        return {"trouble": refusal.sentence}
    except CrosstieError as error:
        return {"trouble": advice.for_error(error)}


# -- where somebody is ---------------------------------------------------------------------------------
def _next_of(person: PersonInfo) -> str:
    stage = setting_up.situation(person, wiring.get().clock.now()).stage
    to_connect = stage is setting_up.Stage.HINDERED or stage in setting_up.CONNECTABLE
    return "register-mailbox" if to_connect else "register-data"


def _steps(current: int) -> list[tuple[int, object, str]]:
    """Number, name, and whether it is done, under way or ahead."""
    state = {True: "done", False: "ahead"}
    return [
        (number, name, "now" if number == current else state[number < current])
        for number, name in enumerate(STEPS, start=1)
    ]
