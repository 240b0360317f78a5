"""Calendars: what is saved, what is carried over, and what leaves."""

from tests.docs.asked import NO, Asked, Section

_CASES = "tests/unit/mapping/event/test_cases.py::test_either_way"
_MAKING = "tests/unit/mapping/event/test_making.py"
_LAWS = "tests/unit/mapping/event/test_laws.py"
_RULES = "tests/unit/rules/test_calendar.py"
_SAVING = f"{_RULES}::test_saving"
_GOING = f"{_RULES}::test_going"
_MIRROR = "tests/simulation/test_mirror.py"
_MEETINGS = "tests/simulation/test_meetings.py"
_WITHDRAWING = "tests/simulation/test_withdrawing.py"
_WAYS = "tests/simulation/test_ways.py"
_SWEEP = "tests/simulation/test_withdrawing_sweep.py"
_LEADING = "tests/simulation/test_leading.py"
_GUESTS = "tests/simulation/test_guests.py"
_OWNERS = "tests/simulation/test_owners.py"
_SETTING = "tests/simulation/test_event_settings.py::test_the_setting_changes_what_happens"
_WHY = "docs/decisions/0049-what-a-calendar-and-salesforce-agree-on.md"
_NO_BUTTON = f"{NO} It is a button of a sidebar, and there is none; the category does the same."

SAVED = Section(
    "Calendar: which items are saved",
    (
        Asked(
            "EVT-1",
            "Meetings, appointments, all-day events and those of group calendars become Events.",
            "As asked, of a person's own calendar.",
            (f"{_MIRROR}::test_an_appointment_goes_up_once", f"{_MIRROR}::test_a_whole_day_stays_a_day"),
        ),
        Asked(
            "EVT-2",
            "Two switches: auto-save meetings, auto-save appointments.",
            "As asked, both off at first: a calendar is not touched before somebody says so.",
            (_SAVING, "docs/howto/keep-the-calendar-in-step.md", _WHY),
        ),
        Asked(
            "EVT-3 · EVT-50",
            "Meetings that somebody makes, accepts or accepts tentatively; a setting lets in declined and "
            "unanswered ones.",
            "As suggested: `events.unanswered`, off; a mark of an unanswered one is an issue.",
            (_SAVING, f"{_MEETINGS}::test_unanswered_and_declined_meetings_stay_out"),
        ),
        Asked(
            "EVT-4 · EVT-5 · EML-43",
            "Private, internal, unlinkable, older items and those with blocklisted people alone are not saved; "
            "one who is not blocklisted is enough. A setting lets in internal ones.",
            "As asked: `events.internal`.",
            (_SAVING,),
        ),
        Asked(
            "EVT-6 · C2 · C3",
            "A window from 14 days back to 60 days ahead, tested continuously, in newer pages.",
            "As suggested: `events.days-back`, `events.days-ahead`; an item is looked at again at the moment "
            "at which it enters or leaves.",
            (
                f"{_RULES}::test_the_window_is_looked_at_again_when_it_moves_on_and_not_before",
                f"{_MIRROR}::test_what_is_too_far_ahead_is_saved_when_its_time_comes",
            ),
        ),
        Asked("EVT-7", "Older items may be saved by hand.", "By the category, whatever their age.", (_SAVING,)),
        Asked(
            "EVT-9 · EVT-16",
            "The category Salesforce saves an item, once it was sent.",
            "As asked; what was marked before activation is no wish.",
            (_SAVING,),
        ),
        Asked("EVT-10", "Save in the sidebar at once.", _NO_BUTTON),
        Asked(
            "EVT-11 · LNK-4",
            "An Event is linked by the rules of linking: many people, one Business record.",
            "As asked, by the rules of e-mails.",
            (
                f"{_RULES}::test_a_room_is_nobody_and_people_are_linked_in_the_order_organizer_required_optional",
                f"{_MAKING}::test_a_meeting_of_a_customer_becomes_an_event",
                f"{_MAKING}::test_a_lead_excludes_everything_else_and_without_shared_activities_one_person_is_named",
            ),
        ),
        Asked(
            "EVT-12 · EVT-13",
            "At least one record to link to, unless a setting says otherwise.",
            "As asked, of meetings: `events.save-unlinked`. Appointments need nobody.",
            (_SAVING, _WHY),
        ),
        Asked(
            "EVT-14", "Public calendars, one way, on request.", f"{NO} Only a person's own calendar is looked at."
        ),
        Asked(
            "EVT-20",
            "Rooms of a meeting become resources of the Event, where a setting says so.",
            f"{NO} They are told in the Location, in the text and in our own field; no resource is booked.",
        ),
        Asked(
            "EVT-30 · C4",
            "All-day events of more than 14 days, or of more than 24 hours, are not saved.",
            "14 days, of all events, which is what Salesforce takes; longer ones are issues.",
            (_SAVING, f"{_RULES}::test_coming_down"),
        ),
        Asked(
            "EVT-40 · EVT-43 · ISE-013",
            "An attendee waits until the organizer, a colleague, has saved the meeting.",
            "As asked; a mark waits too, and is an issue.",
            (_SAVING, f"{_MEETINGS}::test_a_colleague_waits_for_the_organizer"),
        ),
        Asked(
            "EVT-41 · ATD-7",
            "The organizer's meeting is one record for all; colleagues are its invitees.",
            "As asked.",
            (f"{_MEETINGS}::test_a_meeting_of_two_colleagues_and_a_customer_is_one_record",),
        ),
        Asked(
            "EVT-42 · C13",
            "Of a meeting organized outside: one Event for each who saves it, or one for all.",
            "One for all: the first who saves it owns it, and colleagues are its invitees. Or one for each "
            "(`events.copies`), without invitees. A meeting stays as it was first saved when the setting changes.",
            (
                f"{_MEETINGS}::test_a_meeting_organized_outside_is_saved_once_for_all_of_us",
                f"{_LEADING}::test_where_the_settings_say_so_everybody_has_a_record_of_a_meeting_from_outside",
                f"{_LEADING}::test_a_meeting_stays_as_it_was_saved_first_when_the_setting_changes",
            ),
        ),
        Asked(
            "EVT-44 · EVT-45 · C14",
            "An organizer with a Salesforce User and no mailbox here: wait for ever, or save without them.",
            "As suggested: two days (`events.organizer-days`), then an attendee's; also where the organizer's "
            "mailbox is paused, deactivated, keeps failing or saves no meetings. Who saves them is waited for.",
            (
                f"{_LEADING}::test_an_organizer_without_a_mailbox_here_is_waited_for_too",
                f"{_LEADING}::"
                "test_an_organizer_who_is_kept_in_step_is_waited_for_for_ever_and_one_who_is_paused_is_not",
            ),
        ),
        Asked(
            "EVT-46",
            "The organizer's own item takes over what an attendee saved first; not of series.",
            "As asked: the Event becomes the organizer's, who owns it then; the attendee's item keeps its mark.",
            (
                f"{_LEADING}::test_an_organizer_who_does_not_save_is_waited_for_two_days_and_then_takes_over",
                f"{_RULES}::test_of_a_series_the_pieces_stay_with_whom_they_are",
            ),
        ),
    ),
)

CARRIED = Section(
    "Calendar: what is carried over",
    (
        Asked(
            "MAP · events",
            "Subject, text, location, times, reminder, show as, attendees, organizer, sensitivity, recurrence.",
            "As asked, row by row, with declared losses; occurrences are Events of their own.",
            ("docs/losses.md", _CASES, f"{_LAWS}::test_what_was_made_of_an_item_is_the_same_and_asks_for_nothing"),
        ),
        Asked(
            "MAP-20",
            "Tentative and working elsewhere have no value in Salesforce.",
            "As suggested: busy and free, which never come back over them.",
            (_CASES,),
        ),
        Asked(
            "MAP-21",
            "Who is on a meeting stands in the Description, or in a field.",
            "In both: in lines below the text where the owner does not organize it, and in fields of our package.",
            (f"{_MAKING}::test_who_is_on_a_meeting_is_told_anew_and_notes_stay", _WHY),
        ),
        Asked(
            "MAP-22 · events",
            "Categories set fields, and fields categories, on request.",
            "`categories.fields`, also of Events. Fields never set categories.",
            (f"{_RULES}::test_what_an_administrator_wants_on_events", _SETTING),
        ),
        Asked("MAP-23", "Notes of a booking are left out.", f"{NO} There is no booking."),
        Asked("MAP-24", "A checkbox in Salesforce makes an online meeting.", f"{NO} Items come down as they are."),
        Asked(
            "MAP-25",
            "Default values for fields that the org requires.",
            "`events.defaults`.",
            (f"{_RULES}::test_what_an_administrator_wants_on_events", _SETTING),
        ),
        Asked(
            "EVT-18 · DED",
            "Changed on both sides: the mailbox's version replaces the other.",
            "Field by field, the mailbox first unless `events.conflicts` says otherwise; the other value is "
            "kept as a note in the mailbox.",
            (
                f"{_MIRROR}::test_two_fields_edited_on_two_sides_both_arrive",
                f"{_MIRROR}::test_of_one_field_edited_on_both_sides_the_mailbox_wins_and_the_other_is_kept",
            ),
        ),
        Asked(
            "TZ-4 · TZ-5 · MAP-61",
            "Offsets are matched; whole days never shift.",
            "Moments are UTC, whole days are days.",
            (_CASES, f"{_MIRROR}::test_a_whole_day_stays_a_day"),
        ),
        Asked(
            "ATD-1 · ATD-2 · ATD-4",
            "Who is added or removed, and which answers are carried over.",
            "As asked. Who is invited or taken off in Salesforce would be mailed by the mailbox's vendor, so "
            "`events.meeting-updates` decides; taken off only where `events.attendee-removals` says so. No answer "
            "that is given in Salesforce comes down.",
            (
                f"{_MEETINGS}::test_who_comes_and_goes_and_what_they_answer_is_carried_over",
                f"{_GUESTS}::"
                "test_who_is_invited_in_salesforce_is_invited_to_the_meeting_when_its_organizer_says_so",
                f"{_GUESTS}::test_who_is_taken_off_in_salesforce_stays_on_the_meeting_and_off_the_event",
                f"{_RULES}::test_invitees",
            ),
        ),
        Asked(
            "ATD-5 · C15",
            "Attendees are kept alike, or frozen after the first save.",
            "Kept alike; `events.attendees` freezes them.",
            (f"{_RULES}::test_invitees",),
        ),
        Asked(
            "ATD-6 · C16",
            "A setting keeps people outside off the list of invitees; name and text disagree on its values.",
            "They are linked, and not invited, unless `events.invite-colleagues-only` is switched off.",
            (f"{_GUESTS}::test_contacts_are_invitees_where_the_settings_say_so", _WHY),
        ),
        Asked(
            "ATD-9",
            "An Event that gets another owner: a second item, and attendees are invited again.",
            "A copy that was brought down moves to the new owner's calendar. What was made in the mailbox stays "
            "there and is kept like the Event; an issue says so. Nobody is mailed.",
            (
                f"{_OWNERS}::test_a_copy_of_an_event_goes_along_with_it_to_its_new_owner_and_back",
                f"{_OWNERS}::"
                "test_what_was_made_in_the_mailbox_stays_there_when_its_event_is_given_away_and_is_an_issue",
            ),
        ),
        Asked(
            "ATD-8",
            "Over Graph every change of a meeting mails all attendees, those of the past too.",
            "Such a change is asked for, sent or left by `events.meeting-updates`; reminders, categories and "
            "how the time is shown are no news to anybody.",
            (
                f"{_MEETINGS}::test_a_record_s_new_time_is_announced_only_when_somebody_says_so",
                f"{_RULES}::test_telling_attendees",
            ),
        ),
        Asked(
            "SDS-1 · SDS-2 · SDS-3 · C20",
            "The text is carried over once, but again with a new subject, owner or time, as one page says.",
            "Once, without the exception; `events.safe-description` switches it off.",
            (f"{_RULES}::test_which_rows_go_which_way", _WHY),
        ),
        Asked(
            "PRV-1 · PRV-2 · PRV-3 · PRV-6 · C12 · C33",
            "Private items are not saved by themselves, by hand they are, visibly; or they hold their time.",
            "As suggested: `events.private`.",
            (
                _SAVING,
                f"{_MAKING}::test_what_is_private_in_salesforce_is_linked_to_nobody",
                f"{_MAKING}::test_a_private_item_that_a_person_marked_is_saved_openly",
                f"{_LAWS}::test_a_record_that_holds_a_time_never_learns_more",
            ),
        ),
        Asked(
            "PRV-5",
            "What becomes of a saved item that is made private is not said.",
            "Nothing more is carried over, whoever of the colleagues leads, and an issue says so "
            "(EVENT-MADE-PRIVATE). Its Event stays as it was; made normal again, it goes on.",
            (
                f"{_RULES}::test_what_becomes_private_is_carried_over_no_more",
                f"{_MEETINGS}::test_what_became_private_goes_up_no_more_whatever_happens_in_salesforce",
                f"{_LEADING}::test_what_its_organizer_made_private_is_carried_over_by_nobody_else",
            ),
        ),
        Asked(
            "SPC-2 · SPC-3",
            "One way only: changes of the other side are taken back.",
            "`events.direction`, in sessions. What is taken back is kept as a note in the mailbox. A meeting that "
            "attendees were told of is taken back only where `events.meeting-updates` lets them be told.",
            (
                f"{_WAYS}::test_a_change_in_salesforce_is_taken_back_and_noted",
                f"{_WAYS}::test_a_delete_in_salesforce_is_taken_back",
                f"{_WAYS}::test_a_change_in_the_mailbox_is_taken_back_and_noted",
                f"{_WAYS}::test_a_delete_in_the_mailbox_is_taken_back",
                f"{_WAYS}::test_what_is_made_in_salesforce_still_comes_down_and_its_deletion_too",
            ),
        ),
        Asked(
            "SPC-5",
            "Fields of Salesforce are appended to the text of meetings.",
            f"{NO} Attendees would read them.",
        ),
    ),
)

LEAVING = Section(
    "Calendar: what comes down, and what leaves",
    (
        Asked(
            "DWN-1",
            "Switched off, what was brought down is taken out of the mailbox.",
            "As asked, unless somebody was invited to it. What would go is shown first, and switched on again it "
            "comes back.",
            (
                f"{_WITHDRAWING}::test_switched_off_what_came_goes_and_salesforce_keeps_it",
                f"{_WITHDRAWING}::test_switched_on_again_it_comes_back",
                "tests/unit/web/test_calendar.py::test_switching_off_shows_first_what_would_go_and_may_be_cancelled",
            ),
        ),
        Asked(
            "DWN-4 · ACT-22",
            "Events made after activation, within the window, assigned to the user.",
            "As asked.",
            (
                f"{_RULES}::test_coming_down",
                f"{_MIRROR}::test_an_event_of_salesforce_comes_down_without_attendees",
            ),
        ),
        Asked(
            "DWN-5",
            "What is beyond the limits is skipped with an issue.",
            "Skipped with a reason, which is no issue: nobody can mend it. Classic series come down by their "
            "occurrences; of Lightning's a change of one changes all that lie ahead, so they stay out.",
            (f"{_RULES}::test_coming_down", "tests/simulation/test_event_reasons.py"),
        ),
        Asked(
            "DEL-1",
            "Taking the category off changes nothing; it is put back.",
            "As asked.",
            (f"{_MIRROR}::test_a_mark_that_was_taken_off_is_put_back",),
        ),
        Asked(
            "DEL-2",
            "The category Salesforce Unsync deletes the Event and leaves the item.",
            "As asked; the item is not saved again by itself.",
            (f"{_MIRROR}::test_unsync_takes_it_out_of_salesforce_and_keeps_it_here",),
        ),
        Asked(
            "DEL-3 · C17",
            "Deleted in Salesforce: the item stays without its mark, unless it came from there and nobody is "
            "invited.",
            "As asked.",
            (
                f"{_MIRROR}::test_what_was_made_here_and_deleted_in_salesforce_stays_without_its_mark",
                f"{_MIRROR}::test_what_was_made_in_salesforce_and_deleted_there_goes_here_too",
            ),
        ),
        Asked(
            "DEL-4",
            "A setting deletes meetings in the mailbox too; its values are not documented.",
            f"{NO} Their attendees would be mailed "
            "([why](decisions/0049-what-a-calendar-and-salesforce-agree-on.md)).",
        ),
        Asked(
            "DEL-5",
            "A cancelled meeting's Event is deleted; on request it stays.",
            "As asked. `events.keep-cancelled` lets it stay.",
            (f"{_MEETINGS}::test_a_meeting_that_is_cancelled_goes", _GOING, _SETTING),
        ),
        Asked(
            "DEL-6",
            "An attendee who deletes a copy has declined; the Event stays.",
            "As asked.",
            (f"{_MEETINGS}::test_a_colleague_who_deletes_a_copy_declines_and_nothing_is_deleted",),
        ),
        Asked(
            "DEL-7 · DEL-10 · DEL-11 · DEL-12",
            "Ten use cases and a matrix of what follows when either half goes.",
            "As asked, as one table.",
            (
                "docs/rules.md",
                _GOING,
                "tests/simulation/test_fates.py::test_what_becomes_of",
                f"{_RULES}::test_only_an_explicit_delete_deletes_what_a_person_made",
                f"{_MIRROR}::test_what_leaves_the_window_is_left_alone_and_never_deleted_in_salesforce",
            ),
        ),
        Asked(
            "DEL-10 · SCH-20",
            "Deactivated: what came from Salesforce is deleted in the mailbox, the rest stays, and our categories "
            "leave its list.",
            "`crosstie deactivate`, which shows first what would go. What somebody was invited to stays.",
            (
                "docs/howto/deactivate-a-mailbox.md",
                "tests/unit/web/test_leaving.py::test_what_came_goes_then_categories_then_access",
                f"{_SWEEP}::test_an_accident_withdraws_nothing_twice_and_loses_nothing",
            ),
        ),
        Asked(
            "SCH-21",
            "Past events that came down may be removed by an update of the product.",
            f"{NO} As suggested: nothing is removed by an update.",
        ),
        Asked(
            "SCH-24",
            "Ten failed sign-ins end in settings that are reset and folders that are removed.",
            f"{NO} As suggested: access that was lost is a state, and only a deactivation tidies up.",
            ("docs/howto/deactivate-a-mailbox.md",),
        ),
        Asked(
            "DEL-14",
            "A guard against many deletes at once is not documented.",
            "More than 20, and more than a fifth, are asked for, unless a person turned a switch and saw them.",
            (
                f"{_RULES}::test_the_guard",
                f"{_WITHDRAWING}::test_many_that_a_value_keeps_out_are_asked_about_first",
            ),
        ),
        Asked(
            "DEL-20 · DEL-21 · DEL-22 · DEL-23",
            "A field's value takes an Event out of the mailbox; which fields may be used.",
            "`events.unsync-conditions`. A copy that came from Salesforce is taken out, and comes back when the "
            "value is another one; anything else loses its category, and neither side follows the other until "
            "then.",
            (
                f"{_WITHDRAWING}::test_a_value_takes_what_came_out_and_another_one_brings_it_back",
                f"{_WITHDRAWING}::test_what_was_made_in_the_mailbox_stays_unmarked_until_the_value_is_another_one",
                "tests/unit/web/test_withdrawing.py::"
                "test_a_condition_is_refused_whose_field_the_org_cannot_compare",
                f"{_WITHDRAWING}::test_a_field_that_cannot_be_compared_is_said_and_keeps_nothing_out",
                f"{_RULES}::test_conditions",
                f"{_RULES}::test_which_fields_can_be_conditions",
                f"{_RULES}::test_coming_down",
            ),
        ),
    ),
)
EVENTS = (SAVED, CARRIED, LEAVING)
