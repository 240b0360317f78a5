"""Calendars: appointments, series and meetings, in no vendor's shape.

`store.calendar` keeps them and their log, `store.meetings` is for whatever people do that others may be told of,
and `view` shows a calendar through a window.
"""

from sandbox.mailboxes.calendar.book import Book
from sandbox.mailboxes.calendar.meetings import Act, Meetings
from sandbox.mailboxes.calendar.model import (
    Answer,
    Appointment,
    Attendee,
    Calendar,
    Details,
    Deviation,
    Moment,
    Occurrence,
    OnlineMeeting,
    Place,
    Rule,
)
from sandbox.mailboxes.calendar.problems import (
    AlreadyCancelled,
    CalendarProblem,
    CrossesNeighbour,
    IsTheOrganizer,
    NoAnswerWanted,
    NoMeeting,
    NoOccurrence,
    NoOccurrences,
    NotRepresentable,
    NotTheOrganizer,
)

__all__ = [
    "Act",
    "AlreadyCancelled",
    "Answer",
    "Appointment",
    "Attendee",
    "Book",
    "Calendar",
    "CalendarProblem",
    "CrossesNeighbour",
    "Details",
    "Deviation",
    "IsTheOrganizer",
    "Meetings",
    "Moment",
    "NoAnswerWanted",
    "NoMeeting",
    "NoOccurrence",
    "NoOccurrences",
    "NotRepresentable",
    "NotTheOrganizer",
    "Occurrence",
    "OnlineMeeting",
    "Place",
    "Rule",
]
