"""Calendar: what happens in the person's days ahead, each with what became of it. Nothing of this page is kept."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import agenda, withdrawing
from crosstie.jobs.agenda import Appointment
from crosstie.web import limits, switches
from crosstie.web.listing import BADGES, LOOKS, NAMED, SEARCHED, SHOWN, listing, name_of
from crosstie.web.visits import Visit, tell, visited

MEETINGS, APPOINTMENTS, DOWN = (
    "events.auto-save-meetings",
    "events.auto-save-appointments",
    "events.from-salesforce",
)
DECIDED = (
    "events.days-back",
    "events.days-ahead",
    "events.private",
    "events.internal",
    "events.meeting-updates",
    "events.safe-description",
    "events.conflicts",
)


@dataclass(frozen=True, slots=True)
class Box:
    """A switch of the Events box: its setting, the name of its field, and what it says of itself."""

    setting: str
    field: str
    label: object
    hint: object
    said: dict[bool, object]


BOXES = (
    Box(
        MEETINGS,
        "meetings",
        _("Auto-save meetings"),
        _(
            "Meetings with people outside that you organize or accept become Events in Salesforce, linked to "
            "those who are Contacts or Leads there, and are kept like them. Meetings of colleagues are left out."
        ),
        {True: _("Meetings are saved from the next session on."), False: _("No further meetings are saved.")},
    ),
    Box(
        APPOINTMENTS,
        "appointments",
        _("Auto-save appointments"),
        _("Appointments that nobody is invited to become Events in Salesforce, which your colleagues may see."),
        {
            True: _("Appointments are saved from the next session on."),
            False: _("No further appointments are saved."),
        },
    ),
    Box(
        DOWN,
        "down",
        _("Sync my Salesforce calendar"),
        _(
            "Events that are made in Salesforce and assigned to you come down to your calendar, without "
            "attendees: nobody is sent an invitation. Switched off again, they are taken out of your calendar and "
            "stay in Salesforce; you are shown first which."
        ),
        {
            True: _("Events of Salesforce come down from the next session on."),
            False: _("What came from Salesforce is taken out of your calendar; Salesforce keeps it."),
        },
    ),
)


_BOX_OF = {box.setting: box for box in BOXES}


@dataclass(frozen=True, slots=True)
class Row:
    found: Appointment
    people: str
    more: int
    badge: str
    tone: str


@require_safe
@visited
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    return listing(request, visit, "calendar", _rows)


@require_POST
@visited
def keep(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Turn the switch whose field the form names in `of`."""
    chosen = next((box for box in BOXES if box.field == request.POST.get("of")), None)
    if chosen and chosen.setting == DOWN and takes_away(request, visit):
        return redirect(f"{reverse('events-leaving')}{'?reset=yes' if 'reset' in request.POST else ''}")
    if chosen:
        tell(request, switches.turn(request, visit, chosen.setting, chosen.field, chosen.said))
    return redirect("general")


def takes_away(request: HttpRequest, visit: Visit) -> bool:
    """Whether the form turns off what brought something down: that is shown first."""
    reset = "reset" in request.POST
    if request.POST.get("down") == "on" and not reset:
        return False
    switch = switches.switch(visit, DOWN)
    stays = withdrawing.keeps(visit.mailbox, reset=reset)
    return switch.on and not switch.locked and not stays and withdrawing.is_any(visit.mailbox)


@require_safe
@visited
def leaving(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is taken out of the calendar if the switch is turned off; nothing is done yet."""
    context: dict[str, object] = {"person": visit.person, "here": "general", "reset": "reset" in request.GET}
    code = 200
    try:
        limits.spend("mail", str(visit.person.person_id), LOOKS)
        context["found"] = withdrawing.preview(visit.mailbox)
    except Unacceptable as refusal:
        context["trouble"], code = refusal.sentence, 429
    except CrosstieError as error:
        context["trouble"], code = advice.for_error(error), 503
    return render(request, "crosstie/withdrawing.html", context, status=code)


@require_POST
@visited
def leave(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Turn the switch off after all."""
    try:
        found = withdrawing.switch_off(visit.mailbox, visit.actor, reset="reset" in request.POST)
        said = Answer(True, "SAVED", str(_BOX_OF[DOWN].said[bool(found.value)]))
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    tell(request, said)
    return redirect("general")


def boxes(visit: Visit) -> dict[str, object]:
    """The Events box of the page General."""
    shown = [(box, switches.switch(visit, box.setting)) for box in BOXES]
    return {"events": shown, "events_decided": switches.decided(visit, DECIDED)}


def _rows(visit: Visit, show: str) -> list[Row]:
    found = agenda.agenda(visit.mailbox.scope, visit.mailbox.mailbox_id, SEARCHED if show else SHOWN)
    return [_row(one) for one in found if show in ("", one.outcome)][:SHOWN]


def _row(found: Appointment) -> Row:
    people = found.item.participants if found.item.is_meeting else ()
    badge, tone = BADGES.get(found.outcome, BADGES[""])
    return Row(found, ", ".join(map(name_of, people[:NAMED])), max(0, len(people) - NAMED), str(badge), tone)
