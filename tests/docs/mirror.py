"""The part of the page of the rules that is about calendars."""

from crosstie.rules.calendar.deletion import MATRIX, Happening
from tests.docs.cases import listed
from tests.docs.markdown import table
from tests.simulation import cases_fates
from tests.unit.mapping.event import cases_event
from tests.unit.rules import cases_calendar, cases_mirror


def mirrored() -> list[str]:
    return [*_saved(), *_carried(), *_gone(), *_lived()]


def _saved() -> list[str]:
    return [
        listed(
            "Is a calendar item saved?\n\n"
            "Unless a case says otherwise Ann organizes the meeting, Joe is invited, it is on Monday 15 June 2026 "
            "from 9 to 10 UTC, was made after activation, and auto-saving of meetings is on. *asked* is a mark "
            "that Ann set; *kept* says whether the organizer's mailbox is kept in step, *waited* for how many "
            "days the meeting has been known.",
            cases_calendar.SAVED,
            ("item", "settings", "who is known", "answer"),
        ),
        listed(
            "Does an Event come down?\n\nOne of Ann's, on Monday 15 June 2026, made after activation.",
            cases_calendar.DOWN,
            ("Event", "settings", "answer"),
        ),
        listed(
            "Is it within the days that are kept in step?\n\nAt noon of 10 June 2026 in UTC, for Ann in Berlin.",
            cases_calendar.PLACES,
            ("when", "place", "looked at again"),
        ),
        listed(
            "Does a field's value keep an Event out of the mailbox?",
            cases_calendar.CONDITIONS,
            ("value", "`events.unsync-conditions`", "answer"),
        ),
        listed(
            "How much of a private item is shown in Salesforce?",
            cases_mirror.PRIVATE,
            ("item", "`events.private`", "marked by Ann", "answer"),
        ),
        listed(
            "Whose item of a meeting is kept like its Event?",
            cases_mirror.TURNS,
            ("whose items are joined to it, and how until now", "organized by", "Event owned by", "Ann's"),
        ),
    ]


def _carried() -> list[str]:
    return [
        listed(
            "What does a calendar item say in Salesforce, and back?\n\n"
            "An Event was made of the item, and then changed in Salesforce as the case says. The last two columns "
            "are what the Event says where the item counts, and what the item says where the Event counts. A dash "
            "stands for the same, so that nothing is written.",
            cases_event.CASES,
            ("item", "changed in Salesforce", "row", "Event", "item then"),
        ),
        listed(
            "What is carried over which way?",
            cases_mirror.WAYS,
            ("item", "settings", "to Salesforce", "to the mailbox"),
        ),
        listed(
            "Are attendees told of what was changed in Salesforce?",
            cases_mirror.HELD,
            ("item", "changed", "settings", "Ann said so", "answer"),
        ),
        listed(
            "Who is invited?\n\n"
            "B is Bo, C is Cem, colleagues; J is Joe, a Contact, and R a room. In brackets who is on the meeting "
            "and does not belong on the list. Those known were on both sides when they were last seen: `<` in "
            "Salesforce alone, `>` in the mailbox alone, and `!` if nothing was said there since.",
            cases_mirror.INVITEES,
            ("meeting", "Event", "known", "settings", "Event then", "to invite", "to take off"),
        ),
    ]


def _gone() -> list[str]:
    rows = [
        (kind.value, *(f"{fates[one].record}, {fates[one].item}" for one in Happening))
        for kind, fates in MATRIX.items()
    ]
    return [
        "## What becomes of the Event and of the item?\n\nIn each cell first of the Event, then of the item.\n\n"
        + table(("item", *(one.value for one in Happening)), rows),
        listed(
            "For instance?\n\nThe numbers are those of the known use cases.",
            cases_mirror.GOING,
            ("item", "made in", "what happens", "settings", "the Event", "the item"),
        ),
        listed("How much may be removed at once?", cases_mirror.GUARD, ("removals", "pairs", "answer")),
    ]


def _lived() -> list[str]:
    columns = ("what happens", "the item then", "its category *Salesforce*", "the Event then")
    fates = table(("item", *columns), [*cases_fates.FATES, *cases_fates.BESIDES])
    bounds = table(("case", "still so here", "what happens", "because"), cases_fates.BOUNDS)
    return [
        "## What becomes of them, as people see it?\n\n"
        "Each row is lived through with two mailboxes and an org (`tests/simulation/test_fates.py`): what both "
        "sides hold afterwards is compared, nobody is mailed, and one more session writes nothing.\n\n" + fates,
        listed("… and the published use cases?", cases_fates.USE_CASES, ("item", *columns)),
        "## What do comparable products never carry over?\n\n" + bounds,
    ]
