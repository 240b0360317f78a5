"""Cases of the calendar suite: what is written, under which condition, and that nobody ever hears of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from crosstie.domain.address import Address
from crosstie.domain.calendar import (
    Answer,
    Attendee,
    ChangeItem,
    CreateItem,
    DeleteItem,
    ItemWrite,
    Sensitivity,
    ShowAs,
    When,
)
from crosstie.domain.errors import Fatal
from tests.contract.calendar_office import (
    ADA,
    BEN,
    DAY,
    HOUR,
    NORA,
    START,
    CalendarOffice,
    CalendarView,
    Entry,
    changing,
    noted,
)

DAYS = When(date(2026, 11, 20), date(2026, 11, 22), "Europe/Berlin")


class Writing:
    def test_a_created_item_is_as_it_was_wanted(self, office: CalendarOffice, view: CalendarView) -> None:
        view.look()
        wanted = noted(
            text="Bring the plans.\nNora waits.",
            location="Site office",
            show_as=ShowAs.AWAY,
            sensitivity=Sensitivity.PRIVATE,
            reminder=timedelta(minutes=45),
            categories=frozenset({"Salesforce"}),
        )
        (result,) = view.apply(CreateItem(wanted, "1:abc"))
        assert result.applied
        view.look()
        item = view.item()
        assert (item.item_id, item.version, item.token) == (result.item_id, result.version, "1:abc")
        assert item.when == wanted.when
        assert (item.text, item.location, item.show_as) == (wanted.text, wanted.location, wanted.show_as)
        assert (item.sensitivity, item.reminder) == (wanted.sensitivity, wanted.reminder)
        assert (item.categories, item.attendees) == (wanted.categories, ())
        assert office.mailed() == []

    @pytest.mark.parametrize("when", [DAYS, replace(DAYS, zone="America/Los_Angeles"), replace(DAYS, zone="UTC")])
    def test_a_created_item_of_whole_days(self, office: CalendarOffice, view: CalendarView, when: When) -> None:
        view.apply(CreateItem(noted(when, reminder=None), "1:abc"))
        view.look()
        assert view.item().when == when
        assert view.item().reminder is None

    def test_a_create_carried_out_before_makes_no_second_item(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        create = CreateItem(noted(), "1:abc")
        (first,) = view.apply(create)
        (second,) = view.apply(create)
        assert second == first
        assert len(office.entries()) == 1

    def test_a_repeated_create_of_something_else_says_so(self, office: CalendarOffice, view: CalendarView) -> None:
        (first,) = view.apply(CreateItem(noted(), "1:abc"))
        (second,) = view.apply(CreateItem(noted(subject="Wall"), "1:abc"))
        assert (second.item_id, second.version, second.applied) == (first.item_id, "", True)
        assert [one.subject for one in office.entries()] == ["Roof"]

    def test_a_create_whose_answer_was_lost_is_unclear_and_then_found(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        create = CreateItem(noted(), "1:abc")
        view.look()
        office.lose_next_answer()
        (lost,) = view.apply(create)
        assert (lost.applied, lost.code) == (False, "unclear")
        (found,) = view.apply(create)
        assert found.applied
        assert len(office.entries()) == 1
        view.look()
        assert view.item().item_id == found.item_id

    def test_an_item_with_attendees_is_never_created(self, office: CalendarOffice, view: CalendarView) -> None:
        invites = noted(attendees=(Attendee(Address(NORA)),))
        calendar = office.open().calendar()
        with pytest.raises(Fatal):
            calendar.apply([CreateItem(noted(subject="Harmless"), "1:a"), CreateItem(invites, "1:b")])
        assert (office.entries(), office.mailed()) == ([], [])

    @pytest.mark.parametrize(
        ("field", "value", "entered"),
        [
            ("subject", "Wall", {"subject": "Wall"}),
            ("text", "Other\nwords", {"text": "Other\nwords"}),
            ("location", "Room 2", {"place": "Room 2"}),
            ("location", "", {"place": ""}),
            ("show_as", ShowAs.FREE, {"show_as": ShowAs.FREE}),
            ("sensitivity", Sensitivity.NORMAL, {"sensitivity": Sensitivity.NORMAL}),
            ("reminder", timedelta(hours=2), {"reminder": timedelta(hours=2)}),
            ("reminder", None, {"reminder": None}),
            ("categories", frozenset({"Green category"}), {"categories": frozenset({"Green category"})}),
            ("categories", frozenset(), {"categories": frozenset()}),
            (
                "when",
                When(START + 3 * DAY, START + 3 * DAY + HOUR, "Europe/Berlin"),
                {"start": START + 3 * DAY, "end": START + 3 * DAY + HOUR},
            ),
            ("when", DAYS, {"start": DAYS.start, "end": DAYS.end}),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_a_change_writes_the_named_field_alone(
        self, office: CalendarOffice, view: CalendarView, field: str, value: Any, entered: dict[str, Any]
    ) -> None:
        before = Entry(
            text="Words", place="Room 1", sensitivity=Sensitivity.PRIVATE, categories=frozenset({"Blue category"})
        )
        key = office.enter(before)
        view.look()
        unwanted = {"subject": "Not this", "text": "Nor this", "location": "Nor there"}
        changed = replace(view.item(), **{**unwanted, field: value})
        (result,) = view.apply(ChangeItem(changed, frozenset({field})))
        assert result.applied
        assert office.entry(key) == replace(before, **entered)
        view.look()
        (item,) = view.told()
        assert (item.version, getattr(item, field)) == (result.version, value)

    def test_a_changed_item_is_a_conflict_and_stays_as_it_is(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        keys = [office.enter(Entry(f"Entry {number}")) for number in range(3)]
        view.look()
        items = [view.item(f"Entry {number}") for number in range(3)]
        office.edit(keys[1], subject="A person's")
        for field, value in (("location", "Room"), ("text", "Words")):
            writes = [changing(one, **{field: value}) for one in items]
            results = view.apply(*writes)
            assert [one.code for one in results] == ["", "conflict", ""]
            items = [replace(one, version=done.version) for one, done in zip(items, results, strict=True)]
            items[1] = replace(items[1], version="nonsense")
        assert office.entry(keys[1]) == Entry("A person's")
        assert office.entry(keys[2]) == Entry("Entry 2", place="Room", text="Words")

    def test_a_deleted_item_is_gone(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.enter(Entry())
        office.enter(Entry("Other"))
        view.look()
        item, other = view.item(), view.item("Other")
        office.delete(key)
        for field in ("subject", "text"):
            results = view.apply(*(ChangeItem(one, frozenset({field})) for one in (item, other)))
            assert [one.code for one in results] == ["gone", ""]
            other = replace(other, version=results[1].version)
        (result,) = view.apply(DeleteItem(item.item_id, item.version))
        assert result.code == "gone"

    def test_an_occurrence_is_changed_alone(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.enter(Entry(rule="FREQ=WEEKLY;COUNT=3"))
        view.look()
        day, other = date(2026, 11, 24), date(2026, 12, 1)
        item = view.dates()[day]
        (result,) = view.apply(changing(item, subject="Wall"))
        assert (result.applied, result.item_id) == (True, item.item_id)
        assert [getattr(office.entry(key, one), "subject", "") for one in (day, other)] == ["Wall", "Roof"]
        view.look()
        assert view.dates()[day].version == result.version

    def test_an_occurrence_does_not_pass_its_neighbour(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.enter(Entry(rule="FREQ=WEEKLY;COUNT=3"))
        view.look()
        moved = When(START + 30 * DAY, START + 30 * DAY + HOUR, "Europe/Berlin")
        (result,) = view.apply(changing(view.dates()[date(2026, 11, 24)], when=moved))
        assert result.code == "refused"
        assert office.entry(key, date(2026, 11, 24)) == replace(
            Entry(), start=START + 8 * DAY, end=START + 8 * DAY + HOUR
        )

    def test_a_deleted_item_goes_if_nobody_changed_it(self, office: CalendarOffice, view: CalendarView) -> None:
        keys = [office.enter(Entry(f"Entry {number}")) for number in range(2)]
        view.look()
        items = [view.item(f"Entry {number}") for number in range(2)]
        office.edit(keys[1], place="Room")
        results = view.apply(*(DeleteItem(one.item_id, one.version) for one in items))
        assert [one.code for one in results] == ["", "conflict"]
        assert [one.subject for one in office.entries()] == ["Entry 1"]

    def test_a_meeting_with_attendees_is_not_deleted(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.enter(Entry(attendees=(NORA,)))
        view.look()
        item = view.item()
        (result,) = view.apply(DeleteItem(item.item_id, item.version))
        assert result.code == "refused"
        assert office.entry(key) is not None
        assert office.mailed() == []

    def test_the_own_copy_of_anothers_meeting_goes_quietly(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        office.invited(Entry("Offer", attendees=(ADA,)))
        view.look()
        item = view.item("Offer")
        (result,) = view.apply(DeleteItem(item.item_id, item.version))
        assert result.applied
        assert (office.entries(), office.mailed()) == ([], [])

    def test_what_is_ones_own_is_changed_quietly_in_a_meeting(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        office.enter(Entry(attendees=(NORA,)))
        view.look()
        (result,) = view.apply(changing(view.item(), categories=frozenset({"Salesforce"}), reminder=None))
        assert result.applied
        assert office.mailed() == []

    def test_whoever_joins_or_leaves_a_meeting_is_told_and_nobody_else_is(
        self, office: CalendarOffice, view: CalendarView
    ) -> None:
        key = office.enter(Entry(attendees=(NORA,)))
        office.answered(key, Answer.ACCEPTED)
        view.look()
        item = view.item()
        (joined,) = view.apply(changing(item, attendees=(*item.attendees, Attendee(Address.of(BEN, "Ben")))))
        assert (joined.applied, office.mailed()) == (True, [BEN])
        view.look()
        item = view.item()
        answers = {one.address.email: one.answer for one in item.attendees}
        assert answers == {NORA: Answer.ACCEPTED, BEN: Answer.NONE}
        (left,) = view.apply(changing(item, attendees=item.attendees[:1]))
        assert (left.applied, office.mailed()) == (True, [BEN, BEN])

    def test_fifty_creates_are_carried_out(self, office: CalendarOffice, view: CalendarView) -> None:
        view.look()
        results = view.apply(*(CreateItem(noted(subject=f"Entry {n}"), f"1:{n}") for n in range(50)))
        assert all(one.applied for one in results)
        view.look()
        assert {item.token: item.item_id for item in view.told()} == {
            f"1:{n}": one.item_id for n, one in enumerate(results)
        }

    def test_two_writes_to_one_item_follow_each_other(self, office: CalendarOffice, view: CalendarView) -> None:
        key = office.enter(Entry())
        view.look()
        item = view.item()
        writes = [
            changing(item, subject="Wall"),
            changing(item, location="Room"),
        ]
        assert [one.code for one in view.apply(*writes)] == ["", ""]
        assert office.entry(key) == Entry("Wall", place="Room")
        view.look()
        deleted: list[ItemWrite] = [
            changing(view.item("Wall"), subject="Gate"),
            DeleteItem(item.item_id, view.item("Wall").version),
        ]
        assert [one.code for one in view.apply(*deleted)] == ["", ""]
        assert office.entries() == []

    def test_an_item_whose_clock_shows_its_time_twice(self, office: CalendarOffice, view: CalendarView) -> None:
        start = START.replace(year=2027, month=10, day=31, hour=1, minute=30)
        office.pass_time(timedelta(days=300))
        when = When(start, start + HOUR, "Europe/Berlin")
        view.apply(CreateItem(noted(when), "1:abc"))
        view.look()
        assert not view.item().when.moves_to(when)

    def test_nothing_to_write_asks_nobody(self, office: CalendarOffice, view: CalendarView) -> None:
        view.look()
        before = office.calls()
        assert list(view.apply()) == []
        assert office.calls() == before
        assert BEN not in office.mailed()
