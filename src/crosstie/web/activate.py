"""Activate people: what would happen, how far it is, and what it came to. An administrator's page."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts import people, words
from crosstie.accounts.activation import activation_runs, lists
from crosstie.accounts.activation.activation_runs import Progress, RunInfo
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import orgs
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import proving, proving_words, registering_words
from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Answer, Phrase, Unacceptable, answer
from crosstie.domain.activation import Source, Stage
from crosstie.domain.clock import Clock
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import activations as acts
from crosstie.jobs import wiring
from crosstie.store.models import Registration, Scope
from crosstie.web import limits
from crosstie.web.visits import signed_in, tell

BEGUN = 10
"""In a minute by one person: each asks a vendor for a list."""
LONGEST = 200
"""Characters of a group's name."""
PACE = 2
"""Seconds between two looks of the page at what is under way."""
BADGES = {
    Stage.LOOKING: (_("Looking"), "busy"),
    Stage.READY: (_("Nothing done yet"), "calm"),
    Stage.RUNNING: (_("Running"), "busy"),
    Stage.DONE: (_("Done"), "good"),
    Stage.CANCELLED: (_("Cancelled"), "calm"),
}
SOURCES = {
    Source.USERS: _("All users of the Salesforce org"),
    Source.GROUP: _("The members of a group"),
    Source.FILE: _("The people in a file"),
}
SAID = {
    Stage.READY: _("All mailboxes were looked at. Nobody was activated yet."),
    Stage.RUNNING: _("Mailboxes are being activated."),
    Stage.DONE: _("The activation is done."),
    Stage.CANCELLED: _("The activation was cancelled."),
}
MOVING = (Stage.LOOKING, Stage.RUNNING)


@require_safe
@signed_in
def page(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    return _page(request, person)


@require_POST
@signed_in
def begin(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """Look at everybody whom the form names; nobody is activated by it."""
    try:
        limits.spend("activate", str(person.person_id), BEGUN)
        run = acts.wake(_begun(request, _org(request, person), Actor("web", person.person_id)))
    except Unacceptable as refusal:
        return _page(request, person, refusal.sentence, 429 if refusal.code == words.TOO_OFTEN.code else 400)
    except CrosstieError as error:
        return _page(request, person, advice.for_error(error), 503)
    return _to(run.run_id)


@require_POST
@signed_in
def registration(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """Who of an org may make themselves an account."""
    who = Registration.USERS if request.POST.get("users") == "on" else Registration.NOBODY
    own = {str(one.org_id): one for one in orgs.of_tenant(person.scope)}
    if org := own.get(request.POST.get("org", "")):
        orgs.let_register(org.scope, who, wiring.get().clock, Actor("web", person.person_id))
        tell(request, Answer(True, "SAVED", registering_words.registration_said(who, orgs.called(org))))
    return redirect("activate")


@require_POST
@signed_in
def confirm(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """The address of somebody who registered themselves is theirs."""
    return _decide(request, person, proving.confirm, proving_words.CONFIRMED)


@require_POST
@signed_in
def remove(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """It is not, or nobody knows."""
    return _decide(request, person, proving.remove, proving_words.REMOVED)


@require_safe
@signed_in
def run(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    found = _found(request.GET.get("run", ""), person)
    if found is None:
        return _page(request, person, activation_runs.NONE_SUCH.text.partition(".")[0] + ".", 404)
    context = _shown(found) | {"person": person, "here": "activate"}
    return render(request, "crosstie/activation_run.html", context)


@require_safe
@signed_in
def progress(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """The part of the page that changes; `seen` is the stage that the page shows."""
    found = _found(request.GET.get("run", ""), person)
    if found is None:
        return HttpResponse(status=404)
    seen, stage = request.GET.get("seen", ""), found.run.stage
    context = _shown(found) | {"announce": SAID.get(stage) if seen in list(Stage) and seen != stage else None}
    return render(request, "crosstie/parts/activation_run.html", context)


@require_POST
@signed_in
def start(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    return _act(request, person, acts.start)


@require_POST
@signed_in
def again(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    return _act(request, person, acts.again)


@require_POST
@signed_in
def cancel(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    return _act(request, person, acts.cancel)


def _decide(
    request: HttpRequest,
    person: PersonInfo,
    decide: Callable[[Scope, int, Clock, Actor], PersonInfo],
    said: Phrase,
) -> HttpResponse:
    actor = Actor("web", person.person_id)
    try:
        whom = decide(person.scope, _number(request.POST.get("person", "")), wiring.get().clock, actor)
        tell(request, answer(said, name=whom.name, address=whom.address))
    except Unacceptable as refusal:
        tell(request, Answer(False, refusal.code, refusal.sentence))
    return redirect("activate")


def _act(request: HttpRequest, person: PersonInfo, act: Callable[[Scope, int, Actor], RunInfo]) -> HttpResponse:
    found = _found(request.POST.get("run", ""), person)
    if found is None:
        return redirect("activate")
    try:
        act(found.run.scope, found.run.run_id, Actor("web", person.person_id))
    except Unacceptable as refusal:
        tell(request, Answer(False, refusal.code, refusal.sentence))
    return _to(found.run.run_id)


def _begun(request: HttpRequest, scope: Scope, actor: Actor) -> RunInfo:
    """Raises Unacceptable, and what the vendors' sides raise."""
    source = request.POST.get("source", "")
    if source == Source.USERS:
        return acts.of_users(scope, actor=actor)
    if source == Source.GROUP:
        group = request.POST.get("group", "").strip()[:LONGEST]
        if not group:
            raise Unacceptable(words.NAME_MISSING, what="group")
        return acts.of_group(scope, group, actor=actor)
    given = request.FILES.get("file")
    if source != Source.FILE or not isinstance(given, UploadedFile):
        raise Unacceptable(activation_runs.NOBODY_NAMED)
    if (given.size or 0) > lists.LARGEST:
        raise Unacceptable(lists.TOO_LARGE, most=lists.LARGEST)
    return acts.of_file(scope, given.name or "", lists.read(given.read()), actor=actor)


def _org(request: HttpRequest, person: PersonInfo) -> Scope:
    """The one that the form names, else the only one."""
    wanted = request.POST.get("org", "")
    for one in orgs.of_tenant(person.scope):
        if str(one.org_id) == wanted:
            return one.scope
    return orgs.only(person.scope).scope


def _found(run_id: str, person: PersonInfo) -> Progress | None:
    try:
        return activation_runs.progress(person.scope, _number(run_id))
    except Unacceptable:
        return None


def _number(text: str) -> int:
    """An id that a form gave; nobody's where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _to(run_id: int) -> HttpResponse:
    return redirect(f"{reverse('activate-run')}?run={run_id}")


def _page(request: HttpRequest, person: PersonInfo, trouble: str = "", status: int = 200) -> HttpResponse:
    listed = [
        activation_runs.progress(person.scope, one.run_id) for one in activation_runs.recent(person.scope, 10)
    ]
    context = {
        "person": person,
        "here": "activate",
        "trouble": trouble,
        "source": request.POST.get("source", Source.USERS.value),
        "group": request.POST.get("group", "")[:LONGEST],
        "of": request.POST.get("org", ""),
        "orgs": orgs.of_tenant(person.scope),
        "registrations": [
            (one.org_id, orgs.called(one), one.registration == Registration.USERS)
            for one in orgs.of_tenant(person.scope)
        ],
        "unproven": people.unproven(person.scope),
        "runs": [_shown(one) for one in listed],
    }
    return render(request, "crosstie/activate.html", context, status=status)


def _shown(found: Progress) -> dict[str, Any]:
    badge, tone = BADGES[found.run.stage]
    moving = found.run.stage in MOVING
    return {
        "found": found,
        "stage": found.run.stage.value,
        "badge": badge,
        "tone": tone,
        "source": SOURCES[Source(found.run.source)],
        "pace": PACE if moving else 0,
        "waits": advice.for_code(found.run.waits) if moving else "",
        "planned": found.ready + found.active,
        "can_start": found.run.stage is Stage.READY and found.ready > 0,
        "can_again": found.run.stage in (Stage.READY, Stage.DONE) and found.again > 0,
        "can_cancel": found.run.open,
    }
