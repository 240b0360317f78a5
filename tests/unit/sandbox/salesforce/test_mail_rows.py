"""E-mail messages: the task beside them, the people on them, and that they do not change."""

from typing import Any

import pytest

from sandbox.salesforce.rules.mail import REFUSES_SAME_VALUE, REMAKES_TASK
from tests.unit.sandbox.salesforce.conftest import Company, refusal


@pytest.fixture
def parts(company: Company) -> dict[str, Any]:
    account = company.add("Account", Name="Globex")
    return {
        "account": account,
        "other": company.add("Account", Name="Initech"),
        "ana": company.add("Contact", LastName="Ana", Email="ana@globex.test", AccountId=account),
        "ben": company.add("Contact", LastName="Ben", Email="ben@globex.test", AccountId=account),
        "lead": company.add("Lead", LastName="Lea", Company="L", Email="lea@l.test"),
        "case": company.add("Case", Subject="c"),
    }


def send(company: Company, parts: dict[str, Any], **more: Any) -> str:
    fields = {
        "Subject": "Offer",
        "TextBody": "Dear Ana",
        "Status": "3",
        "FromAddress": "ann@acme.test",
        "ToIds": [parts["ana"]],
        "CcIds": [parts["ben"], company.ann],
        "RelatedToId": parts["account"],
        "MessageDate": "2026-11-19T23:30:00Z",
    }
    return company.add("EmailMessage", **(fields | more))


def test_a_message_and_its_task(company: Company, parts: dict[str, Any]) -> None:
    message = company.row("EmailMessage", send(company, parts))
    assert (message["ToIds"], message["CcIds"], message["BccIds"]) == (
        [parts["ana"]],
        [parts["ben"], company.ann],
        [],
    )
    task = company.row("Task", message["ActivityId"])
    expected = {
        "Subject": "Offer",
        "Description": "Dear Ana",
        "TaskSubtype": "Email",
        "IsClosed": True,
        "ActivityDate": "2026-11-19",
        "WhatId": parts["account"],
        "WhoId": parts["ana"],
        "TaskWhoIds": [parts["ana"], parts["ben"]],
        "OwnerId": company.integration,
    }
    assert {name: task[name] for name in expected} == expected


def test_the_rows_of_its_people(company: Company, parts: dict[str, Any]) -> None:
    message = send(company, parts)
    sender = {"EmailMessageId": message, "RelationId": company.ann, "RelationType": "FromAddress"}
    company.add("EmailMessageRelation", **sender)
    rows = company.records(
        "SELECT RelationType, RelationId, RelationAddress, RelationObjectType "
        "FROM EmailMessageRelation ORDER BY Id"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("ToAddress", parts["ana"], "ana@globex.test", "Contact"),
        ("CcAddress", parts["ben"], "ben@globex.test", "Contact"),
        ("CcAddress", company.ann, "ann@acme.test", "User"),
        ("FromAddress", company.ann, "ann@acme.test", "User"),
    ]
    assert refusal(company.add, "EmailMessageRelation", **sender).code == "DUPLICATE_VALUE"
    late = sender | {"RelationType": "OtherAddress"}
    assert (
        refusal(company.org.insert, company.bob, "EmailMessageRelation", late).code
        == "INSUFFICIENT_ACCESS_OR_READONLY"
    )
    company.org.core.access.edits_sent_mail.add(company.bob)
    company.org.insert(company.bob, "EmailMessageRelation", late)


def test_a_lead_is_alone_on_the_task(company: Company, parts: dict[str, Any]) -> None:
    message = company.row("EmailMessage", send(company, parts, ToIds=[parts["lead"], parts["ana"]]))
    task = company.row("Task", message["ActivityId"])
    assert (task["WhoId"], task["TaskWhoIds"], task["WhatId"]) == (parts["lead"], [parts["lead"]], None)


def test_long_texts(company: Company, parts: dict[str, Any]) -> None:
    message = company.row(
        "EmailMessage", send(company, parts, Subject="s" * 3000, TextBody="t" * 131072, HtmlBody="h" * 131072)
    )
    task = company.row("Task", message["ActivityId"])
    assert (len(task["Subject"]), len(task["Description"])) == (255, 32000)
    for field, length in (("Subject", 3001), ("TextBody", 131073), ("HtmlBody", 131073), ("ToAddress", 4001)):
        assert refusal(send, company, parts, **{field: "x" * length}).code == "STRING_TOO_LONG"
    assert len(company.values("SELECT Id FROM EmailMessage")) == 1


UNCHANGEABLE: list[dict[str, Any]] = [
    {"Subject": "y"},
    {"TextBody": "y"},
    {"ToIds": []},
    {"RelatedToId": None},
    {"MessageDate": "2026-11-20T00:00:00Z"},
    {"Status": "0"},
    {"Status": "1"},
    {"Subject": "Offer"},
]


@pytest.mark.parametrize("fields", UNCHANGEABLE)
def test_a_sent_message_stays_as_it_is(company: Company, parts: dict[str, Any], fields: dict[str, Any]) -> None:
    message = send(company, parts)
    refused = refusal(company.change, "EmailMessage", message, **fields)
    assert (refused.code, refused.fields) == ("INSUFFICIENT_ACCESS_OR_READONLY", tuple(fields))


def test_what_may_still_change(company: Company, parts: dict[str, Any]) -> None:
    message = send(company, parts, Status="0", Incoming=True)
    company.change("EmailMessage", message, Status="1")
    company.change(
        "EmailMessage", message, IsExternallyVisible=True, Crosstie_Key__c="k", Crosstie_AddIn_Email__c=True
    )
    row = company.row("EmailMessage", message)
    assert (row["Status"], row["Crosstie_Key__c"]) == ("1", "k")
    refused = refusal(company.change, "EmailMessage", message, Crosstie_Key__c="l", Subject="y")
    assert refused.fields == ("Subject",)
    company.org.switches.turn(REFUSES_SAME_VALUE.name, False)
    company.change("EmailMessage", message, Crosstie_Key__c="l", Subject="Offer")


def test_a_managed_message_can_be_related_anew(company: Company, parts: dict[str, Any]) -> None:
    message = send(company, parts, IsClientManaged=True)
    task = company.row("EmailMessage", message)["ActivityId"]
    company.change("EmailMessage", message, RelatedToId=parts["other"])
    assert company.row("Task", task)["WhatId"] == parts["other"]
    assert (
        refusal(company.change, "EmailMessage", message, IsClientManaged=False).code
        == "INVALID_FIELD_FOR_INSERT_UPDATE"
    )
    assert refusal(company.change, "EmailMessage", message, Subject="y").code == "INSUFFICIENT_ACCESS_OR_READONLY"


def test_the_task_may_be_made_anew(company: Company, parts: dict[str, Any]) -> None:
    company.org.switches.turn(REMAKES_TASK.name, True)
    message = send(company, parts, IsClientManaged=True)
    before = company.row("EmailMessage", message)["ActivityId"]
    company.change("EmailMessage", message, RelatedToId=parts["other"])
    after = company.row("EmailMessage", message)["ActivityId"]
    assert after != before
    assert company.records("SELECT Id, WhatId FROM Task") == [{"Id": after, "WhatId": parts["other"]}]


def test_drafts_change_and_have_no_task(company: Company, parts: dict[str, Any]) -> None:
    message = send(company, parts, Status="5")
    assert company.row("EmailMessage", message)["ActivityId"] is None
    company.change("EmailMessage", message, Subject="y", ToIds=[parts["ben"]])
    row = company.row("EmailMessage", message)
    assert (row["Subject"], row["ToIds"]) == ("y", [parts["ben"]])
    company.change("EmailMessage", message, Status="3")
    assert company.row("EmailMessage", message)["ActivityId"] is not None


def test_a_private_draft_is_its_writers(company: Company, parts: dict[str, Any]) -> None:
    message = send(company, parts, Status="5", IsPrivateDraft=True)
    refused = refusal(company.org.update, company.ann, "EmailMessage", message, {"Subject": "y"})
    assert refused.code == "INSUFFICIENT_ACCESS_OR_READONLY"
    company.change("EmailMessage", message, Subject="y")


def test_cases(company: Company, parts: dict[str, Any]) -> None:
    message = company.row("EmailMessage", send(company, parts, RelatedToId=parts["case"]))
    assert message["ParentId"] == parts["case"]
    both = refusal(send, company, parts, RelatedToId=parts["account"], ParentId=parts["case"])
    assert both.code == "FIELD_INTEGRITY_EXCEPTION"
    task = company.add("Task", Subject="mine")
    assert refusal(send, company, parts, ActivityId=task).code == "INSUFFICIENT_ACCESS_OR_READONLY"
    own = company.row(
        "EmailMessage", send(company, parts, RelatedToId=None, ParentId=parts["case"], ActivityId=task)
    )
    assert own["ActivityId"] == task


def test_deleting_a_message_takes_its_task_and_people(company: Company, parts: dict[str, Any]) -> None:
    message = send(company, parts)
    company.org.delete(company.integration, message)
    for name in ("EmailMessage", "Task", "EmailMessageRelation", "TaskRelation"):
        assert company.values(f"SELECT Id FROM {name}") == [], name
        assert all(row["IsDeleted"] for row in company.records(f"SELECT Id, IsDeleted FROM {name}", all_rows=True))
    company.org.undelete(company.integration, message)
    row = company.row("EmailMessage", message)
    assert company.values("SELECT Id FROM Task") == [row["ActivityId"]]
    assert row["ToIds"] == [parts["ana"]]


def test_deleting_the_task_leaves_the_message(company: Company, parts: dict[str, Any]) -> None:
    message = send(company, parts)
    company.org.delete(company.integration, company.row("EmailMessage", message)["ActivityId"])
    row = company.row("EmailMessage", message)
    assert (row["Subject"], row["ActivityId"]) == ("Offer", None)


def test_no_messages_without_enhanced_email(company: Company) -> None:
    company.org.features.enhanced_email = False
    assert refusal(company.add, "EmailMessage", Subject="x").code == "NOT_FOUND"
    assert refusal(company.records, "SELECT Id FROM EmailMessage").code == "INVALID_TYPE"


def test_a_message_is_seen_with_its_task(company: Company, parts: dict[str, Any]) -> None:
    message = send(company, parts)
    company.org.setup.org_defaults({"Task": "private", "Account": "private", "Contact": "private"})
    assert company.values("SELECT Id FROM EmailMessage", user=company.ann) == []
    company.org.share(company.row("EmailMessage", message)["ActivityId"], company.ann)
    assert company.values("SELECT Id FROM EmailMessage", user=company.ann) == [message]
