"""What the org's log is told of events: each appointment, its people and its end, and of invited users nothing."""

from dataclasses import replace
from typing import Any, cast

import pytest

from crosstie.domain.records import EVENT
from crosstie.salesforce.crm import SalesforceCrm
from tests.simulation.house import House

Row = tuple[str, bool, str]


class Calendar:
    """A house, and events in its org: what each tick logs of them."""

    def __init__(self) -> None:
        self.house = House()
        self.org = self.house.org
        self.ada, self.ben = (self.user(person) for person in ("ada", "ben"))
        for _ in range(2):
            self.tick()

    def user(self, person: str) -> str:
        address = self.house.box(person).address
        return next(one.user for one in self.house.company.colleagues if one.address == address)

    def add(self, object_name: str, **fields: Any) -> str:
        return self.org.insert(self.org.admin, object_name, fields)

    def event(self, **fields: Any) -> str:
        usual = {"Subject": "Visit", "StartDateTime": "2026-11-20T09:00:00Z", "DurationInMinutes": 30}
        return self.add(EVENT, OwnerId=self.ada, **usual | fields)

    def change(self, object_name: str, record_id: str, **fields: Any) -> None:
        self.org.update(self.org.admin, object_name, record_id, fields)

    def tick(self) -> list[Row]:
        """What is new in the log, of events and what belongs to them."""
        known = set(self.house.memory.log)
        meter = cast("SalesforceCrm", self.house.ports.crm).meter
        before = meter.by_kind["changes"]
        self.house.pass_minutes(2)
        self.house.tick()
        assert meter.by_kind["changes"] - before <= 2
        new = [row.change for key, row in self.house.memory.log.items() if key not in known]
        return [(row.record_id, row.deleted, row.owner_id) for row in new if row.object.startswith(EVENT)]


def test_appointments_are_logged_with_their_owner_and_their_end() -> None:
    calendar = Calendar()
    event = calendar.event()
    assert calendar.tick() == [(event, False, calendar.ada)]
    assert calendar.tick() == []
    calendar.change(EVENT, event, OwnerId=calendar.ben)
    assert calendar.tick() == [(event, False, calendar.ben)]
    calendar.org.delete(calendar.org.admin, event)
    assert calendar.tick() == [(event, True, calendar.ben)]
    calendar.org.undelete(calendar.org.admin, event)
    assert calendar.tick() == [(event, False, calendar.ben)]


def test_who_comes_and_what_they_answer_touches_the_event_and_nothing_else() -> None:
    calendar = Calendar()
    event = calendar.event()
    calendar.tick()
    contact = calendar.add("Contact", LastName="Lindqvist")
    relation = calendar.add("EventRelation", EventId=event, RelationId=calendar.ben)
    assert calendar.tick() == [(event, False, calendar.ada)]
    other = calendar.add("EventRelation", EventId=event, RelationId=contact)
    assert calendar.tick() == [(event, False, calendar.ada)]
    for answered in (relation, other):
        calendar.change("EventRelation", answered, Status="Accepted")
    assert calendar.tick() == [(event, False, calendar.ada)], "once for both"
    (copy,) = (row["Id"] for row in calendar.house.rows(EVENT, "Id", where="IsChild = true"))
    calendar.org.update(calendar.ben, EVENT, copy, {"IsReminderSet": False})
    assert calendar.tick() == [], "the invited user's own copy is no appointment of its own"


@pytest.mark.parametrize("unseen", [True, False])
def test_an_invitation_that_was_taken_away_touches_the_event_where_the_org_shows_it(unseen: bool) -> None:
    calendar = Calendar()
    calendar.house.world.switches.turn("salesforce.event_relations_skip_bin", unseen)
    contact = calendar.add("Contact", LastName="Lindqvist")
    event = calendar.event(Subject="With two", WhoId=contact)
    relations = [calendar.add("EventRelation", EventId=event, RelationId=calendar.ben)]
    calendar.tick()
    other = calendar.add("Contact", LastName="Weiss")
    relations.append(calendar.add("EventRelation", EventId=event, RelationId=other))
    assert calendar.tick() == [(event, False, calendar.ada)]
    calendar.org.delete(calendar.org.admin, relations[1])
    assert calendar.tick() == ([] if unseen else [(event, False, calendar.ada)])


def test_an_event_that_is_deleted_with_its_people_is_not_said_to_live() -> None:
    calendar = Calendar()
    event = calendar.event()
    calendar.add("EventRelation", EventId=event, RelationId=calendar.ben)
    calendar.tick()
    calendar.org.delete(calendar.org.admin, event)
    assert calendar.tick() == [(event, True, calendar.ada)]


def test_a_series_is_its_occurrences() -> None:
    calendar = Calendar()
    pattern = calendar.event(Recurrence2PatternText="FREQ=DAILY;COUNT=3")
    classic = calendar.event(
        IsRecurrence=True,
        RecurrenceType="RecursDaily",
        RecurrenceInterval=1,
        RecurrenceStartDateTime="2026-11-20T09:00:00Z",
        RecurrenceEndDateOnly="2026-11-21",
    )
    logged = calendar.tick()
    assert len(logged) == 5
    assert not {pattern, classic} & {record for record, _, _ in logged}


def test_a_mark_of_before_these_fields_were_asked_for_has_no_event_read_again() -> None:
    calendar = Calendar()
    old = calendar.event()
    calendar.tick()
    calendar.house.pass_minutes(30)
    calendar.tick()
    memory = calendar.house.memory
    for name in (EVENT, "EventRelation"):
        memory.watermarks[name] = replace(memory.watermarks[name], fields=())
    for key in list(memory.log):
        del memory.log[key]
    assert old not in {record for record, _, _ in calendar.tick()}
    assert memory.watermarks[EVENT].fields != ()
