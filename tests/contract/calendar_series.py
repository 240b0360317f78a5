"""Cases of the calendar suite: series, their occurrences, and what becomes of those."""

from datetime import date, datetime, timedelta

import pytest

from crosstie.domain.calendar import Shape
from tests.contract.calendar_office import DAY, HOUR, START, CalendarOffice, CalendarView, Entry, berlin

TUESDAYS = [date(2026, 11, 17) + timedelta(weeks=week) for week in range(6)]
WEEKLY = Entry("Standup", rule="FREQ=WEEKLY;COUNT=6", text="As ever", place="Room 1")


class Series:
    def test_a_series_is_its_occurrences_and_itself(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.enter(WEEKLY)
        seen = view.look()
        master, dates = view.master(), view.dates()
        assert sorted(dates) == TUESDAYS
        assert master.item_id == office.item_id(key)
        assert {item.series_id for item in dates.values()} == {master.item_id}
        assert {item.shape for item in dates.values()} == {Shape.OCCURRENCE}
        assert {(item.subject, item.text, item.location) for item in dates.values()} == {
            ("Standup", "As ever", "Room 1")
        }
        assert {item.rule for item in (master, *dates.values())} == {"FREQ=WEEKLY;BYDAY=TU;COUNT=6"}
        assert [item.when.start for _, item in sorted(dates.items())] == [
            START + DAY + timedelta(weeks=week) for week in range(6)
        ]
        assert seen.series == {master.item_id: {item.item_id for item in dates.values()}}
        assert {item.item_id for item in dates.values()} == {office.item_id(key, day) for day in TUESDAYS}

    def test_only_what_is_in_the_window_of_an_endless_series(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        office.enter(Entry(rule="FREQ=WEEKLY"))
        view.look()
        assert 26 <= len(view.dates()) <= 40

    def test_clocks_that_change_do_not_move_a_series(self, office: CalendarOffice, view: CalendarView) -> None:
        first = date(2027, 3, 24)
        office.enter(Entry(start=berlin(first, 9), end=berlin(first, 10), rule="FREQ=WEEKLY;COUNT=2"))
        view.look()
        assert [item.when.start for _, item in sorted(view.dates().items())] == [
            berlin(first, 9),
            berlin(first + timedelta(weeks=1), 9),
        ]
        starts = sorted(view.dates().values(), key=lambda item: str(item.original))
        assert starts[1].when.start - timedelta(weeks=1) != starts[0].when.start

    def test_the_original_day_is_the_one_where_the_series_lives(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        """Half past midnight in Berlin is the evening before by UTC."""
        first = date(2026, 11, 18)
        office.enter(Entry(start=berlin(first, 0, 30), end=berlin(first, 1), rule="FREQ=DAILY;COUNT=3"))
        view.look()
        assert sorted(view.dates()) == [first, first + DAY, first + 2 * DAY]

    def test_a_series_of_whole_days(self, office: CalendarOffice, view: CalendarView) -> None:
        entry = Entry(
            start=date(2026, 11, 20), end=date(2026, 11, 21), zone="America/Los_Angeles", rule="FREQ=DAILY;COUNT=2"
        )
        office.enter(entry)
        view.look()
        assert {day: item.when.start for day, item in view.dates().items()} == {
            date(2026, 11, 20): date(2026, 11, 20),
            date(2026, 11, 21): date(2026, 11, 21),
        }

    @pytest.mark.parametrize(
        ("rule", "told"),
        [
            ("FREQ=DAILY;INTERVAL=2;COUNT=3", "FREQ=DAILY;INTERVAL=2;COUNT=3"),
            ("FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=WEEKLY;BYDAY=TU,TH"),
            ("FREQ=MONTHLY;BYMONTHDAY=17", "FREQ=MONTHLY;BYMONTHDAY=17"),
            ("FREQ=MONTHLY;BYDAY=3TU", "FREQ=MONTHLY;BYDAY=3TU"),
            ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=17"),
        ],
    )
    def test_rules_are_told(self, office: CalendarOffice, view: CalendarView, rule: str, told: str) -> None:
        office.enter(Entry(rule=rule))
        view.look()
        assert view.master().rule == told

    def test_a_moved_occurrence_keeps_its_day(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.enter(WEEKLY)
        view.look()
        start = START + 10 * DAY
        office.edit(key, TUESDAYS[1], subject="Standup, later", start=start, end=start + HOUR)
        view.look()
        item = view.dates()[TUESDAYS[1]]
        assert (item.shape, item.subject, item.when.start) == (Shape.EXCEPTION, "Standup, later", start)
        assert (item.text, item.location, item.series_id) == ("As ever", "Room 1", view.master().item_id)
        assert item.item_id == office.item_id(key, TUESDAYS[1])
        assert sorted(view.dates()) == TUESDAYS
        assert view.absent() == set()

    def test_an_occurrence_by_its_id_is_the_one_of_the_stream(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        key = office.enter(WEEKLY)
        office.edit(key, TUESDAYS[1], subject="Other", start=START + 10 * DAY, end=START + 10 * DAY + HOUR)
        view.look()
        found = view.by_id(view.known)
        assert found.keys() == view.known.keys()
        for item_id, item in found.items():
            known = view.known[item_id]
            assert (item.when, item.subject, item.text) == (known.when, known.subject, known.text)
            assert (item.original, item.rule, item.uid) == (known.original, known.rule, known.uid)
            assert (item.shape, item.series_id) == (known.shape, known.series_id)

    def test_a_deleted_occurrence_is_absent(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.enter(WEEKLY)
        view.look()
        item_id = office.item_id(key, TUESDAYS[2])
        office.delete(key, TUESDAYS[2])
        view.look()
        assert view.absent() == {item_id}
        assert sorted(view.dates()) == [day for day in TUESDAYS if day != TUESDAYS[2]]
        assert view.by_id([item_id]) == {}

    def test_a_deleted_series_takes_all_with_it(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.enter(WEEKLY)
        view.look()
        everything = set(view.known)
        office.delete(key)
        view.look()
        assert (view.absent(), view.known) == (everything, {})

    def test_a_change_of_a_series_is_one_of_each_occurrence(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        key = office.enter(WEEKLY)
        view.look()
        ids = set(view.known)
        office.edit(key, subject="Daily")
        view.look()
        assert {item.item_id for item in view.told()} == ids
        assert {item.subject for item in view.told()} == {"Daily"}

    def test_another_rule_leaves_none_of_the_dates_that_are_not_its(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        key = office.enter(WEEKLY)
        view.look()
        office.edit(key, rule="FREQ=WEEKLY;INTERVAL=2;COUNT=3")
        view.look()
        assert sorted(view.dates()) == TUESDAYS[::2]

    def test_a_series_that_moves_away_is_absent_with_all_of_it(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        key = office.enter(WEEKLY)
        view.look()
        everything = set(view.known)
        office.edit(key, start=START + 600 * DAY, end=START + 600 * DAY + HOUR, rule="FREQ=WEEKLY;COUNT=6")
        view.look()
        assert view.absent() == everything

    def test_series_of_a_long_listing_are_complete(self, office: CalendarOffice, view: CalendarView) -> None:
        for number in range(6):
            start = START + DAY + timedelta(hours=number)
            office.enter(Entry(f"Series {number}", start=start, end=start + HOUR, rule="FREQ=DAILY;COUNT=10"))
        view.look_to_the_end(limit=7)
        assert sum(item.shape is Shape.OCCURRENCE for item in view.known.values()) == 60
        assert all(item.subject.startswith("Series") and item.original for item in view.dates().values())

    def test_a_day_of_another_series_is_told_apart(self, office: CalendarOffice, view: CalendarView) -> None:
        entry = Entry(rule="FREQ=DAILY;COUNT=3")
        one, other = office.enter(entry), office.enter(entry)
        view.look()
        deleted = office.item_id(one, date(2026, 11, 18))
        office.delete(one, date(2026, 11, 18))
        view.look()
        assert view.absent() == {deleted}
        kept = [item for item in view.known.values() if item.series_id == office.item_id(other)]
        assert {item.when.start for item in kept} == {START + n * DAY for n in (1, 2, 3)}

    def test_moments_are_aware_and_in_utc(self, office: CalendarOffice, view: CalendarView) -> None:
        office.enter(Entry(rule="FREQ=DAILY;COUNT=2", zone="America/New_York"))
        view.look()
        for item in view.known.values():
            assert isinstance(item.when.start, datetime)
            assert item.when.start.utcoffset() == timedelta(0)
            assert item.when.zone == "America/New_York"
