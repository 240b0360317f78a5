"""A mailbox's calendar, and what its person or somebody outside does with an appointment."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from markupsafe import Markup

from sandbox import agenda
from sandbox.console.html import Child, address, button, choice, facts, form, link, table, tag, text_field
from sandbox.console.mailbox import place, shown
from sandbox.console.page import Refused, act, go, missing, page
from sandbox.http import Call, Response
from sandbox.mailboxes import Mailbox
from sandbox.mailboxes.calendar import Appointment, Details, Moment, expand
from sandbox.mailboxes.calendar.rules import text_of

BEFORE, AHEAD = timedelta(days=7), timedelta(days=60)
MOST = 500
"""Dates of a calendar shown at most."""
_WORDS = {"accepted": "Accept", "tentativelyAccepted": "Accept tentatively", "declined": "Decline"}


def show(call: Call, owner: str) -> Response:
    mailbox = call.world.mailboxes.mailbox(owner)
    if mailbox is None:
        return missing(call, "There is no such mailbox")
    now = call.world.clock.now()
    rows = sorted(agenda.dates(mailbox, now - BEFORE, now + AHEAD), key=lambda row: expand.span(row[1]))[:MOST]
    heads = ("When", "Subject", "Where", "Organiser", "Answer", "Invited")
    return page(
        call,
        f"Calendar of {mailbox.name}",
        tag("p", link("Messages", address(*place(mailbox))), f". Times are those of {mailbox.time_zone}."),
        table("From last week on, for two months", heads, (_row(mailbox, *row) for row in rows), empty="nothing."),
        _binned(mailbox),
        tag("h2", "Make an appointment"),
        form(
            "make", address(*place(mailbox), "calendar"), _fields(mailbox, None), _repeat(), _as(), button("Make")
        ),
    )


def _row(mailbox: Mailbox, appointment: Appointment, details: Details, day: str) -> tuple[Child, ...]:
    return (
        _span(mailbox, details),
        link(details.subject or "(no subject)", _address(mailbox, appointment, day)),
        ", ".join(one.name for one in details.places),
        shown(appointment.organizer),
        details.answer.response,
        ", ".join(f"{one.person.address} ({one.answer.response})" for one in details.attendees),
    )


def _address(mailbox: Mailbox, appointment: Appointment, day: str = "") -> str:
    return address(*place(mailbox), "calendar", appointment.number, at=day)


def _span(mailbox: Mailbox, details: Details) -> str:
    return f"{_time(mailbox, details.start)} to {_time(mailbox, details.end)}"


def _time(mailbox: Mailbox, moment: Moment) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return expand.to_local(moment, mailbox.time_zone).strftime("%Y-%m-%d %H:%M")


def _binned(mailbox: Mailbox) -> Markup | None:
    gone = [one for one in mailbox.appointments.values() if not one.calendar]
    links = (tag("li", link(one.details.subject or "(no subject)", _address(mailbox, one))) for one in gone[-20:])
    return tag("div", tag("h2", "In Deleted Items"), tag("ul", links)) if gone else None


def _fields(mailbox: Mailbox, details: Details | None) -> list[Child]:
    given = details or Details()
    start, end = (_time(mailbox, given.start), _time(mailbox, given.end)) if details else ("", "")
    return [
        text_field("Subject", "subject", given.subject, autocomplete="off"),
        text_field("Start", "start", start, required=True, autocomplete="off", placeholder="2026-11-24 10:00"),
        text_field("End", "end", end, autocomplete="off"),
        text_field("Where", "place", given.places[0].name if given.places else "", autocomplete="off"),
        text_field("Invited", "people", ", ".join(one.person.address for one in given.attendees)),
    ]


def _repeat() -> Markup:
    return text_field("Repeat", "repeat", placeholder="FREQ=WEEKLY;BYDAY=TU;COUNT=4", autocomplete="off")


def _as(value: str = "") -> Markup:
    return text_field("As somebody outside", "as", value, autocomplete="off", placeholder="nora@birchworks.test")


def show_one(call: Call, owner: str, number: int) -> Response:
    day = call.request.args.get("at", "")
    try:
        mailbox, appointment = _find(call, owner, number)
        details = expand.details_at(appointment, agenda.original_of(appointment, day))
    except (Refused, agenda.Unclear) as gone:
        return missing(call, str(gone).rstrip("."))
    return page(
        call,
        details.subject or "(no subject)",
        facts(_facts(mailbox, appointment, details, day)),
        tag("h2", "What happens to it"),
        tag("div", _acts(mailbox, appointment, details, day), class_="acts"),
    )


def _find(call: Call, owner: str, number: int) -> tuple[Mailbox, Appointment]:
    mailbox = call.world.mailboxes.mailbox(owner)
    appointment = mailbox.appointments.get(number) if mailbox else None
    if mailbox is None or appointment is None:
        raise Refused("That appointment is gone.")
    return mailbox, appointment


def _facts(mailbox: Mailbox, appointment: Appointment, details: Details, day: str) -> Iterator[tuple[str, Child]]:
    yield "Calendar", link(mailbox.address, address(*place(mailbox), "calendar"))
    yield "When", _span(mailbox, details)
    if appointment.rule:
        yield "Repeats", text_of(appointment.rule, appointment.details.start)
    if day:
        yield "Of the series", link(appointment.details.subject, _address(mailbox, appointment))
    yield "Organiser", shown(appointment.organizer)
    yield "Invited", ", ".join(f"{shown(one.person)} ({one.answer.response})" for one in details.attendees)
    yield "Shown as", details.show_as
    yield "State", ", ".join(filter(None, (details.answer.response, "called off" if details.cancelled else "")))
    yield "UID", appointment.uid


def _acts(mailbox: Mailbox, appointment: Appointment, details: Details, day: str) -> Iterator[Markup]:
    hers = "" if appointment.is_organizer else appointment.organizer.address
    fields = _fields(mailbox, details)
    if not appointment.calendar:
        yield _form(mailbox, appointment, day, "restore", button("Back into the calendar"))
    yield _form(mailbox, appointment, day, "change", fields, _as(), button("Change"))
    if appointment.is_meeting:
        options = [(one, _WORDS[one]) for one in agenda.RESPONSES]
        comment = text_field("Comment", "comment", autocomplete="off")
        answer = choice("Answer", "response", options)
        yield _form(mailbox, appointment, day, "answer", answer, comment, _as(), button("Answer"))
        yield _form(mailbox, appointment, day, "cancel", comment, _as(hers), button("Call off"))
    yield _form(mailbox, appointment, day, "delete", button("Delete"))


def _form(mailbox: Mailbox, appointment: Appointment, day: str, name: str, *children: Child) -> Markup:
    target = address(*place(mailbox), "calendar", appointment.number, name)
    return form(name, target, tag("input", type="hidden", name="at", value=day), *children)


@act
def make(call: Call, owner: str) -> Response:
    mailbox = call.world.mailboxes.mailbox(owner)
    if mailbox is None:
        raise Refused("There is no such mailbox.")
    try:
        made = agenda.make(call.world.mailboxes, mailbox, call.request.form)
    except agenda.Unclear as unclear:
        raise Refused(f"{unclear}.") from unclear
    return go(*place(mailbox), "calendar", made.number, done="created")


@act
def do(call: Call, owner: str, number: int, act: str) -> Response:
    mailbox, appointment = _find(call, owner, number)
    try:
        agenda.do(call.world.mailboxes, mailbox, appointment, act, call.request.form)
    except agenda.Unclear as unclear:
        raise Refused(f"{unclear}.") from unclear
    return go(*place(mailbox), "calendar", done="saved")
