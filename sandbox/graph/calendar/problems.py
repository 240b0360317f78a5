"""What a calendar has against a wish, in Graph's codes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.graph.errors import NOT_ORGANIZER, bad_request, item_not_found
from sandbox.mailboxes.calendar import problems

_SORRY = "Your request can't be completed."
_REFUSALS: dict[type[problems.CalendarProblem], tuple[str, str]] = {
    problems.NotTheOrganizer: (NOT_ORGANIZER, "You need to be an organizer to do that to a meeting."),
    problems.IsTheOrganizer: (
        "ErrorInvalidRequest", "You can't respond to this meeting because you're the meeting organizer.",
    ),
    problems.NoMeeting: ("ErrorInvalidRequest", "Nobody is invited to this event."),
    problems.NoAnswerWanted: ("ErrorInvalidRequest", "The meeting organizer hasn't requested a response."),
    problems.AlreadyCancelled: ("ErrorInvalidRequest", "The meeting was canceled."),
    problems.CrossesNeighbour: (
        "ErrorOccurrenceCrossingBoundary", "Modified occurrence is crossing or overlapping adjacent occurrence.",
    ),
    problems.NoOccurrences: ("ErrorRecurrenceHasNoOccurrence", "The recurrence pattern gives no date."),
}  # fmt: skip


@contextmanager
def refusing() -> Iterator[None]:
    """Turns a problem of the calendar into the vendor's refusal."""
    try:
        yield
    except problems.NoOccurrence:
        raise item_not_found() from None
    except problems.CalendarProblem as problem:
        if type(problem) not in _REFUSALS:
            raise
        code, sentence = _REFUSALS[type(problem)]
        raise bad_request(f"{_SORRY} {sentence}", code) from problem
