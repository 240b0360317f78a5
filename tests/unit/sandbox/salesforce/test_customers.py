"""What a customer's own set-up does: validation rules, flows, sharing; and that a refusal undoes everything."""

from typing import Any

from sandbox.salesforce.ids import Id
from sandbox.salesforce.org import Org, WriteOptions
from tests.unit.sandbox.salesforce.conftest import Company, refusal


def test_validation_rules(company: Company) -> None:
    company.org.add_validation_rule(
        "Task", lambda row: row.get("Priority") == "Low" and not row.get("Description"), "Say why.", "Description"
    )
    refused = refusal(company.add, "Task", Subject="x", Priority="Low")
    assert (refused.code, refused.message, refused.fields) == (
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "Say why.",
        ("Description",),
    )
    task = company.add("Task", Subject="x")
    assert refusal(company.change, "Task", task, Priority="Low").code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"


def test_a_rule_on_tasks_stops_a_message_whole(company: Company) -> None:
    company.org.add_validation_rule("Task", lambda row: row.get("TaskSubtype") == "Email", "No.")
    assert refusal(company.add, "EmailMessage", Status="3", ToIds=[company.ann]).message == "No."
    for name in ("EmailMessage", "EmailMessageRelation", "Task"):
        assert company.values(f"SELECT Id FROM {name}", all_rows=True) == []


def test_a_flow_before_and_after(company: Company) -> None:
    def shout(_org: Org, _user: Id, row: dict[str, Any]) -> None:
        row["Subject"] = (row.get("Subject") or "").upper()

    def follow(org: Org, _user: Id, row: dict[str, Any]) -> None:
        if not row["Subject"].startswith("FOLLOW"):
            org.insert(org.admin, "Task", {"Subject": f"follow {row['Subject']}"})

    company.org.add_automation("Task", "before", shout)
    company.org.add_automation("Task", "after_insert", follow)
    company.add("Task", Subject="call")
    assert company.values("SELECT Subject FROM Task ORDER BY Subject") == ["CALL", "FOLLOW CALL"]


def test_a_flow_that_fails_or_never_ends(company: Company) -> None:
    def endless(org: Org, _user: Id, row: dict[str, Any]) -> None:
        org.update(org.admin, "Account", row["Id"], {"Site": f"{row.get('Site')}!"})

    def broken(org: Org, _user: Id, _row: dict[str, Any]) -> None:
        org.insert(org.admin, "Contact", {})

    company.org.add_automation("Account", "after_insert", endless)
    company.org.add_automation("Account", "after_update", endless)
    company.org.add_automation("Lead", "after_insert", broken)
    assert refusal(company.add, "Account", Name="x").code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    refused = refusal(company.add, "Lead", LastName="x", Company="y")
    assert (refused.code, "REQUIRED_FIELD_MISSING" in refused.message) == (
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        True,
    )
    assert company.values("SELECT Id FROM Account") + company.values("SELECT Id FROM Lead") == []
    company.org.dml.automation.clear()
    company.add("Account", Name="x")


def test_a_transaction_is_all_or_nothing(company: Company) -> None:
    org, kept = company.org, company.add("Account", Name="kept")

    def part() -> None:
        with org.transaction():
            company.add("Task", Subject="inner", Crosstie_Key__c="i")
            company.add("Task", Crosstie_Key__c="k")

    def batch() -> None:
        with org.transaction():
            company.add("Task", Subject="new", Crosstie_Key__c="k")
            company.change("Account", kept, Name="changed")
            company.later(seconds=5)
            org.delete(company.integration, kept)
            assert refusal(part).code == "DUPLICATE_VALUE"
            assert company.values("SELECT Subject FROM Task") == ["new"]
            company.add("Contact")

    assert refusal(batch).code == "REQUIRED_FIELD_MISSING"
    assert company.values("SELECT Id FROM Task", all_rows=True) == []
    row = company.row("Account", kept)
    assert (row["Name"], row["SystemModstamp"]) == ("kept", "2026-11-20T10:00:00.000+0000")
    assert (
        company.values("SELECT Name FROM Account WHERE SystemModstamp > 2026-11-20T10:00:00Z", all_rows=True) == []
    )
    company.add("Task", Crosstie_Key__c="k")
    with org.transaction():
        company.add("Task", Crosstie_Key__c="l")
    assert len(company.values("SELECT Id FROM Task")) == 2


def test_private_objects(company: Company) -> None:
    org = company.org
    hers = org.insert(company.ann, "Contact", {"LastName": "Hers", "Email": "h@x.test"})
    his = org.insert(company.bob, "Contact", {"LastName": "His", "Email": "i@x.test"})
    soql = "SELECT LastName FROM Contact ORDER BY LastName"
    assert company.values(soql, user=company.ann) == ["Hers", "His"]
    org.set_sharing("Contact", "private")
    assert company.values(soql, user=company.ann) == ["Hers"]
    assert company.values(soql) == ["Hers", "His"]
    assert company.values("SELECT Id FROM Contact WHERE Email = 'i@x.test'", user=company.ann) == []
    assert refusal(org.get, company.ann, "Contact", his).code == "NOT_FOUND"
    assert (
        refusal(org.update, company.ann, "Contact", his, {"Title": "x"}).code == "INSUFFICIENT_ACCESS_OR_READONLY"
    )
    assert refusal(org.delete, company.ann, his).code == "INSUFFICIENT_ACCESS_OR_READONLY"
    assert org.find_by_external_id(company.ann, "Contact", "Email", "i@x.test") == []
    org.share(his, company.ann)
    assert company.values(soql, user=company.ann) == ["Hers", "His"]
    org.unshare(his, company.ann)
    assert company.values(soql, user=company.ann) == ["Hers"]
    org.set_sharing("Contact", "full")
    assert org.get(company.bob, "Contact", hers, ["LastName"])["LastName"] == "Hers"


def test_users_by_their_name(company: Company) -> None:
    assert company.org.user_by_username("ANN@acme.test") == company.ann
    assert company.org.user_by_username("nobody@acme.test") is None
    company.change("User", company.ann, IsActive=False)
    assert company.org.user_by_username("ann@acme.test") is None


def test_a_duplicate_nobody_may_see(company: Company) -> None:
    org = company.org
    org.setup.duplicate_rule("Contact", ["Email"])
    org.insert(company.bob, "Contact", {"LastName": "His", "Email": "i@x.test"})
    org.set_sharing("Contact", "private")
    fields = {"LastName": "Hers", "Email": "i@x.test"}
    refused = refusal(org.insert, company.ann, "Contact", fields)
    (result,) = refused.extra["duplicateResult"]["matchResults"]
    assert (result["size"], result["matchRecords"]) == (0, [])
    org.insert(company.ann, "Contact", fields, options=WriteOptions(duplicates_as_user=True))
