"""Pages that show what a mailbox holds at this moment, each thing with what became of it, by outcome.

`show` names the outcome of those that are wanted; what it cannot mean shows all. Nothing of them is kept.
"""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Unacceptable
from crosstie.domain.address import Address
from crosstie.domain.errors import CrosstieError
from crosstie.web import limits
from crosstie.web.visits import Visit

LOOKS = 30
"""In a minute by one person: each asks the vendor."""
SHOWN, SEARCHED = 25, 100
"""Things on a page, and among how many those of one outcome are looked for."""
NAMED = 3
"""People who are named before the rest is counted."""
BADGES = {
    "saved": (_("Saved"), "good"),
    "skipped": (_("Not saved"), "calm"),
    "waiting": (_("Waiting"), "busy"),
    "issue": (_("Needs attention"), "bad"),
    "": (_("Not looked at"), "calm"),
}
FILTERS = {"": _("All"), **{outcome: words for outcome, (words, _tone) in BADGES.items() if outcome}}


def listing(
    request: HttpRequest, visit: Visit, here: str, rows_of: Callable[[Visit, str], Sequence[object]]
) -> HttpResponse:
    """The page `here`, and its template of that name. `rows_of` fetches what there is of an outcome, or of any."""
    rows: Sequence[object] = []
    trouble, code = "", 200
    show = request.GET.get("show", "")
    show = show if show in FILTERS else ""
    try:
        limits.spend("mail", str(visit.person.person_id), LOOKS)
        rows = rows_of(visit, show)
    except Unacceptable as refusal:
        trouble, code = refusal.sentence, 429
    except CrosstieError as error:
        trouble, code = advice.for_error(error), 503
    context = {
        "person": visit.person,
        "here": here,
        "rows": rows,
        "trouble": trouble,
        "show": show,
        "filters": FILTERS.items(),
        "searched": SEARCHED,
    }
    return render(request, f"crosstie/{here}.html", context, status=code)


def name_of(address: Address) -> str:
    return address.name or address.email
