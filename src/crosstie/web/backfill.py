"""Older e-mails: a box on Sync settings › General, and the page of what a back-fill would do.

Everybody sees how far theirs got; asking for one is an administrator's.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts import words
from crosstie.accounts.sync.backfills import Place, Progress
from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import backfills
from crosstie.store.models import Role
from crosstie.web import limits
from crosstie.web.visits import Visit, tell, visited

LOOKS = 10
"""In a minute by one person: each asks the vendor, page after page."""
MOST = 1000
"""E-mails that a page looks at; the command line looks at more."""
SHOWN = 3
"""Back-fills in the box, the newest first."""
BADGES = {
    "running": (_("Running"), "busy"),
    "paused": (_("Paused"), "calm"),
    "done": (_("Done"), "good"),
    "ended": (_("Ended early"), "calm"),
}


def box(visit: Visit) -> dict[str, Any]:
    """What General shows of it."""
    found = backfills.progress(visit.mailbox)
    first = next((one for one in reversed(found) if one.open), None)
    return {
        "backfills": [_shown(one) for one in found[:SHOWN]],
        "may_backfill": may(visit),
        "can_pause_backfill": first is not None and first.stage == "running",
        "can_resume_backfill": first is not None and first.stage == "paused",
    }


def may(visit: Visit) -> bool:
    return visit.person.role == Role.PLATFORM_ADMIN


@require_safe
@visited
def preview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`from` and `to` are days; nothing is written."""
    first, last = request.GET.get("from", ""), request.GET.get("to", "")
    context = {"person": visit.person, "here": "general", "first": first, "last": last}
    code = 200
    try:
        _check(visit)
        limits.spend("backfill", str(visit.person.person_id), LOOKS)
        context["found"] = backfills.preview(visit.mailbox, first, last, MOST)
        context["busy"] = any(one.open for one in backfills.progress(visit.mailbox))
    except Unacceptable as refusal:
        context["trouble"], code = refusal.sentence, _status(refusal)
    except CrosstieError as error:
        context["trouble"], code = advice.for_error(error), 503
    return render(request, "crosstie/backfill.html", context, status=code)


@require_POST
@visited
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    given = request.POST
    try:
        _check(visit)
        place = next((one for one in Place if one == given.get("place")), Place.ALONE)
        first, last = given.get("from", ""), given.get("to", "")
        said = backfills.start(visit.mailbox, first, last, place, visit.actor)
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    tell(request, said)
    return redirect("general")


@require_POST
@visited
def pause(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _turn(request, visit, on=False)


@require_POST
@visited
def resume(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _turn(request, visit, on=True)


def _turn(request: HttpRequest, visit: Visit, *, on: bool) -> HttpResponse:
    change = backfills.resume if on else backfills.pause
    try:
        _check(visit)
        said = change(visit.mailbox, visit.actor)
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    tell(request, said)
    return redirect("general")


def _check(visit: Visit) -> None:
    if not may(visit):
        raise Unacceptable(words.NOT_ADMIN)


def _status(refusal: Unacceptable) -> int:
    return {words.NOT_ADMIN.code: 403, words.TOO_OFTEN.code: 429}.get(refusal.code, 400)


def _shown(one: Progress) -> dict[str, Any]:
    badge, tone = BADGES[one.stage]
    return {"progress": one, "badge": badge, "tone": tone}
