"""What an administrator wants on saved mails arrives in Salesforce, or is told; the mail arrives in any case."""

from typing import Any

import pytest

from sandbox.salesforce import mishaps
from sandbox.salesforce.schema.facts import Field
from tests.simulation.day import categorise, deliver, send
from tests.simulation.house import House, Make
from tests.simulation.letters import ADA, NORA, QUENTIN, letter
from tests.simulation.sweep import restlessness

WAY = Field("Way__c", "string", 20, label="Way", custom=True)
LEVEL = Field("Level__c", "picklist", 40, "NcufsgR", values=("Low", "High"), label="Level", custom=True)
TAGS = Field("Tags__c", "multipicklist", 400, "NcufsR", values=("Fair", "Hot"), label="Tags", custom=True)
HOT = Field("Hot__c", "boolean", 0, "cufsgD", default=False, label="Hot", custom=True)


def house_of(*, enhanced_email: bool = True, keyed: bool = True, **settings: Any) -> House:
    house = House(Make(enhanced_email=enhanced_email, keyed=keyed))
    for field in (WAY, LEVEL, TAGS, HOT):
        house.org.core.add_field(house.mail_object, field)
    house.round()
    for person in house.ids:
        house.set(person, **settings)
    house.pass_minutes(2)
    return house


def arrive(house: House, *categories: str, subject: str = "Hello") -> dict[str, Any]:
    deliver(house, letter(subject, QUENTIN, ADA, house.clock.now()))
    if categories:
        categorise(house, "ada", subject, *categories)
    house.pass_minutes(2)
    house.round()
    return row(house, subject)


def row(house: House, subject: str = "Hello") -> dict[str, Any]:
    fields = [field.name for field in (WAY, LEVEL, TAGS, HOT)]
    if house.mail_object == "Task":
        fields += ["Priority", "Status"]
    (found,) = house.rows(house.mail_object, *fields, where=f"Subject = '{subject}'")
    return found


@pytest.mark.parametrize("enhanced_email", [True, False])
@pytest.mark.parametrize("keyed", [True, False])
def test_the_way_stands_in_a_field_and_in_the_subject(enhanced_email: bool, keyed: bool) -> None:
    house = house_of(
        enhanced_email=enhanced_email, keyed=keyed, direction_field="Way__c", direction_in_subject=True
    )
    deliver(house, letter("Question", QUENTIN, ADA, house.clock.now()))
    send(house, "ada", letter("Answer", ADA, NORA, house.clock.now()))
    house.pass_minutes(2)
    house.round()
    assert row(house, "Inbound: Question")["Way__c"] == "Inbound"
    assert row(house, "Outbound: Answer")["Way__c"] == "Outbound"
    assert house.why("ada", "Question") == "MAIL-SAVED"
    assert restlessness(house) == []


def test_categories_mean_values() -> None:
    meant = (
        "Urgent->EmailMessage.Level__c=high",
        "Fair->EmailMessage.Tags__c=Fair",
        "Hot->EmailMessage.Tags__c=hot",
    )
    house = house_of(category_fields=(*meant, "Hot->EmailMessage.Hot__c=true"))
    found = arrive(house, "Urgent", "Fair", "Hot", "Blue")
    assert (found["Level__c"], found["Tags__c"], found["Hot__c"]) == ("High", "Fair;Hot", True)
    assert house.why("ada", "Hello") == "MAIL-SAVED"
    assert arrive(house, subject="Plain")["Level__c"] is None


def test_a_tasks_priority_and_status_may_be_wished_for() -> None:
    meant = ("Urgent->Task.Priority=High", "Open->Task.Status=Not Started")
    house = house_of(enhanced_email=False, category_fields=meant)
    found = arrive(house, "Urgent", "Open")
    assert (found["Priority"], found["Status"]) == ("High", "Not Started")
    plain = arrive(house, subject="Plain")
    assert (plain["Priority"], plain["Status"]) == ("Normal", "Completed")


@pytest.mark.parametrize(
    ("meant", "left_out"),
    [
        (("Urgent->EmailMessage.Level__c=Extreme",), "Level__c"),
        (("Urgent->EmailMessage.Absent__c=1",), "Absent__c"),
        (("Urgent->EmailMessage.Hot__c=perhaps",), "Hot__c"),
        (("Urgent->EmailMessage.Way__c=" + "x" * 21,), "Way__c"),
        (("Urgent->EmailMessage.Tags__c=Hot", "Urgent->EmailMessage.Tags__c=Cold"), "Tags__c"),
        (("Urgent->EmailMessage.CreatedDate=2026-01-01",), "CreatedDate"),
    ],
)
def test_what_the_org_does_not_take_is_told_and_nothing_else_is_lost(
    meant: tuple[str, ...], left_out: str
) -> None:
    field = "" if left_out == "Way__c" else "Way__c"
    house = house_of(category_fields=(*meant, "Urgent->EmailMessage.Level__c=High"), direction_field=field)
    found = arrive(house, "Urgent")
    assert house.why("ada", "Hello") == "MAIL-SAVED-WITHOUT"
    sentence = house.sentence("ada", "Hello")
    assert f"what your administrator wants in EmailMessage.{left_out};" in sentence
    assert sentence.startswith("Saved automatically to Salesforce as EmailMessage.")
    assert found["Way__c"] == ("Inbound" if left_out != "Way__c" else None)
    assert found["Level__c"] == ("High" if left_out != "Level__c" else None)
    assert restlessness(house) == []


def test_what_the_org_refuses_only_when_it_is_written_is_left_out_then() -> None:
    """The describe says that the value is there; a record type, or a rule, does not let it through."""
    house = house_of(category_fields=("Urgent->EmailMessage.Level__c=High",), direction_field="Way__c")
    house.org.add_validation_rule("EmailMessage", lambda one: one.get("Level__c") == "High", "No.", "Level__c")
    found = arrive(house, "Urgent")
    assert (found["Level__c"], found["Way__c"]) == (None, "Inbound")
    assert house.why("ada", "Hello") == "MAIL-SAVED-WITHOUT"


def test_a_refusal_about_something_else_stays_one() -> None:
    house = house_of(category_fields=("Urgent->EmailMessage.Level__c=High",))
    house.org.add_validation_rule("EmailMessage", lambda _row: True, "No mails here.")
    deliver(house, letter("Hello", QUENTIN, ADA, house.clock.now()))
    categorise(house, "ada", "Hello", "Urgent")
    house.pass_minutes(2)
    house.round()
    assert house.why("ada", "Hello") == "CRM-VALIDATION"


def test_a_lost_answer_makes_no_second_record_and_loses_no_wish() -> None:
    house = house_of(category_fields=("Urgent->EmailMessage.Level__c=High",), direction_in_subject=True)
    house.world.faults.add(mishaps.lost("lose_answer", route="graph"))
    deliver(house, letter("Hello", QUENTIN, ADA, house.clock.now()))
    categorise(house, "ada", "Hello", "Urgent")
    house.run_for(60)
    assert row(house, "Inbound: Hello")["Level__c"] == "High"
