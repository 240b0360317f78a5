"""Which calendar items are saved, and which Events come down: (situation, item, settings, known, answer).

Without anything special it is a meeting that Ann organizes with Joe, next Monday from 9 to 10, made after
activation, and auto-saving of meetings is on. The answer is the code of the reason; `saved` means that no rule
speaks against it.
"""

from crosstie.domain.settings import EventWay, PrivateEvents
from tests.unit.rules.builders import Cases

JOE = {"joe@customer.test": "C1/A1"}
BO = {"bo@north.test": "U2"}
ALONE = {"attendees": ""}
INVITED = {"organizer": "joe@customer.test", "attendees": "ann@north.test", "answer": "accepted"}
BY_BO = {"organizer": "bo@north.test", "attendees": "ann@north.test joe@customer.test", "answer": "accepted"}
APPOINTMENTS = {"events_appointments": True}
MARKED = {"asked": True}

SAVED: Cases = (
    ("Ann invites Joe", {}, {}, JOE, "saved"),
    ("Meetings are not saved", {}, {"events_meetings": False}, JOE, "EVENT-MEETINGS-OFF"),
    ("… but Ann marks it", MARKED, {"events_meetings": False}, JOE, "saved"),
    ("An appointment", ALONE, {}, {}, "EVENT-APPOINTMENTS-OFF"),
    ("An appointment, and they are saved", ALONE, APPOINTMENTS, {}, "saved"),
    ("An appointment, and meetings are not saved", ALONE, APPOINTMENTS | {"events_meetings": False}, {}, "saved"),
    ("An appointment that Ann marks", ALONE | MARKED, {}, {}, "saved"),
    ("Joe invites Ann, who accepts", INVITED, {}, JOE, "saved"),
    ("… tentatively", INVITED | {"answer": "tentative"}, {}, JOE, "saved"),
    ("… who has not answered", INVITED | {"answer": "none"}, {}, JOE, "EVENT-UNANSWERED"),
    ("… who declines", INVITED | {"answer": "declined"}, {}, JOE, "EVENT-DECLINED"),
    ("… and unanswered ones are saved", INVITED | {"answer": "none"}, {"events_unanswered": True}, JOE, "saved"),
    ("… and declined ones are saved", INVITED | {"answer": "declined"}, {"events_unanswered": True}, JOE, "saved"),
    (
        "… and she marks it without an answer",
        INVITED | {"answer": "none"} | MARKED,
        {},
        JOE,
        "EVENT-UNANSWERED-MARK",
    ),
    ("Not sent yet", {"is_draft": True}, {}, JOE, "EVENT-DRAFT"),
    ("Not sent yet, and marked", {"is_draft": True} | MARKED, {}, JOE, "EVENT-DRAFT"),
    ("Cancelled", {"cancelled": True}, {}, JOE, "EVENT-CANCELLED"),
    ("The series itself", {"shape": "master"}, {}, JOE, "EVENT-SERIES"),
    ("One of a series", {"shape": "occurrence"}, {}, JOE, "saved"),
    (
        "One of a series, and they are not saved",
        {"shape": "exception"},
        {"events_series": False},
        JOE,
        "EVENT-SERIES-OFF",
    ),
    ("Fourteen whole days", {"when": "2026-06-15/2026-06-28"}, {}, JOE, "saved"),
    ("Fifteen whole days", {"when": "2026-06-15/2026-06-29"}, {}, JOE, "EVENT-LONG"),
    ("Fifteen whole days, and marked", {"when": "2026-06-15/2026-06-29"} | MARKED, {}, JOE, "EVENT-LONG"),
    ("A birthday", ALONE | {"nature": "birthday"}, APPOINTMENTS, {}, "EVENT-SPECIAL"),
    ("Time set aside for work", ALONE | {"nature": "focus-time"}, APPOINTMENTS, {}, "EVENT-SPECIAL"),
    ("An absence that is marked", ALONE | {"nature": "out-of-office"} | MARKED, {}, {}, "saved"),
    (
        "A holiday as Outlook adds it",
        ALONE | {"when": "2026-06-15", "categories": frozenset({"Holiday"})},
        APPOINTMENTS,
        {},
        "EVENT-SPECIAL",
    ),
    (
        "A trip of two days",
        ALONE | {"when": "2026-06-15/2026-06-16", "show_as": "away"},
        APPOINTMENTS,
        {},
        "saved",
    ),
    ("Made a minute before activation", {"created_at": "2026-06-10T11:59"}, {}, JOE, "EVENT-BEFORE"),
    ("… and marked", {"created_at": "2026-06-10T11:59"} | MARKED, {}, JOE, "saved"),
    ("Nobody knows when it was made", {"created_at": None}, {}, JOE, "saved"),
    ("It ended 14 days ago", {"when": "2026-05-27T11:00/12:00"}, {}, JOE, "saved"),
    ("It ended a minute more than 14 days ago", {"when": "2026-05-27T11:00/11:59"}, {}, JOE, "EVENT-PAST"),
    ("… and is marked", {"when": "2026-05-27T11:00/11:59"} | MARKED, {}, JOE, "saved"),
    ("It begins in 60 days", {"when": "2026-08-09T12:00/13:00"}, {}, JOE, "saved"),
    ("It begins a minute later", {"when": "2026-08-09T12:01/13:00"}, {}, JOE, "EVENT-EARLY"),
    ("A week ahead is enough", {"when": "2026-06-18T12:00/13:00"}, {"events_days_ahead": 7}, JOE, "EVENT-EARLY"),
    ("Events come from Salesforce only", MARKED, {"events_way": EventWay.FROM_SALESFORCE}, JOE, "EVENT-ONE-WAY"),
    ("A private meeting", {"sensitivity": "private"}, {}, JOE, "EVENT-PRIVATE"),
    ("A confidential one", {"sensitivity": "confidential"}, {}, JOE, "EVENT-PRIVATE"),
    ("A personal one", {"sensitivity": "personal"}, {}, JOE, "saved"),
    ("A private one that Ann marks", {"sensitivity": "private"} | MARKED, {}, JOE, "saved"),
    ("Private ones are saved", {"sensitivity": "private"}, {"events_private": PrivateEvents.SAVE}, JOE, "saved"),
    (
        "The time of private ones is held, whoever is on them",
        {"sensitivity": "private", "attendees": "bo@north.test"},
        {"events_private": PrivateEvents.HOLD},
        {},
        "saved",
    ),
    ("Colleagues only", {"attendees": "bo@north.test"}, {}, BO, "EVENT-INTERNAL"),
    ("Colleagues only, and marked", {"attendees": "bo@north.test"} | MARKED, {}, BO, "saved"),
    (
        "Meetings among colleagues are saved",
        {"attendees": "bo@north.test"},
        {"events_internal": True},
        BO,
        "saved",
    ),
    (
        "Everybody is blocklisted",
        {"attendees": "list@news.test"},
        {},
        {"list@news.test": "C9/A9"},
        "EVENT-BLOCKED",
    ),
    ("One is not", {"attendees": "list@news.test joe@customer.test"}, {}, JOE, "saved"),
    ("Everybody is blocklisted, and it is marked", {"attendees": "list@news.test"} | MARKED, {}, {}, "saved"),
    ("Everybody is at a free mail service", {"attendees": "pat@free.test"}, {}, {}, "EVENT-FREE"),
    ("… and one is a Contact", {"attendees": "pat@free.test"}, {}, {"pat@free.test": "C5/A5"}, "EVENT-FREE-KNOWN"),
    (
        "… where Contacts count",
        {"attendees": "pat@free.test"},
        {"free_mail_known": True},
        {"pat@free.test": "C5/A5"},
        "saved",
    ),
    (
        "… where Contacts count, and is none",
        {"attendees": "pat@free.test"},
        {"free_mail_known": True},
        {},
        "EVENT-FREE-UNKNOWN",
    ),
    (
        "Blocklisted people and free mail",
        {"attendees": "list@news.test pat@free.test"},
        {},
        {},
        "EVENT-LEFT-OUT",
    ),
    ("Nobody is known", {}, {}, {}, "EVENT-UNKNOWN"),
    ("Nobody is known, and it is marked", MARKED, {}, {}, "saved"),
    ("Nobody is known, which does not matter", {}, {"events_save_unlinked": True}, {}, "saved"),
    ("An Account is at the domain", {}, {}, {"customer.test": "A1"}, "saved"),
    ("A Contact without an Account", {}, {}, {"joe@customer.test": "C1"}, "EVENT-NO-ACCOUNT"),
    ("… who is enough", {}, {"link_person_alone": True}, {"joe@customer.test": "C1"}, "saved"),
    ("A Lead", {}, {}, {"joe@customer.test": "L1"}, "saved"),
    ("A colleague invites Ann and Joe", BY_BO, {}, JOE | BO, "EVENT-ORGANIZER"),
    ("… and Ann marks it", BY_BO | MARKED, {}, JOE | BO, "EVENT-ORGANIZER-MARK"),
    ("… and is no User of the org", BY_BO, {}, JOE, "saved"),
    (
        "… and waits for somebody whose mailbox is not kept in step",
        BY_BO | {"kept": False},
        {},
        JOE | BO,
        "EVENT-ORGANIZER",
    ),
    ("… two days later", BY_BO | {"kept": False, "waited": 2}, {}, JOE | BO, "saved"),
    (
        "… which is said to be no time at all",
        BY_BO | {"kept": False},
        {"events_organizer_days": 0},
        JOE | BO,
        "saved",
    ),
    (
        "… two days later, and the organizer's mailbox is kept in step",
        BY_BO | {"waited": 2},
        {},
        JOE | BO,
        "EVENT-ORGANIZER",
    ),
)

DOWN: Cases = (
    ("Made in Salesforce for Ann", {}, {}, "comes down"),
    ("Bringing down is off", {}, {"events_down": False}, "EVENT-DOWN-OFF"),
    ("Changes go to Salesforce only", {}, {"events_way": EventWay.TO_SALESFORCE}, "comes down"),
    ("Assigned to somebody else", {"OwnerId": "005B"}, {}, "EVENT-NOT-YOURS"),
    ("A colleague's meeting that Ann is invited to", {"IsChild": True}, {}, "EVENT-CHILD"),
    ("The row of a Lightning series", {"GroupEventType": "3"}, {}, "EVENT-PATTERN"),
    ("One of a Lightning series", {"IsRecurrence2": True}, {}, "EVENT-LIGHTNING"),
    ("An Event with invitees", {"GroupEventType": "1"}, {}, "comes down"),
    ("The head of a Classic series", {"IsRecurrence": True}, {}, "EVENT-PATTERN"),
    ("Archived", {"IsArchived": True}, {}, "EVENT-ARCHIVED"),
    ("Kept by another product", {"IsClientManaged": True}, {}, "EVENT-OTHERS"),
    ("Made of a calendar item", {"Crosstie_Created_By_Sync__c": True}, {}, "EVENT-OURS"),
    ("Made before activation", {"CreatedDate": "2026-06-10T11:59:00.000+0000"}, {}, "EVENT-BEFORE"),
    ("Fifteen days long", {"IsAllDayEvent": True, "DurationInMinutes": 15 * 1440}, {}, "EVENT-LONG"),
    ("Without a time", {"StartDateTime": None}, {}, "EVENT-TIMELESS"),
    ("Fifteen days ago", {"StartDateTime": "2026-05-26T09:00:00.000+0000"}, {}, "EVENT-PAST"),
    ("In three months", {"StartDateTime": "2026-09-10T09:00:00.000+0000"}, {}, "EVENT-EARLY"),
    ("Vacated", {"Status__c": "Vacated"}, {"events_unsync": ("Status__c=Vacated",)}, "EVENT-CONDITION"),
    ("Not vacated", {"Status__c": "Open"}, {"events_unsync": ("Status__c=Vacated",)}, "comes down"),
)

PLACES: Cases = (
    ("Today", "2026-06-10T12:00/13:00", "within", "2026-06-24 13:00:01"),
    ("It ended 14 days ago to the minute", "2026-05-27T11:00/12:00", "within", "2026-06-10 12:00:01"),
    ("A minute longer ago", "2026-05-27T11:00/11:59", "past", "–"),
    ("It began long ago and has not ended", "2026-05-20/2026-06-12", "within", "2026-06-26 22:00:01"),
    ("In 61 days", "2026-08-10T12:00/13:00", "ahead", "2026-06-11 12:00:00"),
    ("The whole of yesterday in Berlin", "2026-06-09", "within", "2026-06-23 22:00:01"),
)
"""(situation, when, place at noon of 10 June 2026 in UTC, when it is looked at again)."""

CONDITIONS: Cases = (
    ("A text", "Vacated", "Status__c=Vacated", True),
    ("In other capitals", "vacated", "Status__c=Vacated", False),
    ("A checkbox", True, "Status__c=true", True),
    ("A checkbox that is off", False, "Status__c=true", False),
    ("A whole number", 3.0, "Status__c=3", True),
    ("A number with decimals", 3.5, "Status__c=3", False),
    ("Several values of a picklist, the same ones", "A;B", "Status__c=B;A", True),
    ("Several values, of which one is meant", "A;B", "Status__c=A", False),
    ("Nothing, and nothing is meant", None, "Status__c=", True),
    ("Nothing, and something is meant", None, "Status__c=A", False),
    ("Another field", "Vacated", "Stage__c=Vacated", False),
)
