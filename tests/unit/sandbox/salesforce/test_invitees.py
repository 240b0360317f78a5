"""Invited users have an event of their own that follows the organiser's; contacts and leads have none."""

import pytest

from sandbox.salesforce.ids import Id
from tests.unit.sandbox.salesforce.conftest import Company, refusal

WHEN = {"StartDateTime": "2026-11-23T09:00:00Z", "DurationInMinutes": 45}


@pytest.fixture
def event(company: Company) -> Id:
    """Bob's."""
    return company.org.insert(company.bob, "Event", {"Subject": "Plan", **WHEN})


def child(company: Company) -> dict[str, object]:
    (record_id,) = company.values("SELECT Id FROM Event WHERE IsChild = true")
    return company.row("Event", record_id)


def test_an_invited_user_has_an_event_of_his_own(company: Company, event: Id) -> None:
    company.later(seconds=5)
    company.add("EventRelation", EventId=event, RelationId=company.ann)
    row, organiser = child(company), company.row("Event", event)
    assert {
        name: row[name] for name in ("Subject", "StartDateTime", "OwnerId", "IsGroupEvent", "GroupEventType")
    } == {
        "Subject": "Plan",
        "StartDateTime": "2026-11-23T09:00:00.000+0000",
        "OwnerId": company.ann,
        "IsGroupEvent": True,
        "GroupEventType": "1",
    }
    assert (organiser["IsChild"], organiser["IsGroupEvent"], organiser["GroupEventType"]) == (False, True, "1")
    assert organiser["SystemModstamp"] == "2026-11-20T10:00:05.000+0000"
    assert company.values("SELECT Status FROM EventRelation") == ["New"]
    soql = "SELECT Id FROM Event WHERE IsChild = false AND GroupEventType != '3'"
    assert company.values(soql) == [event]


def test_it_follows_the_organisers(company: Company, event: Id) -> None:
    company.add("EventRelation", EventId=event, RelationId=company.ann)
    company.later(seconds=5)
    company.change("Event", event, Subject="Plan B", StartDateTime="2026-11-24T09:00:00Z", Crosstie_Key__c="k")
    row = child(company)
    assert (row["Subject"], row["EndDateTime"]) == ("Plan B", "2026-11-24T09:45:00.000+0000")
    assert (row["SystemModstamp"], row["Crosstie_Key__c"]) == ("2026-11-20T10:00:05.000+0000", None)
    company.later(seconds=5)
    company.change("Event", event, IsReminderSet=True)
    assert child(company) == row


def test_the_invitee_sets_a_reminder_and_nothing_else(company: Company, event: Id) -> None:
    company.add("EventRelation", EventId=event, RelationId=company.ann)
    hers = str(child(company)["Id"])
    company.org.update(
        company.ann, "Event", hers, {"IsReminderSet": True, "ReminderDateTime": "2026-11-23T08:00:00Z"}
    )
    refused = refusal(company.org.update, company.ann, "Event", hers, {"Subject": "x", "IsReminderSet": False})
    assert (refused.code, refused.fields) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ("Subject",))


def test_who_is_not_invited_any_more_loses_it(company: Company, event: Id) -> None:
    relation = company.add("EventRelation", EventId=event, RelationId=company.ann)
    hers = child(company)["Id"]
    company.org.delete(company.bob, relation)
    assert company.values("SELECT Id FROM Event") == [event]
    assert company.values("SELECT Id FROM Event WHERE IsDeleted = true", all_rows=True) == [hers]
    row = company.row("Event", event)
    assert (row["IsGroupEvent"], row["GroupEventType"]) == (False, "0")


def test_all_of_it_goes_and_comes_back_with_the_event(company: Company, event: Id) -> None:
    company.add("EventRelation", EventId=event, RelationId=company.ann)
    company.org.delete(company.bob, event)
    assert company.values("SELECT Id FROM Event") == company.values("SELECT Id FROM EventRelation") == []
    company.org.undelete(company.bob, event)
    assert len(company.values("SELECT Id FROM Event")) == 2
    company.change("Event", event, Subject="Again")
    assert child(company)["Subject"] == "Again"


def test_contacts_and_leads_have_no_event(company: Company, event: Id) -> None:
    contact = company.add("Contact", LastName="x", Email="x@x.test")
    company.add("EventRelation", EventId=event, RelationId=contact)
    assert company.values("SELECT Id FROM Event") == [event]
    assert company.row("Event", event)["IsGroupEvent"] is True


def test_invitees_as_lists_of_the_event(company: Company) -> None:
    contact = company.add("Contact", LastName="x")
    lists = {"AcceptedEventInviteeIds": [company.ann], "UndecidedEventInviteeIds": [contact, company.integration]}
    event = company.org.insert(company.bob, "Event", WHEN | lists)
    row = company.row("Event", event)
    assert {name: row[name] for name in lists} == lists
    assert row["DeclinedEventInviteeIds"] == []
    assert set(company.values("SELECT OwnerId FROM Event WHERE IsChild = true")) == {
        company.ann,
        company.integration,
    }
    company.change("Event", event, UndecidedEventInviteeIds=[], DeclinedEventInviteeIds=[contact])
    row = company.row("Event", event)
    assert (row["UndecidedEventInviteeIds"], row["DeclinedEventInviteeIds"]) == ([], [contact])
    assert company.values("SELECT OwnerId FROM Event WHERE IsChild = true") == [company.ann]
    responded = company.records("SELECT RelationId, RespondedDate FROM EventRelation WHERE Status = 'Declined'")
    assert responded == [{"RelationId": contact, "RespondedDate": "2026-11-20T10:00:00.000+0000"}]


def test_who_cannot_be_invited(company: Company, event: Id) -> None:
    company.add("EventRelation", EventId=event, RelationId=company.ann)
    hers = child(company)["Id"]
    for fields in (
        {"EventId": event, "RelationId": company.bob},
        {"EventId": hers, "RelationId": company.integration},
        {"EventId": event, "RelationId": company.integration, "IsParent": True},
    ):
        assert refusal(company.add, "EventRelation", **fields).code == "FIELD_INTEGRITY_EXCEPTION"
    assert refusal(company.add, "EventRelation", EventId=event, RelationId=company.ann).code == "DUPLICATE_VALUE"


def test_a_private_event_is_the_invitees_too(company: Company) -> None:
    lists = {"AcceptedEventInviteeIds": [company.ann], "IsPrivate": True}
    company.org.insert(company.bob, "Event", WHEN | lists)
    assert company.values("SELECT OwnerId FROM Event", user=company.ann) == [company.ann]
