"""Why a calendar does not do what it was asked to. The messages are for people; faces go by the class."""


class CalendarProblem(Exception):
    """Nothing was changed."""


class NotTheOrganizer(CalendarProblem):
    """Only a meeting's organiser may do that."""


class IsTheOrganizer(CalendarProblem):
    """A meeting's organiser does not answer it."""


class NoMeeting(CalendarProblem):
    """Nobody is invited: there is nothing to cancel or to answer."""


class NoOccurrence(CalendarProblem):
    """The series has no occurrence there, or it was deleted."""


class CrossesNeighbour(CalendarProblem):
    """An occurrence may not be moved to or across the one before or after it."""


class NoOccurrences(CalendarProblem):
    """The rule gives no date at all."""


class AlreadyCancelled(CalendarProblem):
    """The meeting was called off before."""


class NotRepresentable(CalendarProblem):
    """The message names what a mailbox cannot keep."""


class NoAnswerWanted(CalendarProblem):
    """The organiser asked for no answer, so none can be sent."""
