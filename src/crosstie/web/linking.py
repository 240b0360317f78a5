"""Sync settings › Linking rules: what a saved e-mail is related to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crosstie.web import switches
from crosstie.web.visits import Visit, tell, visited

OPPORTUNITIES = "links.opportunities"
DECIDED = ("links.person-alone", "links.opportunity-days-back", "links.opportunity-days-ahead")
SAID = {
    True: _("What is saved from now on is related to your Opportunities."),
    False: _("What is saved from now on is related to Accounts alone."),
}


@require_safe
@visited
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    context = {
        "person": visit.person,
        "here": "linking",
        "opportunities": switches.switch(visit, OPPORTUNITIES),
        "decided": switches.decided(visit, DECIDED),
    }
    return render(request, "crosstie/linking.html", context)


@require_POST
@visited
def keep(request: HttpRequest, visit: Visit) -> HttpResponse:
    tell(request, switches.turn(request, visit, OPPORTUNITIES, "opportunities", SAID))
    return redirect("linking")
