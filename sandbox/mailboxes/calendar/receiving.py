"""What an arriving mail does to a calendar before anybody reads it, as Exchange's attendant does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sandbox.mailboxes.calendar import expand, importing
from sandbox.mailboxes.calendar.book import Book
from sandbox.mailboxes.calendar.model import Answer, Appointment, Attendee, Details
from sandbox.mailboxes.calendar.problems import CalendarProblem
from sandbox.mailboxes.calendar.read import Brought, Event, read_calendars
from sandbox.mailboxes.ics import NotACalendar
from sandbox.mailboxes.model import Attachment, Mailbox, Message

_KEPT = ("categories", "reminder", "reminds", "sensitivity", "properties", "extensions", "answer", "show_as")
"""Of an attendee's copy, whatever the organiser sends."""
TENTATIVE: Mapping[str, Any] = {"show_as": "tentative", "reminds": True, "reminder": 15}


@dataclass(frozen=True, slots=True)
class Arrived:
    method: str
    sent: datetime | None
    attachments: tuple[Attachment, ...] = ()


def receive(book: Book, mailbox: Mailbox, message: Message) -> None:
    mail = message.mail
    if mail.meeting is not None and mail.calendar:
        files = tuple(replace(one) for one in message.attachments)
        take(book, mailbox, mail.calendar, Arrived(mail.meeting.method, mail.sent, files))


def take(book: Book, mailbox: Mailbox, text: str, arrived: Arrived) -> None:
    """What cannot be read or kept changes nothing: the mail it came in is mail and no more."""
    handler = _METHODS.get(arrived.method)
    if handler is None:
        return
    try:
        for brought in read_calendars(text.encode(), importing.arriving(book, mailbox)):
            handler(book, mailbox, arrived, brought)
    except (NotACalendar, CalendarProblem):
        return


def _request(book: Book, mailbox: Mailbox, arrived: Arrived, brought: Brought) -> None:
    """An invitation or an update. Older than what is known: nothing."""
    organizer = brought.events[0].organizer
    if organizer is None or organizer.address.lower() in mailbox.addresses:
        return
    known, brought = _known(mailbox, brought), _with_files(brought, arrived.attachments)
    if known is None:
        _invite(book, mailbox, brought)
        return
    if known.is_organizer or organizer.address.lower() != known.organizer.address.lower():
        return
    if brought.master and brought.master.sequence >= known.sequence:
        _update(book, mailbox, known, brought.master)
    for part in brought.parts:
        if known.rule and part.sequence >= known.sequence:
            importing.set_part(book, mailbox, known, _as_invited(part, known, mailbox))
        elif part.sequence >= known.sequence:
            _update(book, mailbox, known, part)


def _known(mailbox: Mailbox, brought: Brought) -> Appointment | None:
    """The series, or the very occurrence."""
    same = [one for one in mailbox.appointments.values() if one.uid == brought.uid and one.calendar]
    originals = [None, *importing.moments_of(brought)]
    return next((one for one in same if one.rule or one.alone in originals), None)


def _invite(book: Book, mailbox: Mailbox, brought: Brought) -> None:
    """A series that one was invited to takes the place of single occurrences of it."""
    for one in [one for one in mailbox.appointments.values() if one.uid == brought.uid and one.calendar]:
        if brought.master:
            book.purge(mailbox, one)
    fresh = Brought(
        brought.uid,
        _tentative(brought.master) if brought.master else None,
        tuple(_tentative(part) for part in brought.parts),
    )
    for made in importing.add(book, mailbox, fresh):
        made.intended = brought.events[0].details.show_as


def _with_files(brought: Brought, files: tuple[Attachment, ...]) -> Brought:
    """What came beside the calendar in the same mail belongs to the meeting."""
    if not files:
        return brought
    master, *parts = (
        one and replace(one, details=replace(one.details, attachments=(*one.details.attachments, *files)))
        for one in (brought.master, *brought.parts)
    )
    return Brought(brought.uid, master, tuple(one for one in parts if one))


def _tentative(event: Event) -> Event:
    return replace(event, details=replace(event.details, **TENTATIVE, answer=Answer("notResponded")))


def _update(book: Book, mailbox: Mailbox, known: Appointment, event: Event) -> None:
    """A new time asks for a new answer, as does an invitation after a cancellation; all else leaves it."""
    own = {name: getattr(known.details, name) for name in _KEPT}
    again = known.details.cancelled
    if again:
        known.deviations, known.gone = {}, {}
    wanted = replace(event.details, **own, cancelled=False)
    known.sequence, known.intended = event.sequence, event.details.show_as
    if again or _asks_again(known.details, wanted) or known.rule != event.rule:
        wanted = replace(wanted, answer=Answer("notResponded"), show_as="tentative")
    gone = dict(known.gone)
    book.change(mailbox, known, importing.difference(known.details, wanted), rule=event.rule)
    for original in importing.deleted(mailbox, known, event):
        if original not in gone:
            book.drop_occurrence(mailbox, known, original)


def _asks_again(before: Details, after: Details) -> bool:
    return expand.span(before) != expand.span(after)


def _as_invited(part: Event, series: Appointment, mailbox: Mailbox) -> Event:
    """One occurrence of a series that is known: what is the attendee's own is that of the series."""
    before = series.details
    if part.original is not None and expand.has(series, part.original) and part.original not in series.gone:
        before = expand.occurrence(series, part.original).details
    wanted = replace(part.details, **{name: getattr(before, name) for name in _KEPT})
    if _asks_again(before, wanted):
        return replace(part, details=replace(wanted, answer=Answer("notResponded"), show_as="tentative"))
    return replace(part, details=wanted)


def _cancel(book: Book, mailbox: Mailbox, arrived: Arrived, brought: Brought) -> None:
    known = _known(mailbox, brought)
    if known is None or known.is_organizer:
        return
    if brought.master or not known.rule:
        known.sequence = max(known.sequence, brought.events[0].sequence)
        book.change(mailbox, known, _called_off(known.details))
        return
    for original in importing.moments_of(brought):
        details = expand.occurrence(known, original).details
        book.change_occurrence(mailbox, known, original, _called_off(details))


def _called_off(details: Details) -> dict[str, Any]:
    """The attendee's copy stays and says so."""
    subject = details.subject if details.cancelled else f"Canceled: {details.subject}"
    return {"cancelled": True, "subject": subject, "show_as": "free", "reminds": False}


def _reply(book: Book, mailbox: Mailbox, arrived: Arrived, brought: Brought) -> None:
    """What somebody answered stands on the organiser's copy. Who was not invited (a forward) is added."""
    known = _known(mailbox, brought)
    if known is None or not known.is_organizer:
        return
    for event in brought.events:
        original = event.original if known.rule else None
        before = expand.details_at(known, original).attendees
        after = before
        for answer in event.details.attendees:
            after = _answered(after, _with_time(answer, arrived, event))
        if original is None:
            book.change(mailbox, known, {"attendees": after})
        else:
            book.change_occurrence(mailbox, known, original, {"attendees": after})


def _with_time(answer: Attendee, arrived: Arrived, event: Event) -> Attendee:
    if arrived.method != "COUNTER":
        return replace(answer, answer=Answer(answer.answer.response, arrived.sent))
    start, end = expand.span(event.details)
    return replace(answer, answer=Answer("tentativelyAccepted", arrived.sent), proposed=(start, end))


def _answered(attendees: tuple[Attendee, ...], answer: Attendee) -> tuple[Attendee, ...]:
    who = answer.person.address.lower()
    if not any(one.person.address.lower() == who for one in attendees):
        return (*attendees, replace(answer, role="optional"))
    return tuple(
        replace(one, answer=answer.answer, proposed=answer.proposed) if one.person.address.lower() == who else one
        for one in attendees
    )


_METHODS: dict[str, Callable[[Book, Mailbox, Arrived, Brought], None]] = {
    "REQUEST": _request,
    "CANCEL": _cancel,
    "REPLY": _reply,
    "COUNTER": _reply,
}
