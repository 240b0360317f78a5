"""The mails that meetings are made of: invitations, updates, cancellations, answers, forwarded invitations."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sandbox.mailboxes.calendar import receiving
from sandbox.mailboxes.calendar.expand import details_at
from sandbox.mailboxes.calendar.model import Answer, Appointment, Attendee, Details, Moment, Response
from sandbox.mailboxes.calendar.write import Method, calendar_text, event_lines
from sandbox.mailboxes.ics import read_meeting
from sandbox.mailboxes.model import Attachment, Mail, Mailbox, Person
from sandbox.outbox import Reason

if TYPE_CHECKING:
    from sandbox.mailboxes.calendar.meetings import Act
    from sandbox.mailboxes.store import MailboxStore

TellsOf: TypeAlias = Literal["invitation", "update", "cancellation"]
WORDS = {"accepted": "Accepted", "declined": "Declined", "tentativelyAccepted": "Tentative"}


class Letters:
    def __init__(self, store: "MailboxStore") -> None:
        self._store = store

    def announce(
        self,
        mailbox: Mailbox,
        appointment: Appointment,
        of: TellsOf,
        people: Sequence[Attendee],
        act: "Act",
        original: Moment | None,
        comment: str,
    ) -> None:
        """One mail to all of them, with what is attached."""
        details = details_at(appointment, original)
        seen = people if details.hides_attendees else None
        method = _method(of)
        subject = f"Canceled: {details.subject}" if method == "CANCEL" else details.subject
        text = calendar_of(appointment, details, method, self._store.now(), original, seen, comment)
        mail = replace(self._mail(subject, details, comment, text), **_addressed(people))
        self._send(mailbox, mail, of, act, () if method == "CANCEL" else details.attachments)

    def show(self, other: Mailbox, appointment: Appointment, of: TellsOf, original: Moment | None) -> None:
        """The same on another calendar, without a mail."""
        details, method = details_at(appointment, original), _method(of)
        text = calendar_of(appointment, details, method, self._store.now(), original)
        arrived = receiving.Arrived(method, self._store.now(), details.attachments)
        receiving.take(self._store.calendar, other, text, arrived)

    def show_answer(
        self,
        organizers: Sequence[Mailbox],
        mailbox: Mailbox,
        appointment: Appointment,
        details: Details,
        response: Response,
        original: Moment | None,
    ) -> None:
        text = calendar_of(
            appointment, details, "REPLY", self._store.now(), original, [_own(mailbox, details, response)]
        )
        for one in organizers:
            receiving.take(self._store.calendar, one, text, receiving.Arrived("REPLY", self._store.now()))

    def answer(
        self,
        mailbox: Mailbox,
        appointment: Appointment,
        details: Details,
        response: Response,
        act: "Act",
        comment: str,
        proposed: tuple[datetime, datetime] | None,
        original: Moment | None,
    ) -> None:
        word = "New Time Proposed" if proposed else WORDS[response]
        told = replace(details, start=proposed[0], end=proposed[1]) if proposed else details
        method: Method = "COUNTER" if proposed else "REPLY"
        text = calendar_of(
            appointment, told, method, self._store.now(), original, [_own(mailbox, details, response)], comment
        )
        mail = self._mail(f"{word}: {details.subject}", Details(), comment, text)
        self._send(mailbox, replace(mail, to=(appointment.organizer,)), "answer", act)

    def forward(
        self,
        mailbox: Mailbox,
        appointment: Appointment,
        details: Details,
        to: Sequence[Person],
        act: "Act",
        comment: str,
        original: Moment | None,
    ) -> None:
        added = [*details.attendees, *(Attendee(one) for one in to)]
        text = calendar_of(appointment, details, "REQUEST", self._store.now(), original, added, comment)
        mail = self._mail(f"FW: {details.subject}", details, comment, text)
        self._send(mailbox, replace(mail, to=tuple(to)), "forward", act, details.attachments)
        if not appointment.is_organizer:
            names = ", ".join(one.name or one.address for one in to)
            notice = Mail(
                subject=f"Meeting Forward Notification: {details.subject}",
                to=(appointment.organizer,),
                text=f"{mailbox.name} forwarded your meeting request to: {names}",
            )
            self._send(mailbox, notice, "forward notice", act)

    def _mail(self, subject: str, details: Details, comment: str, calendar: str) -> Mail:
        """The comment stands above what the meeting says of itself."""
        text = "\r\n\r\n".join(filter(None, (comment, details.text)))
        html = f"<p>{escape(comment)}</p>{details.html}" if details.html and comment else details.html
        return Mail(
            subject=subject,
            text=text,
            html=html,
            importance=details.importance,
            meeting=read_meeting(calendar, ""),
            calendar=calendar,
        )

    def _send(
        self, mailbox: Mailbox, mail: Mail, reason: Reason, act: "Act", attachments: Sequence[Attachment] = ()
    ) -> None:
        self._store.send(
            mailbox, mail, attachments, face=act.face, cause=act.cause, keep_copy=act.keep_copy, reason=reason
        )


def calendar_of(
    appointment: Appointment,
    details: Details,
    method: Method,
    now: datetime,
    original: Moment | None = None,
    attendees: Sequence[Attendee] | None = None,
    comment: str = "",
) -> str:
    """The calendar part of a mail about an appointment as `details` say, or about its occurrence there."""
    lines = event_lines(
        appointment,
        details,
        now,
        method=method,
        original=original,
        attendees=attendees,
        comment=comment,
    )
    year = details.start.year
    zones = [(name, year) for name in (details.start_zone, details.end_zone, appointment.details.start_zone)]
    return calendar_text(method, [lines], zones)


def _method(of: TellsOf) -> Method:
    return "CANCEL" if of == "cancellation" else "REQUEST"


def _own(mailbox: Mailbox, details: Details, response: Response) -> Attendee:
    """By the address that was invited, which may be an alias."""
    invited = (one.person.address for one in details.attendees if one.person.address.lower() in mailbox.addresses)
    return Attendee(Person(next(invited, mailbox.address), mailbox.name), answer=Answer(response))


def _addressed(people: Sequence[Attendee]) -> dict[str, Any]:
    """Required on To, optional on Cc, rooms and things on Bcc, as Outlook has it."""
    found: dict[str, Any] = {}
    for name, role in (("to", "required"), ("cc", "optional"), ("bcc", "resource")):
        found[name] = tuple(one.person for one in people if one.role == role)
    return found
