"""Cases of the calendar suite: what is told of single items, and how far a look reaches."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crosstie.domain.calendar import Answer, Part, Sensitivity, Shape, ShowAs, When
from crosstie.domain.mailboxes import Span
from tests.contract.calendar_office import ADA, BEN, DAY, HOUR, NORA, START, CalendarOffice, CalendarView, Entry


class Observing:
    def test_the_first_look_lists_what_was_there_before(self, office: CalendarOffice, view: CalendarView) -> None:
        keys = [office.enter(Entry(f"Entry {number}")) for number in range(3)]
        seen = view.look()
        assert seen.baseline == {office.item_id(key) for key in keys}
        assert (seen.more, seen.anew, view.absent()) == (False, False, set())
        assert {item.subject for item in view.told()} == {"Entry 0", "Entry 1", "Entry 2"}

    def test_nothing_new_is_nothing_told(self, office: CalendarOffice, view: CalendarView) -> None:
        office.enter(Entry())
        view.look()
        seen = view.look()
        assert (view.changes, dict(seen.series), seen.baseline, seen.more) == ((), {}, frozenset(), False)

    def test_what_comes_later_is_no_baseline(self, office: CalendarOffice, view: CalendarView) -> None:
        view.look()
        key = office.enter(Entry())
        assert view.look().baseline == frozenset()
        assert [item.item_id for item in view.told()] == [office.item_id(key)]

    def test_an_item_is_told_as_a_person_entered_it(self, office: CalendarOffice, view: CalendarView) -> None:
        entry = Entry(
            text="Bring the plans.\n\nNora waits.",
            place="Site office",
            show_as=ShowAs.TENTATIVE,
            sensitivity=Sensitivity.PRIVATE,
            reminder=timedelta(minutes=30),
            categories=frozenset({"Blue category", "Green category"}),
        )
        office.enter(entry)
        view.look()
        item = view.item()
        assert item.when == When(START + DAY, START + DAY + HOUR, "Europe/Berlin")
        assert (item.text, item.location) == (entry.text, entry.place)
        assert (item.show_as, item.sensitivity, item.reminder) == (
            entry.show_as, entry.sensitivity, entry.reminder,
        )  # fmt: skip
        assert item.categories == entry.categories
        assert (item.shape, item.series_id, item.original, item.rule) == (Shape.SINGLE, "", None, "")
        assert item.organizer is not None
        assert (item.organizer.email, item.is_organizer, item.is_meeting) == (ADA, True, False)
        assert item.created_at == START
        assert item.uid
        assert item.version

    def test_no_reminder_is_none(self, office: CalendarOffice, view: CalendarView) -> None:
        office.enter(Entry(reminder=None))
        view.look()
        assert view.item().reminder is None

    def test_a_meeting_names_who_comes(self, office: CalendarOffice, view: CalendarView) -> None:
        office.enter(Entry(attendees=(BEN, NORA)))
        view.look()
        item = view.item()
        assert [(one.address.email, one.part, one.answer) for one in item.attendees] == [
            (BEN, Part.REQUIRED, Answer.NONE),
            (NORA, Part.REQUIRED, Answer.NONE),
        ]
        assert (item.is_organizer, item.is_meeting) == (True, True)

    def test_a_meeting_of_somebody_else_is_not_ones_own(self, office: CalendarOffice, view: CalendarView) -> None:
        view.look()
        office.invited(Entry("Offer", attendees=(ADA, BEN)))
        view.look()
        item = view.item("Offer")
        assert item.organizer is not None
        assert (item.organizer.email, item.is_organizer, item.is_meeting) == (NORA, False, True)
        assert ADA in {one.address.email for one in item.attendees}

    @pytest.mark.parametrize("answer", [Answer.ACCEPTED, Answer.TENTATIVE])
    def test_answers_are_told_on_either_side(
        self, office: CalendarOffice, view: CalendarView, answer: Answer
    ) -> None:
        own, others = office.enter(Entry(attendees=(NORA, BEN))), office.invited(Entry("Offer", attendees=(ADA,)))
        view.look()
        assert view.item("Offer").answer is Answer.NONE
        office.answered(own, answer)
        office.answer(others, answer)
        view.look()
        assert view.item("Offer").answer is answer
        assert {one.address.email: one.answer for one in view.item().attendees} == {NORA: answer, BEN: Answer.NONE}
        assert view.item().answer is Answer.ORGANIZER

    def test_a_meeting_that_was_called_off_is_cancelled(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.invited(Entry("Offer", attendees=(ADA,)))
        view.look()
        assert not view.item("Offer").cancelled
        office.call_off(key)
        view.look()
        (item,) = view.told()
        assert (item.item_id, item.cancelled) == (office.item_id(key), True)

    @pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland"])
    def test_whole_days_are_dates_wherever_they_are(
        self, office: CalendarOffice, view: CalendarView, zone: str
    ) -> None:
        office.enter(Entry(start=date(2026, 11, 20), end=date(2026, 11, 22), zone=zone))
        view.look()
        assert view.item().when == When(date(2026, 11, 20), date(2026, 11, 22), zone)

    def test_a_change_is_told_once_with_a_new_version(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.enter(Entry())
        view.look()
        before = view.item()
        office.edit(key, subject="Wall", start=START + 2 * DAY, end=START + 2 * DAY + HOUR)
        view.look()
        (item,) = view.told()
        assert (item.item_id, item.subject) == (before.item_id, "Wall")
        assert item.when.start == START + 2 * DAY
        assert item.version != before.version
        view.look()
        assert view.changes == ()

    def test_a_deleted_item_is_absent(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.enter(Entry())
        item_id = office.item_id(key)
        view.look()
        office.delete(key)
        view.look()
        assert (view.absent(), view.told()) == ({item_id}, [])
        assert view.by_id([item_id]) == {}

    def test_an_item_beyond_the_window_is_not_told(self, office: CalendarOffice, view: CalendarView) -> None:
        office.enter(Entry("Soon"))
        office.enter(Entry("Later", start=START + 600 * DAY, end=START + 600 * DAY + HOUR))
        office.enter(Entry("Long ago", start=START - 100 * DAY, end=START - 100 * DAY + HOUR))
        view.look()
        assert [item.subject for item in view.told()] == ["Soon"]

    def test_an_item_that_leaves_the_window_is_absent_and_not_gone(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        key = office.enter(Entry())
        view.look()
        office.edit(key, start=START + 600 * DAY, end=START + 600 * DAY + HOUR)
        view.look()
        item_id = office.item_id(key)
        assert view.absent() == {item_id}
        assert view.by_id([item_id])[item_id].when.start == START + 600 * DAY

    def test_a_long_listing_comes_in_slices(self, office: CalendarOffice, view: CalendarView) -> None:
        keys = [office.enter(Entry(f"Entry {number}")) for number in range(25)]
        view.look(limit=5)
        assert view.last.more
        assert 5 <= len(view.told()) < 25
        assert view.last.baseline == {item.item_id for item in view.told()}
        view.look_to_the_end(limit=5)
        assert set(view.known) == {office.item_id(key) for key in keys}

    def test_a_dead_cursor_begins_anew_and_says_so(self, office: CalendarOffice, view: CalendarView) -> None:
        keys = [office.enter(Entry(f"Entry {number}")) for number in range(3)]
        view.look()
        office.kill_cursors()
        office.delete(keys[0])
        office.edit(keys[1], subject="Changed")
        seen = view.look()
        assert (seen.anew, seen.baseline) == (True, frozenset())
        assert {item.subject for item in view.told()} == {"Changed", "Entry 2"}
        assert not view.look().anew

    def test_as_time_goes_by_the_window_goes_with_it(self, office: CalendarOffice, view: CalendarView) -> None:
        far = START + 240 * DAY
        gone = office.enter(Entry("Gone"))
        kept = office.enter(Entry("Kept", start=START + 90 * DAY, end=START + 90 * DAY + HOUR))
        office.enter(Entry("Far", start=far, end=far + HOUR))
        view.look()
        assert set(view.known) == {office.item_id(gone), office.item_id(kept)}
        item_id = office.item_id(gone)
        office.delete(gone)
        office.pass_time(90 * DAY)
        seen = view.look()
        assert {item.subject for item in view.told()} == {"Kept", "Far"}
        assert (view.absent(), seen.anew, seen.baseline) == ({item_id}, False, frozenset())
        assert view.look().told == ()

    def test_items_come_by_their_ids(self, office: CalendarOffice, view: CalendarView) -> None:
        keys = [office.enter(Entry(f"Entry {number}")) for number in range(23)]
        view.look()
        gone = office.item_id(keys[0])
        office.delete(keys[0])
        found = view.by_id([*(office.item_id(key) for key in keys[1:]), gone, "no-such-item", "../../me", ""])
        assert found == {item_id: item for item_id, item in view.known.items() if item_id != gone}

    def test_a_meeting_has_one_identity_in_all_calendars(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.enter(Entry(rule="FREQ=WEEKLY;COUNT=4", attendees=(BEN,)))
        view.look()
        assert len({item.uid for item in view.known.values()}) == 1
        office.edit(key, date(2026, 11, 24), subject="Other")
        view.look()
        assert len({item.uid for item in view.known.values()}) == 1

    def test_the_window_is_as_wide_as_is_asked_for(self, office: CalendarOffice) -> None:
        office.enter(Entry("In", start=START + 99 * DAY, end=START + 99 * DAY + HOUR))
        office.enter(Entry("Before", start=START - 50 * DAY, end=START - 50 * DAY + HOUR))
        calendar = office.open().calendar()
        seen = calendar.observe({}, Span(START - 10 * DAY, START + 100 * DAY), limit=100)
        assert len(seen.told) == 1

    def test_an_entry_stays_what_it_was(self, office: CalendarOffice, view: CalendarView) -> None:
        """Reading changes nothing."""
        entry = Entry(text="Words", categories=frozenset({"Blue category"}))
        key = office.enter(entry)
        view.look()
        view.by_id([office.item_id(key)])
        assert office.entry(key) == replace(entry)
        assert office.mailed() == []
