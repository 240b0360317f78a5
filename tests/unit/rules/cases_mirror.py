"""What follows between the two halves of a pair, and between several people's."""

from crosstie.domain.settings import EventWay, MeetingUpdates
from tests.unit.rules.builders import Cases

HERE, THERE = "mailbox", "Salesforce"
WITH_JOE = {"attendees": "joe@customer.test"}
BY_JOE = {"organizer": "joe@customer.test", "attendees": "ann@north.test"}
BY_BO = {"organizer": "bo@north.test", "attendees": "ann@north.test"}

GOING: Cases = (
    ("1. A mailbox's item loses its mark", {}, HERE, "CATEGORY_REMOVED", {}, "keep", "restore the mark"),
    ("2. A meeting of Salesforce is deleted there", WITH_JOE, THERE, "DELETED_IN_CRM", {}, "keep", "unmark"),
    ("3. A mailbox's appointment is deleted in Salesforce", {}, HERE, "DELETED_IN_CRM", {}, "keep", "unmark"),
    ("4. … in the mailbox", {}, HERE, "DELETED_IN_MAILBOX", {}, "delete", "keep"),
    ("5. … leaves the window", {}, HERE, "LEFT_WINDOW", {}, "keep", "unmark"),
    (
        "6. An appointment of Salesforce loses its mark",
        {},
        THERE,
        "CATEGORY_REMOVED",
        {},
        "keep",
        "restore the mark",
    ),
    ("7. … is deleted in the mailbox", {}, THERE, "DELETED_IN_MAILBOX", {}, "delete", "keep"),
    ("8. … leaves the window", {}, THERE, "LEFT_WINDOW", {}, "keep", "delete"),
    ("9. … is deleted in Salesforce", {}, THERE, "DELETED_IN_CRM", {}, "keep", "delete"),
    ("10. … and the mailbox is deactivated", {}, THERE, "DEACTIVATED", {}, "keep", "delete"),
    ("The switch that brings down is turned off", {}, THERE, "DOWN_OFF", {}, "keep", "delete"),
    ("… and somebody was invited meanwhile", WITH_JOE, THERE, "DOWN_OFF", {}, "keep", "unmark"),
    ("… of what was made in the mailbox", {}, HERE, "DOWN_OFF", {}, "keep", "keep"),
    ("Ann wants her meeting out of Salesforce", WITH_JOE, HERE, "UNSYNC", {}, "delete", "unmark"),
    ("Ann wants Joe's meeting out of Salesforce", BY_JOE, HERE, "UNSYNC", {}, "delete", "unmark"),
    ("Ann wants Bo's meeting out of Salesforce", BY_BO, "colleague", "UNSYNC", {}, "decline", "unmark"),
    ("Ann deletes her copy of Bo's meeting", BY_BO, "colleague", "DELETED_IN_MAILBOX", {}, "decline", "keep"),
    ("Ann cancels her meeting", WITH_JOE, HERE, "CANCELLED", {}, "delete", "unmark"),
    ("… and cancelled ones stay", WITH_JOE, HERE, "CANCELLED", {"events_keep_cancelled": True}, "keep", "unmark"),
    ("A field's value keeps it out", {}, THERE, "CONDITION", {}, "keep", "delete"),
    ("… and it was made in the mailbox", {}, HERE, "CONDITION", {}, "keep", "unmark"),
    (
        "A mailbox's item is deleted in Salesforce, whose changes do not count",
        {},
        HERE,
        "DELETED_IN_CRM",
        {"events_way": EventWay.TO_SALESFORCE},
        "make again",
        "keep",
    ),
    (
        "What came from Salesforce is deleted there, though changes do not count",
        {},
        THERE,
        "DELETED_IN_CRM",
        {"events_way": EventWay.TO_SALESFORCE},
        "keep",
        "delete",
    ),
    (
        "What came from Salesforce is deleted in the mailbox, whose changes do not count",
        {},
        THERE,
        "DELETED_IN_MAILBOX",
        {"events_way": EventWay.FROM_SALESFORCE},
        "keep",
        "make again",
    ),
    (
        "… and it was made there",
        {},
        HERE,
        "DELETED_IN_MAILBOX",
        {"events_way": EventWay.FROM_SALESFORCE},
        "keep",
        "keep",
    ),
)
"""(situation, item, born in, happening, settings, what becomes of the record, of the item)."""

HELD: Cases = (
    ("Another subject for Ann's meeting with Joe", WITH_JOE, "subject", {}, False, "EVENT-ASK"),
    ("… and Ann says that he may be told", WITH_JOE, "subject", {}, True, "carried over"),
    (
        "… and everybody may be told",
        WITH_JOE,
        "subject",
        {"events_meeting_updates": MeetingUpdates.SEND},
        False,
        "carried over",
    ),
    (
        "… and nobody is told",
        WITH_JOE,
        "when",
        {"events_meeting_updates": MeetingUpdates.KEEP},
        False,
        "EVENT-NOT-SENT",
    ),
    ("Another reminder", WITH_JOE, "reminder show_as", {}, False, "carried over"),
    ("An appointment", {}, "subject when location text", {}, False, "carried over"),
    ("Joe's meeting: an attendee's change goes to nobody", BY_JOE, "subject", {}, False, "carried over"),
    (
        "It took place yesterday, and Ann says that Joe may be told",
        WITH_JOE | {"when": "2026-06-09T09:00/10:00"},
        "location",
        {},
        True,
        "EVENT-OVER",
    ),
)
"""(situation, item, rows changed in Salesforce, settings, approved, answer)."""

WAYS: Cases = (
    ("Ann's own meeting", WITH_JOE, {"events_safe_description": False}, "all", "all but with about"),
    ("With the text protected", WITH_JOE, {}, "all but text", "all but about text with"),
    ("Joe's meeting", BY_JOE, {"events_safe_description": False}, "all", "private reminder show_as"),
    ("To Salesforce only", WITH_JOE, {"events_way": EventWay.TO_SALESFORCE}, "all but text", "none"),
    (
        "From Salesforce only",
        WITH_JOE,
        {"events_way": EventWay.FROM_SALESFORCE},
        "none",
        "all but about text with",
    ),
)
"""(situation, item, settings, rows that go up, rows that come down)."""

INVITEES: Cases = (
    (
        "Bo accepted long ago, and declines in Salesforce",
        "B:accepted",
        "B:declined",
        "B!",
        {},
        "B:declined",
        "",
        "",
    ),
    ("… and accepts again in the mailbox", "B:accepted", "B:declined", "B", {}, "B:accepted", "", ""),
    (
        "Joe is on the meeting, and was invited in Salesforce too",
        "(J)",
        "J:undecided",
        "",
        {},
        "J:undecided",
        "",
        "",
    ),
    ("A room was invited in Salesforce", "", "R:undecided", "", {}, "R:undecided", "", ""),
    ("Bo is added in Salesforce, which was said before", "", "B:undecided", "<B", {}, "B:undecided", "", ""),
    (
        "Bo could never be put on the Event",
        "B:accepted",
        "",
        ">B",
        {"events_attendee_removals": True},
        "",
        "",
        "",
    ),
    ("Nothing changed", "B:accepted", "B:accepted", "B", {}, "B:accepted", "", ""),
    ("Bo is added to the meeting", "B:accepted", "", "", {}, "B:accepted", "", ""),
    ("Bo is taken off the meeting", "", "B:accepted", "B", {}, "", "", ""),
    ("Bo is added in Salesforce", "", "B:undecided", "", {}, "B:undecided", "B", ""),
    ("Bo is taken off in Salesforce", "B:accepted", "", "B", {}, "", "", ""),
    ("… which counts", "B:accepted", "", "B", {"events_attendee_removals": True}, "", "", "B"),
    ("Bo accepts in the mailbox", "B:accepted", "B:undecided", "B", {}, "B:accepted", "", ""),
    ("Bo changes to tentative in the mailbox", "B:undecided", "B:accepted", "B", {}, "B:undecided", "", ""),
    ("Bo accepts in Salesforce", "B:unanswered", "B:accepted", "B", {}, "B:accepted", "", ""),
    ("Bo is added without an answer", "B:unanswered", "", "", {}, "B:undecided", "", ""),
    ("Bo is on both when they meet first", "B:declined", "B:undecided", "", {}, "B:declined", "", ""),
    ("One is added on each side", "B:accepted", "C:declined", "", {}, "B:accepted C:declined", "C", ""),
    (
        "Invitees are left as they were",
        "B:accepted",
        "C:declined",
        "C",
        {"events_attendees": False},
        "C:declined",
        "",
        "",
    ),
)
"""(situation, meeting, record, who was known, settings, the record then, to invite, to take off).

In brackets who is on the meeting and does not belong on the record. Known on both sides; `<` in Salesforce alone,
`>` in the mailbox alone, and `!` if nothing was said in the mailbox since.
"""

GUARD: Cases = (
    ("Twenty of thirty", 20, 30, "go on"),
    ("Twenty-one of thirty", 21, 30, "EVENT-GUARD"),
    ("A hundred of a thousand", 100, 1000, "go on"),
    ("Two hundred and one of a thousand", 201, 1000, "EVENT-GUARD"),
    ("None of none", 0, 0, "go on"),
)
"""(situation, removals, pairs that are kept alike, answer)."""

TURNS: Cases = (
    ("Nobody else has it", "ann lead", "", "ann", "lead"),
    ("Bo has led until now, and it is his", "ann copy, bo lead", "bo", "bo", "follow"),
    ("Bo has led until now, and it is Ann's meeting", "ann copy, bo lead", "ann", "bo", "take over"),
    ("… and it is Joe's, who is no colleague", "ann copy, bo lead", "", "bo", "follow"),
    ("… of which Ann owns the Event by now", "ann copy, bo lead", "", "ann", "take over"),
    ("Bo's mailbox is not kept in step", "ann copy, bo lead idle", "", "bo", "take over"),
    ("… and Cy's is older than Ann's", "cy copy, ann copy, bo lead idle", "", "bo", "follow"),
    ("… though it is Bo's meeting", "ann copy, bo lead idle", "bo", "bo", "take over"),
    ("Both have saved it, and Ann owns it", "bo lead, ann lead", "", "ann", "lead"),
    ("… and somebody else does", "bo lead, ann lead", "", "cy", "follow"),
    ("Ann has led until now, and Bo owns it by now", "ann lead, bo copy", "", "bo", "step down"),
    ("… and has taken over", "ann lead, bo lead later", "", "bo", "follow"),
    ("… and Ann owns it again", "ann lead, bo lead later", "", "ann", "take over"),
    ("Bo has taken over while Ann was away", "ann lead, bo lead later", "", "cy", "take over"),
    ("Nobody has led for long", "ann copy", "bo", "bo", "take over"),
)
"""(situation, who has an item of it: the oldest first, organizers, owner of the Event, Ann's turn)."""

SHARED: Cases = (
    ("Nobody has it", "", "none"),
    ("A colleague waits for it", "alone", "none"),
    ("A colleague had it", "parted", "none"),
    ("A colleague has it", "plain", "plain"),
    ("… for the second time", "again", "again"),
    ("A colleague follows", "copy", "copy"),
    ("It came from Salesforce", "born", "born"),
    ("A colleague has a record of their own", "own", "none"),
    ("… and another one shares theirs", "own plain", "plain"),
)
"""(situation, colleagues' links, which of them is followed)."""

OWN: Cases = (
    ("Nobody saved Joe's meeting yet", "alone", True, {}, False),
    ("… and everybody is to have their own", "alone", True, {"events_copies": True}, True),
    ("… of Bo's there is one", "", False, {"events_copies": True}, False),
    ("It was taken out of Salesforce", "parted", True, {}, False),
    ("Everybody had their own before", "own", True, {}, True),
)
"""(situation, colleagues' links, organized outside, settings, whether Ann gets a record of her own)."""

PRIVATE: Cases = (
    ("A private item, saved automatically", "private", "save", False, "hidden"),
    ("… of which the time is held", "private", "hold", False, "held"),
    ("… marked by Ann", "private", "hold", True, "open"),
    ("A plain item", "normal", "hold", False, "open"),
    ("A personal item", "personal", "save", False, "open"),
)
"""(situation, sensitivity, `events.private`, marked, shown)."""
