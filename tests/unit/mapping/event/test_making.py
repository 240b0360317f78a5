"""New Events and new items: whole, linked, invited, and found again."""

from datetime import UTC, datetime, timedelta

import pytest

from crosstie.domain.calendar import ShowAs, When
from crosstie.domain.operations import LinkedPerson, Wish
from crosstie.domain.records import CONTACT, LEAD, USER, Person
from crosstie.mapping.event.attendees import invitees, listed, of_record
from crosstie.mapping.event.make import LOOKUP, New, born, create
from crosstie.mapping.event.reference import composed
from crosstie.mapping.event.table import ANNOUNCED, COLUMNS, ROWS, different, downward, losses, upward
from crosstie.mapping.event.time import lead_of
from crosstie.mapping.fields import PACKAGE
from crosstie.rules.linking import Links
from sandbox.salesforce.schema import activities
from tests.unit.mapping.builders import org
from tests.unit.mapping.event.builders import ZONE, Store, item

JOE = LinkedPerson(Person(CONTACT, "C1", "A1"), "from", "joe@customer.test")
MIA = LinkedPerson(Person(CONTACT, "C2", "A1"), "to", "mia@customer.test")
KIM = LinkedPerson(Person(LEAD, "L1"), "to", "kim@customer.test")
BO = LinkedPerson(Person(USER, "U2"), "to", "bo@north.test")
ANN = LinkedPerson(Person(USER, "U1"), "to", "ann@north.test")


def test_a_meeting_of_a_customer_becomes_an_event() -> None:
    meeting = item(
        when="2026-06-15T09:00/10:30",
        subject="Offer",
        text="See you there",
        location="Oak",
        show_as="tentative",
        reminder=15,
        organizer="joe@customer.test",
        attendees="ann@north.test::accepted mia@customer.test:optional oak@customer.test:resource",
        rule="FREQ=WEEKLY",
        sensitivity="personal",
    )
    links = Links((JOE, MIA, ANN), JOE.person, "A1")
    invited = invitees(meeting, (ANN,), "U1")
    wishes, defaults = (Wish("Kind__c", ("Visit",)),), {"Reason__c": "Sync"}
    made = create(New(meeting, "1:k", "U1", links, invited, wishes=wishes, defaults=defaults), org())
    assert (made.object, made.key, made.order, made.children) == ("Event", "1:k", "A1", ())
    assert dict(made.wished) == {"Kind__c": ("Visit",)}
    assert dict(made.fields) == {
        "Reason__c": "Sync",
        "Subject": "Offer",
        "IsAllDayEvent": False,
        "StartDateTime": datetime(2026, 6, 15, 9, tzinfo=UTC),
        "EndDateTime": datetime(2026, 6, 15, 10, 30, tzinfo=UTC),
        "Location": "Oak",
        "Description": "See you there\n\n[Crosstie: who is on this meeting]\nFrom: joe@customer.test\n"
        "To: ann@north.test\nCc: mia@customer.test\nResources: oak@customer.test",
        "ShowAs": "Busy",
        "IsReminderSet": True,
        "ReminderDateTime": datetime(2026, 6, 15, 8, 45, tzinfo=UTC),
        "IsPrivate": False,
        "Crosstie_Organizer__c": "joe@customer.test",
        "Crosstie_Required_Attendees__c": "ann@north.test",
        "Crosstie_Optional_Attendees__c": "mia@customer.test",
        "Crosstie_Resources__c": "oak@customer.test",
        "Crosstie_Meeting_Id__c": "uid1",
        "Crosstie_Recurrence__c": "FREQ=WEEKLY",
        "Crosstie_Time_Zone__c": ZONE,
        "Crosstie_Is_Private__c": True,
        "Crosstie_Created_By_Sync__c": True,
        "OwnerId": "U1",
        "WhoId": "C1",
        "EventWhoIds": ("C1", "C2"),
        "WhatId": "A1",
    }
    assert dict(made.lookup) == {name: made.fields[name] for name in LOOKUP}


def test_a_lead_excludes_everything_else_and_without_shared_activities_one_person_is_named() -> None:
    plain = create(New(item(), "1:k", "U1", Links((KIM, MIA), KIM.person, "A1")), org())
    assert {"WhoId", "WhatId", "EventWhoIds"} & set(plain.fields) == {"WhoId"}
    alone = create(New(item(), "1:k", "U1", Links((JOE, MIA), JOE.person, "A1")), org(many_people=False))
    assert {"WhoId", "WhatId", "EventWhoIds"} & set(alone.fields) == {"WhoId", "WhatId"}


@pytest.mark.parametrize("hidden", [None, True])
def test_what_is_private_in_salesforce_is_linked_to_nobody(hidden: bool | None) -> None:
    """A private item becomes a private record unless somebody says otherwise."""
    secret = item(sensitivity="private", attendees="bo@north.test")
    new = New(secret, "1:k", "U1", Links((JOE,), JOE.person, "A1"), {"U2": "accepted"}, hidden=hidden)
    made = create(new, org())
    assert made.fields["IsPrivate"] is True
    assert not {"WhoId", "WhatId", "AcceptedEventInviteeIds"} & set(made.fields)
    assert made.order == ""


def test_a_private_item_that_a_person_marked_is_saved_openly() -> None:
    marked = New(item(sensitivity="private"), "1:k", "U1", Links((JOE,), JOE.person, "A1"), hidden=False)
    made = create(marked, org())
    assert "IsPrivate" not in made.fields
    assert (made.fields["WhoId"], made.fields["Crosstie_Is_Private__c"]) == ("C1", True)


@pytest.mark.parametrize(
    ("attendees", "answer"),
    [
        ("bo@north.test::accepted", {"U2": "accepted"}),
        ("bo@north.test::declined", {"U2": "declined"}),
        ("bo@north.test::tentative", {"U2": "undecided"}),
        ("bo@north.test", {"U2": "unanswered"}),
        ("bo@north.test:optional:accepted", {"U2": "accepted"}),
        ("bo@north.test:resource:accepted", {}),
        ("ann@north.test::accepted", {}),
        ("mia@customer.test::accepted kim@customer.test", {"C2": "accepted", "L1": "unanswered"}),
    ],
)
def test_who_is_invited(attendees: str, answer: dict[str, str]) -> None:
    meeting = item(attendees=attendees, organizer="ann@north.test")
    assert invitees(meeting, (ANN, BO, MIA, KIM), "U1") == answer


def test_a_colleague_who_organizes_is_invited_to_the_record_of_whom_saved_it_first() -> None:
    meeting = item(attendees="ann@north.test", organizer="bo@north.test")
    assert invitees(meeting, (ANN, BO), "U1") == {"U2": "unanswered"}


def test_invitees_come_back_as_they_were_written() -> None:
    store = Store()
    bo, eve = (store.org.add_user(f"{name}@north.test", name, "Baker") for name in ("bo", "eve"))
    wanted = {bo: "accepted", eve: "undecided"}
    record = store.made(create(New(item(), "1:k", store.ann, Links(), wanted), org()))
    assert _relations(store, record.ref.record_id) == {bo: "Accepted", eve: "New"}
    assert of_record(record) == wanted
    store.changed(record, listed({bo: "declined"}))
    assert _relations(store, record.ref.record_id) == {bo: "Declined"}


def _relations(store: Store, event: str) -> dict[str, str]:
    page = store.org.query(store.ann, f"SELECT RelationId, Status FROM EventRelation WHERE EventId = '{event}'")
    return {row["RelationId"]: row["Status"] for row in page.records}


def test_an_event_of_salesforce_becomes_an_item_without_attendees() -> None:
    store = Store()
    record = store.entered(
        Subject="Visit", Location="Oak", Description="Bring the offer", ShowAs="OutOfOffice", IsReminderSet=True,
        ReminderDateTime="2026-06-15T08:30:00Z",
    )  # fmt: skip
    made = born(record, org(), ZONE, "1:k")
    assert made is not None
    assert made.when == When(datetime(2026, 6, 15, 9, tzinfo=UTC), datetime(2026, 6, 15, 10, tzinfo=UTC), ZONE)
    assert (made.subject, made.location, made.text, made.token) == ("Visit", "Oak", "Bring the offer", "1:k")
    assert (made.show_as, made.reminder, made.attendees) == (ShowAs.AWAY, timedelta(minutes=30), ())
    assert made.categories == {"Salesforce"}


def test_the_columns_are_salesforces_and_those_that_are_ours() -> None:
    facts = {fact.name: fact for fact in activities.EVENT.fields}
    for column in COLUMNS:
        if column in PACKAGE["Activity"]:
            continue
        assert facts[column].createable, column
    assert set(LOOKUP) <= {name for name, fact in facts.items() if fact.filterable}


def test_every_row_says_what_it_loses_and_what_is_announced() -> None:
    told = list(losses())
    assert all(loss.sentence.endswith(".") for loss in told)
    assert {loss.field for loss in told} <= set(ROWS)
    assert {"subject", "when", "location", "text"} == ANNOUNCED


def test_a_reminder_moves_along_with_its_event() -> None:
    store = Store()
    record = store.made(create(New(item(reminder=15), "1:k", store.ann, Links()), org()))
    longer = store.changed(record, {"ReminderDateTime": datetime(2026, 6, 15, 8, tzinfo=UTC)})
    moved = item(reminder=15, when="2026-06-16T13:00/14:00")
    sent = upward(moved, longer, {"when"}, org())
    assert sent["ReminderDateTime"] == datetime(2026, 6, 16, 12, tzinfo=UTC)
    after = store.changed(longer, sent)
    assert lead_of(after, ZONE) == timedelta(hours=1), "as long before as somebody wanted it in Salesforce"


def test_who_is_on_a_meeting_is_told_anew_and_notes_stay() -> None:
    store = Store()
    meeting = item(text="Agenda", organizer="joe@customer.test", attendees="ann@north.test")
    record = store.made(create(New(meeting, "1:k", store.ann, Links()), org()))
    noted = store.changed(record, {"Description": str(record.fields["Description"]) + "\nCall Joe first"})
    grown = item(
        text="Agenda", organizer="joe@customer.test", attendees="ann@north.test mia@customer.test:optional"
    )
    assert different(grown, noted, org()) == {"text", "with"}
    after = store.changed(noted, upward(grown, noted, {"with"}, org()))
    assert after.fields["Description"] == (
        "Agenda\n\nCall Joe first\n\n[Crosstie: who is on this meeting]\nFrom: joe@customer.test\n"
        "To: ann@north.test\nCc: mia@customer.test"
    )
    assert different(grown, after, org()) == {"text"}
    assert upward(grown, after, {"with"}, org()) == {}


def test_the_end_that_had_no_room_survives_an_edit_in_salesforce_whatever_stands_below() -> None:
    small, text = org(lengths={"Event.Description": 600}), " ".join(f"word{number}" for number in range(200))
    store = Store()
    meeting = item(text=text, organizer="joe@customer.test", attendees="ann@north.test")
    record = store.made(create(New(meeting, "1:k", store.ann, Links()), small))
    edited = store.changed(record, {"Description": str(record.fields["Description"]).replace("word3 ", "WORD3 ")})
    people = "ann@north.test mia@customer.test:optional kim@customer.test:optional"
    grown = item(text=text, organizer="joe@customer.test", attendees=people)
    assert downward(edited, grown, {"text"}, small).text.split() == text.replace("word3 ", "WORD3 ").split()


def test_a_text_alone_and_lines_alone_stand_without_a_gap() -> None:
    assert (composed("a", "", 100), composed("", "b", 100), composed("a", "b", 100)) == ("a", "b", "a\n\nb")
    assert composed("x" * 100, "[b]", 40) == "x" * 18 + "\n[… shortened]\n\n[b]"
    again = composed(composed("x" * 100, "", 40), "[b]", 40)
    assert again == composed("x" * 100, "[b]", 40), "what was cut before is cut again, with one mark"
