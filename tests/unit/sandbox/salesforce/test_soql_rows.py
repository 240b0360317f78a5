"""Which rows a query gives, in which order and in which shape."""

from typing import Any

import pytest

from sandbox.salesforce.soql.engine import UNORDERED
from sandbox.salesforce.soql.filters import POLYMORPHIC_SEMI_JOIN, SEMI_JOIN_IN_PARENTHESES
from tests.unit.sandbox.salesforce.conftest import Company, refusal


@pytest.fixture
def world(company: Company) -> Company:
    """Two accounts with contacts, deals and tasks; a day passes between the accounts."""
    globex = company.add("Account", Name="Globex", Industry="Media", AnnualRevenue=100, BillingCity="Bonn")
    company.later(days=1)
    initech = company.add("Account", Name="initech", OwnerId=company.ann, Website="https://initech.test")
    company.add("Account", Name="Hooli", Industry="media")
    ana = company.add("Contact", FirstName="Ana", LastName="Marsh", Email="ana@globex.test", AccountId=globex)
    company.add("Contact", LastName="Bolton", Email="bolton@initech.test", AccountId=initech, Department="IT")
    company.add("Contact", LastName="O'Neil")
    lead = company.add("Lead", LastName="Lumbergh", Company="Initrode", Email="bill@initrode.test")
    deal = company.add(
        "Opportunity", Name="Big", StageName="Prospecting", CloseDate="2026-12-31", AccountId=globex
    )
    company.change("Opportunity", deal, Amount=250.5)
    company.add("Opportunity", Name="Won", StageName="Closed Won", CloseDate="2026-11-01", AccountId=initech)
    company.add("Task", Subject="Call", WhoId=ana, WhatId=deal, ActivityDate="2026-11-21", Priority="High")
    company.add("Task", Subject="Ask", WhoId=lead, ActivityDate="2026-11-23", Priority="Low")
    company.add("Task", Subject="Think", Status="Completed")
    return company


NAMES: list[tuple[str, list[Any]]] = [
    ("SELECT Name FROM Account ORDER BY Name", ["Globex", "Hooli", "initech"]),
    ("SELECT Name FROM Account ORDER BY Name DESC", ["initech", "Hooli", "Globex"]),
    ("SELECT Name FROM Account WHERE Name = 'INITECH'", ["initech"]),
    ("SELECT Name FROM Account WHERE Name != 'globex' ORDER BY Name", ["Hooli", "initech"]),
    ("SELECT Name FROM Account WHERE Name LIKE '%O%' ORDER BY Name", ["Globex", "Hooli"]),
    ("SELECT Name FROM Account WHERE Name LIKE '_ooli'", ["Hooli"]),
    ("SELECT Name FROM Account WHERE Name LIKE 'ooli'", []),
    ("SELECT Name FROM Account WHERE Name > 'h' ORDER BY Name", ["Hooli", "initech"]),
    ("SELECT Name FROM Account WHERE Name IN ('globex', 'HOOLI') ORDER BY Name", ["Globex", "Hooli"]),
    ("SELECT Name FROM Account WHERE Name NOT IN ('globex', 'HOOLI')", ["initech"]),
    ("SELECT Name FROM Account WHERE Industry = 'MEDIA' ORDER BY Name", ["Globex", "Hooli"]),
    ("SELECT Name FROM Account WHERE Industry = null", ["initech"]),
    ("SELECT Name FROM Account WHERE Industry != null ORDER BY Name", ["Globex", "Hooli"]),
    ("SELECT Name FROM Account WHERE Industry != 'Media'", ["initech"]),
    ("SELECT Name FROM Account WHERE NOT Industry = 'Media'", ["initech"]),
    ("SELECT Name FROM Account WHERE Industry NOT IN ('Media')", ["initech"]),
    ("SELECT Name FROM Account WHERE AnnualRevenue > 99.5", ["Globex"]),
    ("SELECT Name FROM Account WHERE AnnualRevenue < 100", []),
    (
        "SELECT Name FROM Account WHERE AnnualRevenue = 100 OR Website LIKE '%initech%' ORDER BY Name",
        ["Globex", "initech"],
    ),
    ("SELECT Name FROM Account WHERE (Name = 'Globex' OR Name = 'Hooli') AND BillingCity = 'bonn'", ["Globex"]),
    ("SELECT Name FROM Account ORDER BY Industry, Name", ["initech", "Globex", "Hooli"]),
    ("SELECT Name FROM Account ORDER BY BillingCity NULLS LAST, Name", ["Globex", "Hooli", "initech"]),
    ("SELECT Name FROM Account ORDER BY BillingCity DESC NULLS LAST, Name DESC", ["Globex", "initech", "Hooli"]),
    ("SELECT Name FROM Account ORDER BY Name LIMIT 1 OFFSET 1", ["Hooli"]),
    ("SELECT Name FROM Account LIMIT 0", []),
    ("SELECT Name FROM Account USING SCOPE mine ORDER BY Name", ["Globex", "Hooli"]),
    ("SELECT Name FROM Contact WHERE Name = 'Ana Marsh'", ["Ana Marsh"]),
    ("SELECT Name FROM Contact WHERE LastName = 'O\\'Neil'", ["O'Neil"]),
    ("SELECT Name FROM Contact WHERE Account.Name = 'Globex'", ["Ana Marsh"]),
    ("SELECT c.Name FROM Contact c WHERE c.Account.Owner.Name = 'Ann Archer'", ["Bolton"]),
    ("SELECT Contact.Name FROM Contact WHERE Contact.Account.Name = 'Globex'", ["Ana Marsh"]),
    ("SELECT Name FROM Contact WHERE Account.Industry = null ORDER BY Name", ["Bolton", "O'Neil"]),
    ("SELECT Name FROM Contact WHERE Account.Name != 'Globex' ORDER BY Name", ["Bolton", "O'Neil"]),
    (
        "SELECT Name FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Industry = 'Media')",
        ["Ana Marsh"],
    ),
    ("SELECT Name FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE Department = 'IT')", ["initech"]),
    ("SELECT Name FROM Account WHERE Id NOT IN (SELECT AccountId FROM Contact)", ["Hooli"]),
    (
        "SELECT Name FROM Opportunity WHERE IsClosed = false AND AccountId IN (SELECT AccountId FROM Contact "
        "WHERE Email IN ('ANA@globex.test', 'nobody@x.test'))",
        ["Big"],
    ),
    ("SELECT Name FROM Opportunity WHERE IsWon = true", ["Won"]),
    ("SELECT Name FROM Opportunity WHERE CloseDate = THIS_YEAR ORDER BY CloseDate", ["Won", "Big"]),
    ("SELECT Name FROM Opportunity WHERE CALENDAR_MONTH(CloseDate) = 12", ["Big"]),
    ("SELECT Subject FROM Task WHERE ActivityDate = TODAY", ["Call"]),
    ("SELECT Subject FROM Task WHERE ActivityDate > TODAY", ["Ask"]),
    ("SELECT Subject FROM Task WHERE ActivityDate IN (TODAY, NEXT_N_DAYS:3) ORDER BY Subject", ["Ask", "Call"]),
    ("SELECT Subject FROM Task WHERE ActivityDate = 2026-11-23", ["Ask"]),
    ("SELECT Subject FROM Task WHERE CreatedDate = YESTERDAY", []),
    ("SELECT Subject FROM Task WHERE CreatedDate > TODAY", []),
    ("SELECT Subject FROM Task WHERE CreatedDate >= TODAY ORDER BY Subject", ["Ask", "Call", "Think"]),
    ("SELECT Subject FROM Task WHERE CreatedDate <= YESTERDAY", []),
    ("SELECT Subject FROM Task WHERE CreatedDate < TOMORROW ORDER BY Subject", ["Ask", "Call", "Think"]),
    ("SELECT Subject FROM Task WHERE CreatedDate != TODAY", []),
    ("SELECT Subject FROM Task WHERE ActivityDate != TODAY ORDER BY Subject", ["Ask", "Think"]),
    ("SELECT Subject FROM Task WHERE IsClosed = false AND IsHighPriority = true", ["Call"]),
    ("SELECT Subject FROM Task ORDER BY Priority, Subject", ["Call", "Think", "Ask"]),
    ("SELECT Subject FROM Task WHERE Who.Name LIKE 'Ana%'", ["Call"]),
    ("SELECT Subject FROM Task WHERE Who.Type = 'Lead'", ["Ask"]),
    ("SELECT Subject FROM Task WHERE What.Name = 'Big'", ["Call"]),
    ("SELECT Subject FROM Task WHERE Account.Name = 'Globex'", ["Call"]),
    ("SELECT Name FROM Account WHERE CreatedDate < 2026-11-21T00:00:00Z", ["Globex"]),
    (
        "SELECT Name FROM Account WHERE SystemModstamp >= 2026-11-21T11:00:00.000+0100 ORDER BY Name",
        ["Hooli", "initech"],
    ),
    ("SELECT Name FROM Account WHERE CreatedDate = LAST_N_DAYS:1 ORDER BY Name", ["Globex", "Hooli", "initech"]),
    # as an object-relational mapper writes them
    (
        "SELECT Contact.Name, Contact.Account.Name FROM Contact WHERE (Contact.Account.Name = 'Globex' AND "
        "Contact.Account.Owner.Username LIKE '%@%') ORDER BY Contact.LastName ASC, Contact.Id DESC LIMIT 21",
        ["Ana Marsh"],
    ),
    (
        "SELECT Account.Name FROM Account WHERE Account.Id IN (SELECT Contact.AccountId FROM Contact WHERE "
        "(Contact.Account.OwnerId != null AND Contact.Id != null)) ORDER BY Account.Name",
        ["Globex", "initech"],
    ),
    ("SELECT Account.Name FROM Account WHERE (NOT (Account.Industry IN (NULL, 'Media')))", []),
    (
        "SELECT Account.Name FROM Account WHERE (NOT (Account.Name = 'x' OR Account.Name LIKE 'h%')) LIMIT 1",
        ["Globex"],
    ),
    ("SELECT COUNT(Contact.Id) x_sf_count FROM Contact WHERE Contact.Email != null", [2]),
]


@pytest.mark.parametrize(("soql", "names"), NAMES, ids=[soql for soql, _ in NAMES])
def test_rows(world: Company, soql: str, names: list[Any]) -> None:
    assert world.values(soql) == names


RECORDS: list[tuple[str, list[Any]]] = [
    (
        "SELECT Name, Account.Name, Account.Owner.Name FROM Contact ORDER BY Name",
        [
            {"Name": "Ana Marsh", "Account": {"Name": "Globex", "Owner": {"Name": "Sync User"}}},
            {"Name": "Bolton", "Account": {"Name": "initech", "Owner": {"Name": "Ann Archer"}}},
            {"Name": "O'Neil", "Account": None},
        ],
    ),
    (
        "SELECT Name, (SELECT LastName FROM Contacts) FROM Account ORDER BY Name",
        [
            {"Name": "Globex", "Contacts": {"totalSize": 1, "done": True, "records": [{"LastName": "Marsh"}]}},
            {"Name": "Hooli", "Contacts": None},
            {"Name": "initech", "Contacts": {"totalSize": 1, "done": True, "records": [{"LastName": "Bolton"}]}},
        ],
    ),
    (
        "SELECT Name, (SELECT LastName FROM Contacts WHERE LastName LIKE 'B%') FROM Account WHERE Name = 'Globex'",
        [{"Name": "Globex", "Contacts": None}],
    ),
    (
        "SELECT TYPEOF What WHEN Opportunity THEN Amount, StageName ELSE Name END FROM Task WHERE WhatId != null",
        [{"What": {"Amount": 250.5, "StageName": "Prospecting"}}],
    ),
    (
        "SELECT Who.Name, Who.Type, Who.Email FROM Task WHERE WhoId != null ORDER BY Who.Name",
        [
            {"Who": {"Name": "Ana Marsh", "Type": "Contact", "Email": "ana@globex.test"}},
            {"Who": {"Name": "Lumbergh", "Type": "Lead", "Email": "bill@initrode.test"}},
        ],
    ),
    (
        "SELECT AnnualRevenue, IsDeleted, CreatedDate, BillingAddress FROM Account WHERE Name = 'Globex'",
        [
            {
                "AnnualRevenue": 100.0,
                "IsDeleted": False,
                "CreatedDate": "2026-11-20T10:00:00.000+0000",
                "BillingAddress": {
                    "city": "Bonn",
                    "country": None,
                    "geocodeAccuracy": None,
                    "latitude": None,
                    "longitude": None,
                    "postalCode": None,
                    "state": None,
                    "street": None,
                },
            }
        ],
    ),
    ("SELECT CloseDate FROM Opportunity WHERE Name = 'Big'", [{"CloseDate": "2026-12-31"}]),
    ("SELECT COUNT(Id) FROM Contact", [{"expr0": 3}]),
    (
        "SELECT COUNT(AccountId), COUNT_DISTINCT(AccountId) n, MIN(LastName), MAX(CreatedDate) FROM Contact",
        [{"expr0": 2, "n": 2, "expr1": "Bolton", "expr2": "2026-11-21T10:00:00.000+0000"}],
    ),
    ("SELECT COUNT(Industry) n, COUNT_DISTINCT(Industry) kinds FROM Account", [{"n": 2, "kinds": 1}]),
    ("SELECT SUM(Amount), AVG(Probability) FROM Opportunity", [{"expr0": 250.5, "expr1": 55.0}]),
    (
        "SELECT Industry, COUNT(Id) n FROM Account GROUP BY Industry ORDER BY COUNT(Id) DESC",
        [{"Industry": "Media", "n": 2}, {"Industry": None, "n": 1}],
    ),
    (
        "SELECT Industry, COUNT(Id) n FROM Account GROUP BY Industry HAVING COUNT(Id) > 1 AND Industry != null",
        [{"Industry": "Media", "n": 2}],
    ),
    (
        "SELECT Account.Name, COUNT(Id) FROM Opportunity GROUP BY Account.Name ORDER BY Account.Name",
        [{"Name": "Globex", "expr0": 1}, {"Name": "initech", "expr0": 1}],
    ),
    (
        "SELECT CALENDAR_YEAR(CloseDate) y, SUM(Amount) FROM Opportunity GROUP BY CALENDAR_YEAR(CloseDate)",
        [{"y": 2026, "expr0": 250.5}],
    ),
    ("SELECT DAY_ONLY(CreatedDate) d FROM Task GROUP BY DAY_ONLY(CreatedDate)", [{"d": "2026-11-21"}]),
]


@pytest.mark.parametrize(("soql", "records"), RECORDS, ids=[soql for soql, _ in RECORDS])
def test_records(world: Company, soql: str, records: list[Any]) -> None:
    assert world.records(soql) == records


def test_count_has_a_size_and_no_records(world: Company) -> None:
    page = world.org.query(world.integration, "SELECT COUNT() FROM Contact WHERE Email != null")
    assert (page.total_size, page.done, page.records, page.locator) == (2, True, [], None)


def test_attributes_say_type_and_address(world: Company) -> None:
    page = world.org.query(
        world.integration, "SELECT Id, Account.Name, Owner.Name FROM Contact WHERE Name = 'Ana Marsh'"
    )
    (record,) = page.records
    assert list(record) == ["attributes", "Id", "Account", "Owner"]
    assert record["attributes"] == {
        "type": "Contact",
        "url": f"/services/data/v67.0/sobjects/Contact/{record['Id']}",
    }
    assert record["Account"]["attributes"]["type"] == "Account"
    task = world.org.query(world.integration, "SELECT Who.Name FROM Task WHERE Subject = 'Call'").records[0]
    who = task["Who"]["attributes"]
    assert (who["type"], who["url"].rsplit("/", 2)[1]) == ("Name", "Contact")
    aggregate = world.org.query(world.integration, "SELECT COUNT(Id) FROM Contact").records[0]
    assert aggregate["attributes"] == {"type": "AggregateResult"}


def test_fields_gives_what_the_user_may_see(world: Company) -> None:
    world.org.hide_field("Account", "Website", user=world.ann)
    mine = world.records("SELECT FIELDS(ALL) FROM Account LIMIT 1")[0]
    hers = world.records("SELECT FIELDS(ALL) FROM Account LIMIT 1", user=world.ann)[0]
    assert set(mine) - set(hers) == {"Website"}
    custom = world.records("SELECT FIELDS(CUSTOM) FROM Contact LIMIT 200")[0]
    assert custom
    assert all(name.endswith("__c") for name in custom)


REFUSED = [
    ("SELECT Id FROM Nothing", "INVALID_TYPE", "sObject type 'Nothing' is not supported"),
    ("SELECT Nope FROM Account", "INVALID_FIELD", "No such column 'Nope' on entity 'Account'"),
    ("SELECT Id FROM Account WHERE Nope = 1", "INVALID_FIELD", "No such column 'Nope'"),
    ("SELECT Id FROM Account ORDER BY Nope", "INVALID_FIELD", "No such column 'Nope'"),
    ("SELECT Nope.Name FROM Account", "INVALID_FIELD", "Didn't understand relationship 'Nope'"),
    ("SELECT Who.AccountId FROM Task", "INVALID_FIELD", "No such column 'AccountId' on entity 'Name'"),
    ("SELECT Id, (SELECT Id FROM Nopes) FROM Account", "INVALID_TYPE", "Didn't understand relationship 'Nopes'"),
    ("SELECT Id, Id FROM Account", "MALFORMED_QUERY", "duplicate field selected: Id"),
    ("SELECT Name n FROM Account", "MALFORMED_QUERY", "only aggregate expressions use field aliasing"),
    ("SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY", "Field must be grouped or aggregated: Name"),
    ("SELECT Name, COUNT(Id) Name FROM Account GROUP BY Name", "MALFORMED_QUERY", "duplicate alias: Name"),
    ("SELECT COUNT(Id) FROM Account LIMIT 1", "MALFORMED_QUERY", "cannot also use LIMIT"),
    ("SELECT SUM(Name) FROM Account", "MALFORMED_QUERY", "does not support aggregate operator SUM"),
    ("SELECT Description FROM Account GROUP BY Description", "INVALID_FIELD", "can not be grouped"),
    ("SELECT Id FROM Task WHERE Description = 'x'", "INVALID_FIELD", "field 'Description' can not be filtered"),
    ("SELECT Id FROM EmailMessage WHERE HtmlBody LIKE 'x'", "INVALID_FIELD", "'HtmlBody' can not be filtered"),
    ("SELECT Id FROM Task ORDER BY Description", "MALFORMED_QUERY", "can not be sorted"),
    ("SELECT Id FROM Account WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: x"),
    ("SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD", "must be of type string and should be enclosed"),
    ("SELECT Id FROM Account WHERE IsDeleted = 'true'", "INVALID_FIELD", "must be of type boolean"),
    ("SELECT Id FROM Account WHERE AnnualRevenue = '5'", "INVALID_FIELD", "must be of type double"),
    ("SELECT Id FROM Account WHERE CreatedDate = '2026-01-01'", "INVALID_FIELD", "must be of type dateTime"),
    ("SELECT Id FROM Account WHERE CreatedDate > 2026-01-01", "INVALID_FIELD", "must be of type dateTime"),
    ("SELECT Id FROM Task WHERE ActivityDate = 2026-01-01T00:00:00Z", "INVALID_FIELD", "must be of type date"),
    ("SELECT Id FROM Task WHERE ActivityDate = 2026-13-01", "MALFORMED_QUERY", "invalid date value"),
    ("SELECT Id FROM Account WHERE Name = TODAY", "INVALID_FIELD", "must be of type string"),
    (
        "SELECT Id FROM Account WHERE Id LIKE '001%'",
        "INVALID_QUERY_FILTER_OPERATOR",
        "invalid operator on id field",
    ),
    ("SELECT Id FROM Account WHERE IsDeleted > false", "INVALID_QUERY_FILTER_OPERATOR", "on boolean field"),
    ("SELECT Id FROM Account WHERE Name INCLUDES ('a')", "INVALID_QUERY_FILTER_OPERATOR", "on string field"),
    ("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000"),
    ("SELECT FIELDS(ALL) FROM Account LIMIT 201", "MALFORMED_QUERY", "LIMIT of at most 200"),
    ("SELECT Id FROM Account USING SCOPE nothing", "INVALID_QUERY_SCOPE", "invalid query scope"),
    ("SELECT COUNT() FROM Account ORDER BY Name", "MALFORMED_QUERY", "cannot be ordered"),
    (
        "SELECT Id FROM Account WHERE Name = 'a' OR Id IN (SELECT AccountId FROM Contact)",
        "MALFORMED_QUERY",
        "not allowed with the 'OR' operator",
    ),
    (
        "SELECT Id FROM Account WHERE Name = 'a' AND (Name = 'b' AND Id IN (SELECT AccountId FROM Contact))",
        "MALFORMED_QUERY",
        "only allowed at the top level",
    ),
    (
        "SELECT Id FROM Account WHERE NOT Id IN (SELECT AccountId FROM Contact)",
        "MALFORMED_QUERY",
        "not allowed with the 'NOT' operator",
    ),
    (
        "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE Id IN (SELECT WhoId FROM Task))",
        "MALFORMED_QUERY",
        "Nesting of semi join",
    ),
    (
        "SELECT Id FROM Account WHERE Id IN (SELECT OwnerId FROM Contact)",
        "MALFORMED_QUERY",
        "should point to the same object type",
    ),
    ("SELECT Id FROM Account WHERE Id IN (SELECT Name FROM Contact)", "MALFORMED_QUERY", "an id or a reference"),
    ("SELECT Id FROM ContentDocumentLink", "MALFORMED_QUERY", "Implementation restriction"),
    (
        "SELECT ReportsTo.ReportsTo.ReportsTo.ReportsTo.ReportsTo.ReportsTo.Name FROM Contact",
        "MALFORMED_QUERY",
        "No more than 5 levels",
    ),
]


@pytest.mark.parametrize(("soql", "code", "sentence"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refusals(company: Company, soql: str, code: str, sentence: str) -> None:
    refused = refusal(company.org.query, company.integration, soql)
    assert (refused.code, sentence in refused.message) == (code, True), refused.message


def test_a_hidden_field_is_no_field(world: Company) -> None:
    world.org.hide_field("Contact", "Email", user=world.ann)
    for soql in (
        "SELECT Email FROM Contact",
        "SELECT Id FROM Contact WHERE Email = 'a'",
        "SELECT Id FROM Contact ORDER BY Email",
    ):
        refused = refusal(world.org.query, world.ann, soql)
        assert refused.code == "INVALID_FIELD"
        assert "No such column 'Email' on entity 'Contact'" in refused.message
        world.org.query(world.bob, soql)
    world.org.show_field("Contact", "Email", user=world.ann)
    world.org.query(world.ann, "SELECT Email FROM Contact")


def test_without_an_order_rows_may_come_in_any(world: Company) -> None:
    for number in range(30):
        world.add("Lead", LastName=f"L{number:02}", Company="Many")
    plain = world.values("SELECT LastName FROM Lead WHERE Company = 'Many'")
    world.org.switches.turn(UNORDERED.name, True)
    shuffled = world.values("SELECT LastName FROM Lead WHERE Company = 'Many'")
    assert shuffled != plain
    assert sorted(shuffled) == sorted(plain)
    assert world.values("SELECT LastName FROM Lead WHERE Company = 'Many' ORDER BY LastName") == sorted(plain)


def test_a_semi_join_on_an_owner_of_several_kinds(world: Company) -> None:
    soql = "SELECT Id FROM Task WHERE OwnerId IN (SELECT Id FROM User WHERE Email = 'sync@acme.test')"
    assert len(world.values(soql)) == 3
    world.org.switches.turn(POLYMORPHIC_SEMI_JOIN.name, False)
    assert refusal(world.records, soql).code == "MALFORMED_QUERY"
    plain = "SELECT Id FROM Contact WHERE OwnerId IN (SELECT Id FROM User WHERE Email = 'sync@acme.test')"
    assert len(world.values(plain)) == 3


def test_a_semi_join_in_parentheses(world: Company) -> None:
    inner = "Id IN (SELECT AccountId FROM Contact)"
    soql = f"SELECT Name FROM Account WHERE Industry = 'Media' AND (Name != null AND {inner})"
    assert "only allowed at the top level" in refusal(world.records, soql).message
    world.org.switches.turn(SEMI_JOIN_IN_PARENTHESES.name, True)
    assert world.values(soql) == ["Globex"]
    either = f"SELECT Name FROM Account WHERE Industry = 'Media' AND (Name = null OR {inner})"
    assert "only allowed at the top level" in refusal(world.records, either).message


def test_ids_of_either_length_are_the_same_id(world: Company) -> None:
    (account,) = world.values("SELECT Id FROM Account WHERE Name = 'Globex'")
    assert len(account) == 18
    for written in (account, account[:15]):
        assert world.values(f"SELECT Name FROM Account WHERE Id = '{written}'") == ["Globex"]
        assert world.values(f"SELECT LastName FROM Contact WHERE AccountId IN ('{written}')") == ["Marsh"]
        assert len(world.values(f"SELECT Name FROM Account WHERE Id != '{written}'")) == 2
    other = account[:15].swapcase()
    assert world.values(f"SELECT Name FROM Account WHERE Id = '{other}'") == [], "letters' case tells ids apart"


def test_what_is_escaped_in_like_is_meant_itself(company: Company) -> None:
    for name in ("a_b", "axb", "a\\b", "a\\\\b", "100%", "1000"):
        company.add("Account", Name=name)
    soql = "SELECT Name FROM Account WHERE Name LIKE '{}' ORDER BY Name"
    assert company.values(soql.format(r"a\_b")) == ["a_b"]
    assert company.values(soql.format(r"100\%")) == ["100%"]
    assert company.values(soql.format(r"a\\_")) == ["a\\b"], "a backslash, and any letter"
    assert company.values(soql.format("a_b")) == ["a\\b", "a_b", "axb"]
