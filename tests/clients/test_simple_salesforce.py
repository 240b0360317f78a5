"""simple-salesforce at work in the sandbox's org."""

import csv
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceOperationError,
    SalesforceResourceNotFound,
)

from sandbox.salesforce.usage import Usage
from tests.clients.salesforce import CLIENT_ID, KEY_FIELD, PASSWORD, SECRET, TOKEN, USERNAME, Vendor

SIGN_IN: dict[str, dict[str, str]] = {
    "password": {"username": USERNAME, "password": PASSWORD, "security_token": TOKEN},
    "password through an app": {
        "username": USERNAME,
        "password": PASSWORD + TOKEN,
        "consumer_key": CLIENT_ID,
        "consumer_secret": SECRET,
    },
    "client credentials": {"consumer_key": CLIENT_ID, "consumer_secret": SECRET, "domain": "acme.my"},
}


def client(vendor: Vendor, **how: str) -> Any:
    """Untyped, as the library's answers are."""
    made: Any = Salesforce
    return made(session=vendor.session(), **how)


@pytest.fixture
def sf(vendor: Vendor) -> Any:
    return client(vendor, **SIGN_IN["password"])


@pytest.mark.parametrize("way", SIGN_IN)
def test_sign_in(vendor: Vendor, way: str) -> None:
    sf = client(vendor, **SIGN_IN[way])
    assert sf.query("SELECT Username FROM User WHERE Username = 'ada@acme.test'")["totalSize"] == 1
    assert sf.is_sandbox() is True


def test_sign_in_by_assertion(vendor: Vendor) -> None:
    sf = client(vendor, username=USERNAME, consumer_key=CLIENT_ID, privatekey=vendor.private_key)
    assert sf.restful("limits")["DailyApiRequests"]["Max"] == 15_000


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"password": "wrong"}, "INVALID_LOGIN"),
        ({"username": "nobody@acme.test"}, "INVALID_LOGIN"),
        ({"security_token": ""}, "LOGIN_MUST_USE_SECURITY_TOKEN"),
        ({"version": "65.0"}, "UNSUPPORTED_API_VERSION"),
    ],
)
def test_refused_sign_in(vendor: Vendor, given: dict[str, str], code: str) -> None:
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        client(vendor, **SIGN_IN["password"] | given)
    assert refused.value.code == code


def test_a_session_that_is_over(vendor: Vendor, sf: Any) -> None:
    """With a password the client signs in anew by itself, with a session alone it cannot."""
    direct = client(vendor, session_id=sf.session_id, instance=sf.sf_instance)
    assert direct.query("SELECT Id FROM Account")["totalSize"] == 0
    vendor.site.tokens.end_sessions()
    with pytest.raises(SalesforceExpiredSession):
        direct.query("SELECT Id FROM Account")
    assert sf.query("SELECT Id FROM Account")["totalSize"] == 0
    assert sf.session_id != direct.session_id


def test_a_new_password(vendor: Vendor, sf: Any) -> None:
    sf.set_password(vendor.ada, "another one")
    assert client(vendor, **SIGN_IN["password"] | {"password": "another one"}).session_id
    with pytest.raises(SalesforceAuthenticationFailed):
        client(vendor, **SIGN_IN["password"])


def test_one_record_after_another(sf: Any) -> None:
    made = sf.Contact.create({"LastName": "Núñez & Söhne <x>", "Email": "rosa@elmsons.test"})
    assert made["success"] is True
    row = sf.Contact.get(made["id"])
    assert row["LastName"] == "Núñez & Söhne <x>"
    assert sf.Contact.update(made["id"], {"Title": "CFO"}) == 204
    assert sf.Contact.upsert(f"{KEY_FIELD}/k-1", {"LastName": "Baker"}) == 201
    assert sf.Contact.upsert(f"{KEY_FIELD}/k-1", {"FirstName": "Quentin"}) == 200
    by_key = sf.Contact.get_by_custom_id(KEY_FIELD, "k-1")
    assert (by_key["FirstName"], by_key["LastName"]) == ("Quentin", "Baker")
    assert sf.Contact.delete(made["id"]) == 204
    with pytest.raises(SalesforceResourceNotFound):
        sf.Contact.get(made["id"])
    with pytest.raises(SalesforceMalformedRequest):
        sf.Contact.create({"FirstName": "No last name"})


def test_the_key_of_several_records(vendor: Vendor, sf: Any) -> None:
    for _ in range(2):
        vendor.site.org.insert(vendor.ada, "Lead", {"LastName": "Yates", "Company": "Fir", "Email": "t@fir.test"})
    with pytest.raises(SalesforceMoreThanOneRecord):
        sf.Lead.upsert("Email/t@fir.test", {"Title": "CEO"})


def test_queries_of_many_pages(vendor: Vendor, sf: Any) -> None:
    account = vendor.site.org.insert(vendor.ada, "Account", {"Name": "Birchworks"})
    for number in range(450):
        fields = {"LastName": f"Person {number:03}", "AccountId": account}
        vendor.site.org.insert(vendor.ada, "Contact", fields)
    soql = "SELECT Id, LastName, Account.Name FROM Contact ORDER BY LastName"
    headers = {"Sforce-Query-Options": "batchSize=200"}
    first = sf.query(soql, headers=headers)
    assert (first["done"], len(first["records"])) == (False, 200)
    second = sf.query_more(first["nextRecordsUrl"], identifier_is_url=True, headers=headers)
    assert second["records"][0]["LastName"] == "Person 200"
    rows = list(sf.query_all_iter(soql, headers=headers))
    assert [row["LastName"] for row in rows] == [f"Person {number:03}" for number in range(450)]
    assert {row["Account"]["Name"] for row in rows} == {"Birchworks"}
    sf.Contact.delete(rows[0]["Id"])
    assert len(sf.query_all(soql)["records"]) == 449
    assert len(sf.query_all(soql, include_deleted=True)["records"]) == 450


def test_children_of_many_pages(vendor: Vendor, sf: Any) -> None:
    account = vendor.site.org.insert(vendor.ada, "Account", {"Name": "Birchworks"})
    for number in range(250):
        vendor.site.org.insert(vendor.ada, "Contact", {"LastName": f"P{number:03}", "AccountId": account})
    soql = "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account"
    children = sf.query(soql, headers={"Sforce-Query-Options": "batchSize=200"})["records"][0]["Contacts"]
    assert (children["done"], len(children["records"])) == (False, 200)
    rest = sf.query_more(children["nextRecordsUrl"], identifier_is_url=True)
    assert (rest["done"], rest["records"][-1]["LastName"]) == (True, "P249")


def test_searches(sf: Any) -> None:
    sf.Contact.create({"LastName": "Marsh", "Email": "ana@birch.test"})
    sf.Lead.create({"LastName": "Marsh", "Company": "Elm & Sons"})
    kinds = [one["attributes"]["type"] for one in sf.quick_search("marsh")["searchRecords"]]
    assert sorted(kinds) == ["Contact", "Lead"]
    found = sf.search("FIND {ana@birch.test} IN EMAIL FIELDS RETURNING Contact(Id, Email), Lead(Id)")
    assert [one["Email"] for one in found["searchRecords"]] == ["ana@birch.test"]
    with pytest.raises(SalesforceMalformedRequest, match="MALFORMED_SEARCH"):
        sf.quick_search("a")


def test_descriptions(sf: Any) -> None:
    everything = sf.describe()
    assert {"Account", "Contact", "Event", "Task"} <= {one["name"] for one in everything["sobjects"]}
    contact = sf.Contact.describe()
    assert any(field["name"] == KEY_FIELD and field["externalId"] for field in contact["fields"])
    basics = sf.Contact.metadata()
    assert basics["objectDescribe"]["keyPrefix"] == "003"


def test_what_changed(vendor: Vendor, sf: Any) -> None:
    """The vendor drops seconds, so that what is asked about must have begun minutes ago."""
    began = datetime.now(UTC) - timedelta(minutes=5)
    with vendor.site.clock.as_of(began + timedelta(minutes=2)):
        kept = vendor.site.org.insert(vendor.ada, "Lead", {"LastName": "Duarte", "Company": "Dogwood"})
        gone = vendor.site.org.insert(vendor.ada, "Lead", {"LastName": "Yates", "Company": "Fir"})
        vendor.site.org.delete(vendor.ada, gone)
    until = began + timedelta(minutes=4)
    updated = sf.Lead.updated(began, until)
    assert updated["ids"] == [kept]
    deleted = sf.Lead.deleted(began, until)
    assert [one["id"] for one in deleted["deletedRecords"]] == [gone]


def test_composite(sf: Any) -> None:
    parts = [
        {
            "method": "POST",
            "url": "/services/data/v59.0/sobjects/Account",
            "referenceId": "acme",
            "body": {"Name": "Cedar Bank"},
        },
        {
            "method": "POST",
            "url": "/services/data/v59.0/sobjects/Contact",
            "referenceId": "priya",
            "body": {"LastName": "Raman", "AccountId": "@{acme.id}"},
        },
    ]
    done = sf.restful("composite", method="POST", json={"allOrNone": True, "compositeRequest": parts})
    assert [one["httpStatusCode"] for one in done["compositeResponse"]] == [201, 201]
    row = sf.query("SELECT Account.Name FROM Contact WHERE LastName = 'Raman'")["records"][0]
    assert row["Account"]["Name"] == "Cedar Bank"


def test_events_and_who_comes(vendor: Vendor, sf: Any) -> None:
    """An invited user has an event of his own, which takes a reminder and nothing else."""
    bob = vendor.site.org.add_user("bob@acme.test", "Bob", "Oak")
    people = [sf.Contact.create({"LastName": name})["id"] for name in ("Raman", "Silva")]
    when = {"StartDateTime": "2026-11-23T09:00:00Z", "EndDateTime": "2026-11-23T09:45:00.000+0000"}
    made = sf.Event.create({"Subject": "Plan", "EventWhoIds": people, "UndecidedEventInviteeIds": [bob], **when})
    row = sf.Event.get(made["id"])
    assert (row["WhoId"], row["DurationInMinutes"], row["GroupEventType"]) == (people[0], 45, "1")
    soql = "SELECT Relation.Name, Status FROM EventRelation WHERE IsInvitee = TRUE AND Event.Subject = 'Plan'"
    assert [one["Status"] for one in sf.query(soql)["records"]] == ["New"]
    copy = sf.query(f"SELECT Id FROM Event WHERE IsChild = TRUE AND OwnerId = '{bob}'")["records"][0]["Id"]
    assert sf.Event.update(copy, {"IsReminderSet": True, "ReminderDateTime": "2026-11-23T08:45:00Z"}) == 204
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD_FOR_INSERT_UPDATE"):
        sf.Event.update(copy, {"Subject": "Mine"})
    with pytest.raises(SalesforceMalformedRequest, match="IsPrivate"):
        sf.Event.update(made["id"], {"IsPrivate": True})
    assert sf.Event.delete(made["id"]) == 204
    assert sf.query("SELECT COUNT() FROM Event")["totalSize"] == 0
    assert len(sf.query_all("SELECT Id FROM Event", include_deleted=True)["records"]) == 2


def test_events_of_days(sf: Any) -> None:
    whole = {"IsAllDayEvent": True, "ActivityDate": "2026-11-23", "DurationInMinutes": 14 * 1440}
    row = sf.Event.get(sf.Event.create(whole)["id"])
    assert (row["StartDateTime"], row["EndDate"]) == ("2026-11-23T00:00:00.000+0000", "2026-12-06")
    with pytest.raises(SalesforceMalformedRequest, match="DurationInMinutes"):
        sf.Event.create(whole | {"DurationInMinutes": 15 * 1440})


def test_usage_is_counted(sf: Any) -> None:
    before = sf.limits()
    sf.query("SELECT Id FROM Account")
    after = sf.limits()
    assert before["DailyApiRequests"]["Remaining"] - after["DailyApiRequests"]["Remaining"] == 2
    assert sf.api_usage["api-usage"].total == 15_000


def test_an_apps_own_usage_is_told(vendor: Vendor) -> None:
    app = vendor.site.apps[CLIENT_ID]
    app.calls, app.name = Usage(250), "sample-app"
    sf = client(vendor, **SIGN_IN["client credentials"])
    sf.query("SELECT Id FROM Account")
    sf.query("SELECT Id FROM Account")
    own = sf.api_usage["per-app-api-usage"]
    assert (own.used, own.total, own.name) == (2, 250, "sample-app")
    assert sf.api_usage["api-usage"].used == 2


def test_rows_in_bulk(sf: Any) -> None:
    """Insert, upsert, update, query in pages, delete; the library waits for each job by itself."""
    people = [{"LastName": f"P{number:03}", "Email": f"p{number}@fir.test"} for number in range(300)]
    done = sf.bulk2.Contact.insert(records=[*people, {"LastName": "", "Email": "x@fir.test"}], wait=0.2)
    assert [(one["numberRecordsTotal"], one["numberRecordsFailed"]) for one in done] == [(301, 1)]
    told = sf.bulk2.Contact.get_all_ingest_records(done[0]["job_id"])
    assert len(told["successfulRecords"]) == 300
    assert told["failedRecords"][0]["sf__Error"].startswith("REQUIRED_FIELD_MISSING")
    pages = list(sf.bulk2.Contact.query("SELECT Id, LastName FROM Contact", max_records=200, wait=0.2))
    rows = [row for page in pages for row in csv.DictReader(page.splitlines())]
    assert (len(pages), len(rows)) == (2, 300)
    changes = [{"Id": row["Id"], "Title": "Clerk"} for row in rows[:5]]
    assert sf.bulk2.Contact.update(records=changes, wait=0.2)[0]["numberRecordsFailed"] == 0
    assert sf.query("SELECT COUNT() FROM Contact WHERE Title = 'Clerk'")["totalSize"] == 5
    keyed = [{KEY_FIELD: "a", "Name": "Fir"}, {KEY_FIELD: "b", "Name": "Oak"}]
    for _ in range(2):
        sf.bulk2.Account.upsert(records=keyed, external_id_field=KEY_FIELD, wait=0.2)
    assert sf.query("SELECT COUNT() FROM Account")["totalSize"] == 2
    gone = [{"Id": row["Id"]} for row in rows]
    assert sf.bulk2.Contact.delete(records=gone, wait=0.2)[0]["numberRecordsProcessed"] == 300
    assert sf.query("SELECT COUNT() FROM Contact")["totalSize"] == 0


def test_a_bulk_job_that_fails(sf: Any) -> None:
    with pytest.raises(SalesforceOperationError, match="Field name not found : Nonsense"):
        sf.bulk2.Lead.insert(records=[{"Nonsense": "x"}], wait=0.2)


def test_rows_in_bulk_the_older_way(sf: Any) -> None:
    """The library looks every five seconds."""
    people = [{"LastName": f"P{number}", "Email": f"p{number}@fir.test"} for number in range(300)]
    done = sf.bulk.Contact.insert([*people, {"Email": "x@fir.test"}], batch_size=200)
    assert [one["success"] for one in done] == [True] * 300 + [False]
    assert done[300]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    found = sf.bulk.Contact.query("SELECT Id, LastName FROM Contact")
    assert {one["LastName"] for one in found} == {one["LastName"] for one in people}
    with pytest.raises(SalesforceMalformedRequest, match="Records not processed"):
        sf.bulk.Lead.insert([{"LastName": "x", "Company": "y", "Nonsense": 1}] * 2)
