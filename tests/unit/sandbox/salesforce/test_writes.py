"""The steps every write goes through: fields, lengths, types, references, owner, stamps."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sandbox.salesforce.core import LATE_COMMIT, LATEST_COMMIT
from sandbox.salesforce.values import LENGTH_IN_UTF16, LOWERCASES_EMAIL, TRIMS_TEXT
from sandbox.salesforce.write import WriteOptions
from tests.unit.sandbox.salesforce.conftest import START, Company, refusal

NOBODY = "003000000000001AAA"

REFUSED: list[tuple[str, dict[str, Any], str, str, tuple[str, ...]]] = [
    ("Nothing", {}, "NOT_FOUND", "The requested resource does not exist", ()),
    ("Contact", {}, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", ("LastName",)),
    ("Contact", {"LastName": None}, "REQUIRED_FIELD_MISSING", "[LastName]", ("LastName",)),
    ("Contact", {"LastName": "  "}, "REQUIRED_FIELD_MISSING", "[LastName]", ("LastName",)),
    ("Lead", {"LastName": "x"}, "REQUIRED_FIELD_MISSING", "[Company]", ("Company",)),
    ("Account", {"Name": ""}, "REQUIRED_FIELD_MISSING", "[Name]", ("Name",)),
    (
        "Opportunity",
        {},
        "REQUIRED_FIELD_MISSING",
        "[Name, StageName, CloseDate]",
        ("Name", "StageName", "CloseDate"),
    ),
    ("Contact", {"Nope": 1}, "INVALID_FIELD", "No such column 'Nope' on sobject of type Contact", ()),
    ("Contact", {"LastName": "x", "Name": "y"}, "INVALID_FIELD_FOR_INSERT_UPDATE", "fields: Name.", ("Name",)),
    (
        "Task",
        {"IsClosed": True, "AccountId": NOBODY},
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "IsClosed, AccountId",
        ("IsClosed", "AccountId"),
    ),
    (
        "Contact",
        {"LastName": "x" * 81},
        "STRING_TOO_LONG",
        f"Last Name: data value too large: {'x' * 81} (max length=80)",
        ("LastName",),
    ),
    ("Task", {"Subject": "s" * 256}, "STRING_TOO_LONG", "(max length=255)", ("Subject",)),
    ("Task", {"Description": "d" * 32001}, "STRING_TOO_LONG", "(max length=32000)", ("Description",)),
    ("Contact", {"LastName": 5}, "JSON_PARSER_ERROR", "instance of string from VALUE_NUMBER_INT value 5", ()),
    (
        "Contact",
        {"LastName": "x", "Birthdate": "tomorrow"},
        "JSON_PARSER_ERROR",
        "instance of date from VALUE_STRING",
        (),
    ),
    ("Contact", {"LastName": "x", "Birthdate": "2026-02-30"}, "JSON_PARSER_ERROR", "2026-02-30", ()),
    ("Task", {"ReminderDateTime": "2026-01-01"}, "JSON_PARSER_ERROR", "instance of datetime", ()),
    ("Task", {"ReminderDateTime": "2026-01-01T00:00:00"}, "JSON_PARSER_ERROR", "instance of datetime", ()),
    ("Task", {"IsReminderSet": "maybe"}, "JSON_PARSER_ERROR", "instance of boolean", ()),
    (
        "Task",
        {"IsReminderSet": None},
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
        "value not of required type",
        ("IsReminderSet",),
    ),
    ("Account", {"Name": "x", "NumberOfEmployees": "many"}, "JSON_PARSER_ERROR", "instance of int", ()),
    (
        "Account",
        {"Name": "x", "NumberOfEmployees": 10**8},
        "NUMBER_OUTSIDE_VALID_RANGE",
        "100000000",
        ("NumberOfEmployees",),
    ),
    ("Account", {"Name": "x", "AnnualRevenue": 10**18}, "NUMBER_OUTSIDE_VALID_RANGE", "", ("AnnualRevenue",)),
    (
        "Contact",
        {"LastName": "x", "Email": "not an address"},
        "INVALID_EMAIL_ADDRESS",
        "Email: invalid email address: not an address",
        ("Email",),
    ),
    (
        "Event",
        {"ShowAs": "Tentative"},
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "Show Time As: bad value for restricted picklist field: Tentative",
        ("ShowAs",),
    ),
    (
        "Contact",
        {"LastName": "x", "AccountId": "1"},
        "MALFORMED_ID",
        "Account ID: id value of incorrect type: 1",
        ("AccountId",),
    ),
    (
        "Contact",
        {"LastName": "x", "AccountId": NOBODY},
        "FIELD_INTEGRITY_EXCEPTION",
        "id value of incorrect type",
        ("AccountId",),
    ),
    (
        "Contact",
        {"LastName": "x", "ReportsToId": NOBODY},
        "INVALID_CROSS_REFERENCE_KEY",
        "invalid cross reference id",
        ("ReportsToId",),
    ),
    ("Contact", {"LastName": "x", "Account": {"Name": "Acme"}}, "NOT_FOUND", "Provided external ID field", ()),
    ("ContentDocument", {}, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "does not support create", ()),
]


@pytest.mark.parametrize(
    ("name", "fields", "code", "sentence", "named"), REFUSED, ids=[f"{case[0]}-{case[2]}" for case in REFUSED]
)
def test_refused_inserts(
    company: Company, name: str, fields: dict[str, Any], code: str, sentence: str, named: tuple[str, ...]
) -> None:
    refused = refusal(company.org.insert, company.integration, name, fields)
    assert (refused.code, refused.fields) == (code, named)
    assert sentence in refused.message
    if name != "Nothing":
        table = company.org.core.store.table(name)
        assert not table.rows


def test_values_as_they_are_kept(company: Company) -> None:
    contact = company.add(
        "Contact",
        lastname="  Marsh ",
        FirstName="Ana",
        Email="Ana@Globex.test",
        Birthdate="1990-01-02",
        Description="one\ntwo\n",
        Title="",
    )
    row = company.row("Contact", contact)
    assert {name: row[name] for name in ("LastName", "Name", "Email", "Birthdate", "Description", "Title")} == {
        "LastName": "Marsh",
        "Name": "Ana Marsh",
        "Email": "ana@globex.test",
        "Birthdate": "1990-01-02",
        "Description": "one\ntwo",
        "Title": None,
    }
    account = company.add("Account", Name="x", AnnualRevenue="12.6", NumberOfEmployees=7.0)
    row = company.row("Account", account)
    assert (row["AnnualRevenue"], row["NumberOfEmployees"]) == (13.0, 7)
    task = company.add("Task", ReminderDateTime="2026-11-20T12:34:56.789+02:00", ActivityDate=date(2026, 11, 21))
    row = company.row("Task", task)
    assert (row["ReminderDateTime"], row["ActivityDate"]) == ("2026-11-20T10:34:56.000+0000", "2026-11-21")


def test_doubts_about_text(company: Company) -> None:
    astral = "\N{PARTY POPPER}" * 41
    company.add("Contact", LastName=astral)
    company.org.switches.turn(LENGTH_IN_UTF16.name, True)
    assert refusal(company.add, "Contact", LastName=astral).code == "STRING_TOO_LONG"
    company.org.switches.turn(LOWERCASES_EMAIL.name, False)
    contact = company.add("Contact", LastName="x", Email="Ana@X.test")
    assert company.row("Contact", contact)["Email"] == "Ana@X.test"
    company.org.switches.turn(TRIMS_TEXT.name, False)
    company.change("Contact", contact, Description=" a \n", LastName=" b ")
    row = company.row("Contact", contact)
    assert (row["Description"], row["LastName"]) == (" a \n", "b")


def test_bodies_of_refusals(company: Company) -> None:
    key = {"Crosstie_Key__c": "k"}
    company.add("Task", **key)
    refused = refusal(company.add, "Task", **key)
    assert refused.row_body() == {"message": refused.message, "errorCode": "DUPLICATE_VALUE", "fields": []}
    assert refused.collection_error() == {
        "statusCode": "DUPLICATE_VALUE",
        "message": refused.message,
        "fields": [],
    }
    missing = refusal(company.org.get, company.ann, "Task", "00T000000000001AAA")
    assert missing.row_body() == {"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}


def test_stamps_are_the_clocks_whole_seconds(company: Company) -> None:
    company.later(milliseconds=999)
    account = company.add("Account", Name="x")
    row = company.row("Account", account)
    born = "2026-11-20T10:00:00.000+0000"
    assert (row["CreatedDate"], row["LastModifiedDate"], row["SystemModstamp"]) == (born, born, born)
    assert (row["CreatedById"], row["OwnerId"]) == (company.integration, company.integration)
    company.later(seconds=61)
    company.org.update(company.ann, "Account", account, {"Site": "y"})
    row = company.row("Account", account)
    assert row["CreatedDate"] == born
    assert (row["LastModifiedDate"], row["LastModifiedById"]) == ("2026-11-20T10:01:01.000+0000", company.ann)
    company.later(seconds=60)
    company.org.touch(account)
    row = company.row("Account", account)
    assert (row["SystemModstamp"], row["LastModifiedDate"]) == (
        "2026-11-20T10:02:01.000+0000",
        "2026-11-20T10:01:01.000+0000",
    )


def test_late_commits_trail_their_stamps_and_never_run_backwards(company: Company) -> None:
    company.org.switches.turn(LATE_COMMIT.name, True)
    stamps = []
    for number in range(40):
        row = company.row("Account", company.add("Account", Name=f"a{number}"))
        stamps.append(datetime.strptime(row["SystemModstamp"], "%Y-%m-%dT%H:%M:%S.000+0000").replace(tzinfo=UTC))
    assert max(stamps) == START
    assert START - timedelta(seconds=LATEST_COMMIT) <= min(stamps) < START
    account = company.add("Account", Name="b")
    seen = ""
    for _ in range(20):
        company.change("Account", account, Site="s")
        stamp = company.row("Account", account)["SystemModstamp"]
        assert stamp >= seen
        seen = stamp


def test_updates_of_rows_that_are_not_there(company: Company) -> None:
    change = company.org.update
    missing = refusal(change, company.integration, "Contact", NOBODY, {})
    assert (missing.code, missing.status) == ("INVALID_CROSS_REFERENCE_KEY", 404)
    assert refusal(change, company.integration, "Contact", "x", {}).code == "MALFORMED_ID"
    contact = company.add("Contact", LastName="x")
    assert refusal(change, company.integration, "Account", contact, {}).code == "INVALID_CROSS_REFERENCE_KEY"
    company.org.delete(company.integration, contact)
    gone = refusal(change, company.integration, "Contact", contact, {})
    assert (gone.code, gone.status) == ("ENTITY_IS_DELETED", 404)
    assert refusal(company.org.delete, company.integration, contact).code == "ENTITY_IS_DELETED"


def test_a_required_field_cannot_be_emptied(company: Company) -> None:
    contact = company.add("Contact", LastName="x", Email="a@x.test")
    assert refusal(company.change, "Contact", contact, LastName=None).code == "REQUIRED_FIELD_MISSING"
    company.change("Contact", contact, Email=None)
    row = company.row("Contact", contact)
    assert (row["LastName"], row["Email"]) == ("x", None)


def test_ids_of_fifteen_characters_do(company: Company) -> None:
    account = company.add("Account", Name="x")
    contact = company.add("Contact", LastName="x", AccountId=account[:15])
    company.org.update(company.integration, "Contact", contact[:15], {"Title": "Boss"})
    assert company.values(f"SELECT Title FROM Contact WHERE AccountId = '{account[:15]}'") == ["Boss"]


def test_create_only_fields(company: Company) -> None:
    task = company.add("Task", TaskSubtype="Email")
    refused = refusal(company.change, "Task", task, TaskSubtype="Call")
    assert (refused.code, refused.fields) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ("TaskSubtype",))


def test_owners_must_be_active(company: Company) -> None:
    company.change("User", company.bob, IsActive=False)
    refused = refusal(company.add, "Task", Subject="x", OwnerId=company.bob)
    assert refused.code == "INACTIVE_OWNER_OR_USER"
    assert refused.message == f"operation performed with inactive user [{company.bob}] as owner of task"


def test_references_to_what_is_deleted_or_hidden(company: Company) -> None:
    account = company.add("Account", Name="x")
    company.org.set_sharing("Account", "private")
    hidden = refusal(company.org.insert, company.ann, "Contact", {"LastName": "x", "AccountId": account})
    assert hidden.code == "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
    company.org.delete(company.integration, account)
    assert refusal(company.add, "Contact", LastName="x", AccountId=account).code == "ENTITY_IS_DELETED"


def test_a_field_hidden_from_a_user_is_no_field_to_write(company: Company) -> None:
    company.org.hide_field("Task", "Crosstie_Key__c", profile=company.org.profiles["Standard User"])
    for name in ("Task", "Event"):
        refused = refusal(company.org.insert, company.ann, name, {"Crosstie_Key__c": "k"})
        assert (refused.code, "Crosstie_Key__c" in refused.message) == ("INVALID_FIELD", True)
    assert "Crosstie_Key__c" not in {
        field["name"] for field in company.org.describe(company.ann, "Event")["fields"]
    }
    company.add("Task", Crosstie_Key__c="k")


def test_unless_modified_since(company: Company) -> None:
    account = company.add("Account", Name="x")
    company.later(seconds=10)
    company.change("Account", account, Site="y")
    since = WriteOptions(unmodified_since=START + timedelta(seconds=9))
    refused = refusal(company.org.update, company.integration, "Account", account, {"Site": "z"}, options=since)
    assert (refused.code, refused.status) == ("PRECONDITION_FAILED", 412)
    assert refusal(company.org.delete, company.integration, account, options=since).status == 412
    since = WriteOptions(unmodified_since=START + timedelta(seconds=10))
    company.org.update(company.integration, "Account", account, {"Site": "z"}, options=since)


def test_opportunities_follow_their_stage(company: Company) -> None:
    deal = company.add("Opportunity", Name="x", StageName="Value Proposition", CloseDate="2026-12-31", Amount=200)
    row = company.row("Opportunity", deal)
    assert (row["IsClosed"], row["IsWon"], row["Probability"], row["ExpectedRevenue"], row["Fiscal"]) == (
        False,
        False,
        50.0,
        100.0,
        "2026 4",
    )
    company.change("Opportunity", deal, StageName="Negotiation/Review", Probability=95)
    assert company.row("Opportunity", deal)["ExpectedRevenue"] == 190.0
    company.change("Opportunity", deal, StageName="Closed Won")
    row = company.row("Opportunity", deal)
    assert (row["IsClosed"], row["IsWon"], row["Probability"], row["ForecastCategory"]) == (
        True,
        True,
        100.0,
        "Closed",
    )
