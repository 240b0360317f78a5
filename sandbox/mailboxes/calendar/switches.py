"""Doubts about what a calendar does of itself, each with both answers."""

from sandbox.switches import declare

OWN_CHANGES_ARE_ANNOUNCED = declare(
    "calendar.own_changes_are_announced",
    default=False,
    question="Does an organiser's change of category, status, reminder, sensitivity or property mail attendees?",
    source="notes 1.4 and P4, recall",
)
SAME_VALUES_ARE_ANNOUNCED = declare(
    "calendar.same_values_are_announced",
    default=False,
    question="Is a change that writes the values that are there announced to the attendees?",
    source="notes 1.4 do not say; design 5",
)
ATTENDEES_ARE_READ_ONLY = declare(
    "calendar.attendees_are_read_only",
    default=True,
    question="Is an attendee's change of the list of attendees refused (or ignored)?",
    source="notes 1.4, recall",
)
TWO_A_DAY_ARE_REFUSED = declare(
    "calendar.two_a_day_are_refused",
    default=True,
    question="Is an occurrence that is moved to the day of its neighbour refused (or only across it)?",
    source="notes 1.3 speak of crossing; recall of Outlook: two occurrences cannot be on one day",
)
COPIES_MAY_BE_CHANGED = declare(
    "calendar.copies_may_be_changed",
    default=True,
    question="May an attendee change time, place or text on the own copy (or is that refused as the organiser's)?",
    source="notes 1.4, recall",
)
DELETED_COPY_DECLINES = declare(
    "calendar.deleted_copy_declines",
    default=False,
    question="Does the delete of an attendee's copy send the organiser a decline?",
    source="notes 1.4, recall; Outlook asks its user",
)
ANSWERED_REQUESTS_ARE_BINNED = declare(
    "calendar.answered_requests_are_binned",
    default=True,
    question="Does the answer to a meeting put its request from Inbox into Deleted Items?",
    source="recall of Outlook; the page of the answer's call does not say",
)
NEW_TIMES_RESET_ANSWERS = declare(
    "calendar.new_times_reset_answers",
    default=True,
    question="Does an organiser's copy forget who accepted when the meeting moves to another time?",
    source="recall of Exchange's tracking list",
)
DECLINED_STAY = declare(
    "calendar.declined_stay",
    default=False,
    question="Does a declined meeting stay in the calendar (or go into Deleted Items)?",
    source="recall; Outlook has an option for it since 2024",
)
EVERY_EXCEPTION_IS_ANNOUNCED = declare(
    "calendar.every_exception_is_announced",
    default=True,
    question="Does a change of a series send one more mail for each occurrence that has changes of its own?",
    source="notes 1.4",
)
PERIODS_ARE_PASSED_OVER = declare(
    "calendar.periods_are_passed_over",
    default=True,
    question="Is an RDATE with periods passed over, or is the event refused that has one?",
    source="[MS-OXCICAL] 2.1.3.1.1.20.18 passes it over; KB 2643084 says that RDATE without RRULE is not opened",
)
TIMELESS_LAST_HALF_AN_HOUR = declare(
    "calendar.timeless_last_half_an_hour",
    default=False,
    question="How long is an event of a file without DTSTART, DTEND and DURATION: half an hour, or no time?",
    source="recall; [MS-STANOICAL] 2.2.76 says that it begins with the hour in which the file is opened",
)
