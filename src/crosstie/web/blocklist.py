"""Sync settings › Blocklist: whom the person never wants saved, and what counts for them besides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts import words
from crosstie.accounts.governance import blocklist, settings
from crosstie.accounts.governance.blocklist import Entry
from crosstie.accounts.words import Answer, Unacceptable, answer
from crosstie.domain.settings import Level
from crosstie.jobs import wiring
from crosstie.web.visits import Visit, is_htmx, tell, visited

LARGEST = 2_000
"""Characters of one form: some fifty entries, for the whole of which other sessions of the org wait."""
SOURCES = {
    Level.USER: _("listed by you"),
    Level.PROFILE: _("listed for your profile"),
    Level.GLOBAL: _("listed for everybody"),
    "internal": _("a domain of your organization"),
}


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    origin: str


@require_safe
@visited
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    return render(request, "crosstie/blocklist.html", _list(visit))


@require_POST
@visited
def add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All the entries that were typed, or none: what is refused stays in the field, with the reason."""
    typed = request.POST.get("entries", "")
    if len(typed) > LARGEST:
        said = answer(words.TOO_MANY_ENTRIES, ok=False, most=str(LARGEST), given=str(len(typed)))
        return _answered(request, visit, said, typed)
    wanted = typed.replace(",", "\n").split("\n")
    entries = [entry.strip() for entry in wanted if entry.strip()] or [""]
    return _change(request, visit, blocklist.add, entries, typed)


@require_POST
@visited
def remove(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _change(request, visit, blocklist.remove, [request.POST.get("entry", "")])


def _change(
    request: HttpRequest,
    visit: Visit,
    change: Callable[..., Answer],
    entries: Sequence[str],
    typed: str = "",
) -> HttpResponse:
    scope = visit.mailbox.scope
    place = settings.for_person(scope, visit.person.person_id)
    clock = wiring.get().clock
    try:
        with transaction.atomic():
            answers = [change(scope, place, entry, clock, visit.actor) for entry in entries]
        said = Answer(True, answers[-1].code, " ".join(one.sentence for one in answers[:5]))
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    return _answered(request, visit, said, typed)


def _answered(request: HttpRequest, visit: Visit, said: Answer, typed: str) -> HttpResponse:
    context = _list(visit) | {"said": said, "typed": "" if said.ok else typed, "refused": not said.ok}
    if is_htmx(request):
        return render(request, "crosstie/parts/blocklist.html", context)
    if said.ok:
        tell(request, said)
        return redirect("blocklist")
    return render(request, "crosstie/blocklist.html", context, status=400)


def _list(visit: Visit) -> dict[str, Any]:
    scope = visit.mailbox.scope
    found = blocklist.show(scope, settings.for_person(scope, visit.person.person_id))
    own = [one for one in found.removed if one.removed_by is Level.USER]
    return {
        "person": visit.person,
        "here": "blocklist",
        "rows": sorted(map(_row, found.entries), key=lambda row: (row.entry.source != Level.USER, row.entry.text)),
        "removed": own,
        "free_mail": found.free_mail,
        "largest": LARGEST,
    }


def _row(entry: Entry) -> Row:
    origin = str(SOURCES[entry.source if entry.source == "internal" else Level(entry.source)])
    return Row(entry, f"{origin}, {_('pinned')}" if entry.pinned_by else origin)
