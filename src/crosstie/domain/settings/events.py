"""Settings of calendar items and Events."""

from dataclasses import dataclass
from enum import StrEnum

from crosstie.domain.settings.base import Level, setting
from crosstie.domain.settings.mail import MailSettings


class EventWay(StrEnum):
    """Which way changes of events go."""

    BOTH = "both"
    TO_SALESFORCE = "to-salesforce"
    """Changes and deletes in Salesforce are taken back; what is made there comes down."""
    FROM_SALESFORCE = "from-salesforce"
    """Changes in the mailbox are taken back, and nothing is saved."""


class Wins(StrEnum):
    """Whose value stands where both sides changed one field."""

    MAILBOX = "mailbox"
    CRM = "crm"


class MeetingUpdates(StrEnum):
    """What becomes of a change in Salesforce that a mailbox would tell attendees of."""

    ASK = "ask"
    SEND = "send"
    KEEP = "keep"
    """The item is left as it is."""


class PrivateEvents(StrEnum):
    """What auto-saving does with private items."""

    OFF = "off"
    HOLD = "hold"
    """A private Event holds the time, and says nothing else."""
    SAVE = "save"
    """As a private Event, which is linked to nobody."""


@dataclass(frozen=True, slots=True)
class EventSettings(MailSettings):
    events_meetings: bool = setting(
        False,
        "events.auto-save-meetings",
        "Save meetings with people outside that you organize or accept, and keep them like their Events.",
        aliases=("Auto-save meetings",),
    )
    events_appointments: bool = setting(
        False,
        "events.auto-save-appointments",
        "Save appointments, which nobody is invited to, and keep them like their Events.",
        aliases=("Auto-save appointments",),
    )
    events_down: bool = setting(
        False,
        "events.from-salesforce",
        "Bring Events that are made in Salesforce and assigned to you down to your calendar. Switched off, those "
        "that are there are taken out again, unless somebody was invited to them; Salesforce keeps them all.",
        aliases=("Sync my Salesforce calendar",),
    )
    events_way: EventWay = setting(
        EventWay.BOTH,
        "events.direction",
        "Which way changes go: both; to-salesforce takes back what is changed or deleted in Salesforce, though "
        "what is made there comes down; from-salesforce takes back what is changed in the mailbox, and saves "
        "nothing.",
        lowest=Level.PROFILE,
    )
    events_conflicts: Wins = setting(
        Wins.MAILBOX,
        "events.conflicts",
        "Whose value stands where the item and its Event were changed in the same field; the other value is kept "
        "as a note in the mailbox.",
        lowest=Level.PROFILE,
    )
    events_meeting_updates: MeetingUpdates = setting(
        MeetingUpdates.ASK,
        "events.meeting-updates",
        "What to do when a meeting that you organize is changed in Salesforce, and changing it in the mailbox too "
        "sends its attendees an update: ask, send, or keep the mailbox's as it is.",
    )
    events_internal: bool = setting(
        False,
        "events.internal",
        "Save meetings among colleagues too.",
        aliases=("internal meetings auto-sync",),
        lowest=Level.PROFILE,
    )
    events_private: PrivateEvents = setting(
        PrivateEvents.OFF,
        "events.private",
        "What auto-saving does with private items: nothing (off), hold their time by a private Event without a "
        "name (hold), or save them as private Events (save).",
        aliases=("ExchAutoTrackPrivateEvents",),
    )
    events_unanswered: bool = setting(
        False,
        "events.unanswered",
        "Save meetings too that you declined, or have not answered.",
        aliases=("ServiceSyncNotRespondedInvitations",),
        lowest=Level.PROFILE,
    )
    events_save_unlinked: bool = setting(
        False,
        "events.save-unlinked",
        "Save meetings although nobody on them is in Salesforce. An Event that is linked to nobody can be "
        "changed by its owner alone.",
        aliases=("SalesforceEventAutoTrackIncludingNotShared",),
        lowest=Level.PROFILE,
    )
    events_series: bool = setting(
        True,
        "events.series",
        "Save the occurrences of series, each as an Event of its own.",
        aliases=("recurring events sync", "GoogleEnableRecurrentEvents"),
        lowest=Level.PROFILE,
    )
    events_days_back: int = setting(
        14,
        "events.days-back",
        "How many days after its end an event is kept in step.",
        lowest=Level.PROFILE,
        minimum=0,
        maximum=30,
    )
    events_days_ahead: int = setting(
        60,
        "events.days-ahead",
        "From how many days before its start on an event is kept in step.",
        lowest=Level.PROFILE,
        minimum=1,
        maximum=180,
    )
    events_safe_description: bool = setting(
        True,
        "events.safe-description",
        "Carry the text of an event over once, when it is saved or brought down: notes that are written in "
        "Salesforce are then never sent to attendees.",
        aliases=("ServiceEventSafeDescriptionSync",),
    )
    events_attendees: bool = setting(
        True,
        "events.attendees",
        "Keep the invitees of an Event like the attendees of its meeting; switched off, they stay as they were "
        "when it was saved.",
        aliases=("SalesforceEventSmartAutoSharing",),
        lowest=Level.PROFILE,
    )
    events_attendee_removals: bool = setting(
        False,
        "events.attendee-removals",
        "Take somebody off a meeting in the mailbox who was taken off its Event in Salesforce.",
        aliases=("ServiceEventTrackDeletedAttendees",),
        lowest=Level.PROFILE,
    )
    events_colleagues_only: bool = setting(
        True,
        "events.invite-colleagues-only",
        "Invite colleagues alone to an Event; people outside are linked to it. Switched off, Contacts and Leads "
        "are invitees too, with what they answered.",
        aliases=("SalesforceEventInviteEmployeeOnly",),
        lowest=Level.PROFILE,
    )
    events_copies: bool = setting(
        False,
        "events.copies",
        "Save a meeting that somebody outside organizes once for each colleague on it, each the owner of their "
        "own Event, instead of once with the others as invitees.",
        lowest=Level.GLOBAL,
    )
    events_organizer_days: int = setting(
        2,
        "events.organizer-days",
        "How many days a meeting waits for its organizer, a colleague whose mailbox is not kept in step, before "
        "it is saved for an attendee.",
        lowest=Level.PROFILE,
        minimum=0,
        maximum=60,
    )
    events_keep_cancelled: bool = setting(
        False,
        "events.keep-cancelled",
        "Leave the Event in Salesforce when its meeting is cancelled.",
        lowest=Level.PROFILE,
    )
    events_unsync: tuple[str, ...] = setting(
        (),
        "events.unsync-conditions",
        "Events that are kept out of the mailbox by the value of a field, such as Status__c=Vacated; those that "
        "were brought down are taken out. Checkboxes, texts, picklists and whole numbers; no commas.",
        aliases=("SalesforceEventUnsyncConditions",),
        lowest=Level.PROFILE,
        additive=True,
    )
    events_defaults: tuple[str, ...] = setting(
        (),
        "events.defaults",
        "Values that new Events carry because the org requires them, such as Reason__c=Visit; no commas.",
        lowest=Level.GLOBAL,
    )
    events_removals: int = setting(
        20,
        "events.removals-at-once",
        "How many events may be removed from one side in one session before somebody is asked.",
        lowest=Level.PROFILE,
        minimum=1,
        maximum=10_000,
    )
    events_removals_percent: int = setting(
        20,
        "events.removals-percent",
        "How large a part of all events that are kept alike may be removed at once, if that is more.",
        lowest=Level.PROFILE,
        minimum=0,
        maximum=100,
    )

    @property
    def keeps_calendar(self) -> bool:
        """Whether the calendar is looked at at all."""
        return self.events_meetings or self.events_appointments or self.events_down
