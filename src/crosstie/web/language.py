"""The foot of each page chooses its language: the browser keeps it, and so do we, for the mails that are sent."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from crosstie.accounts import people
from crosstie.accounts.audit import WEB, Actor
from crosstie.accounts.people import PersonInfo
from crosstie.jobs import wiring
from crosstie.web.visits import arrive


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    person = arrive(request, active=True)
    if person:
        _keep(person, request.POST.get("language", ""))
    return set_language(request)


def remember(request: HttpRequest, person: PersonInfo) -> None:
    """What somebody chose before they were known."""
    _keep(person, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))


def _keep(person: PersonInfo, language: str) -> None:
    if language in dict(settings.LANGUAGES):
        actor = Actor(WEB, person.person_id)
        people.choose_language(person.scope, person.person_id, language, wiring.get().clock, actor)
