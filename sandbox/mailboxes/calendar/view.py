"""A calendar seen through a window: what is in it, and what happened since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sandbox.mailboxes.calendar import expand
from sandbox.mailboxes.calendar.model import Appointment, Calendar, Occurrence
from sandbox.mailboxes.model import Mailbox


@dataclass(frozen=True, slots=True)
class Seen:
    """One appointment in the window. A single event has no occurrences, a series at least one."""

    appointment: Appointment
    occurrences: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What became of an appointment: it is in the window as `seen`, or it is not (any more, or at all)."""

    number: int
    moves: int
    """The visit to the calendar that it was last seen on."""
    version: int
    """The mailbox's counter when it happened."""
    seen: Seen | None


def seen(appointment: Appointment, start: datetime, end: datetime) -> Seen | None:
    if appointment.rule is None:
        return Seen(appointment) if expand.overlaps(appointment.details, start, end) else None
    inside = tuple(expand.occurrences(appointment, start, end))
    return Seen(appointment, inside) if inside else None


def window(mailbox: Mailbox, calendar: Calendar, start: datetime, end: datetime) -> Iterator[Seen]:
    """In the order of their last change."""
    inside = [one for one in mailbox.appointments.values() if one.calendar == calendar.number]
    for appointment in sorted(inside, key=lambda one: one.version):
        found = seen(appointment, start, end)
        if found:
            yield found


def changes(mailbox: Mailbox, calendar: Calendar, since: int, start: datetime, end: datetime) -> Iterator[Change]:
    """Each appointment that something happened to after that version once, with all that is in the window now.

    One that lies outside is told as gone whether or not it was ever inside; a deleted occurrence leaves no
    trace but that its series is told again without it.
    """
    last = {entry.number: entry for entry in calendar.since(since)}
    for entry in sorted(last.values(), key=lambda one: one.version):
        appointment = mailbox.appointments.get(entry.number)
        here = appointment is not None and appointment.calendar == calendar.number
        found = seen(appointment, start, end) if here and appointment else None
        yield Change(entry.number, entry.moves, entry.version, found)
