"""Sync settings › General: how the mailbox is doing, and what a person may change about it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts.audit import Actor
from crosstie.accounts.sync import status
from crosstie.accounts.sync.status import State, Status
from crosstie.accounts.trouble import advice, mending, stops
from crosstie.accounts.trouble.stops import Filled
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.settings import Resolving
from crosstie.jobs import commands, wiring
from crosstie.store.models import Scope
from crosstie.web import backfill, calendar, mend, products, switches
from crosstie.web.visits import Visit, is_htmx, tell, visited

BADGES = {
    State.ON: (_("On"), "good"),
    State.RUNNING: (_("Running"), "busy"),
    State.STALLED: (_("Recovering"), "busy"),
    State.PAUSED: (_("Paused"), "calm"),
    State.NEEDS_CONSENT: (_("Access lost"), "bad"),
    State.SUSPENDED: (_("Suspended"), "bad"),
    State.USER_INACTIVE: (_("Suspended"), "bad"),
    State.LEAVING: (_("Being deactivated"), "busy"),
    State.DISABLED: (_("Off"), "calm"),
    State.PROFILE_OFF: (_("Off"), "calm"),
    State.NO_LICENSE: (_("No licence"), "calm"),
}
STANDING = (State.NEEDS_CONSENT, State.SUSPENDED, State.USER_INACTIVE)
TROUBLE = (_("Sync error"), "bad")
COUNTS = (
    ("saved", ngettext_lazy("%(n)d e-mail saved", "%(n)d e-mails saved", "n")),
    ("skipped", ngettext_lazy("%(n)d left alone", "%(n)d left alone", "n")),
    ("waiting", ngettext_lazy("%(n)d waiting", "%(n)d waiting", "n")),
    ("issue", ngettext_lazy("%(n)d needs attention", "%(n)d need attention", "n")),
)
"""Outcome (domain/reasons/) → its words."""
AUTO_SAVE, THREADS, THREADS_ALLOWED = "mail.auto-save", "mail.threads", "mail.threads-allowed"
DECIDED = ("mail.auto-track-mode", "mail.direction", "mail.lookback-days", "attachments.save", THREADS_ALLOWED)
PEOPLE = (
    "resolving",
    "resolving.account-lookup",
    "resolving.account-create",
    "resolving.account",
    "resolving.person-accounts",
    "resolving.defaults",
)
"""Records of people whom Salesforce does not know; but for the first they mean nothing where none are made."""
SAID = {
    True: _("Auto-saving is on. The next session looks at your e-mails with it."),
    False: _("Auto-saving is off. What was saved stays in Salesforce."),
}
SAID_OF_THREADS = {
    True: _("By each e-mail on the page Mail there is a button that saves its whole thread."),
    False: _("Threads are no longer saved whole. What was saved stays in Salesforce."),
}
SOON, LATER = 2, 30
"""Seconds between two looks of an open page: while something happens, and while nothing does."""


@require_safe
@visited
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    return render(
        request,
        "crosstie/general.html",
        _strip(visit)
        | _emails(visit)
        | calendar.boxes(visit)
        | backfill.box(visit)
        | {"here": "general", "others": products.found_for(visit.person)},
    )


@require_safe
@visited
def strip(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The part of the page that is alive; `seen` is the state it showed last, so that an end is announced."""
    context = _strip(visit)
    changed = request.GET.get("seen", context["phase"]) != context["phase"]
    context["announce"] = changed and not context["moving"]
    return render(request, "crosstie/parts/strip.html", context)


@require_POST
@visited
def force(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _act(request, visit, commands.force)


@require_POST
@visited
def pause(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _act(request, visit, commands.pause)


@require_POST
@visited
def start(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _act(request, visit, commands.resume)


@require_POST
@visited
def emails(request: HttpRequest, visit: Visit) -> HttpResponse:
    tell(request, switches.turn(request, visit, AUTO_SAVE, "auto_save", SAID))
    return redirect("general")


@require_POST
@visited
def threads(request: HttpRequest, visit: Visit) -> HttpResponse:
    tell(request, switches.turn(request, visit, THREADS, "threads", SAID_OF_THREADS))
    return redirect("general")


def _act(request: HttpRequest, visit: Visit, command: Callable[[Scope, int, Actor], Answer]) -> HttpResponse:
    try:
        said = command(visit.mailbox.scope, visit.mailbox.mailbox_id, visit.actor)
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    if not is_htmx(request):
        tell(request, said)
        return redirect("general")
    return render(request, "crosstie/parts/strip.html", _strip(visit) | {"said": said})


def _strip(visit: Visit) -> dict[str, Any]:
    now = wiring.get().clock.now()
    found = status.status(visit.mailbox.scope, visit.mailbox.mailbox_id, now)
    troubled = found.state is State.ON and bool(found.last and found.last.error_code)
    badge, tone = TROUBLE if troubled else BADGES[found.state]
    due = found.state is State.ON and (found.next_at is None or found.next_at <= now)
    due = due or bool(found.state in STANDING and found.next_at and found.next_at <= now)
    card = _card(visit, found)
    moving = due or found.state in (State.RUNNING, State.STALLED)
    return {
        "person": visit.person,
        "card": card,
        "filled": _filled(visit, found, now),
        "status": found,
        "badge": badge,
        "tone": tone,
        "due": due,
        "troubled": troubled,
        "phase": f"{found.state}-due" if due else str(found.state),
        "pace": SOON if moving else LATER,
        "moving": moving,
        "can_force": found.state in (State.ON, State.RUNNING, State.STALLED),
        "can_pause": found.state in (State.ON, State.RUNNING, State.STALLED),
        "can_start": found.state is State.PAUSED,
        "did": did(found.last.counts) if found.last else [],
        "advice": card.trouble.advice.reason if card else _advice(found),
        "attention": troubled or bool(found.last and found.last.counts.get("issue")),
    }


def _card(visit: Visit, found: Status) -> mend.Card | None:
    if found.state not in STANDING:
        return None
    trouble = mending.of_mailbox(visit.mailbox.scope, visit.mailbox.mailbox_id)
    return mend.card(trouble, visit.person, is_mine=True) if trouble else None


def _filled(visit: Visit, found: Status, now: datetime) -> Filled | None:
    """Said for some days after sync had stopped."""
    if found.state in STANDING:
        return None
    return stops.lately(visit.mailbox.scope, visit.mailbox.mailbox_id, now)


def did(counts: Mapping[str, int]) -> list[str]:
    return [str(phrase % {"n": counts[word]}) for word, phrase in COUNTS if counts.get(word)]


def _advice(found: Status) -> str:
    if found.state in STANDING:
        return found.sentence
    return advice.for_code(found.last.error_code) if found.last else ""


def _emails(visit: Visit) -> dict[str, Any]:
    people = switches.decided(visit, PEOPLE)
    return {
        "auto_save": switches.switch(visit, AUTO_SAVE),
        "threads": switches.switch(visit, THREADS) if switches.switch(visit, THREADS_ALLOWED).on else None,
        "decided": switches.decided(visit, DECIDED),
        "people": people if people[0].shown != Resolving.OFF else people[:1],
    }
