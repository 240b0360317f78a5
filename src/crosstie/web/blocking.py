"""Mail › Block the sender and undo: what would be done, and doing it. On one's own list alone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts.governance import settings
from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import blocking
from crosstie.web import limits
from crosstie.web.blocklist import SOURCES
from crosstie.web.listing import LOOKS
from crosstie.web.visits import Visit, tell, visited


@require_safe
@visited
def preview(request: HttpRequest, visit: Visit) -> HttpResponse:
    item_id = request.GET.get("item", "")
    context: dict[str, Any] = {"person": visit.person, "here": "mail", "item": item_id}
    code = 200
    try:
        limits.spend("mail", str(visit.person.person_id), LOOKS)
        place = settings.for_person(visit.mailbox.scope, visit.person.person_id)
        found = blocking.preview(visit.mailbox.scope, visit.mailbox.mailbox_id, item_id, place)
        context |= {"found": found, "listed_by": SOURCES.get(found.listed_by, "")}
    except Unacceptable as refusal:
        context["trouble"], code = refusal.sentence, 400
    except CrosstieError as error:
        context["trouble"], code = advice.for_error(error), 503
    return render(request, "crosstie/blocking.html", context, status=code)


@require_POST
@visited
def do(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Block `entry` and take out what was made for `item`."""
    given = request.POST
    try:
        limits.spend("mail", str(visit.person.person_id), LOOKS)
        scope, mailbox_id = visit.mailbox.scope, visit.mailbox.mailbox_id
        place = settings.for_person(scope, visit.person.person_id)
        said = blocking.block(scope, mailbox_id, given.get("item", ""), given.get("entry", ""), place, visit.actor)
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    except CrosstieError as error:
        said = Answer(False, error.code, advice.for_error(error))
    tell(request, said)
    return redirect("mail")
