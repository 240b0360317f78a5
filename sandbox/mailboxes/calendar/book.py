"""What happens to the appointments of a mailbox, and the log it leaves. Who is told of it: `meetings`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Literal

from sandbox.mailboxes.calendar import expand
from sandbox.mailboxes.calendar.model import (
    Answer,
    Appointment,
    Attendee,
    Calendar,
    Details,
    Deviation,
    Gone,
    Moment,
    Occurrence,
    Rule,
)
from sandbox.mailboxes.calendar.problems import CrossesNeighbour
from sandbox.mailboxes.calendar.switches import TWO_A_DAY_ARE_REFUSED
from sandbox.mailboxes.calendar.uids import new_uid
from sandbox.mailboxes.model import LogEntry, Mailbox, Person

if TYPE_CHECKING:
    from sandbox.mailboxes.store import MailboxStore

_TIMES = {"start", "end", "start_zone", "end_zone"}


class Book:
    """Callers hold the world's lock."""

    def __init__(self, store: "MailboxStore") -> None:
        self.store = store

    # Calendars

    def open_calendar(self, mailbox: Mailbox, name: str, color: str = "auto") -> Calendar:
        """The first is the mailbox's default one."""
        number = max(mailbox.calendars, default=0) + 1
        calendar = Calendar(number, name, f"{mailbox.guid}-{number}", color, is_default=not mailbox.calendars)
        mailbox.calendars[number] = calendar
        return calendar

    def change_calendar(
        self, mailbox: Mailbox, calendar: Calendar, *, name: str, color: str, default: bool
    ) -> None:
        """Made the default one, it takes that from the one before it."""
        if default:
            for one in mailbox.calendars.values():
                one.is_default = one is calendar
        mailbox.version += 1
        calendar.name, calendar.color, calendar.version = name, color, mailbox.version

    def close_calendar(self, mailbox: Mailbox, calendar: Calendar) -> None:
        """With all that is in it. The default one stays for as long as the mailbox."""
        for appointment in list(self.inside(mailbox, calendar)):
            self.purge(mailbox, appointment)
        del mailbox.calendars[calendar.number]

    def inside(self, mailbox: Mailbox, calendar: Calendar) -> Iterator[Appointment]:
        return (one for one in mailbox.appointments.values() if one.calendar == calendar.number)

    def binned(self, mailbox: Mailbox) -> Iterator[Appointment]:
        return (one for one in mailbox.appointments.values() if not one.calendar)

    def by_uid(self, mailbox: Mailbox, uid: str) -> Appointment | None:
        """What is in a calendar; the bin does not count."""
        return next((one for one in mailbox.appointments.values() if one.uid == uid and one.calendar), None)

    # Appointments

    def add(
        self,
        mailbox: Mailbox,
        details: Details,
        *,
        rule: Rule | None = None,
        calendar: Calendar | None = None,
        uid: str = "",
        transaction: str = "",
        organizer: Person | None = None,
        extra: Sequence[Moment] = (),
    ) -> Appointment:
        """Silently. A series begins at the first date of its rule. Raises NoOccurrences."""
        now = self.store.now()
        own = organizer is None or organizer.address.lower() in mailbox.addresses
        if rule and not extra:
            details = expand.aligned(details, rule)
        if own and details.answer.response == "none":
            details = replace(details, answer=Answer("organizer"))
        appointment = Appointment(
            number=self.store.take_number(mailbox),
            calendar=0,
            uid=uid or new_uid(mailbox.home, now, self.store.dice),
            details=details,
            organizer=organizer or Person(mailbox.address, mailbox.name),
            is_organizer=own,
            created=now,
            modified=now,
            rule=rule,
            extra=tuple(extra),
            transaction=transaction,
        )
        mailbox.appointments[appointment.number] = appointment
        self._enter(mailbox, appointment, calendar or mailbox.default_calendar)
        return appointment

    def change(
        self,
        mailbox: Mailbox,
        appointment: Appointment,
        changes: Mapping[str, Any],
        *,
        rule: Rule | Literal["kept"] | None = "kept",
    ) -> None:
        """Of a single event or a whole series. A series whose times or rule move forgets its exceptions."""
        before, wanted = appointment.details, replace(appointment.details, **changes)
        new_rule = appointment.rule if rule == "kept" else rule
        moved = any(getattr(before, name) != getattr(wanted, name) for name in _TIMES)
        if new_rule != appointment.rule or (new_rule and moved):
            wanted = expand.aligned(wanted, new_rule) if new_rule else wanted
            appointment.deviations, appointment.gone, appointment.extra = {}, {}, ()
        appointment.details, appointment.rule = wanted, new_rule
        self.touch(mailbox, appointment)
        for deviation in appointment.deviations.values():
            deviation.version = appointment.version
            if "attendees" in deviation.changes:
                deviation.changes["attendees"] = _following(deviation.changes["attendees"], before, wanted)

    def change_occurrence(
        self, mailbox: Mailbox, series: Appointment, original: Moment, changes: Mapping[str, Any]
    ) -> Occurrence:
        """Raises NoOccurrence, CrossesNeighbour."""
        before = expand.occurrence(series, original)
        wanted = replace(before.details, **changes)
        if expand.span(wanted) != expand.span(before.details):
            self._refuse_crossing(series, original, wanted)
        own = {name: value for name, value in changes.items() if getattr(before.details, name) != value}
        now = self.store.now()
        deviation = series.deviations.setdefault(original, Deviation({}, now, now))
        deviation.changes |= own
        deviation.modified = now
        self.touch(mailbox, series)
        deviation.version = series.version
        return expand.occurrence(series, original)

    def _refuse_crossing(self, series: Appointment, original: Moment, wanted: Details) -> None:
        """Exchange allows an occurrence a day of its own between those before and after it."""
        before, after = expand.neighbours(series, original)
        zone = series.rule.zone if series.rule else "UTC"
        by_day = self.store.switches.on(TWO_A_DAY_ARE_REFUSED)

        def place(details: Details) -> datetime:
            start = expand.to_local(details.start, zone)
            return datetime.combine(start, time()) if by_day else start

        if before and place(wanted) <= place(before.details):
            raise CrossesNeighbour("the occurrence would not come after the one before it")
        if after and place(wanted) >= place(after.details):
            raise CrossesNeighbour("the occurrence would not come before the one after it")

    def drop_occurrence(self, mailbox: Mailbox, series: Appointment, original: Moment) -> None:
        """A series of which nothing is left goes with its last occurrence. Raises NoOccurrence."""
        expand.occurrence(series, original)
        series.deviations.pop(original, None)
        series.gone[original] = Gone(mailbox.version + 1, self.store.now())
        self.touch(mailbox, series)
        if not expand.first(series):
            self.bin(mailbox, series)

    def touch(self, mailbox: Mailbox, appointment: Appointment, *, silently: bool = False) -> None:
        """It changed; `silently` when the server rewrote it at rest and nobody meant to."""
        mailbox.version += 1
        appointment.version = mailbox.version
        if not silently:
            appointment.modified = self.store.now()
        self._log(mailbox, appointment, "change")

    def move(self, mailbox: Mailbox, appointment: Appointment, target: Calendar) -> None:
        """Into another calendar, or out of the bin."""
        self._leave(mailbox, appointment)
        appointment.moves += 1
        self._enter(mailbox, appointment, target)

    def bin(self, mailbox: Mailbox, appointment: Appointment) -> None:
        """Into Deleted Items."""
        self._leave(mailbox, appointment)
        appointment.moves += 1
        appointment.modified = self.store.now()
        appointment.calendar = 0

    def purge(self, mailbox: Mailbox, appointment: Appointment) -> None:
        self._leave(mailbox, appointment)
        del mailbox.appointments[appointment.number]

    # The log

    def _enter(self, mailbox: Mailbox, appointment: Appointment, calendar: Calendar) -> None:
        mailbox.version += 1
        appointment.calendar = calendar.number
        appointment.version = appointment.entered = mailbox.version
        self._log(mailbox, appointment, "in")

    def _leave(self, mailbox: Mailbox, appointment: Appointment) -> None:
        mailbox.version += 1
        self._log(mailbox, appointment, "out")

    def _log(self, mailbox: Mailbox, appointment: Appointment, kind: Literal["in", "change", "out"]) -> None:
        calendar = mailbox.calendars.get(appointment.calendar)
        if calendar:
            at: datetime = self.store.clock.now()
            entry = LogEntry(mailbox.version, appointment.number, appointment.moves, kind, at)
            calendar.log.append(entry)


def _following(people: tuple[Attendee, ...], before: Details, after: Details) -> tuple[Attendee, ...]:
    """Those of one occurrence, who may have answered it by itself, when others are invited to its series."""
    then, now = ({one.person.address.lower() for one in details.attendees} for details in (before, after))
    came = [one for one in after.attendees if one.person.address.lower() not in then]
    return (*(one for one in people if one.person.address.lower() not in then - now), *came)
