"""What becomes of a calendar item and of its Event when one of the two goes, or is not wanted any more.

(whose item, what happens, the item then, its category *Salesforce*, the Event then). The words are those of the
published table of outcomes; nothing here is read from the rules that it judges.
"""

Cases = tuple[tuple[str, ...], ...]

MADE_HERE = "appointment born in mailbox"
MADE_THERE = "appointment born in Salesforce"
OWN = "meeting that the user organizes"
OUTSIDE = "meeting with an external organizer"
COLLEAGUES = "meeting of a colleague, seen by its attendee"
INVITED = "appointment born in Salesforce, to which somebody was invited afterwards"

CATEGORY_OFF = "category taken off"
DELETED_HERE = "deleted in mailbox"
UNSYNC = "Salesforce Unsync set"
LEFT = "left the window"
DELETED_THERE = "deleted in Salesforce"
DEACTIVATED = "product deactivated"

STAYS, GONE = "stays", "gone"
THERE, OFF, OFF_THE_LIST, NONE = "there", "off", "off the list", "–"
DELETED, DECLINED = "deleted", "stays; the attendee is declined on it"

FATES: Cases = (
    (MADE_HERE, CATEGORY_OFF, STAYS, THERE, STAYS),
    (MADE_HERE, DELETED_HERE, GONE, NONE, DELETED),
    (MADE_HERE, UNSYNC, STAYS, OFF, DELETED),
    (MADE_HERE, LEFT, STAYS, OFF, STAYS),
    (MADE_HERE, DELETED_THERE, STAYS, OFF, DELETED),
    (MADE_HERE, DEACTIVATED, STAYS, OFF_THE_LIST, STAYS),
    (MADE_THERE, CATEGORY_OFF, STAYS, THERE, STAYS),
    (MADE_THERE, DELETED_HERE, GONE, NONE, DELETED),
    (MADE_THERE, UNSYNC, STAYS, OFF, DELETED),
    (MADE_THERE, LEFT, GONE, NONE, STAYS),
    (MADE_THERE, DELETED_THERE, GONE, NONE, DELETED),
    (MADE_THERE, DEACTIVATED, GONE, NONE, STAYS),
    (OWN, CATEGORY_OFF, STAYS, THERE, STAYS),
    (OWN, DELETED_HERE, GONE, NONE, DELETED),
    (OWN, UNSYNC, STAYS, OFF, DELETED),
    (OWN, LEFT, STAYS, OFF, STAYS),
    (OWN, DELETED_THERE, STAYS, OFF, DELETED),
    (OWN, DEACTIVATED, STAYS, OFF_THE_LIST, STAYS),
    (OUTSIDE, CATEGORY_OFF, STAYS, THERE, STAYS),
    (OUTSIDE, DELETED_HERE, GONE, NONE, DELETED),
    (OUTSIDE, UNSYNC, STAYS, OFF, DELETED),
    (OUTSIDE, LEFT, STAYS, OFF, STAYS),
    (OUTSIDE, DELETED_THERE, STAYS, OFF, DELETED),
    (OUTSIDE, DEACTIVATED, STAYS, OFF_THE_LIST, STAYS),
    (COLLEAGUES, CATEGORY_OFF, STAYS, THERE, STAYS),
    (COLLEAGUES, DELETED_HERE, GONE, NONE, DECLINED),
    (COLLEAGUES, UNSYNC, STAYS, OFF, DECLINED),
    (COLLEAGUES, LEFT, STAYS, OFF, STAYS),
    (COLLEAGUES, DELETED_THERE, STAYS, OFF, DELETED),
    (COLLEAGUES, DEACTIVATED, STAYS, OFF_THE_LIST, STAYS),
)
"""The thirty outcomes; of Salesforce's deletes with the strategy off."""

USE_CASES: Cases = (
    ("1. an item saved from the mailbox", MADE_HERE, CATEGORY_OFF, STAYS, THERE, STAYS),
    ("1. a meeting saved from the mailbox", OWN, CATEGORY_OFF, STAYS, THERE, STAYS),
    ("1. a meeting organized outside", OUTSIDE, CATEGORY_OFF, STAYS, THERE, STAYS),
    ("2. a meeting born in Salesforce", INVITED, DELETED_THERE, STAYS, OFF, DELETED),
    ("3. an appointment born in the mailbox", MADE_HERE, DELETED_THERE, STAYS, OFF, DELETED),
    ("4. the same", MADE_HERE, DELETED_HERE, GONE, NONE, DELETED),
    ("5. the same; later edits stay in the mailbox", MADE_HERE, LEFT, STAYS, OFF, STAYS),
    ("6. an appointment born in Salesforce", MADE_THERE, CATEGORY_OFF, STAYS, THERE, STAYS),
    ("7. the same", MADE_THERE, DELETED_HERE, GONE, NONE, DELETED),
    ("8. the same", MADE_THERE, LEFT, GONE, NONE, STAYS),
    ("9. the same", MADE_THERE, DELETED_THERE, GONE, NONE, DELETED),
    ("10. the same", MADE_THERE, DEACTIVATED, GONE, NONE, STAYS),
)
"""The ten published use cases: (case, whose item, what happens, then as above)."""

BESIDES: Cases = (
    (INVITED, CATEGORY_OFF, STAYS, THERE, STAYS),
    (INVITED, DELETED_HERE, GONE, NONE, DELETED),
    (INVITED, UNSYNC, STAYS, OFF, DELETED),
    (INVITED, LEFT, STAYS, OFF, STAYS),
    (INVITED, DELETED_THERE, STAYS, OFF, DELETED),
    (INVITED, DEACTIVATED, STAYS, OFF_THE_LIST, STAYS),
)
"""What the published table leaves out: nothing with attendees is deleted, wherever it was born."""

ALIKE, EACH_DAY, LEFT_OUT = "kept alike", "each occurrence is an Event", "not carried over, with the reason"

BOUNDS: Cases = (
    ("an all-day event longer than 14 days", "yes", LEFT_OUT, "Salesforce takes none"),
    ("an all-day event longer than 24 hours", "no", ALIKE, "sources contradict each other; 14 days are the limit"),
    ("an Event of Salesforce longer than 24 hours", "no", ALIKE, "as above"),
    ("a recurring all-day event", "no", EACH_DAY, "no series is made in Salesforce that could refuse it"),
    (
        "an item in a problematic time zone",
        "no",
        ALIKE,
        "moments are carried over, not zones: nobody has to match a zone of Salesforce",
    ),
    ("an item outside the window", "yes", LEFT_OUT, "looked at again when it enters"),
    (
        "a single item that became a series, or the other way",
        "no",
        EACH_DAY,
        "occurrences come and go as the series says",
    ),
    ("a series made in Lightning", "yes", LEFT_OUT, "a change of one occurrence would be one of the whole series"),
)
"""What comparable products can never carry over: (case, applies here, what happens instead, because)."""
