"""Events that are brought rather than made: from a file, or from an invitation."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.mailboxes.calendar import expand
from sandbox.mailboxes.calendar.book import Book
from sandbox.mailboxes.calendar.model import Answer, Appointment, Details, Deviation, Gone, Moment
from sandbox.mailboxes.calendar.problems import NoOccurrences, NotRepresentable
from sandbox.mailboxes.calendar.read import Brought, Event, read_calendars
from sandbox.mailboxes.calendar.switches import PERIODS_ARE_PASSED_OVER, TIMELESS_LAST_HALF_AN_HOUR
from sandbox.mailboxes.calendar.times import NO_TIME, Reader
from sandbox.mailboxes.model import Mailbox, Person

NAMES = tuple(one.name for one in fields(Details))


def arriving(book: Book, mailbox: Mailbox) -> Reader:
    """The server itself, of a mail."""
    exchange = mailbox.home != "google"
    periods = exchange and book.store.switches.on(PERIODS_ARE_PASSED_OVER)
    return Reader(mailbox.time_zone, mailbox.home, periods)


def opening(book: Book, mailbox: Mailbox) -> Reader:
    """A person, of a file: in Outlook, or on Google's page, which makes up for nothing."""
    reader = arriving(book, mailbox)
    if mailbox.home == "google":
        return reader
    lasts = timedelta(minutes=30) if book.store.switches.on(TIMELESS_LAST_HALF_AN_HOUR) else NO_TIME
    return replace(reader, opened=book.store.now(), lasts=lasts)


def check(book: Book, mailbox: Mailbox, raw: bytes) -> list[Brought]:
    """Raises NotACalendar and NotRepresentable."""
    found = read_calendars(raw, opening(book, mailbox))
    for brought in found:
        if brought.master:
            _check_series(brought.master, brought.parts, mailbox.home == "google")
    return found


def _check_series(master: Event, parts: tuple[Event, ...], google: bool) -> None:
    """Exchange has no dates beside those of a rule; Google has."""
    if master.extra and not (google and master.rule):
        raise _cannot(master, "RDATE, dates that no RRULE gives")
    if parts and not master.rule:
        raise _cannot(master, "RECURRENCE-ID without an RRULE")
    if master.rule is None:
        return
    try:
        first = expand.aligned(master.details, master.rule).start
    except NoOccurrences:
        raise _cannot(master, "an RRULE that gives no date") from None
    if first != master.details.start and not google:
        raise _cannot(master, "a DTSTART that its RRULE does not give")
    series = _unkept(master)
    if not all(one.original is not None and expand.has(series, one.original) for one in parts):
        raise _cannot(master, "a RECURRENCE-ID that is no date of it")


def _cannot(master: Event, what: str) -> NotRepresentable:
    return NotRepresentable(f"event {master.uid or 'without a UID'} has what no mailbox keeps: {what}")


def _unkept(master: Event) -> Appointment:
    """The series as it would be, to ask for its dates."""
    nobody, then = Person(""), datetime.min.replace(tzinfo=UTC)
    extra = (master.details.start, *master.extra)
    series = Appointment(0, 0, master.uid, master.details, nobody, True, then, then, master.rule)
    series.extra = extra
    return series


def bring(book: Book, mailbox: Mailbox, raw: bytes) -> list[Appointment]:
    found = check(book, mailbox, raw)
    uids = {one.uid for one in found}
    for old in [one for one in mailbox.appointments.values() if one.uid in uids]:
        book.purge(mailbox, old)
    return [made for one in found for made in add(book, mailbox, one)]


def add(book: Book, mailbox: Mailbox, brought: Brought) -> list[Appointment]:
    """Occurrences whose series is missing become events of their own."""
    if brought.master is None:
        return [_add_alone(book, mailbox, part) for part in brought.parts]
    master = brought.master
    extra = master.extra
    if master.rule and expand.aligned(master.details, master.rule) != master.details:
        extra = (master.details.start, *extra)
    appointment = book.add(
        mailbox,
        own_answer(mailbox, master),
        rule=master.rule,
        uid=master.uid,
        organizer=master.organizer,
        extra=extra,
    )
    appointment.sequence = master.sequence
    now = book.store.now()
    for original in deleted(mailbox, appointment, master):
        appointment.gone[original] = Gone(appointment.version, now)
    for part in brought.parts:
        set_part(book, mailbox, appointment, part)
    return [appointment]


def deleted(mailbox: Mailbox, series: Appointment, event: Event) -> list[Moment]:
    """Original starts by EXDATE, of which Exchange takes the day alone ([MS-OXCICAL] 2.1.3.1.1.20.13)."""
    if series.rule is None:
        return []
    if mailbox.home == "google":
        return [one for one in event.gone if expand.has(series, one)]
    days = sorted({expand.day_of(series, one) for one in event.gone})
    return [one for day in days if (one := expand.original_on(series, day)) is not None]


def _add_alone(book: Book, mailbox: Mailbox, part: Event) -> Appointment:
    details = own_answer(mailbox, part)
    appointment = book.add(mailbox, details, uid=part.uid, organizer=part.organizer)
    appointment.alone = part.original
    appointment.sequence = part.sequence
    return appointment


def own_answer(mailbox: Mailbox, event: Event) -> Details:
    """The mailbox's own answer stands with its address among the attendees."""
    if event.organizer is None or event.organizer.address.lower() in mailbox.addresses:
        return event.details
    own = next((one for one in event.details.attendees if one.person.address.lower() in mailbox.addresses), None)
    response = own.answer.response if own and own.answer.response != "none" else "notResponded"
    return replace(event.details, answer=Answer(response))


def set_part(book: Book, mailbox: Mailbox, series: Appointment, part: Event) -> None:
    """A changed occurrence; of a date that the series has not (any more) there is nothing to change."""
    original = part.original
    if original is None or not expand.has(series, original):
        return
    series.gone.pop(original, None)
    series.deviations.pop(original, None)
    plain = expand.occurrence(series, original).details
    now = book.store.now()
    own = difference(plain, own_answer(mailbox, part))
    series.deviations[original] = Deviation(own, now, now, mailbox.version + 1)
    book.touch(mailbox, series)


def difference(before: Details, after: Details) -> dict[str, Any]:
    return {name: getattr(after, name) for name in NAMES if getattr(before, name) != getattr(after, name)}


def moments_of(brought: Brought) -> list[Moment]:
    return [one.original for one in brought.parts if one.original is not None]
