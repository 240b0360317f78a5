"""Functions of fields, subtotals, scopes and what else a query may ask beyond plain fields."""

from typing import Any

import pytest

from sandbox.salesforce.soql.dates import Calendar, resolve
from tests.unit.sandbox.salesforce.conftest import START, Company, refusal


@pytest.fixture
def sales(company: Company) -> Company:
    """Deals of two accounts in two stages."""
    globex = company.add("Account", Name="Globex", Industry="Media", Type="Prospect", BillingCity="Berlin")
    initech = company.add("Account", Name="Initech", Industry="Media", ParentId=globex, OwnerId=company.ann)
    company.change("Account", globex, BillingLatitude=52.52, BillingLongitude=13.405)
    company.change("Account", initech, BillingLatitude=48.137, BillingLongitude=11.575)
    for name, account, stage, amount, closes in (
        ("a", globex, "Prospecting", 100, "2026-01-31"),
        ("b", globex, "Closed Won", 20, "2026-04-01"),
        ("c", initech, "Prospecting", 3, "2026-12-31"),
    ):
        company.add("Opportunity", Name=name, AccountId=account, StageName=stage, CloseDate=closes, Amount=amount)
    return company


def test_rollup_sums_up_from_the_right(sales: Company) -> None:
    soql = (
        "SELECT Account.Name a, StageName s, SUM(Amount) m, GROUPING(StageName) g FROM Opportunity "
        "GROUP BY ROLLUP(Account.Name, StageName) ORDER BY Account.Name NULLS LAST, StageName NULLS LAST"
    )
    assert [tuple(row.values()) for row in sales.records(soql)] == [
        ("Globex", "Prospecting", 100.0, 0),
        ("Globex", "Closed Won", 20.0, 0),
        ("Globex", None, 120.0, 1),
        ("Initech", "Prospecting", 3.0, 0),
        ("Initech", None, 3.0, 1),
        (None, None, 123.0, 1),
    ]


def test_cube_sums_up_over_any(sales: Company) -> None:
    rows = sales.records(
        "SELECT Account.Name a, StageName s, COUNT(Id) n FROM Opportunity GROUP BY CUBE(Account.Name, StageName) "
        "HAVING COUNT(Id) > 1 AND GROUPING(Account.Name) = 1"
    )
    assert sorted(map(str, rows)) == sorted(
        map(str, [{"a": None, "s": "Prospecting", "n": 2}, {"a": None, "s": None, "n": 3}])
    )
    assert sales.records("SELECT StageName FROM Opportunity WHERE Name = 'z' GROUP BY CUBE(StageName)") == []


def test_least_and_most_of_a_picklist_go_by_its_order(sales: Company) -> None:
    soql = "SELECT MIN(StageName), MAX(StageName) FROM Opportunity"
    assert sales.records(soql) == [{"expr0": "Prospecting", "expr1": "Closed Won"}]


@pytest.mark.parametrize(
    ("soql", "values"),
    [
        ("SELECT FORMAT(Amount) FROM Opportunity WHERE Name = 'a'", ["€100.00"]),
        ("SELECT FORMAT(Amount) f, Amount FROM Opportunity WHERE Name = 'a'", ["€100.00"]),
        ("SELECT FORMAT(CloseDate) FROM Opportunity WHERE Name = 'b'", ["4/1/2026"]),
        ("SELECT FORMAT(CreatedDate) FROM Opportunity WHERE Name = 'b'", ["11/20/2026, 11:00 AM"]),
        ("SELECT FORMAT(MIN(CloseDate)) earliest FROM Opportunity", ["1/31/2026"]),
        ("SELECT FORMAT(SUM(Amount)) FROM Opportunity", ["123.00"]),
        ("SELECT toLabel(StageName) s FROM Opportunity WHERE toLabel(StageName) = 'Closed Won'", ["Closed Won"]),
        ("SELECT toLabel(Account.Industry) FROM Opportunity WHERE Name = 'a'", [{"Industry": "Media"}]),
        ("SELECT COUNT() FROM Contact", []),
        ("SELECT o.Name FROM Opportunity o, o.Account a, a.Owner u WHERE u.Name = 'Ann Archer'", ["c"]),
        ("SELECT Name FROM Opportunity WHERE Account.Parent.Name = 'Globex'", ["c"]),
        (
            "SELECT Name FROM Account WHERE DISTANCE(BillingAddress, GEOLOCATION(52.5, 13.4), 'km') < 10",
            ["Globex"],
        ),
        (
            "SELECT Name FROM Account WHERE DISTANCE(BillingAddress, GEOLOCATION(52.5, 13.4), 'mi') > 310",
            ["Initech"],
        ),
        (
            "SELECT Name FROM Account ORDER BY DISTANCE(BillingAddress, GEOLOCATION(48, 11), 'km')",
            ["Initech", "Globex"],
        ),
        ("SELECT Name FROM Account WHERE Name LIKE 'In\\_tech'", []),
    ],
)
def test_values(sales: Company, soql: str, values: list[Any]) -> None:
    assert sales.values(soql) == values


def test_a_distance_is_a_column(sales: Company) -> None:
    soql = (
        "SELECT Name, DISTANCE(BillingAddress, GEOLOCATION(48.137, 11.575), 'km') FROM Account WHERE Name = '{}'"
    )
    (near,), (far,) = (sales.records(soql.format(name)) for name in ("Initech", "Globex"))
    assert near == {"Name": "Initech", "expr0": 0.0}
    assert far["expr0"] == pytest.approx(504, abs=2), "Berlin to Munich"


def test_other_locales_write_otherwise(sales: Company) -> None:
    sales.change("User", sales.ann, LocaleSidKey="de_DE")
    soql = "SELECT FORMAT(Amount) a, FORMAT(CloseDate) d, FORMAT(CreatedDate) c FROM Opportunity WHERE Name = 'a'"
    (row,) = sales.records(soql, user=sales.ann)
    assert row == {"a": "100,00\u00a0€", "d": "31.01.2026", "c": "20.11.2026, 11:00"}


def test_money_in_several_currencies(sales: Company) -> None:
    plain = "SELECT Id FROM Opportunity"
    single = refusal(sales.records, "SELECT convertCurrency(Amount) FROM Opportunity")
    assert "multiple currencies" in single.message
    assert "invalid currency value" in refusal(sales.records, f"{plain} WHERE Amount > USD5").message
    sales.org.setup.currencies({"USD": 1.25})
    sales.change("Opportunity", sales.values(f"{plain} WHERE Name = 'a'")[0], CurrencyIsoCode="USD")
    sales.change("User", sales.ann, DefaultCurrencyIsoCode="USD")
    soql = "SELECT Amount, convertCurrency(Amount) own, FORMAT(Amount) f FROM Opportunity WHERE Name IN ('a', 'b')"
    assert sales.records(f"{soql} ORDER BY Name", user=sales.ann) == [
        {"Amount": 100.0, "own": 100.0, "f": "USD 100.00"},
        {"Amount": 20.0, "own": 25.0, "f": "EUR 20.00"},
    ]
    assert sales.values("SELECT Name FROM Opportunity WHERE Amount >= USD25 ORDER BY Name") == ["a", "b"]
    assert sales.values("SELECT Name FROM Opportunity WHERE Amount IN (EUR80, usd25) ORDER BY Name") == ["a", "b"]
    assert sales.values("SELECT SUM(Amount) FROM Opportunity") == [103.0], "in the corporate currency"
    assert "cannot be mixed" in refusal(sales.records, f"{plain} WHERE Amount IN (USD5, 5)").message
    assert "invalid currency" in refusal(sales.records, f"{plain} WHERE Amount > XXX5").message
    assert sales.values("SELECT IsoCode FROM CurrencyType ORDER BY IsoCode") == ["EUR", "USD"]
    added = sales.add("Account", Name="New")
    assert sales.row("Account", added)["CurrencyIsoCode"] == "EUR"


def test_fiscal_years_are_a_fact_of_the_org(sales: Company) -> None:
    soql = "SELECT Name FROM Opportunity WHERE CloseDate = THIS_FISCAL_YEAR ORDER BY Name"
    years = "SELECT FISCAL_YEAR(CloseDate) y, COUNT(Id) FROM Opportunity GROUP BY FISCAL_YEAR(CloseDate)"
    assert sales.values(soql) == ["a", "b", "c"]
    assert sales.values(years) == [2026]
    sales.org.setup.fiscal_year(4)
    assert sales.values(soql) == ["b", "c"]
    assert sales.values(f"{years} ORDER BY FISCAL_YEAR(CloseDate)") == [2026, 2027]
    quarters = "SELECT Name FROM Opportunity WHERE FISCAL_QUARTER(CloseDate) = {}"
    assert [sales.values(quarters.format(number)) for number in (1, 3, 4)] == [["b"], ["c"], ["a"]]
    deal = sales.values("SELECT Id FROM Opportunity WHERE Name = 'a'")[0]
    sales.change("Opportunity", deal, CloseDate="2026-04-02")
    assert sales.row("Opportunity", deal)["Fiscal"] == "2027 1"
    sales.change("Opportunity", deal, CloseDate="2026-01-31")
    sales.org.setup.fiscal_year(4, named_by_start=True)
    assert sales.values(f"{years} ORDER BY FISCAL_YEAR(CloseDate)") == [2025, 2026]


@pytest.mark.parametrize(
    ("literal", "number", "month", "first", "end"),
    [
        ("THIS_FISCAL_YEAR", 0, 12, "2025-12-01", "2026-12-01"),
        ("LAST_FISCAL_QUARTER", 0, 2, "2026-08-01", "2026-11-01"),
        ("NEXT_N_FISCAL_QUARTERS", 2, 7, "2027-01-01", "2027-07-01"),
        ("N_FISCAL_YEARS_AGO", 1, 7, "2025-07-01", "2026-07-01"),
        ("THIS_QUARTER", 0, 7, "2026-10-01", "2027-01-01"),
    ],
)
def test_fiscal_spans(literal: str, number: int, month: int, first: str, end: str) -> None:
    span = resolve(literal, number, START.date(), Calendar(fiscal_start=month))
    assert (span.first.isoformat(), span.end.isoformat()) == (first, end)


def test_a_week_begins_where_the_user_lives(company: Company) -> None:
    company.add("Task", Subject="Sunday", ActivityDate="2026-11-15")
    soql = "SELECT Subject FROM Task WHERE ActivityDate = THIS_WEEK"
    assert company.values(soql) == ["Sunday"]
    company.change("User", company.ann, LocaleSidKey="de_DE")
    assert company.values(soql, user=company.ann) == []


def test_scopes(company: Company) -> None:
    own = company.add("Task", Subject="own")
    company.add("Task", Subject="given away", OwnerId=company.bob)
    company.org.insert(company.ann, "Task", {"Subject": "hers"})
    soql = "SELECT Subject FROM Task USING SCOPE {} ORDER BY Subject"
    assert company.values(soql.format("Mine")) == ["own"]
    assert company.values(soql.format("delegated")) == ["given away"]
    assert company.values(soql.format("everything")) == ["given away", "hers", "own"]
    assert company.values(soql.format("mine"), user=company.bob) == ["given away"]
    assert company.values(soql.format("mru")) == []
    company.records(f"SELECT Id FROM Task WHERE Id = '{own}' FOR VIEW")
    assert company.values(soql.format("mru")) == ["own"]
    assert company.values(soql.format("mru"), user=company.ann) == []
    for name in ("my_team_territory", "team_by_role", "mine_and_my_groups", "nonsense"):
        assert refusal(company.records, soql.format(name)).code == "INVALID_QUERY_SCOPE"


def test_a_team_is_who_stands_below(company: Company) -> None:
    boss = company.add("UserRole", Name="Boss", DeveloperName="Boss")
    staff = company.add("UserRole", Name="Staff", DeveloperName="Staff", ParentRoleId=boss)
    company.change("User", company.ann, UserRoleId=boss)
    company.change("User", company.bob, UserRoleId=staff)
    for user, subject in ((company.ann, "hers"), (company.bob, "his"), (company.integration, "other")):
        company.add("Task", Subject=subject, OwnerId=user)
    soql = "SELECT Subject FROM Task USING SCOPE team ORDER BY Subject"
    assert company.values(soql, user=company.ann) == ["hers", "his"]
    assert company.values(soql, user=company.bob) == ["his"]
    by_role = "SELECT Subject FROM Task WHERE Owner.UserRole.Name = 'Staff'"
    assert company.values(by_role) == ["his"]


def test_a_queue_owns_too(company: Company) -> None:
    queue = company.add("Group", Name="Inbound", Type="Queue")
    company.add("QueueSobject", QueueId=queue, SobjectType="Case")
    company.add("Case", Subject="waits", OwnerId=queue)
    company.add("Case", Subject="taken")
    soql = "SELECT Subject FROM Case {}"
    assert company.values(soql.format("USING SCOPE queue_owned")) == ["waits"]
    assert company.values(soql.format("USING SCOPE user_owned")) == ["taken"]
    assert company.values(soql.format("USING SCOPE genericteam")) == []
    assert company.values(soql.format("WHERE Owner.Type = 'Queue'")) == ["waits"]
    assert company.records(
        "SELECT TYPEOF Owner WHEN Group THEN Type ELSE Name END FROM Case ORDER BY Subject"
    ) == [
        {"Owner": {"Name": "Sync User"}},
        {"Owner": {"Type": "Queue"}},
    ]


def test_looking_is_remembered_for_who_looked(company: Company) -> None:
    company.add("Account", Name="Globex")
    seen = "SELECT LastViewedDate, LastReferencedDate FROM Account"
    company.records("SELECT Id FROM Account FOR REFERENCE")
    assert company.records(seen) == [
        {"LastViewedDate": None, "LastReferencedDate": "2026-11-20T10:00:00.000+0000"}
    ]
    company.later(hours=1)
    company.records("SELECT Id FROM Account FOR VIEW")
    assert company.values(f"{seen} WHERE LastViewedDate > 2026-11-20T10:30:00Z") == [
        "2026-11-20T11:00:00.000+0000"
    ]
    assert company.values(seen, user=company.ann) == [None]


def test_the_name_of_an_owner_leads_on(company: Company) -> None:
    company.add("Task", Subject="a")
    soql = "SELECT Owner.Profile.Name FROM Task WHERE Owner.Profile.Name LIKE 'System%'"
    assert company.values(soql) == [{"Profile": {"Name": "System Administrator"}}]


REFUSED = [
    ("SELECT Id FROM Account, Contact", "Only one object"),
    ("SELECT a.Id FROM Account a, a.Contacts c", "Didn't understand relationship 'Contacts'"),
    ("SELECT JigsawContact.Name FROM Contact", "Didn't understand relationship 'JigsawContact'"),
    ("SELECT Owner.Nobody.Name FROM Task", "Didn't understand relationship 'Nobody'"),
    ("SELECT CALENDAR_YEAR(CreatedDate) FROM Account", "CALENDAR_YEAR is not supported here"),
    ("SELECT convertTimezone(CreatedDate) FROM Account", "CONVERTTIMEZONE is not supported here"),
    ("SELECT Id FROM Account WHERE convertCurrency(AnnualRevenue) > 1", "can only be selected"),
    ("SELECT Id FROM Account WHERE CALENDAR_YEAR(Name) = 1", "does not support function CALENDAR_YEAR"),
    ("SELECT Id FROM Opportunity WHERE HOUR_IN_DAY(CloseDate) = 1", "does not support function HOUR_IN_DAY"),
    ("SELECT Id FROM Account WHERE COUNT(Id) > 1", "Aggregate expressions are not allowed"),
    ("SELECT Industry FROM Account GROUP BY ROLLUP(Industry, Type, Rating, Name)", "at most 3 fields"),
    ("SELECT GROUPING(Industry) FROM Account GROUP BY Industry", "GROUPING takes a field of GROUP BY ROLLUP"),
    (
        "SELECT COUNT(Id) FROM Account GROUP BY Name ORDER BY Type",
        "Ordered field must be grouped or aggregated: Type",
    ),
    ("SELECT COUNT() FROM Account GROUP BY Name", "cannot use COUNT() without a field"),
    ("SELECT DISTANCE(Name, GEOLOCATION(1, 1), 'km') FROM Account", "does not support function DISTANCE"),
    ("SELECT DISTANCE(BillingAddress, GEOLOCATION(1, 1), 'm') FROM Account", "Invalid unit"),
    ("SELECT DISTANCE(BillingAddress, GEOLOCATION(91, 1), 'km') FROM Account", "Invalid latitude"),
    ("SELECT Id FROM Account WHERE DISTANCE(BillingAddress, GEOLOCATION(1, 1), 'km') = 1", "only be compared by"),
    ("SELECT Id FROM Account WHERE Name = 12:30:00Z", "must be of type string"),
    ("SELECT Id FROM Account WITH DATA CATEGORY A__c AT b__c", "only supported on knowledge articles"),
    ("SELECT Id FROM Account UPDATE VIEWSTAT", "only supported on knowledge articles"),
    ("SELECT Id FROM Account WHERE Id IN (SELECT ParentId FROM Account)", "should not be on the same object type"),
    (
        "SELECT Id FROM Contact WHERE Id IN (SELECT WhoId FROM Task)",
        "Entity 'Task' is not supported",
    ),
    (
        "SELECT Id FROM Account WHERE Id IN (SELECT Account.Id FROM Contact)",
        "through a relationship",
    ),
    (f"SELECT Id FROM Account ORDER BY {', '.join(['Name'] * 33)}", "at most 32 fields"),
]


@pytest.mark.parametrize(("soql", "sentence"), REFUSED, ids=[soql[:70] for soql, _ in REFUSED])
def test_refusals(company: Company, soql: str, sentence: str) -> None:
    assert sentence in refusal(company.records, soql).message


def test_activities_of_too_many_people_are_too_much_for_who_does_not_see_all(company: Company) -> None:
    for number in range(4):
        who = company.add("Contact", LastName=f"N{number}")
        company.add("Task", Subject=f"T{number}", WhoId=who)
    soql = "SELECT Subject FROM Task"
    company.org.queries.most_distinct = 3
    refused = refusal(company.records, soql, user=company.ann)
    assert (refused.code, refused.message) == ("OPERATION_TOO_LARGE", "exceeded 3 distinct who/what's")
    assert len(company.values(soql)) == 4, "who sees everything is not checked"
    task = company.values("SELECT Id FROM Task")[0]
    assert len(company.values(f"{soql} WHERE Id = '{task}'", user=company.ann)) == 1, "nor who asks for few"
