"""Meetings: what an organiser and the invited do, and whom the vendor tells of it.

Everything that is sent goes through the post, so the outbox counts it, and colleagues' copies come to be by the
mail that reaches them (`receiving`), as outsiders' invitations do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sandbox.mailboxes.calendar import expand, receiving
from sandbox.mailboxes.calendar.book import Book
from sandbox.mailboxes.calendar.letters import Letters, TellsOf
from sandbox.mailboxes.calendar.model import (
    Answer,
    Appointment,
    Attendee,
    Calendar,
    Details,
    Moment,
    Response,
    Rule,
)
from sandbox.mailboxes.calendar.problems import (
    AlreadyCancelled,
    IsTheOrganizer,
    NoAnswerWanted,
    NoMeeting,
    NotTheOrganizer,
)
from sandbox.mailboxes.calendar.switches import (
    ANSWERED_REQUESTS_ARE_BINNED,
    ATTENDEES_ARE_READ_ONLY,
    COPIES_MAY_BE_CHANGED,
    DECLINED_STAY,
    DELETED_COPY_DECLINES,
    EVERY_EXCEPTION_IS_ANNOUNCED,
    NEW_TIMES_RESET_ANSWERS,
    OWN_CHANGES_ARE_ANNOUNCED,
    SAME_VALUES_ARE_ANNOUNCED,
)
from sandbox.mailboxes.model import Mailbox, Message, Person

if TYPE_CHECKING:
    from sandbox.mailboxes.store import MailboxStore

Tell = Literal["as usual", "all", "changed", "outsiders", "nobody"]
ANNOUNCED = {
    "subject", "text", "html", "start", "end", "start_zone", "end_zone", "places", "online", "attachments",
}  # fmt: skip
"""What attendees are told of when it changes; the rest is the organiser's own copy's."""
OWN = {"categories", "show_as", "reminder", "reminds", "sensitivity", "properties", "extensions"}


@dataclass(frozen=True, slots=True)
class Act:
    """Whose request made a change, and who is to be told."""

    face: str = "console"
    cause: str = "console"
    """The route, as the outbox tells it."""
    tell: Tell = "as usual"
    """As usual: attendees that came or went when only they change, else all. The others are what EWS and Google
    let a client choose; Graph has no choice."""
    keep_copy: bool = True
    """Of what is sent, in Sent Items."""


BY_HAND = Act()


class Meetings:
    def __init__(self, store: "MailboxStore", book: Book) -> None:
        self._store = store
        self._book = book
        self._letters = Letters(store)

    # An appointment's or a meeting's own mailbox

    def create(
        self,
        mailbox: Mailbox,
        details: Details,
        *,
        rule: Rule | None = None,
        calendar: Calendar | None = None,
        transaction: str = "",
        uid: str = "",
        act: Act = BY_HAND,
    ) -> Appointment:
        """Whoever is on it is invited at once. Raises NoOccurrences."""
        appointment = self._book.add(
            mailbox, details, rule=rule, calendar=calendar, transaction=transaction, uid=uid
        )
        if details.attendees:
            appointment.is_draft = act.tell == "nobody" and mailbox.home != "google"
            self._tell(mailbox, appointment, "invitation", details.attendees, act)
        return appointment

    def update(
        self,
        mailbox: Mailbox,
        appointment: Appointment,
        changes: Mapping[str, Any],
        *,
        rule: Rule | Literal["kept"] | None = "kept",
        original: Moment | None = None,
        act: Act = BY_HAND,
    ) -> None:
        """Change it, or its occurrence at `original`. `changes`: names of fields of Details → values.

        An attendee's change stays on the own copy. Raises NoOccurrence, NoOccurrences, CrossesNeighbour, and
        NotTheOrganizer for an attendee who changes who comes.
        """
        before = expand.details_at(appointment, original)
        wanted = dict(changes)
        if not appointment.is_organizer:
            self._check_copy(before, wanted, moves=rule not in ("kept", appointment.rule))
        old_rule = appointment.rule
        if appointment.is_organizer and self._store.switches.on(NEW_TIMES_RESET_ANSWERS):
            wanted |= _asked_again(before, wanted)
        if original is None:
            self._book.change(mailbox, appointment, wanted, rule=rule)
        else:
            self._book.change_occurrence(mailbox, appointment, original, wanted)
        if appointment.is_organizer and appointment.calendar:
            told = set(wanted) | ({"rule"} if appointment.rule != old_rule else set())
            self._announce(mailbox, appointment, original, before, told, act)

    def _check_copy(self, before: Details, wanted: dict[str, Any], *, moves: bool) -> None:
        """Takes out what is ignored. Raises NotTheOrganizer for what is refused."""
        if wanted.get("attendees", before.attendees) != before.attendees:
            if self._store.switches.on(ATTENDEES_ARE_READ_ONLY):
                raise NotTheOrganizer("the organiser says who comes")
            del wanted["attendees"]
        theirs = any(getattr(before, name) != wanted.get(name, getattr(before, name)) for name in ANNOUNCED)
        if (theirs or moves) and not self._store.switches.on(COPIES_MAY_BE_CHANGED):
            raise NotTheOrganizer("the organiser says what it is about, where and when")

    def _announce(
        self,
        mailbox: Mailbox,
        appointment: Appointment,
        original: Moment | None,
        before: Details,
        written: set[str],
        act: Act,
    ) -> None:
        after = expand.details_at(appointment, original)
        came, stayed, went = _sorted_out(before.attendees, after.attendees)
        if not (came or stayed or went):
            return
        news = self._is_news(before, after, written)
        appointment.sequence += news
        if appointment.is_draft:
            if act.tell == "nobody" or not (news or came or went or act.tell == "all"):
                return
            came, stayed, went, appointment.is_draft = list(after.attendees), [], [], False
        elif act.tell == "changed" or (act.tell != "all" and not news):
            stayed = _changed(before.attendees, stayed)
        self._tell(mailbox, appointment, "cancellation", went, act, original)
        self._tell(mailbox, appointment, "invitation", came, act, original)
        self._tell(mailbox, appointment, "update", stayed, act, original)

    def _is_news(self, before: Details, after: Details, written: set[str]) -> bool:
        """Whether those who were invited before hear of it."""
        switches = self._store.switches
        telling = ANNOUNCED | (OWN if switches.on(OWN_CHANGES_ARE_ANNOUNCED) else set())
        if switches.on(SAME_VALUES_ARE_ANNOUNCED) and written & telling:
            return True
        return "rule" in written or any(
            getattr(before, name) != getattr(after, name) for name in written & telling
        )

    def delete(
        self,
        mailbox: Mailbox,
        appointment: Appointment,
        *,
        original: Moment | None = None,
        for_good: bool = False,
        act: Act = BY_HAND,
    ) -> None:
        """An organiser's delete calls the meeting off; an attendee's takes the own copy away.

        What lies in Deleted Items is gone for good. Raises NoOccurrence.
        """
        details = expand.details_at(appointment, original)
        if appointment.is_organizer and appointment.calendar and not appointment.is_draft:
            appointment.sequence += 1
            self._tell(mailbox, appointment, "cancellation", details.attendees, act, original)
        declines = self._store.switches.on(DELETED_COPY_DECLINES) and not details.cancelled
        if not appointment.is_organizer and appointment.calendar and declines and act.tell != "nobody":
            self._letters.answer(mailbox, appointment, details, "declined", act, "", None, original)
        if original is not None:
            self._book.drop_occurrence(mailbox, appointment, original)
        elif for_good or not appointment.calendar:
            self._book.purge(mailbox, appointment)
        else:
            self._book.bin(mailbox, appointment)

    def cancel(
        self,
        mailbox: Mailbox,
        appointment: Appointment,
        *,
        comment: str = "",
        original: Moment | None = None,
        act: Act = BY_HAND,
    ) -> None:
        """Call a meeting off with a word to the invited; it goes into Deleted Items as by a delete.

        Raises NotTheOrganizer, NoMeeting, AlreadyCancelled, NoOccurrence.
        """
        if not appointment.is_organizer:
            raise NotTheOrganizer("only the organiser can call a meeting off")
        details = expand.details_at(appointment, original)
        if not details.attendees:
            raise NoMeeting("nobody is invited")
        if not appointment.calendar:
            raise AlreadyCancelled("the meeting was called off")
        if not appointment.is_draft:
            appointment.sequence += 1
            self._tell(mailbox, appointment, "cancellation", details.attendees, act, original, comment)
        if original is None:
            self._book.bin(mailbox, appointment)
        else:
            self._book.drop_occurrence(mailbox, appointment, original)

    # What the invited do

    def answer(
        self,
        mailbox: Mailbox,
        appointment: Appointment,
        response: Response,
        *,
        comment: str = "",
        send: bool = True,
        proposed: tuple[datetime, datetime] | None = None,
        original: Moment | None = None,
        act: Act = BY_HAND,
    ) -> None:
        """`accepted`, `tentativelyAccepted` or `declined`; `proposed`: another time.

        Raises IsTheOrganizer, NoAnswerWanted when there is one to send, AlreadyCancelled, NoOccurrence.
        """
        details = expand.details_at(appointment, original)
        if appointment.is_organizer:
            raise IsTheOrganizer("an organiser does not answer the own meeting")
        if details.cancelled:
            raise AlreadyCancelled("the meeting was called off")
        if send and not details.wants_answers:
            raise NoAnswerWanted("the organiser asked for no answer")
        if send:
            self._letters.answer(mailbox, appointment, details, response, act, comment, proposed, original)
        else:
            organizer = self._sharing(mailbox, [Attendee(appointment.organizer)])
            self._letters.show_answer(organizer, mailbox, appointment, details, response, original)
        if self._store.switches.on(ANSWERED_REQUESTS_ARE_BINNED):
            self._bin_requests(mailbox, appointment.uid)
        self._keep_answer(mailbox, appointment, details, response, original)

    def _keep_answer(
        self,
        mailbox: Mailbox,
        appointment: Appointment,
        details: Details,
        response: Response,
        original: Moment | None,
    ) -> None:
        if response == "declined" and not self._store.switches.on(DECLINED_STAY):
            if original is not None:
                self._book.drop_occurrence(mailbox, appointment, original)
                return
            appointment.details = replace(details, answer=Answer(response, self._store.now()))
            self._book.bin(mailbox, appointment)
            return
        changes: dict[str, Any] = {"answer": Answer(response, self._store.now())}
        shown = {"declined": "free", "tentativelyAccepted": "tentative"}
        changes["show_as"] = shown.get(response, appointment.intended)
        if not appointment.calendar:
            self._book.move(mailbox, appointment, mailbox.default_calendar)
        if original is None:
            self._book.change(mailbox, appointment, changes)
        else:
            self._book.change_occurrence(mailbox, appointment, original, changes)

    def _bin_requests(self, mailbox: Mailbox, uid: str) -> None:
        for message in list(mailbox.messages_in(mailbox.well_known("inbox"))):
            meeting = message.mail.meeting
            if meeting and meeting.method == "REQUEST" and meeting.uid == uid:
                self._store.delete(mailbox, message)

    def forward(
        self,
        mailbox: Mailbox,
        appointment: Appointment,
        to: Sequence[Person],
        *,
        comment: str = "",
        original: Moment | None = None,
        act: Act = BY_HAND,
    ) -> None:
        """The invitation as it is to others; an organiser who did not do it is told. Raises NoOccurrence."""
        details = expand.details_at(appointment, original)
        self._letters.forward(mailbox, appointment, details, to, act, comment, original)

    def receive(self, mailbox: Mailbox, message: Message) -> None:
        """What a mail that has just arrived does to the calendar, before anybody has read it."""
        receiving.receive(self._book, mailbox, message)

    # Whom to tell

    def _chosen(self, mailbox: Mailbox, people: Sequence[Attendee], act: Act) -> list[Attendee]:
        """Without oneself, who may stand among those who come."""
        domain = "@" + mailbox.address.partition("@")[2]
        if act.tell == "nobody":
            return []
        others = [one for one in people if one.person.address.lower() not in mailbox.addresses]
        return [one for one in others if act.tell != "outsiders" or not _lives_at(one, domain)]

    def _tell(
        self,
        mailbox: Mailbox,
        appointment: Appointment,
        of: TellsOf,
        people: Sequence[Attendee],
        act: Act,
        original: Moment | None = None,
        comment: str = "",
    ) -> None:
        mailed = self._chosen(mailbox, people, act)
        sharing = self._sharing(mailbox, [one for one in people if one not in mailed])
        for part in self._parts(appointment, of, original):
            for group in _groups(mailed, apart=appointment.details.hides_attendees):
                self._letters.announce(mailbox, appointment, of, group, act, part, comment)
            for other in sharing:
                self._letters.show(other, appointment, of, part)

    def _parts(self, appointment: Appointment, of: TellsOf, original: Moment | None) -> list[Moment | None]:
        """What one mail each is about: the whole or one occurrence, and what else of a series must be told."""
        every = self._store.switches.on(EVERY_EXCEPTION_IS_ANNOUNCED)
        more = original is None and of != "cancellation" and every
        return [original, *(expand.deviating(appointment) if more else ())]

    def _sharing(self, mailbox: Mailbox, people: Sequence[Attendee]) -> list[Mailbox]:
        """Whose calendars show it without a mail: those that are at Google together with the organiser's."""
        found = (self._store.mailbox(one.person.address) for one in people)
        others = (one for one in found if one and one.licensed and one is not mailbox)
        return [one for one in others if mailbox.home == one.home == "google"]


def _groups(people: list[Attendee], *, apart: bool) -> list[list[Attendee]]:
    """Who gets one mail together; where nobody is to see the others, each their own."""
    if apart:
        return [[one] for one in people]
    return [people] if people else []


def _lives_at(attendee: Attendee, domain: str) -> bool:
    return attendee.person.address.lower().endswith(domain)


def _asked_again(before: Details, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Those who are invited, nobody having answered, if the time is another."""
    start, end = wanted.get("start", before.start), wanted.get("end", before.end)
    people: tuple[Attendee, ...] = wanted.get("attendees", before.attendees)
    if (start, end) == (before.start, before.end) or not people:
        return {}
    return {"attendees": tuple(replace(one, answer=Answer(), proposed=None) for one in people)}


def _changed(before: Sequence[Attendee], people: Sequence[Attendee]) -> list[Attendee]:
    """Those who are asked in another role."""
    roles = {one.person.address.lower(): one.role for one in before}
    return [one for one in people if one.role != roles[one.person.address.lower()]]


def _sorted_out(
    before: Sequence[Attendee], after: Sequence[Attendee]
) -> tuple[list[Attendee], list[Attendee], list[Attendee]]:
    """Who came, who stayed and who went, by address."""
    then = {one.person.address.lower() for one in before}
    now = {one.person.address.lower() for one in after}
    came = [one for one in after if one.person.address.lower() not in then]
    stayed = [one for one in after if one.person.address.lower() in then]
    return came, stayed, [one for one in before if one.person.address.lower() not in now]
