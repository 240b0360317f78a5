"""The sandbox's own addresses for calendars: what is in one, and what a person does there."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox import agenda
from sandbox.checked import BadRequest, NoSuch, checked, json_object
from sandbox.http import Call, Response, Route, json_response
from sandbox.mailboxes import Mailbox
from sandbox.mailboxes.calendar import Appointment, Details
from sandbox.mailboxes.calendar.rules import text_of

_CALENDAR = "/sandbox/mailboxes/<owner>/calendar"
AHEAD = timedelta(days=60)


def _mailbox(call: Call, owner: str) -> Mailbox:
    found = call.world.mailboxes.mailbox(owner)
    if found is None:
        raise NoSuch(f"there is no mailbox {owner}")
    return found


def _words(call: Call) -> dict[str, str]:
    body = json_object(call)
    known = {*agenda.FIELDS, "repeat", "as", "at", "response", "comment", "send"}
    if not set(body) <= known or not all(isinstance(value, str) for value in body.values()):
        raise BadRequest(f"give an object of texts, any of {', '.join(sorted(known))}")
    return body


def _show(call: Call, owner: str) -> Response:
    """What reaches into `from` to `to` (moments with an offset): by default from now on, for sixty days."""
    mailbox, now = _mailbox(call, owner), call.world.clock.now()
    start = _moment(call, "from", now)
    end = _moment(call, "to", start + AHEAD)
    rows = [_row(*one) for one in agenda.dates(mailbox, start, end)]
    return json_response({"appointments": sorted(rows, key=lambda row: (row["start"], row["number"]))})


def _moment(call: Call, name: str, default: datetime) -> datetime:
    try:
        given = datetime.fromisoformat(call.request.args.get(name, "") or default.isoformat())
    except ValueError as odd:
        raise BadRequest(f"{name} is a moment, such as 2026-11-24T10:00:00Z") from odd
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def _row(appointment: Appointment, details: Details, day: str) -> dict[str, Any]:
    return {
        "number": appointment.number,
        "uid": appointment.uid,
        "at": day,
        "subject": details.subject,
        "start": details.start.isoformat(),
        "end": details.end.isoformat(),
        "repeat": text_of(appointment.rule, appointment.details.start) if appointment.rule else "",
        "organizer": appointment.organizer.address,
        "answer": details.answer.response,
        "cancelled": details.cancelled,
        "people": {one.person.address: one.answer.response for one in details.attendees},
    }


def _make(call: Call, owner: str) -> Response:
    mailbox = _mailbox(call, owner)
    try:
        made = agenda.make(call.world.mailboxes, mailbox, _words(call))
    except agenda.Unclear as unclear:
        raise BadRequest(str(unclear)) from unclear
    return json_response(_row(made, made.details, ""), 201)


def _do(call: Call, owner: str, number: int, act: str) -> Response:
    mailbox = _mailbox(call, owner)
    appointment = mailbox.appointments.get(number)
    if appointment is None:
        raise NoSuch(f"{owner} has no appointment {number}")
    try:
        agenda.do(call.world.mailboxes, mailbox, appointment, act, _words(call))
    except agenda.Unclear as unclear:
        raise BadRequest(str(unclear)) from unclear
    return json_response(_row(appointment, appointment.details, ""))


ROUTES = (
    Route("calendar", "GET", _CALENDAR, checked(_show)),
    Route("calendar_make", "POST", _CALENDAR, checked(_make)),
    Route("calendar_do", "POST", f"{_CALENDAR}/<int:number>/<act>", checked(_do)),
)
"""For the sandbox's own face."""
