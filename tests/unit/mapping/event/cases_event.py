"""What becomes of one side's value on the other: (situation, item, record, row, the record then, the item then).

The item is Ann's `Plan`, on 15 June 2026 from 9 to 10 UTC, in Berlin. The record is what was made of it, then
what a person made of that. A dash: nothing is written, because the two are the same within the losses.
"""

from tests.unit.rules.builders import Cases

LONG = "x" * 300
CUT = "x" * 254 + "…"
SAME = "–"
SUBJECT, LOCATION, TEXT, WHEN = "Subject", "Location", "Description", "StartDateTime"

CASES: Cases = (
    ("Nothing differs", {}, {}, "subject", SAME, SAME),
    ("Another subject in Salesforce", {}, {SUBJECT: "Offer"}, "subject", "Plan", "Offer"),
    ("The subject in capitals", {}, {SUBJECT: "PLAN"}, "subject", "Plan", "PLAN"),
    ("No subject at all", {"subject": ""}, {}, "subject", SAME, SAME),
    ("The subject was taken out in Salesforce", {}, {SUBJECT: None}, "subject", "Plan", ""),
    ("A subject of two lines, with blanks around it", {"subject": " Plan\n for 2027 "}, {}, "subject", SAME, SAME),
    ("A subject with no room in Salesforce", {"subject": LONG}, {}, "subject", SAME, SAME),
    (
        "… to which a word was put in front there: the end is not lost",
        {"subject": LONG},
        {SUBJECT: "Re " + "x" * 240 + "…"},
        "subject",
        CUT,
        "Re " + "x" * (240 + 300 - 254),
    ),
    ("… and was replaced there by another", {"subject": LONG}, {SUBJECT: "Offer"}, "subject", CUT, "Offer"),
    ("A room was entered in Salesforce", {}, {LOCATION: "Oak"}, "location", "", "Oak"),
    ("The room was taken out there", {"location": "Oak"}, {LOCATION: None}, "location", "Oak", ""),
    (
        "A text with other line ends and blanks",
        {"text": "One\n\n  two "},
        {TEXT: "One\ntwo"},
        "text",
        SAME,
        SAME,
    ),
    ("Another text", {"text": "One"}, {TEXT: "Two"}, "text", "One", "Two"),
    (
        "A note below the lines that say who is on the meeting",
        {"text": "One", "organizer": "joe@customer.test"},
        {TEXT: "One\n\n[Crosstie: who is on this meeting]\nFrom: joe@customer.test\nCall Joe first"},
        "text",
        "One\n\n[Crosstie: who is on this meeting]\nFrom: joe@customer.test",
        "One\n\nCall Joe first",
    ),
    (
        "Those lines were taken out: they are not put back",
        {"text": "One", "organizer": "joe@customer.test"},
        {TEXT: "Two"},
        "text",
        "One",
        "Two",
    ),
    (
        "Moved by half an hour in Salesforce",
        {},
        {WHEN: "2026-06-15T09:30:00Z"},
        "when",
        "09:00/10:00",
        "09:30/10:30",
    ),
    ("Seconds in the mailbox", {"when": "2026-06-15T09:00:30/10:00:45"}, {}, "when", SAME, SAME),
    ("A whole day", {"when": "2026-06-15"}, {}, "when", SAME, SAME),
    ("Three whole days", {"when": "2026-06-15/2026-06-17"}, {}, "when", SAME, SAME),
    (
        "Three whole days, of which the last was cut off in Salesforce",
        {"when": "2026-06-15/2026-06-17"},
        {"DurationInMinutes": 2880},
        "when",
        "2026-06-15/2026-06-17",
        "2026-06-15/2026-06-16",
    ),
    (
        "A whole day was made of it in Salesforce",
        {},
        {"IsAllDayEvent": True, WHEN: "2026-06-16T00:00:00Z", "DurationInMinutes": 1440},
        "when",
        "09:00/10:00",
        "2026-06-16/2026-06-16",
    ),
    ("It takes no time", {"when": "2026-06-15T09:00/09:00"}, {}, "when", SAME, SAME),
    ("Tentative", {"show_as": "tentative"}, {}, "show_as", SAME, SAME),
    ("Working elsewhere", {"show_as": "elsewhere"}, {}, "show_as", SAME, SAME),
    ("Tentative, and free in Salesforce", {"show_as": "tentative"}, {"ShowAs": "Free"}, "show_as", "Busy", "free"),
    ("Out of office in Salesforce", {}, {"ShowAs": "OutOfOffice"}, "show_as", "Busy", "away"),
    ("Reminded 15 minutes before", {"reminder": 15}, {}, "reminder", SAME, SAME),
    ("No reminder", {"reminder": None}, {}, "reminder", SAME, SAME),
    (
        "Reminded of a whole day, at 18:00 in Berlin the day before",
        {"when": "2026-06-15", "reminder": 360},
        {},
        "reminder",
        SAME,
        SAME,
    ),
    (
        "The reminder was put off in Salesforce",
        {"reminder": 15},
        {"IsReminderSet": False},
        "reminder",
        "15",
        "none",
    ),
    (
        "It is reminded of after it began",
        {"reminder": 15},
        {"ReminderDateTime": "2026-06-15T09:05:00Z"},
        "reminder",
        "15",
        "0",
    ),
    (
        "It was moved in Salesforce, and its reminder with it",
        {"reminder": 15},
        {WHEN: "2026-06-15T11:00:00Z", "ReminderDateTime": "2026-06-15T10:45:00Z"},
        "reminder",
        SAME,
        SAME,
    ),
    ("A private item, saved openly", {"sensitivity": "private"}, {}, "private", SAME, SAME),
    ("A personal item", {"sensitivity": "personal"}, {}, "private", SAME, SAME),
    ("It was made private in Salesforce", {}, {"IsPrivate": True}, "private", "open", "private"),
    (
        "A confidential item, private in Salesforce",
        {"sensitivity": "confidential"},
        {"IsPrivate": True},
        "private",
        SAME,
        SAME,
    ),
)
