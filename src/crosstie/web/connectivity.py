"""My connectivity: both accounts, how each is entered, how the last sessions went, and the way out."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from crosstie.accounts.activation import setting_up
from crosstie.accounts.activation.setting_up import Stage
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import connecting_words, connectivity
from crosstie.accounts.connection.connectivity import Session
from crosstie.accounts.connection.leaving import HINDERED
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sync import status
from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.access import AuthMode
from crosstie.domain.errors import CrosstieError
from crosstie.domain.reasons import Outcome
from crosstie.jobs import consenting, wiring
from crosstie.jobs import leaving as acts
from crosstie.store.models import MailboxState
from crosstie.web import connecting, general, limits
from crosstie.web.listing import LOOKS
from crosstie.web.visits import Visit, signed_in, tell, visited

SHOWN, DRAWN = 10, 40
"""Sessions in the table and in the chart."""
BAR, GAP, HEIGHT, LEAST = 6, 2, 60, 3
"""Of the chart, in its own units: a session without work is a line, and a failed one can be seen."""
_BY_ONE_USER = _("One user of your organization, chosen by your administrator, reads and writes for everybody.")
ENTERED = {
    AuthMode.JWT_BEARER: _BY_ONE_USER,
    AuthMode.CLIENT_CREDENTIALS: _BY_ONE_USER,
    AuthMode.REFRESH_TOKEN: _("An administrator has signed in, and that sign-in reads and writes for everybody."),
}
COLUMNS = ("started", "ended", *Outcome, "error")


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: int
    height: int
    failed: bool


@require_safe
@signed_in
def page(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    found = setting_up.situation(person, wiring.get().clock.now())
    crm = connectivity.crm_account(person)
    badge, tone = connecting.BADGES[found.stage]
    context = {
        "person": person,
        "here": "connectivity",
        "found": found,
        "badge": badge,
        "tone": tone,
        "crm": crm,
        "entered": ENTERED[AuthMode(crm.auth_mode)] if crm else "",
        "crm_advice": advice.for_code(crm.error_code) if crm else "",
    }
    return render(request, "crosstie/connectivity.html", context | _of_mailbox(found.mailbox, found.stage))


@require_GET
@visited
def log(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """Times in UTC, counts and codes; nothing of what any item says."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="sessions.csv"'
    rows = csv.writer(answer)
    rows.writerow(COLUMNS)
    for one in connectivity.log(visit.mailbox):
        times = one.started_at.isoformat(), one.ended_at.isoformat()
        rows.writerow((*times, *(one.counts.get(word, 0) for word in Outcome), one.error_code))
    return answer


@require_safe
@visited
def leaving(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What goes and what stays; nothing is done yet."""
    context: dict[str, Any] = {"person": visit.person, "here": "connectivity"}
    now = wiring.get().clock.now()
    found = status.status(visit.mailbox.scope, visit.mailbox.mailbox_id, now)
    context["hindered"] = found.sentence if found.state in HINDERED else ""
    code = 200
    try:
        limits.spend("mail", str(visit.person.person_id), LOOKS)
        _check(visit)
        context["found"] = None if context["hindered"] else acts.preview(visit.mailbox)
    except Unacceptable as refusal:
        context["trouble"], code = refusal.sentence, 409
    except CrosstieError as error:
        context["trouble"], code = advice.for_error(error), 503
    return render(request, "crosstie/disconnecting.html", context, status=code)


@require_POST
@visited
def leave(request: HttpRequest, visit: Visit) -> HttpResponse:
    """After all; where no session can begin, as it is."""
    try:
        _check(visit)
        at_once = request.POST.get("as_it_is") == "yes"
        said = acts.at_once(visit.mailbox, visit.actor) if at_once else acts.begin(visit.mailbox, visit.actor)
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    except CrosstieError as error:
        said = Answer(False, error.code, advice.for_error(error))
    tell(request, said)
    return redirect("connectivity")


@require_POST
@visited
def stay(request: HttpRequest, visit: Visit) -> HttpResponse:
    try:
        said = setting_up.stay(visit.person, wiring.get().clock, Actor("web", visit.person.person_id))
        consenting.wake(visit.mailbox.scope)
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    tell(request, said)
    return redirect("connectivity")


def _check(visit: Visit) -> None:
    """One that is off is not left once more, least of all one that an administrator switched off."""
    found = setting_up.situation(visit.person, wiring.get().clock.now())
    if visit.mailbox.state == MailboxState.DISABLED or found.stage is Stage.LEAVING:
        raise Unacceptable(connecting_words.LEFT_ALREADY)


def _of_mailbox(ref: MailboxRef | None, stage: Stage) -> dict[str, Any]:
    if ref is None:
        return {"sessions": []}
    drawn = connectivity.last_sessions(ref, DRAWN)
    off = ref.state == MailboxState.DISABLED
    return {
        "box": connectivity.box_account(ref),
        "sessions": [(one, general.did(one.counts)) for one in drawn[:SHOWN]],
        "bars": _bars(drawn),
        "width": len(drawn) * (BAR + GAP),
        "bar": BAR,
        "drawing": _drawing(drawn),
        "off": off,
        "can_leave": not off and stage is not Stage.LEAVING,
        "can_stay": stage is Stage.LEAVING and setting_up.left_by_owner(ref),
        "permissions": connecting_words.permissions(),
    }


def _bars(newest_first: Sequence[Session]) -> list[Bar]:
    most = max((one.handled for one in newest_first), default=0) or 1
    bars = []
    for place, one in enumerate(reversed(newest_first)):
        height = max(LEAST, round(one.handled / most * HEIGHT))
        bars.append(Bar(place * (BAR + GAP), HEIGHT - height, height, bool(one.error_code)))
    return bars


def _drawing(drawn: Sequence[Session]) -> str:
    """What the chart shows, for whoever does not see it."""
    failed = sum(bool(one.error_code) for one in drawn)
    most = max((one.handled for one in drawn), default=0)
    text = ngettext(
        "The last session, which handled %(most)d items; %(failed)d stopped early.",
        "The last %(n)d sessions: at most %(most)d items in one, and %(failed)d that stopped early.",
        len(drawn),
    )
    return text % {"n": len(drawn), "most": most, "failed": failed}
