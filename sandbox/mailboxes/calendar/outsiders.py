"""Meetings with people who have no mailbox here: what they send, as it arrives."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox.mailboxes.calendar.expand import details_at
from sandbox.mailboxes.calendar.letters import WORDS, calendar_of
from sandbox.mailboxes.calendar.model import Answer, Appointment, Attendee, Details, Moment, Response, Rule
from sandbox.mailboxes.calendar.uids import new_uid
from sandbox.mailboxes.calendar.write import Method
from sandbox.mailboxes.ics import read_meeting
from sandbox.mailboxes.model import Mail, Person
from sandbox.outbox import Reason

if TYPE_CHECKING:
    from sandbox.mailboxes.store import MailboxStore

_REASONS: dict[Method, Reason] = {"CANCEL": "cancellation", "REPLY": "answer", "COUNTER": "answer"}


def invite(store: "MailboxStore", organizer: Person, details: Details, rule: Rule | None = None) -> str:
    """Returns the UID. Whoever is on it and lives here gets it; there must be one."""
    now = store.now()
    uid = new_uid("google", now, store.dice)
    meeting = Appointment(0, 0, uid, details, organizer, True, now, now, rule)
    _send(store, organizer, meeting, details, "REQUEST", [one.person for one in details.attendees])
    return uid


def change(
    store: "MailboxStore", copy: Appointment, changes: Mapping[str, Any], original: Moment | None = None
) -> None:
    """What its organiser sends after a change; `copy` is that of somebody here. Raises NoOccurrence."""
    details = replace(details_at(copy, original), **changes)
    _send_on(store, copy, details, "REQUEST", original)


def call_off(store: "MailboxStore", copy: Appointment, original: Moment | None = None) -> None:
    """Raises NoOccurrence."""
    _send_on(store, copy, details_at(copy, original), "CANCEL", original)


def _send_on(
    store: "MailboxStore", copy: Appointment, details: Details, method: Method, original: Moment | None
) -> None:
    whole = copy.details if original is not None else details
    meeting = replace(copy, sequence=copy.sequence + 1, details=whole)
    people = [one.person for one in details.attendees]
    _send(store, copy.organizer, meeting, details, method, people, original)


def answer(
    store: "MailboxStore",
    person: Person,
    meeting: Appointment,
    response: Response,
    original: Moment | None = None,
) -> None:
    """To the organiser, who lives here. Raises NoOccurrence."""
    own = Attendee(person, answer=Answer(response))
    details = replace(details_at(meeting, original), attendees=(own,))
    _send(store, person, meeting, details, "REPLY", [meeting.organizer], original, f"{WORDS[response]}: ")


def _send(
    store: "MailboxStore",
    author: Person,
    meeting: Appointment,
    details: Details,
    method: Method,
    to: Sequence[Person],
    original: Moment | None = None,
    word: str = "",
) -> None:
    text = calendar_of(meeting, details, method, store.now(), original)
    mail = Mail(
        subject=word + details.subject,
        to=tuple(to),
        text=details.text or "",
        meeting=read_meeting(text, method),
        calendar=text,
    )
    reason = _REASONS.get(method, "update" if meeting.sequence else "invitation")
    store.send_from_outside(author, mail, reason=reason)
