"""Invited users have an event of their own that follows the organiser's; contacts and leads have none."""

import pytest

from sandbox.salesforce.ids import Id
from sandbox.salesforce.rules.events import CLIENT_MANAGED_IS_GUARDED
from sandbox.salesforce.rules.invitees import DELETED_COPY_DECLINES, NEW_OWNER_STAYS_INVITED
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


def guests(company: Company) -> list[tuple[str, str]]:
    rows = company.records("SELECT RelationId, Status FROM EventRelation ORDER BY Id")
    return [(row["RelationId"], row["Status"]) for row in rows]


def test_an_invited_user_who_deletes_his_copy(company: Company) -> None:
    for declines, left in ((True, [(company.ann, "Declined")]), (False, [])):
        company.org.switches.turn(DELETED_COPY_DECLINES.name, declines)
        event = company.org.insert(company.bob, "Event", {"Subject": "Plan", **WHEN})
        company.add("EventRelation", EventId=event, RelationId=company.ann)
        company.org.delete(company.ann, str(child(company)["Id"]))
        assert guests(company) == left
        assert company.values("SELECT Id FROM Event") == [event]
        company.change("Event", event, Subject="Plan B")
        assert company.values("SELECT Id FROM Event") == [event], "it does not come back by itself"
        company.org.delete(company.bob, event)
        company.org.undelete(company.bob, event)
        assert company.values("SELECT Id FROM Event") == [event]
        company.org.delete(company.bob, event)


def test_an_invited_user_who_becomes_the_owner(company: Company) -> None:
    for stays, left in ((False, []), (True, [(company.ann, "New")])):
        company.org.switches.turn(NEW_OWNER_STAYS_INVITED.name, stays)
        event = company.org.insert(company.bob, "Event", {"Subject": "Plan", **WHEN})
        company.add("EventRelation", EventId=event, RelationId=company.ann)
        company.change("Event", event, OwnerId=company.ann)
        row = company.row("Event", event)
        assert (row["OwnerId"], row["IsGroupEvent"], guests(company)) == (company.ann, stays, left)
        assert len(company.values("SELECT Id FROM Event")) == 1 + stays
        company.org.delete(company.ann, event)


def test_invited_users_copies_keep_their_owners_and_follow_the_new_organiser(company: Company) -> None:
    event = company.org.insert(company.bob, "Event", {"Subject": "Plan", **WHEN})
    company.add("EventRelation", EventId=event, RelationId=company.ann)
    company.change("Event", event, OwnerId=company.integration)
    company.change("Event", event, Subject="Theirs")
    row = child(company)
    assert (row["OwnerId"], row["Subject"]) == (company.ann, "Theirs")


def test_the_organiser_is_in_no_list_either(company: Company, event: Id) -> None:
    refused = refusal(company.change, "Event", event, UndecidedEventInviteeIds=[company.bob])
    assert (refused.code, refused.fields) == ("FIELD_INTEGRITY_EXCEPTION", ("UndecidedEventInviteeIds",))


def test_resources_are_invited_and_have_no_event(company: Company, event: Id) -> None:
    hall = company.org.setup.calendar("Hall", "Resource")
    company.add("EventRelation", EventId=event, RelationId=hall, Status="Accepted")
    assert company.row("Event", event)["AcceptedEventInviteeIds"] == [hall]
    assert company.values("SELECT Id FROM Event") == [event]
    assert company.values("SELECT Name FROM Calendar WHERE Type = 'Resource' AND IsActive = true") == ["Hall"]
    company.org.setup.calendar("Hall", "Resource", active=False)
    for guest in (hall, company.org.setup.calendar("Fairs")):
        other = company.org.insert(company.bob, "Event", WHEN)
        refused = refusal(company.add, "EventRelation", EventId=other, RelationId=guest)
        assert (refused.code, refused.fields) == ("FIELD_INTEGRITY_EXCEPTION", ("RelationId",))


def test_public_calendars_own_events(company: Company) -> None:
    fairs = company.org.setup.calendar("Fairs")
    event = company.add("Event", **WHEN, OwnerId=fairs)
    assert company.row("Event", event)["OwnerId"] == fairs
    for owner in (company.org.setup.calendar("Hall", "Resource"), company.org.setup.calendar("Old", active=False)):
        refused = refusal(company.add, "Event", **WHEN, OwnerId=owner)
        assert (refused.code, refused.fields) == ("FIELD_INTEGRITY_EXCEPTION", ("OwnerId",))
    refused = refusal(company.add, "Calendar", Name="Mine")
    assert refused.code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"


def test_without_shared_activities_every_relation_is_an_invitation(company: Company, event: Id) -> None:
    company.org.features.shared_activities = False
    company.add("EventRelation", EventId=event, RelationId=company.ann)
    assert guests(company) == [(company.ann, "New")]
    assert company.row("Event", event)["UndecidedEventInviteeIds"] == [company.ann]


def test_what_another_client_manages_keeps_its_time_and_people(company: Company, event: Id) -> None:
    company.org.setup.client_managed(event)
    assert company.row("Event", event)["IsClientManaged"] is True
    contact = company.add("Contact", LastName="x")
    company.change("Event", event, WhoId=contact, Crosstie_Key__c="k", IsReminderSet=True, Subject="Plan")
    refused = refusal(company.change, "Event", event, Subject="Mine", UndecidedEventInviteeIds=[company.ann])
    assert (refused.code, refused.fields) == (
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        ("Subject", "UndecidedEventInviteeIds"),
    )
    company.org.switches.turn(CLIENT_MANAGED_IS_GUARDED.name, False)
    company.change("Event", event, Subject="Mine")


@pytest.mark.parametrize("shared", [True, False])
def test_who_is_invited_to_a_series_is_invited_to_each_occurrence(company: Company, shared: bool) -> None:
    company.org.features.shared_activities = shared
    contact = company.add("Contact", LastName="x")
    people = {
        "AcceptedEventInviteeIds": [company.ann],
        "WhoId": contact,
        "Recurrence2PatternText": "FREQ=DAILY;COUNT=3",
    }
    pattern = company.org.insert(company.bob, "Event", WHEN | people)
    assert company.row("Event", pattern)["GroupEventType"] == "3"
    occurrences = company.values(
        "SELECT Id FROM Event WHERE IsRecurrence2 = true AND IsChild = false AND GroupEventType != '3'"
    )
    assert len(occurrences) == 3
    for one in occurrences:
        row = company.row("Event", one)
        assert (row["AcceptedEventInviteeIds"], row["GroupEventType"], row["WhoId"]) == (
            [company.ann],
            "1",
            contact,
        )
    assert company.values("SELECT OwnerId FROM Event WHERE IsChild = true") == [company.ann] * 3
    company.org.update(company.bob, "Event", occurrences[1], {"Subject": "All of them", "DurationInMinutes": 60})
    copies = company.records("SELECT Subject, DurationInMinutes FROM Event WHERE IsChild = true")
    assert copies == [{"Subject": "All of them", "DurationInMinutes": 60}] * 3
    company.org.delete(company.bob, pattern)
    assert company.values("SELECT Id FROM Event") == []
