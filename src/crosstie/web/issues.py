"""Sync settings › Issues: what needs a person, with the advice and a button to try it again."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts.trouble import advice, copied, guarded, issues
from crosstie.accounts.trouble.copied import Word as CopyWord
from crosstie.accounts.trouble.guarded import Word
from crosstie.accounts.trouble.issues import Kind
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.links import Side
from crosstie.domain.speech import say
from crosstie.jobs import commands, guarding, live, wiring
from crosstie.jobs.commands import Problem
from crosstie.web import limits
from crosstie.web.visits import Visit, is_htmx, tell, visited

LOOKS = 30
"""In a minute by one person: each asks the vendor."""
PACE = 15
"""Seconds between two looks of an open page; what has not moved is not fetched."""
ITEMS = {Kind.EMAIL: _("E-mail"), Kind.EVENT: _("Event")}
SYNC = _("Sync")
NAMED = 10
"""Attendees who are named before the rest is counted."""


@dataclass(frozen=True, slots=True)
class Row:
    problem: Problem
    kind: str
    source: str
    """The side it came from, where one side alone has it."""
    subject: str
    mailbox_url: str
    mailed: str
    """Who would be sent an update, where that waits for somebody's word."""
    more: int
    again: bool
    """Whether it has two times, as far as a clock without seconds shows."""


@require_safe
@visited
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    try:
        limits.spend("issues", str(visit.person.person_id), LOOKS)
    except Unacceptable as refusal:
        context = {"person": visit.person, "here": "issues", "trouble": refusal.sentence}
        return render(request, "crosstie/issues.html", context, status=429)
    return render(request, "crosstie/issues.html", _list(visit) | {"here": "issues"})


@require_safe
@visited
def listed(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The part of the page that is alive; nothing where it still shows what there is (`seen`)."""
    if request.GET.get("seen") == _signature(visit):
        return HttpResponse(status=204)
    try:
        limits.spend("issues", str(visit.person.person_id), LOOKS)
    except Unacceptable:
        return HttpResponse(status=204)
    return render(request, "crosstie/parts/issues.html", _list(visit))


@require_POST
@visited
def retry(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One issue (`item`), or all of them."""
    wanted = [request.POST["item"]] if request.POST.get("item") else []
    scope, mailbox_id = visit.mailbox.scope, visit.mailbox.mailbox_id
    return _done(request, visit, lambda: commands.retry(scope, mailbox_id, wanted, visit.actor))


@require_POST
@visited
def approve(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The attendees of the meeting `item` may be sent its update."""
    item_id = request.POST.get("item", "")
    return _done(
        request,
        visit,
        lambda: commands.approve(visit.mailbox.scope, visit.mailbox.mailbox_id, item_id, visit.actor),
    )


@require_POST
@visited
def decide(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What becomes of `seen` removals that are held back on a `side`; the `word` is that of the button."""
    form = request.POST
    try:
        side, word, seen = Side(form.get("side", "")), Word(form.get("word", "")), int(form.get("seen", ""))
    except ValueError:
        return HttpResponse(status=400)
    scope, mailbox_id = visit.mailbox.scope, visit.mailbox.mailbox_id
    return _done(request, visit, lambda: guarding.decide(scope, mailbox_id, side, word, visit.actor, seen=seen))


@require_POST
@visited
def copies(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Whether `seen` copies that are held back are looked at again, or are none: the `word` of the button."""
    try:
        word, seen = CopyWord(request.POST.get("word", "")), int(request.POST.get("seen", ""))
    except ValueError:
        return HttpResponse(status=400)
    scope, mailbox_id = visit.mailbox.scope, visit.mailbox.mailbox_id
    return _done(request, visit, lambda: guarding.decide_copies(scope, mailbox_id, word, visit.actor, seen=seen))


def _done(request: HttpRequest, visit: Visit, act: Callable[[], Answer]) -> HttpResponse:
    try:
        limits.spend("issues", str(visit.person.person_id), LOOKS)
        said = act()
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    if not is_htmx(request):
        tell(request, said)
        return redirect("issues")
    return render(request, "crosstie/parts/answer.html", {"said": said})


def _list(visit: Visit) -> dict[str, Any]:
    seen, until = _signature(visit), live.deadline()
    found = commands.problems(visit.mailbox.scope, visit.mailbox.mailbox_id, until)
    rows = [_row(one) for one in found]
    return {
        "person": visit.person,
        "rows": rows,
        "held": guarding.held_back(visit.mailbox.scope, visit.mailbox.mailbox_id, until),
        "copies": guarding.copies_held(visit.mailbox.scope, visit.mailbox.mailbox_id, until),
        "items": sum(bool(one.item_id) for one in found),
        "most": issues.MOST,
        "seen": seen,
        "pace": PACE,
    }


def _row(one: Problem) -> Row:
    shown = one.email or one.event
    times = one.first_at, one.last_at
    people = one.event.attendees if one.event and one.asks else ()
    return Row(
        problem=one,
        kind=str(ITEMS[one.kind] if one.item_id else SYNC),
        source="" if one.source == say(advice.OTHER_SIDE) else one.source,
        subject=shown.subject if shown else "",
        mailbox_url=shown.web_link if shown else "",
        mailed=", ".join(guest.address.email for guest in people[:NAMED]),
        more=max(0, len(people) - NAMED),
        again=len({f"{moment:%F %R}" for moment in times if moment}) > 1,
    )


def _signature(visit: Visit) -> str:
    """Moves whenever the list does: made of ids, codes and times alone."""
    scope, mailbox_id = visit.mailbox.scope, visit.mailbox.mailbox_id
    whole = issues.stopped(scope, mailbox_id, wiring.get().clock.now())
    held = (*guarded.held(scope, mailbox_id), copied.held(scope, mailbox_id))
    told = (whole, *issues.refused(scope, mailbox_id), *held)
    return sha256(repr(told).encode()).hexdigest()[:16]
