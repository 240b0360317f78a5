"""What servers do to events although nobody asked, as `sandbox.graph.impolite` has it of mail."""

from collections.abc import Iterable
from typing import Any

from sandbox.graph import impolite
from sandbox.graph.calendar.items import Item
from sandbox.graph.calendar.shape import event_shape
from sandbox.graph.context import Context
from sandbox.graph.odata import Options
from sandbox.graph.shape import Shape
from sandbox.graph.switches import (
    CATEGORIES_DROPPED,
    CHANGE_KEY_MOVES_AT_REST,
    HTML_MOVES_AT_REST,
    SUBJECTS_TRIMMED,
)
from sandbox.mailboxes.calendar.model import Appointment, Calendar
from sandbox.mailboxes.calendar.view import Seen


def rewrite_at_rest(context: Context, calendar: Calendar) -> None:
    """Now and then an event gets another change key, other HTML that means the same, a tidier subject."""
    on, dice = context.world.switches.on, context.world.dice
    if on(CATEGORIES_DROPPED) and dice.random() < 0.1:
        _rewrite(context, _any_event(context, calendar), {"categories": ()})
    if on(SUBJECTS_TRIMMED) and dice.random() < 0.1:
        event = _any_event(context, calendar)
        if event:
            _rewrite(context, event, {"subject": " ".join(event.details.subject.split())})
    of_html, of_key = on(HTML_MOVES_AT_REST), on(CHANGE_KEY_MOVES_AT_REST)
    event = _any_event(context, calendar) if of_html or of_key else None
    if event is None or dice.random() > 0.2:
        return
    if of_html and event.details.html:
        html = event.details.html + f"\r\n<!-- {dice.getrandbits(32):08x} -->"
        _rewrite(context, event, {"html": html})
    elif of_key:
        context.store.calendar.touch(context.mailbox, event, silently=True)


def _rewrite(context: Context, event: Appointment | None, changes: dict[str, Any]) -> None:
    if event and any(getattr(event.details, name) != value for name, value in changes.items()):
        context.store.calendar.change(context.mailbox, event, changes)


def disturb(context: Context, told: Iterable[Seen], rows: list[Shape]) -> list[Shape]:
    """`told` is what the window holds, of which something may be told for no reason."""

    def unchanged() -> Shape | None:
        single = [Item(one.appointment) for one in told if not one.occurrences]
        return event_shape(context, context.world.dice.choice(single), Options(), typed=True) if single else None

    return impolite.disturbed(context, rows, unchanged)


def _any_event(context: Context, calendar: Calendar) -> Appointment | None:
    inside = sorted(context.store.calendar.inside(context.mailbox, calendar), key=lambda one: one.number)
    return context.world.dice.choice(inside) if inside else None
