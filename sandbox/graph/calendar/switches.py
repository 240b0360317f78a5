"""Doubts about calendars and events, each with both answers."""

from sandbox.switches import declare

BAD_EVENT_IS_PROPERTY_VALIDATION = declare(
    "graph.bad_event_is_property_validation",
    default=True,
    question="Is the code of an event that cannot be ErrorPropertyValidationFailure (or ErrorInvalidRequest)?",
    source="notes 1.3, recall; field reports show the first",
)
ODD_ALL_DAY_IS_REFUSED = declare(
    "graph.odd_all_day_is_refused",
    default=True,
    question="Is an all-day event that does not begin and end at midnight refused (or widened to whole days)?",
    source="notes 1.3, recall",
)
ALL_DAY_FLOATS = declare(
    "graph.all_day_floats",
    default=True,
    question="Does an all-day event keep its dates in every zone asked for (or is its midnight converted)?",
    source="field report of 2026-10-05; the documentation speaks of midnight in one zone",
)
UID_IS_TOLD = declare(
    "graph.uid_is_told",
    default=False,
    question="Have events uid and occurrenceId on v1.0 (or on beta only)?",
    source="notes 1.3, recall; v1.0's metadata lacks them, one of its samples has occurrenceId",
)
READ_ONLY_PARTS_ARE_IGNORED = declare(
    "graph.read_only_parts_are_ignored",
    default=True,
    question="Is organizer, or another part of an event that clients cannot set, ignored (or refused with 400)?",
    source="notes 1.4, recall; field reports of a POST and the documented sample of a PATCH show the first",
)
DELETED_EVENT_IS_FOUND = declare(
    "graph.deleted_event_is_found",
    default=False,
    question="Is an event in Deleted Items still found by an id that lasts (or is it answered with 404)?",
    source="notes 1.3 take 404 for deleted; the documentation is silent",
)
SERIES_TELLS_ITS_DATES = declare(
    "graph.series_tells_its_dates",
    default=True,
    question="Does v1.0 tell a series' cancelledOccurrences and exceptionOccurrences (or beta only)?",
    source="notes P3; v1.0's metadata has both",
)
NOT_ORGANIZER_IS_OF_ITS_OWN = declare(
    "graph.not_organizer_is_of_its_own",
    default=False,
    question="Has what only an organizer may do a code of its own for others (or ErrorInvalidRequest)?",
    source="notes 1.4, recall; a field report of 2026-10-05 shows the second",
)
OCCURRENCES_ARE_THIN = declare(
    "graph.occurrences_are_thin",
    default=True,
    question="Has an occurrence in a delta of events no more than its id, its series and its times?",
    source="notes 1.3 and G-1, field reports",
)
DELETED_OCCURRENCES_ARE_TOLD = declare(
    "graph.deleted_occurrences_are_told",
    default=False,
    question="Does a delta of events tell of a deleted occurrence (or only the rest of its series again)?",
    source="notes 1.3 and G-2, field reports",
)
DELTA_TELLS_TEXT = declare(
    "graph.event_delta_tells_text",
    default=True,
    question="Does a delta of events give bodies as text to whoever prefers that (or as HTML all the same)?",
    source="the page of event: delta names no such preference, that of calendarView does",
)
REMOVED_SERIES_NAMES_ITS_DATES = declare(
    "graph.removed_series_names_its_dates",
    default=False,
    question="Are the occurrences of a removed series told as removed too (or the series alone)?",
    source="notes 1.3 are silent",
)
OTHER_CALENDARS_IN_DELTA = declare(
    "graph.other_calendars_in_delta",
    default=False,
    question="Can a calendar other than the default one be followed on v1.0?",
    source="notes 1.2; v1.0 documents the primary calendar alone, field reports name others",
)
INSTANCES_HAVE_EXCEPTIONS = declare(
    "graph.instances_have_exceptions",
    default=True,
    question="Are dates that were changed among the instances of a series (or only those that were not)?",
    source="the documentation and its sample have them, field reports of 2019 and 2022 do not",
)
ALL_DAY_LIES_IN_UTC = declare(
    "graph.all_day_lies_in_utc",
    default=True,
    question="Is an all-day event in a window by the midnights of UTC (or by those of its own zone)?",
    source="field report of 2026-10-05; the documentation is silent",
)
