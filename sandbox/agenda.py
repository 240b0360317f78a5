"""What a person does with a calendar by hand, in words: for the console's forms and the sandbox's own addresses.

Everything is text. A time is `2026-11-24 10:00` on the wall of the mailbox's zone or has an offset of its own.
Days instead of times make it last all day, the end not included.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

from sandbox.mailboxes import Mailbox, MailboxStore, Person
from sandbox.mailboxes.addresses import people as addresses
from sandbox.mailboxes.calendar import (
    Appointment,
    Attendee,
    CalendarProblem,
    Details,
    Moment,
    Place,
    Rule,
    expand,
    outsiders,
    view,
)
from sandbox.mailboxes.calendar.model import Response, Sensitivity, ShowAs
from sandbox.mailboxes.calendar.rules import rule_from

FIELDS = (
    "subject", "start", "end", "place", "text", "people", "show_as", "sensitivity", "categories", "reminder",
)  # fmt: skip
LONGEST = timedelta(days=1825)
RESPONSES: tuple[Response, ...] = ("accepted", "tentativelyAccepted", "declined")


class Unclear(Exception):
    """What cannot be done, in one sentence; nothing is changed."""


def make(store: MailboxStore, mailbox: Mailbox, given: Mapping[str, str]) -> Appointment:
    """`repeat` is an RRULE. With `as`, somebody outside invites the mailbox's person. Raises Unclear."""
    if not given.get("start", "").strip():
        raise Unclear("start: say when, such as 2026-11-24 10:00, or 2026-11-24 for the whole day")
    details = _with_changes(mailbox, Details(), given)
    rule = _rule(mailbox, details, given.get("repeat", ""))
    outsider = given.get("as", "").strip()
    try:
        if not outsider:
            return store.meetings.create(mailbox, details, rule=rule)
        invited = (Attendee(Person(mailbox.address, mailbox.name)), *details.attendees)
        everybody = replace(details, attendees=invited)
        uid = outsiders.invite(store, _outsider(store, outsider), everybody, rule)
    except CalendarProblem as problem:
        raise Unclear(str(problem)) from problem
    found = store.calendar.by_uid(mailbox, uid)
    if found is None:
        raise Unclear(f"{mailbox.address} cannot be reached")
    return found


def do(
    store: MailboxStore, mailbox: Mailbox, appointment: Appointment, act: str, given: Mapping[str, str]
) -> None:
    """`change`, `answer`, `cancel`, `delete` or `restore`.

    `at` names an occurrence by its day; with `as`, somebody outside does it: the organiser, or one of the invited.
    Raises Unclear.
    """
    handler = _ACTS.get(act)
    if handler is None:
        raise Unclear(f"{act} is nothing to do with an appointment; known: {', '.join(_ACTS)}")
    try:
        handler(store, mailbox, appointment, given)
    except CalendarProblem as problem:
        raise Unclear(str(problem)) from problem


def dates(mailbox: Mailbox, start: datetime, end: datetime) -> Iterator[tuple[Appointment, Details, str]]:
    """What reaches into that time, in all calendars; an occurrence with the day that names it."""
    for calendar in mailbox.calendars.values():
        for seen in view.window(mailbox, calendar, start, end):
            if not seen.occurrences:
                yield seen.appointment, seen.appointment.details, ""
            for one in seen.occurrences:
                yield seen.appointment, one.details, expand.day_of(seen.appointment, one.original).isoformat()


def original_of(appointment: Appointment, day: str) -> Moment | None:
    """Of the occurrence on that day; the whole where no day is named. Raises Unclear."""
    if not day.strip():
        return None
    try:
        return expand.occurrence_on(appointment, date.fromisoformat(day.strip())).original
    except (ValueError, CalendarProblem) as odd:
        raise Unclear(f"at: {appointment.details.subject} has no occurrence on {day}") from odd


def _change(store: MailboxStore, mailbox: Mailbox, appointment: Appointment, given: Mapping[str, str]) -> None:
    original = original_of(appointment, given.get("at", ""))
    before = expand.details_at(appointment, original)
    wanted = _with_changes(mailbox, before, given)
    names = [name for name in Details.__dataclass_fields__ if getattr(before, name) != getattr(wanted, name)]
    changes: dict[str, Any] = {name: getattr(wanted, name) for name in names}
    if given.get("as", "").strip():
        outsiders.change(store, appointment, changes, original)
    elif "repeat" in given and original is None:
        rule = _rule(mailbox, wanted, given["repeat"])
        store.meetings.update(mailbox, appointment, changes, rule=rule)
    else:
        store.meetings.update(mailbox, appointment, changes, original=original)


def _answer(store: MailboxStore, mailbox: Mailbox, appointment: Appointment, given: Mapping[str, str]) -> None:
    response = next((one for one in RESPONSES if one == given.get("response", "")), None)
    if response is None:
        raise Unclear(f"response: one of {', '.join(RESPONSES)}")
    original = original_of(appointment, given.get("at", ""))
    outsider = given.get("as", "").strip()
    if outsider:
        if not appointment.is_organizer:
            raise Unclear("as: outsiders answer the meetings of people here")
        outsiders.answer(store, _outsider(store, outsider), appointment, response, original)
        return
    comment, silent = given.get("comment", ""), given.get("send", "") == "no"
    store.meetings.answer(mailbox, appointment, response, comment=comment, send=not silent, original=original)


def _cancel(store: MailboxStore, mailbox: Mailbox, appointment: Appointment, given: Mapping[str, str]) -> None:
    original = original_of(appointment, given.get("at", ""))
    if given.get("as", "").strip():
        outsiders.call_off(store, appointment, original)
    else:
        comment = given.get("comment", "")
        store.meetings.cancel(mailbox, appointment, comment=comment, original=original)


def _delete(store: MailboxStore, mailbox: Mailbox, appointment: Appointment, given: Mapping[str, str]) -> None:
    store.meetings.delete(mailbox, appointment, original=original_of(appointment, given.get("at", "")))


def _restore(store: MailboxStore, mailbox: Mailbox, appointment: Appointment, given: Mapping[str, str]) -> None:
    if appointment.calendar:
        raise Unclear("it is in the calendar already")
    store.calendar.move(mailbox, appointment, mailbox.default_calendar)


_ACTS: dict[str, Callable[[MailboxStore, Mailbox, Appointment, Mapping[str, str]], None]] = {
    "change": _change,
    "answer": _answer,
    "cancel": _cancel,
    "delete": _delete,
    "restore": _restore,
}


def _outsider(store: MailboxStore, address: str) -> Person:
    [person, *more] = _people(address) or [Person("")]
    if more or not person.address:
        raise Unclear("as: give one address, such as nora@birchworks.test")
    if store.mailbox(person.address):
        raise Unclear(f"as: {person.address} has a mailbox here; act in it")
    return person


def _with_changes(mailbox: Mailbox, before: Details, given: Mapping[str, str]) -> Details:
    """Only what is given; an empty text empties a field, but for the times."""
    changes: dict[str, Any] = {
        field: read(given[name]) for name, (field, read) in _READERS.items() if name in given
    }
    wanted = replace(before, **changes)
    if "people" in given:
        wanted = replace(wanted, attendees=_attendees(before, given["people"]))
    if "text" in given:
        wanted = replace(wanted, html=None)
    start, end = given.get("start", "").strip(), given.get("end", "").strip()
    return _at(mailbox, wanted, start, end) if start or end else wanted


def _at(mailbox: Mailbox, details: Details, start: str, end: str) -> Details:
    """Without an end it stays as long as it was, or an hour, or the one day."""
    zone = mailbox.time_zone
    begins = _moment(start, zone, "start") if start else details.start
    length = details.end - details.start
    if end:
        ends = _moment(end, zone, "end")
    elif isinstance(begins, datetime):
        same = isinstance(details.start, datetime)
        ends = begins + (length if same else timedelta(hours=1))
    else:
        ends = begins + max(length, timedelta(days=1))
    if isinstance(begins, datetime) != isinstance(ends, datetime):
        raise Unclear("start and end: two days, or two times")
    if (begins, ends) == (details.start, details.end):
        return details
    wanted = replace(details, start=begins, end=ends, start_zone=zone, end_zone=zone)
    if not timedelta(0) <= expand.span(wanted)[1] - expand.span(wanted)[0] <= LONGEST:
        raise Unclear("end: not before the start, nor more than five years after it")
    return wanted


def _moment(text: str, zone: str, name: str) -> Moment:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        local = datetime.fromisoformat(text)
        return local.astimezone(UTC) if local.tzinfo else expand.to_utc(local, zone)
    except (ValueError, OverflowError) as odd:
        raise Unclear(f"{name}: {text[:40]} is no time; write 2026-11-24 10:00, or 2026-11-24") from odd


def _rule(mailbox: Mailbox, details: Details, text: str) -> Rule | None:
    if not text.strip():
        return None
    try:
        skips = mailbox.home == "google"
        return rule_from(text.strip().removeprefix("RRULE:"), details.start, details.start_zone, skips=skips)
    except CalendarProblem as odd:
        raise Unclear(f"repeat: {odd} is not possible; write FREQ=WEEKLY;BYDAY=TU;COUNT=4") from odd


def _people(text: str) -> list[Person]:
    found = list(addresses(text.replace(";", ",").replace("\n", ",")))
    odd = next((one for one in found if "@" not in one.address), None)
    if odd:
        raise Unclear(f"{odd.address or odd.name}: is no address")
    return found


def _attendees(before: Details, text: str) -> tuple[Attendee, ...]:
    """Those who were there keep their answers."""
    known = {one.person.address.lower(): one for one in before.attendees}
    return tuple(known.get(one.address.lower(), Attendee(one)) for one in _people(text))


def _one_of(name: str, values: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in values:
            raise Unclear(f"{name}: one of {', '.join(values)}")
        return text

    return read


def _minutes(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise Unclear("reminder: a number of minutes")
    return int(text)


def _places(text: str) -> tuple[Place, ...]:
    return (Place(text.strip()),) if text.strip() else ()


def _categories(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))


_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "subject": ("subject", str),
    "text": ("text", str),
    "place": ("places", _places),
    "categories": ("categories", _categories),
    "show_as": ("show_as", _one_of("show_as", get_args(ShowAs))),
    "sensitivity": ("sensitivity", _one_of("sensitivity", get_args(Sensitivity))),
    "reminder": ("reminder", _minutes),
}
"""Word → field of the details, and how it is read."""
