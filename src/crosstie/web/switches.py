"""Settings as pages show them: a switch that the person may turn, or a value that somebody else decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crosstie.accounts.governance import settings
from crosstie.accounts.governance.layers import Place
from crosstie.accounts.governance.settings import Explanation
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.settings import Level
from crosstie.jobs import wiring
from crosstie.web.visits import Visit

ORIGINS = {
    Level.USER: _("set by you"),
    Level.PROFILE: _("set for your profile"),
    Level.GLOBAL: _("set for everybody"),
}


@dataclass(frozen=True, slots=True)
class Switch:
    on: bool
    origin: str
    locked: bool
    own: bool
    """Whether the person said so, and may take it back."""


@dataclass(frozen=True, slots=True)
class Decided:
    help: str
    shown: str
    origin: str


def switch(visit: Visit, name: str) -> Switch:
    found = settings.explain(visit.mailbox.scope, _place(visit), name)
    return Switch(bool(found.value), _origin(found), found.locked_by is not None, Level.USER in found.origins)


def decided(visit: Visit, names: Sequence[str]) -> list[Decided]:
    explained = (settings.explain(visit.mailbox.scope, _place(visit), name) for name in names)
    return [Decided(one.help, one.shown, _origin(one)) for one in explained]


def turn(request: HttpRequest, visit: Visit, name: str, field: str, said: Mapping[bool, object]) -> Answer:
    """Keep what the form's checkbox says, or (`reset`) go back to what applies to everybody."""
    scope, clock, place = visit.mailbox.scope, wiring.get().clock, _place(visit)
    try:
        if "reset" in request.POST:
            found = settings.unset(scope, place, name, clock, visit.actor)
        else:
            wanted = "on" if request.POST.get(field) == "on" else "off"
            found = settings.put(scope, place, name, wanted, clock, actor=visit.actor)
        return Answer(True, "SAVED", str(said[bool(found.value)]))
    except Unacceptable as refusal:
        return Answer(False, refusal.code, refusal.sentence)


def _place(visit: Visit) -> Place:
    return settings.for_person(visit.mailbox.scope, visit.person.person_id)


def _origin(found: Explanation) -> str:
    return str(ORIGINS[found.origins[-1]] if found.origins else _("the default"))
