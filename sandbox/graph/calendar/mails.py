"""What Graph shows of a meeting's mail beyond a plain one: requests, answers, cancellations, and their event."""

import re

from sandbox.graph.calendar.items import Item
from sandbox.graph.calendar.shape import event_shape, location
from sandbox.graph.calendar.times import zoned
from sandbox.graph.context import Context
from sandbox.graph.odata import Options
from sandbox.graph.shape import PLAIN, Shape, message_type
from sandbox.mailboxes import Message
from sandbox.mailboxes.calendar.model import Appointment, Moment, Place
from sandbox.mailboxes.model import Meeting

_KINDS = {"REQUEST": "meetingRequest", "CANCEL": "meetingCancelled"}
_ANSWERED = {"ACCEPTED": "meetingAccepted", "DECLINED": "meetingDeclined"}
_RESPONSES = {"ACCEPTED": "accepted", "DECLINED": "declined"}
_SEQUENCE = re.compile(r"^SEQUENCE:(\d+)\s*$", re.MULTILINE)


def event_of_message(context: Context, message: Message) -> Shape:
    """What a meeting's mail is about; null for what is gone, nothing for a plain mail."""
    meeting = _meeting(message)
    if meeting is None:
        return {}
    found = _event(context, meeting)
    return {"event": event_shape(context, Item(found), Options()) if found else None}


def meeting_columns(context: Context, message: Message) -> Shape:
    meeting = _meeting(message)
    if meeting is None:
        return {}
    found, sequence = _event(context, meeting), _sequence(message)
    columns: Shape = {
        "meetingMessageType": _KINDS.get(meeting.method)
        or _ANSWERED.get(meeting.answer, "meetingTenativelyAccepted"),
        "type": "seriesMaster" if meeting.recurring else "singleInstance",
        "isOutOfDate": bool(found and not found.is_organizer and found.sequence > sequence),
        "isAllDay": meeting.all_day,
        "isDelegated": False,
        "startDateTime": _moment(context, meeting.start),
        "endDateTime": _moment(context, meeting.end),
        "location": location(Place(meeting.location) if meeting.location else None),
        "recurrence": None,
    }
    kind = message_type(message)
    if kind.endswith("Request"):
        columns |= {
            "meetingRequestType": "fullUpdate" if sequence else "newMeetingRequest",
            "responseRequested": found.details.wants_answers if found else True,
            "allowNewTimeProposals": found.details.takes_proposals if found else None,
        }
    if kind.endswith("Response"):
        columns["responseType"] = _RESPONSES.get(meeting.answer, "tentativelyAccepted")
        columns["proposedNewTime"] = None
        if meeting.method == "COUNTER":
            slot = {"start": columns["startDateTime"], "end": columns["endDateTime"]}
            columns["proposedNewTime"] = slot
    return columns


def _meeting(message: Message) -> Meeting | None:
    return None if message_type(message) == PLAIN else message.mail.meeting


def _event(context: Context, meeting: Meeting) -> Appointment | None:
    return context.store.calendar.by_uid(context.mailbox, meeting.uid)


def _sequence(message: Message) -> int:
    """Of the organiser's announcements; 0 is the first."""
    found = _SEQUENCE.search(message.mail.calendar)
    return int(found[1][:9]) if found else 0


def _moment(context: Context, moment: Moment | None) -> Shape | None:
    return None if moment is None else zoned(context, moment, "UTC")
