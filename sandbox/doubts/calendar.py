"""Doubts about what calendars do of themselves, whichever face is asked."""

from sandbox.doubts import Doubt

ROWS = (
    Doubt("1.3", "calendar.two_a_day_are_refused"),
    Doubt("P4", "calendar.own_changes_are_announced"),
    Doubt("1.4", "calendar.same_values_are_announced"),
    Doubt("1.4", "calendar.every_exception_is_announced"),
    Doubt("1.4", "calendar.attendees_are_read_only"),
    Doubt("1.4", "calendar.new_times_reset_answers"),
    Doubt("1.4", "calendar.copies_may_be_changed"),
    Doubt("1.4", "calendar.deleted_copy_declines"),
    Doubt("1.4", "calendar.answered_requests_are_binned"),
    Doubt("1.4", "calendar.declined_stay"),
    Doubt("1.3", "calendar.periods_are_passed_over"),
    Doubt("1.3", "calendar.timeless_last_half_an_hour"),
)
