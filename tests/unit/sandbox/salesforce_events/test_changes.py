"""What an org's transactions say on its bus, read by a client made from the vendor's own file."""

import hashlib
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from sandbox.build import build
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.events.bus import Member
from sandbox.salesforce.events.capture import ChangeType
from tests.unit.sandbox.salesforce_events.conftest import Scene

pytestmark = pytest.mark.shared
EVENTS = "/data/EventChangeEvent"
CONTACTS = "/data/ContactChangeEvent"
ALL = "/data/ChangeEvents"


def header(event: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = event["ChangeEventHeader"]
    return found


def kinds(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(header(event)["entityName"], header(event)["changeType"]) for event in events]


def test_the_life_of_a_record(scene: Scene) -> None:
    scene.org.events.select("Contact")
    org, admin = scene.org, scene.org.admin
    kim = {"FirstName": "Kim", "LastName": "Lund", "MailingCity": "Oslo", "Title": "CEO"}
    made = org.insert(admin, "Contact", kim)
    scene.later(seconds=5)
    org.update(admin, "Contact", made, {"LastName": "Berg", "Title": None})
    org.delete(admin, made)
    org.undelete(admin, made)
    create, update, delete, undelete = scene.client.subscribe(CONTACTS, replay_preset=1).events(4)
    assert kinds([create, update, delete, undelete]) == [
        ("Contact", kind) for kind in ("CREATE", "UPDATE", "DELETE", "UNDELETE")
    ]
    assert all(header(event)["recordIds"] == [made] for event in (create, update, delete, undelete))
    assert create["Name"] == {"FirstName": "Kim", "LastName": "Lund", "Salutation": None}
    assert create["MailingAddress"]["City"] == "Oslo"
    assert create["CreatedDate"] == header(create)["commitTimestamp"]
    assert header(create)["changedFields"] == set()
    stamps = {"LastModifiedDate", "LastModifiedById"}
    assert header(update)["changedFields"] == stamps | {"Title", "Name.LastName"}
    assert header(update)["nulledFields"] == {"Title"}
    assert update["Name"] == {"FirstName": None, "LastName": "Berg", "Salutation": None}
    assert set(delete) == {"ChangeEventHeader"}
    assert undelete["MailingAddress"]["City"] == "Oslo"


def test_what_changes_nothing_or_fails_says_nothing(scene: Scene) -> None:
    scene.org.events.select("Contact", "Account")
    org, admin = scene.org, scene.org.admin
    contact = next(iter(scene.company.contacts.values()))
    org.touch(contact)
    with pytest.raises(SalesforceError):
        org.insert(admin, "Contact", {"FirstName": "nameless"})
    with pytest.raises(SalesforceError), org.transaction():  # noqa: PT012 - the first write must be undone
        org.update(admin, "Contact", contact, {"Title": "undone"})
        org.insert(admin, "Account", {})
    org.insert(admin, "Lead", {"LastName": "not selected", "Company": "X"})
    assert not scene.org.events.kept


def test_one_transaction_is_told_in_order_and_rows_that_changed_alike_share_an_event(scene: Scene) -> None:
    scene.org.events.select("Contact", "Account")
    org, admin = scene.org, scene.org.admin
    ids = list(scene.company.contacts.values())[:3]
    with org.transaction():
        account = org.insert(admin, "Account", {"Name": "New"})
        for one in ids:
            org.update(admin, "Contact", one, {"AccountId": account})
            org.update(admin, "Contact", one, {"Title": "Buyer"})
    listener = scene.client.subscribe(ALL, replay_preset=1)
    first, second = listener.events(2)
    assert kinds([first, second]) == [("Account", "CREATE"), ("Contact", "UPDATE")]
    assert header(second)["recordIds"] == ids
    assert header(first)["transactionKey"] == header(second)["transactionKey"]
    assert [header(first)["sequenceNumber"], header(second)["sequenceNumber"]] == [1, 2]
    scene.world.switches.turn("salesforce.changes_merged", on=False)
    with org.transaction():
        for one in ids:
            org.update(admin, "Contact", one, {"Title": "Seller"})
    assert [header(event)["recordIds"] for event in listener.events(5)[2:]] == [[one] for one in ids]


def test_a_conversion_tells_lead_account_contact_and_deal(scene: Scene) -> None:
    scene.org.events.select("Lead", "Account", "Contact", "Opportunity")
    lead = next(iter(scene.company.leads.values()))
    scene.org.convert_lead(scene.org.admin, lead, opportunity="Deal")
    events = scene.client.subscribe(ALL, replay_preset=1).events(4)
    assert sorted(kinds(events)) == [
        ("Account", "CREATE"),
        ("Contact", "CREATE"),
        ("Lead", "UPDATE"),
        ("Opportunity", "CREATE"),
    ]
    assert len({header(event)["transactionKey"] for event in events}) == 1


def test_an_event_says_who_wrote_it_through_which_door(scene: Scene) -> None:
    scene.org.events.select("Account")
    app = build(world=scene.world)
    user, until = scene.company.integration_user, timedelta(hours=1)
    token = scene.company.site.tokens.open_session(user, "app", "api", scene.clock.now(), until).token
    with httpx2.Client(transport=httpx2.WSGITransport(app=app), base_url="http://localhost") as rest:
        said = {"Authorization": f"Bearer {token}", "Sforce-Call-Options": "client=Crossing"}
        answer = rest.post("/services/data/v67.0/sobjects/Account", json={"Name": "By REST"}, headers=said)
    assert answer.status_code == 201
    (event,) = scene.client.subscribe("/data/AccountChangeEvent", replay_preset=1).events(1)
    assert header(event)["changeOrigin"] == "com/salesforce/api/rest/67.0;client=Crossing"
    assert header(event)["commitUser"] == user


def test_a_long_text_may_come_as_a_difference(scene: Scene) -> None:
    scene.org.events.select("Event")
    org, admin = scene.org, scene.org.admin
    old, new = "line one\n" * 200, "line one\n" * 199 + "line two\n"
    start = {"StartDateTime": "2026-11-20T09:00:00Z", "DurationInMinutes": 30}
    made = org.insert(admin, "Event", {"Subject": "Long", "Description": old, **start})
    org.update(admin, "Event", made, {"Description": new})
    scene.world.switches.turn("salesforce.long_text_diffs", on=True)
    org.update(admin, "Event", made, {"Description": old})
    _, whole, part = scene.client.subscribe(EVENTS, replay_preset=1).events(3)
    stored = org.get(admin, "Event", made)["Description"]
    assert whole["Description"].rstrip() == new.rstrip()
    assert header(whole)["diffFields"] == set()
    assert header(part)["diffFields"] == {"Description"}
    assert hashlib.sha256(stored.encode()).hexdigest() in part["Description"].splitlines()[1]
    assert "+line one" in part["Description"]
    assert len(part["Description"]) < len(stored) // 2


def test_fields_hidden_from_the_subscriber_are_not_told(scene: Scene) -> None:
    scene.org.events.select("Contact")
    contact = next(iter(scene.company.contacts.values()))
    scene.org.update(scene.org.admin, "Contact", contact, {"Title": "Secret", "Department": "Sales"})
    scene.org.hide_field("Contact", "Title", user=scene.org.admin)
    (event,) = scene.client.subscribe(CONTACTS, replay_preset=1).events(1)
    assert "Title" not in event
    assert "Title" not in header(event)["changedFields"]
    assert event["Department"] == "Sales"


def test_channels_filter_and_enrich(scene: Scene) -> None:
    user = scene.company.integration_user
    topic = "/data/Deals__chn"
    scene.org.events.set_channel(topic, [Member("Contact", f"OwnerId = '{user}'", ("Email", "OwnerId"))])
    admin, (one, two) = scene.org.admin, list(scene.company.contacts.values())[:2]
    scene.org.update(admin, "Contact", one, {"OwnerId": user})
    scene.org.update(admin, "Contact", two, {"Title": "not mine"})
    scene.org.update(admin, "Contact", one, {"Title": "mine"})
    first, second = scene.client.subscribe(topic, replay_preset=1).events(2)
    assert header(first)["recordIds"] == header(second)["recordIds"] == [one]
    assert second["OwnerId"] == user
    assert second["Email"]


@pytest.mark.parametrize(("by_reference", "refused"), [(True, False), (False, True)])
def test_whether_a_filter_may_name_a_reference_is_a_doubt(scene: Scene, by_reference: bool, refused: bool) -> None:
    scene.world.switches.turn("salesforce.channel_filters_by_reference", on=by_reference)
    member = Member("Contact", f"OwnerId = '{scene.org.admin}'")
    if refused:
        with pytest.raises(SalesforceError, match="OwnerId"):
            scene.org.events.set_channel("/data/X__chn", [member])
    else:
        scene.org.events.set_channel("/data/X__chn", [member])
        assert "/data/X__chn" in scene.org.events.channels


def test_five_objects_without_the_add_on(scene: Scene) -> None:
    bus = scene.org.events
    bus.select("Event", "Task", "Contact", "Lead", "Account")
    with pytest.raises(SalesforceError) as refused:
        bus.set_channel("/data/More__chn", [Member("EmailMessage")])
    assert refused.value.code == "LIMIT_EXCEEDED"
    with pytest.raises(SalesforceError):
        bus.select("ContentVersion")
    bus.add_on = True
    bus.set_channel("/data/More__chn", [Member("EmailMessage")])
    bus.select()
    bus.set_channel("/data/More__chn", [])
    assert scene.org.core.store.on_commit is None


def test_gaps_hold_ids_alone(scene: Scene) -> None:
    scene.org.events.select("Event")
    scene.org.events.gap(ChangeType.GAP_UPDATE, "Event", "00U000000000001AAA")
    (event,) = scene.client.subscribe(EVENTS, replay_preset=1).events(1)
    assert kinds([event]) == [("Event", "GAP_UPDATE")]
    assert header(event)["recordIds"] == ["00U000000000001AAA"]


def test_too_much_at_once_is_an_overflow(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.salesforce.events.capture.OVERFLOW", 2)
    scene.org.events.select("Contact", "Account")
    with scene.org.transaction():
        for one in scene.company.contacts.values():
            scene.org.update(scene.org.admin, "Contact", one, {"Title": one})
    (event,) = scene.client.subscribe(ALL, replay_preset=1).events(1)
    assert kinds([event]) == [("Contact", "GAP_OVERFLOW")]
