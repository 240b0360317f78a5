"""An e-mail with more people than its record can be linked to: one record, as full as the org lets it be."""

import pytest

from tests.simulation.day import deliver
from tests.simulation.house import AUTO_SAVE, House, Make
from tests.simulation.letters import ADA, letter

CONTACTS, LEADS = 60, 3


def house_of(*, enhanced: bool, shared: bool) -> House:
    house = House(Make(enhanced_email=enhanced, settings=AUTO_SAVE))
    house.org.features.shared_activities = shared
    for number in range(CONTACTS):
        house.know(f"contact{number}@elmsons.test")
    for number in range(LEADS):
        fields = {"LastName": f"Lead {number}", "Company": "Fir", "Email": f"lead{number}@fir.test"}
        house.org.insert(house.org.admin, "Lead", fields)
    house.round()
    house.pass_minutes(2)
    return house


@pytest.mark.parametrize(
    ("enhanced", "shared", "contacts", "leads"),
    [(True, True, CONTACTS, LEADS), (False, True, 50, 0), (False, False, 1, 0)],
    ids=["EmailMessage", "Task with Shared Activities", "Task"],
)
def test_one_record_holds_as_many_as_the_org_allows(
    enhanced: bool, shared: bool, contacts: int, leads: int
) -> None:
    house = house_of(enhanced=enhanced, shared=shared)
    everybody = [f"contact{number}@elmsons.test" for number in range(1, CONTACTS)]
    everybody += [f"lead{number}@fir.test" for number in range(LEADS)]
    deliver(house, letter("Fair", "contact0@elmsons.test", ", ".join([ADA, *everybody]), house.clock.now()), [ADA])
    house.pass_minutes(2)
    house.round()
    assert house.why("ada", "Fair").startswith("MAIL-SAVED")
    (record,) = house.rows(house.mail_object, "Id")
    links = linked(house, record["Id"], enhanced=enhanced, shared=shared)
    assert (sum(one.startswith("003") for one in links), sum(one.startswith("00Q") for one in links)) == (
        contacts,
        leads,
    )


def linked(house: House, record_id: str, *, enhanced: bool, shared: bool) -> set[str]:
    if enhanced:
        rows = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{record_id}'")
        return {row["RelationId"] for row in rows if row["RelationId"]}
    if not shared:
        return {row["WhoId"] for row in house.rows("Task", "WhoId")}
    return {row["RelationId"] for row in house.rows("TaskRelation", "RelationId", where="IsWhat = FALSE")}


@pytest.mark.parametrize("shared", [True, False])
def test_a_lead_alone_is_on_the_task_of_a_mail_with_many(shared: bool) -> None:
    """With a Lead as Name the platform takes neither other people nor a record the mail is about."""
    house = house_of(enhanced=False, shared=shared)
    to = ", ".join([ADA, "lead1@fir.test", "contact1@elmsons.test"])
    deliver(house, letter("Fair", "lead0@fir.test", to, house.clock.now()), [ADA])
    house.pass_minutes(2)
    house.round()
    (task,) = house.rows("Task", "WhoId", "WhatId", "Description")
    (lead,) = house.rows("Lead", "Id", where="Email = 'lead0@fir.test'")
    assert (task["WhoId"], task["WhatId"]) == (lead["Id"], None)
    assert "lead1@fir.test" in task["Description"]
