"""What a field takes: picklists by record type and by another field, dates, required custom fields, lengths."""

import base64

import pytest

from sandbox.salesforce.customer.recordtypes import MASTER
from sandbox.salesforce.schema import STANDARD
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.values import TEXT_TYPES, coerce
from tests.unit.sandbox.salesforce.conftest import Company, refusal

BAD_VALUE = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
TEXTS = [
    (table.name, fact)
    for table in STANDARD
    for fact in table.fields
    if fact.length and fact.type in TEXT_TYPES - {"email"} and fact.createable and not fact.restricted
]


@pytest.mark.parametrize(("name", "fact"), TEXTS, ids=lambda one: one.name if isinstance(one, Field) else one)
def test_every_text_has_its_length(company: Company, name: str, fact: Field) -> None:
    assert coerce(fact, "x" * fact.length, company.org.switches) == "x" * fact.length
    refused = refusal(coerce, fact, "x" * (fact.length + 1), company.org.switches)
    assert (refused.code, refused.fields) == ("STRING_TOO_LONG", (fact.name,))
    assert refused.message.endswith(f"(max length={fact.length})")


@pytest.mark.parametrize("day", ["1699-12-31", "4001-01-01"])
def test_dates_out_of_range(company: Company, day: str) -> None:
    fields = {"Name": "d", "StageName": "Prospecting", "CloseDate": day}
    assert refusal(company.add, "Opportunity", **fields).code == "FIELD_INTEGRITY_EXCEPTION"
    company.org.switches.turn("salesforce.date_out_of_range_is_number", True)
    refused = refusal(company.add, "Task", ReminderDateTime=f"{day}T12:00:00Z")
    assert (refused.code, refused.fields) == ("NUMBER_OUTSIDE_VALID_RANGE", ("ReminderDateTime",))
    company.add("Opportunity", **fields | {"CloseDate": "4000-12-31"})


def test_a_required_custom_field(company: Company) -> None:
    task = company.add("Task", Subject="before")
    company.org.setup.required("Task", "Crosstie_Direction__c")
    refused = refusal(company.add, "Task", Subject="x")
    assert (refused.code, refused.fields) == ("REQUIRED_FIELD_MISSING", ("Crosstie_Direction__c",))
    assert refused.message == "Required fields are missing: [Crosstie_Direction__c]"
    assert refusal(company.change, "Task", task, Subject="y").code == "REQUIRED_FIELD_MISSING"
    company.org.setup.required("Task", "Crosstie_Direction__c", required=False)
    company.change("Task", task, Subject="y")
    with pytest.raises(ValueError, match="only custom fields"):
        company.org.setup.required("Contact", "Email")


def test_a_picklist_is_restricted_or_not(company: Company) -> None:
    company.add("Contact", LastName="x", LeadSource="Carrier pigeon")
    company.org.setup.picklist("Contact", "LeadSource", ["Web", "Fair"], restricted=True, default="Fair")
    refused = refusal(company.add, "Contact", LastName="x", LeadSource="Carrier pigeon")
    assert (refused.code, refused.fields) == (BAD_VALUE, ("LeadSource",))
    assert refused.message == "Lead Source: bad value for restricted picklist field: Carrier pigeon"
    assert company.row("Contact", company.add("Contact", LastName="x"))["LeadSource"] == "Fair"


def test_record_types_are_a_matter_of_the_profile(company: Company) -> None:
    setup = company.org.setup
    partner, customer = setup.record_type("Contact", "Partner"), setup.record_type("Contact", "Customer")
    setup.record_type_use("Contact", "Standard User", ["Customer"], "Customer")
    hers = company.org.insert(company.ann, "Contact", {"LastName": "x"})
    assert company.row("Contact", hers)["RecordTypeId"] == customer
    assert company.row("Contact", company.add("Contact", LastName="x"))["RecordTypeId"] is None
    refused = refusal(company.org.insert, company.ann, "Contact", {"LastName": "x", "RecordTypeId": partner})
    assert (refused.code, refused.fields) == ("INVALID_CROSS_REFERENCE_KEY", ("RecordTypeId",))
    assert refused.message == f"Record Type ID: this ID value isn't valid for the user: {partner}"
    theirs = company.org.insert(company.ann, "Contact", {"LastName": "x", "RecordTypeId": MASTER})
    assert company.row("Contact", theirs)["RecordTypeId"] is None
    foreign = setup.record_type("Account", "Household")
    assert (
        refusal(company.add, "Contact", LastName="x", RecordTypeId=foreign).code == "INVALID_CROSS_REFERENCE_KEY"
    )
    infos = {one["name"]: one for one in company.org.describe(company.ann, "Contact")["recordTypeInfos"]}
    assert {name: (one["available"], one["defaultRecordTypeMapping"]) for name, one in infos.items()} == {
        "Partner": (False, False),
        "Customer": (True, True),
        "Master": (True, False),
    }
    assert company.values("SELECT RecordType.DeveloperName FROM Contact WHERE RecordTypeId != null") == [
        {"DeveloperName": "Customer"}
    ]


def test_a_record_type_offers_its_own_values(company: Company) -> None:
    setup = company.org.setup
    setup.picklist("Contact", "LeadSource", ["Web", "Fair", "Other"], restricted=True)
    partner = setup.record_type("Contact", "Partner", picklists={"LeadSource": ["Fair"]})
    company.add("Contact", LastName="x", LeadSource="Web")
    company.add("Contact", LastName="x", RecordTypeId=partner, LeadSource="Fair")
    refused = refusal(company.add, "Contact", LastName="x", RecordTypeId=partner, LeadSource="Web")
    assert (refused.code, refused.fields) == (BAD_VALUE, ("LeadSource",))
    setup.picklist("Contact", "LeadSource", ["Web", "Fair", "Other"])
    company.add("Contact", LastName="x", RecordTypeId=partner, LeadSource="Web")
    with pytest.raises(ValueError, match="Moon: no value of LeadSource"):
        setup.record_type("Contact", "Other", picklists={"LeadSource": ["Moon"]})


def test_one_picklist_depends_on_another(company: Company) -> None:
    company.org.setup.dependency(
        "Case", "Reason", "Origin", {"Phone": ["Installation"], "Web": ["Other", "Feedback"]}
    )
    company.add("Case", Origin="Web", Reason="Installation")
    company.org.switches.turn("salesforce.dependent_picklists_checked", True)
    assert refusal(company.add, "Case", Origin="Web", Reason="Installation").code == BAD_VALUE
    assert refusal(company.add, "Case", Reason="Installation").code == BAD_VALUE
    company.add("Case", Origin="Web", Reason="Other")
    field = {one["name"]: one for one in company.org.describe(company.ann, "Case")["fields"]}["Reason"]
    assert (field["dependentPicklist"], field["controllerName"]) == (True, "Origin")
    valid_for = {one["value"]: base64.b64decode(one["validFor"]) for one in field["picklistValues"]}
    assert (valid_for["Installation"], valid_for["Other"], valid_for["Breakdown"]) == (b"\x80", b"\x20", b"\x00")


def test_fields_that_a_profile_may_read_alone(company: Company) -> None:
    standard = company.org.get(company.org.admin, "User", company.ann, ["ProfileId"])["ProfileId"]
    company.org.setup.field_permissions("Event", "Location", "read", standard)
    when = {"StartDateTime": "2026-11-23T09:00:00Z", "DurationInMinutes": 30}
    event = company.org.insert(company.ann, "Event", when)
    for act in (
        lambda: company.org.update(company.ann, "Event", event, {"Location": "Hall", "Subject": "x"}),
        lambda: company.org.insert(company.ann, "Event", when | {"Location": "Hall"}),
    ):
        refused = refusal(act)
        assert (refused.code, refused.fields) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ("Location",))
    company.change("Event", event, Location="Hall")
    assert company.org.get(company.ann, "Event", event, ["Location"])["Location"] == "Hall"
    for user, may in ((company.ann, False), (company.integration, True)):
        fields = {one["name"]: one for one in company.org.describe(user, "Event")["fields"]}
        assert (fields["Location"]["updateable"], fields["Location"]["createable"]) == (may, may)
    company.org.setup.field_permissions("Event", "Location", "none", standard)
    assert refusal(company.org.get, company.ann, "Event", event, ["Location"]).code == "INVALID_FIELD"
    company.org.setup.field_permissions("Event", "Location", "edit", standard)
    company.org.update(company.ann, "Event", event, {"Location": "Room"})
