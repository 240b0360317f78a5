"""Reasons of calendar items and Events. *Saved* is a pair that is kept alike."""

from crosstie.domain.reasons.kinds import Outcome, define

PAIRS = "pairs"
"""Moves with the settings that speak against whole pairs, however those came about."""

# -- kept alike ----------------------------------------------------------------------------------------
EVENT_SAVED = define("EVENT-SAVED", Outcome.SAVED, "Saved to Salesforce as an Event, and kept like it.", PAIRS)
EVENT_SAVED_MARK = define(
    "EVENT-SAVED-MARK",
    Outcome.SAVED,
    "Saved to Salesforce as an Event because it was marked, and kept like it.",
    PAIRS,
)
EVENT_SAVED_NEW = define(
    "EVENT-SAVED-NEW",
    Outcome.SAVED,
    "Saved to Salesforce as an Event, with a new {made} for somebody on it whom Salesforce did not know, and kept "
    "like it.",
    PAIRS,
)
EVENT_SAVED_UNMADE = define(
    "EVENT-SAVED-UNMADE",
    Outcome.SAVED,
    "Saved to Salesforce as an Event and kept like it, without a {made} for somebody on it whom Salesforce does "
    "not know: {why}",
    PAIRS,
)
EVENT_HELD = define(
    "EVENT-HELD",
    Outcome.SAVED,
    "Its time is held in Salesforce by a private Event that says nothing else of it.",
    PAIRS,
)
EVENT_SAVED_PRIVATE = define(
    "EVENT-SAVED-PRIVATE",
    Outcome.SAVED,
    "Saved to Salesforce as a private Event, which is linked to nobody.",
    PAIRS,
)
EVENT_BROUGHT = define(
    "EVENT-BROUGHT", Outcome.SAVED, "Brought down from Salesforce, and kept like its Event.", PAIRS
)
EVENT_MIRRORED = define("EVENT-MIRRORED", Outcome.SAVED, "Kept like its Event in Salesforce.", PAIRS)
EVENT_CONFLICT = define(
    "EVENT-CONFLICT",
    Outcome.SAVED,
    "It was changed on both sides at once, in its {fields}. {winner} stands; what the other side said is in a "
    "note in the mailbox, in the folder Salesforce Conflicts.",
    PAIRS,
)
EVENT_SHARED = define(
    "EVENT-SHARED",
    Outcome.SAVED,
    "In Salesforce by the calendar of a colleague who is on the meeting too: that one is kept like the Event.",
    PAIRS,
)
EVENT_TAKEN_OVER = define(
    "EVENT-TAKEN-OVER",
    Outcome.SAVED,
    "In Salesforce by the calendar of a colleague until now; from now on yours is kept like the Event: you "
    "organize the meeting, the Event is yours, or your colleague's calendar is not kept in step any more.",
    PAIRS,
)
EVENT_GIVEN_AWAY = define(
    "EVENT-GIVEN-AWAY",
    Outcome.ISSUE,
    "Its Event was assigned to somebody else in Salesforce. Who organizes a meeting cannot be changed in the "
    "mailbox, so it stays yours there, and both are kept alike. Assign the Event to you again, or delete the item "
    "and have the new owner make one.",
    "record",
    PAIRS,
)
EVENT_BARRED = define(
    "EVENT-BARRED",
    Outcome.SAVED,
    "Kept like its Event, but for a change in {fields}, which stays on its own side: the settings keep it there, "
    "or the meeting is somebody else's, and only its organizer can change it.",
    "settings",
    PAIRS,
)
EVENT_TAKEN_BACK = define(
    "EVENT-TAKEN-BACK",
    Outcome.SAVED,
    "Kept like its Event. A change in {fields} was taken back, because events go the other way only "
    "(events.direction); what it said is kept as a note in the mailbox.",
    PAIRS,
)
EVENT_MADE_AGAIN = define(
    "EVENT-MADE-AGAIN",
    Outcome.SAVED,
    "It was deleted on the side whose changes do not count (events.direction), so it was made there again, and is "
    "kept alike.",
    PAIRS,
)
EVENT_TEXT_KEPT = define(
    "EVENT-TEXT-KEPT",
    Outcome.SAVED,
    "Kept like its Event. A change of its text stays on its own side (events.safe-description).",
    PAIRS,
)
EVENT_HISTORY = define(
    "EVENT-HISTORY",
    Outcome.SAVED,
    "It has taken place: what was saved of it stays in Salesforce when its series is changed or deleted.",
    PAIRS,
)
EVENT_ASK = define(
    "EVENT-ASK",
    Outcome.ISSUE,
    "It was changed in Salesforce. Changing the meeting in your calendar too would send an update to its "
    "attendees: say whether to.",
    "settings",
)
EVENT_APPROVED = define(
    "EVENT-APPROVED",
    Outcome.WAITING,
    "Somebody said that the attendees may be told: the next session changes the meeting, and its update is sent.",
)
EVENT_NOT_SENT = define(
    "EVENT-NOT-SENT",
    Outcome.SKIPPED,
    "It was changed in Salesforce, and the meeting in the mailbox was left as it is, because its {people} "
    "attendees would have been sent an update (events.meeting-updates).",
    "settings",
)
EVENT_OVER = define(
    "EVENT-OVER",
    Outcome.SKIPPED,
    "It was changed in Salesforce after it had taken place; attendees are sent no updates of meetings in the "
    "past.",
    PAIRS,
)
# -- not saved: the item itself ------------------------------------------------------------------------
EVENT_SERIES = define(
    "EVENT-SERIES", Outcome.SKIPPED, "A series is not saved itself: its occurrences are, each as an Event."
)
EVENT_SERIES_MARK = define(
    "EVENT-SERIES-MARK",
    Outcome.SKIPPED,
    "A series is not saved itself: because it was marked, its occurrences are, each as an Event when its day "
    "comes near enough.",
)
EVENT_DRAFT = define("EVENT-DRAFT", Outcome.SKIPPED, "Not saved: the invitation was not sent yet.")
EVENT_CANCELLED = define("EVENT-CANCELLED", Outcome.SKIPPED, "Not saved: the meeting was cancelled.")
EVENT_LONG = define(
    "EVENT-LONG",
    Outcome.ISSUE,
    "Not carried over: it lasts longer than 14 days, which is the most that Salesforce takes. Make it shorter, or "
    "several.",
)
EVENT_TIMELESS = define(
    "EVENT-TIMELESS", Outcome.SKIPPED, "Not brought down: the Event does not say when it takes place."
)
EVENT_SPECIAL = define(
    "EVENT-SPECIAL",
    Outcome.SKIPPED,
    "Not saved automatically: it is {kind}. Set the category Salesforce to save it.",
)
EVENT_DECLINED = define("EVENT-DECLINED", Outcome.SKIPPED, "Not saved: you declined the meeting.", "settings")
EVENT_UNANSWERED = define(
    "EVENT-UNANSWERED",
    Outcome.SKIPPED,
    "Not saved yet: you have not answered the invitation. It is saved once you accept, or accept tentatively.",
    "settings",
)
EVENT_UNANSWERED_MARK = define(
    "EVENT-UNANSWERED-MARK",
    Outcome.ISSUE,
    "Marked, but not saved: accept the invitation first, or have your administrator save unanswered ones too "
    "(events.unanswered).",
    "settings",
)
EVENT_BEFORE = define(
    "EVENT-BEFORE",
    Outcome.SKIPPED,
    "Not carried over by itself: it was made before activation. Set the category Salesforce on the calendar item "
    "to save it.",
)
EVENT_PAST = define(
    "EVENT-PAST",
    Outcome.SKIPPED,
    "Not carried over: it ended more than {days} days ago (events.days-back).",
    "settings",
)
EVENT_EARLY = define(
    "EVENT-EARLY",
    Outcome.WAITING,
    "Not carried over yet: it is more than {days} days ahead (events.days-ahead). It is once it comes nearer.",
    "settings",
)
# -- not saved: rules a person can change --------------------------------------------------------------
EVENT_MEETINGS_OFF = define(
    "EVENT-MEETINGS-OFF", Outcome.SKIPPED, "Not saved: auto-saving of meetings is off.", "settings"
)
EVENT_APPOINTMENTS_OFF = define(
    "EVENT-APPOINTMENTS-OFF",
    Outcome.SKIPPED,
    "Not saved: auto-saving of appointments, which nobody is invited to, is off.",
    "settings",
)
EVENT_SERIES_OFF = define(
    "EVENT-SERIES-OFF", Outcome.SKIPPED, "Not saved: occurrences of series are not (events.series).", "settings"
)
EVENT_ONE_WAY = define(
    "EVENT-ONE-WAY",
    Outcome.SKIPPED,
    "Not carried over: the settings let events go the other way only (events.direction).",
    "settings",
)
EVENT_PRIVATE = define(
    "EVENT-PRIVATE",
    Outcome.SKIPPED,
    "Not saved: it is private. Set the category Salesforce to save it all the same; everybody who may see the "
    "Event will then see what it is.",
    "settings",
)
EVENT_MADE_PRIVATE = define(
    "EVENT-MADE-PRIVATE",
    Outcome.ISSUE,
    "It was made private after it had been saved, so changes are not carried over any more. Its Event is still in "
    "Salesforce: delete it there, or set the category Salesforce Unsync, if nobody is to see it.",
    "settings",
)
EVENT_INTERNAL = define(
    "EVENT-INTERNAL",
    Outcome.SKIPPED,
    "Not saved: everybody on the meeting is inside your organization (events.internal).",
    "settings",
    "blocklist",
    "directory",
)
EVENT_BLOCKED = define(
    "EVENT-BLOCKED",
    Outcome.SKIPPED,
    "Not saved: everybody outside your organization on the meeting is on {layer} blocklist.",
    "settings",
    "blocklist",
)
EVENT_FREE_MAIL = define(
    "EVENT-FREE",
    Outcome.SKIPPED,
    "Not saved: everybody outside your organization on the meeting uses a free mail service, and those are left "
    "out.",
    "settings",
    "blocklist",
)
EVENT_FREE_KNOWN = define(
    "EVENT-FREE-KNOWN",
    Outcome.SKIPPED,
    "Not saved: somebody on the meeting is a Contact or Lead, but at a free mail service, and those are left out. "
    "Your administrator can let known addresses count (blocklist.free-mail-known).",
    "settings",
    "blocklist",
)
EVENT_FREE_UNKNOWN = define(
    "EVENT-FREE-UNKNOWN",
    Outcome.WAITING,
    "Not saved yet: at free mail services only Contacts and Leads count, and nobody on the meeting is one. It is "
    "looked at again when one of them becomes one.",
    "settings",
    "blocklist",
    "directory",
)
EVENT_LEFT_OUT = define(
    "EVENT-LEFT-OUT",
    Outcome.SKIPPED,
    "Not saved: everybody outside your organization on the meeting is on {layer} blocklist or uses a free mail "
    "service.",
    "settings",
    "blocklist",
)
EVENT_UNKNOWN = define(
    "EVENT-UNKNOWN",
    Outcome.WAITING,
    "Not saved yet: nobody on the meeting is a Contact or Lead that you may see in Salesforce. It is looked at "
    "again when one of them becomes one.",
    "settings",
    "directory",
    "blocklist",
)
EVENT_NO_ACCOUNT = define(
    "EVENT-NO-ACCOUNT",
    Outcome.WAITING,
    "Not saved yet: no Contact on the meeting has an Account, so there is neither an Opportunity nor an Account "
    "to relate it to. It is looked at again when one of them gets an Account.",
    "settings",
    "directory",
    "blocklist",
)
EVENT_ORGANIZER = define(
    "EVENT-ORGANIZER",
    Outcome.WAITING,
    "Waiting for the organizer, your colleague, to have the meeting saved: it is theirs to keep in Salesforce "
    "(comparable products call this ISE-013).",
    "settings",
    "directory",
)
EVENT_ORGANIZER_MARK = define(
    "EVENT-ORGANIZER-MARK",
    Outcome.ISSUE,
    "Marked, but it waits for the organizer, your colleague, to have the meeting saved: it is theirs to keep in "
    "Salesforce (ISE-013).",
    "settings",
    "directory",
)
EVENT_PERSON_DELETED = define(
    "EVENT-PERSON-DELETED",
    Outcome.SKIPPED,
    "Not saved: the record that was made for somebody on the meeting was deleted in Salesforce, and none is made "
    "again. Mark the item with the category Salesforce to save it.",
    "settings",
    "directory",
    "blocklist",
)
# -- not brought down ----------------------------------------------------------------------------------
EVENT_NOT_YOURS = define("EVENT-NOT-YOURS", Outcome.SKIPPED, "Not brought down: the Event is not assigned to you.")
EVENT_REASSIGNED = define(
    "EVENT-REASSIGNED",
    Outcome.SKIPPED,
    "The Event, which had been brought down, was assigned to somebody else in Salesforce: the copy was taken out "
    "of the calendar, and the Event stays.",
    "record",
)
EVENT_CHILD = define(
    "EVENT-CHILD",
    Outcome.SKIPPED,
    "Not brought down: Salesforce shows you a colleague's meeting here; it reaches your calendar by invitation.",
)
EVENT_PATTERN = define(
    "EVENT-PATTERN",
    Outcome.SKIPPED,
    "Not brought down: this is the pattern of a series; its occurrences are Events.",
)
EVENT_LIGHTNING = define(
    "EVENT-LIGHTNING",
    Outcome.SKIPPED,
    "Not brought down: the Event is one of a series that was made in Lightning, and whoever changes one of those "
    "from outside changes all that lie ahead.",
)
EVENT_ARCHIVED = define("EVENT-ARCHIVED", Outcome.SKIPPED, "Not brought down: Salesforce has archived the Event.")
EVENT_OTHERS = define(
    "EVENT-OTHERS",
    Outcome.SKIPPED,
    "Left alone: another product of Salesforce, such as Einstein Activity Capture, keeps this Event.",
)
EVENT_DOWN_OFF = define(
    "EVENT-DOWN-OFF",
    Outcome.SKIPPED,
    "Not brought down: syncing your Salesforce calendar is off (events.from-salesforce).",
    "settings",
)
EVENT_CONDITION = define(
    "EVENT-CONDITION",
    Outcome.SKIPPED,
    "{field} of the Event has a value that keeps it out of the mailbox (events.unsync-conditions). A copy that "
    "had come from Salesforce is taken out of the calendar; anything else stays, and neither side follows the "
    "other until the value is another one.",
    "settings",
    "record",
)
# -- parted --------------------------------------------------------------------------------------------
EVENT_REMOVED = define(
    "EVENT-REMOVED",
    Outcome.SKIPPED,
    "Its Event was deleted in Salesforce. A copy that had come from there is taken out of the calendar; anything "
    "else stays, and is not saved again: set the category Salesforce anew to save it once more.",
)
EVENT_KEPT = define(
    "EVENT-KEPT",
    Outcome.SKIPPED,
    "Its Event was deleted in Salesforce while it was being changed in the mailbox, so it stays there, and is not "
    "saved again. Set the category Salesforce anew to save it once more.",
)
EVENT_GONE = define(
    "EVENT-GONE",
    Outcome.SKIPPED,
    "It was deleted or cancelled in the mailbox, and with it its Event in Salesforce.",
)
EVENT_HIDDEN = define(
    "EVENT-HIDDEN",
    Outcome.WAITING,
    "Its Event is not shown to us by Salesforce, and is not known to be deleted: nothing is changed on either "
    "side until it is shown again.",
    "record",
)
EVENT_OURS = define(
    "EVENT-OURS",
    Outcome.SKIPPED,
    "Not brought down: the Event was made of a calendar item, in this mailbox or another.",
)
EVENT_CALLED_OFF = define(
    "EVENT-CALLED-OFF",
    Outcome.SKIPPED,
    "The meeting was cancelled. Its Event stays in Salesforce as it was (events.keep-cancelled).",
)
EVENT_UNSYNCED = define(
    "EVENT-UNSYNCED",
    Outcome.SKIPPED,
    "Taken out of Salesforce by the category Salesforce Unsync, and not saved again by itself.",
)
EVENT_ABSENT = define(
    "EVENT-ABSENT",
    Outcome.SKIPPED,
    "You are not on it any more, so you were taken off its Event in Salesforce. The Event is your colleague's.",
)
EVENT_LEFT = define(
    "EVENT-LEFT",
    Outcome.SKIPPED,
    "It has left the days that are kept in step (events.days-back, events.days-ahead). A copy that had come from "
    "Salesforce is taken out of the calendar, while its Event stays; anything else stays as it is on both sides.",
    "settings",
)
EVENT_SWITCHED_OFF = define(
    "EVENT-SWITCHED-OFF",
    Outcome.SKIPPED,
    "It came from Salesforce, and syncing was switched off. Its Event stays there; a copy that nobody was invited "
    "to is taken out of the calendar, and any other stays without being kept like its Event.",
    "settings",
)
EVENT_UNCLEAR = define(
    "EVENT-UNCLEAR",
    Outcome.WAITING,
    "Being checked: Salesforce or the mailbox did not answer when the event was written. Before another try it is "
    "looked up.",
)
EVENT_WAITS = define(
    "EVENT-WAITS",
    Outcome.WAITING,
    "Waiting: the other side was busy, or somebody changed it in the same moment. The next session goes on.",
)
EVENT_BOX_REFUSED = define(
    "EVENT-BOX-REFUSED",
    Outcome.ISSUE,
    "The mailbox refused to change the calendar item. The next day it is tried again.",
)
EVENT_GUARD = define(
    "EVENT-GUARD",
    Outcome.ISSUE,
    "Held back: {count} of {of} Events would be deleted in Salesforce at once. Say whether that is meant.",
    "settings",
)
EVENT_GUARD_MAILBOX = define(
    "EVENT-GUARD-MAILBOX",
    Outcome.ISSUE,
    "Held back: {count} of {of} events would be taken out of the calendar at once. Say whether that is meant.",
    "settings",
)
EVENT_MEANT = define(
    "EVENT-MEANT", Outcome.WAITING, "Somebody said that its removal is meant: the next session removes it."
)
EVENT_SPARED = define(
    "EVENT-SPARED",
    Outcome.WAITING,
    "Somebody said that it stays though it was to be removed: from the next session on it is not kept in step "
    "any more.",
)
EVENT_STAYS = define(
    "EVENT-STAYS",
    Outcome.SKIPPED,
    "It was to be removed along with many others, and somebody said that it stays. It is not kept in step any "
    "more: set the category Salesforce anew on a calendar item to save it once more.",
)
EVENT_COPY = define(
    "EVENT-COPY",
    Outcome.ISSUE,
    "Not made a second time: it says the same as another one, and {count} such copies have appeared lately. Most "
    "likely another product keeps this calendar and Salesforce in step too.",
)
EVENT_COPY_WAITS = define(
    "EVENT-COPY-WAITS",
    Outcome.WAITING,
    "Nothing new is made while copies of other events appear: see Issues. It follows by itself.",
)
EVENT_COPY_MEANT = define(
    "EVENT-COPY-MEANT",
    Outcome.WAITING,
    "Somebody said that it is no copy although it says the same as another one: the next session makes it.",
)

ANSWERED = frozenset({EVENT_MEANT.code, EVENT_SPARED.code})
"""Of what the bulk guard had held back, until it is done."""
ASKING = frozenset({EVENT_GUARD.code, EVENT_GUARD_MAILBOX.code, EVENT_ASK.code, EVENT_COPY.code})
"""They wait for a person's word."""
SAID = ANSWERED | {EVENT_APPROVED.code, EVENT_COPY_MEANT.code}
"""What that word was."""
