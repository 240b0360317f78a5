"""Pages of a query, and how long their locators live."""

import pickle
import re
from typing import Any

import pytest

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.soql.cursors import LOCATORS_KEPT
from sandbox.salesforce.soql.engine import SHORT_CHILD_PAGES, SHORT_PAGES
from tests.unit.sandbox.salesforce.conftest import Company, refusal

SOQL = "SELECT Id, Name FROM Account ORDER BY Name"


@pytest.fixture
def many(company: Company) -> Company:
    for number in range(501):
        company.add("Account", Name=f"Account {number:04}")
    return company


def test_pages(many: Company) -> None:
    org, user = many.org, many.integration
    first = org.query(user, SOQL, batch_size=200)
    assert (first.total_size, first.done, len(first.records)) == (501, False, 200)
    assert re.fullmatch(r"01g[0-9A-Za-z]{15}-200", first.locator or "")
    second = org.query_more(user, first.locator or "")
    assert (second.total_size, second.done, len(second.records)) == (501, False, 200)
    assert (second.locator or "").endswith("-400")
    third = org.query_more(user, second.locator or "")
    assert (third.total_size, third.done, len(third.records), third.locator) == (501, True, 101, None)
    names = [record["Name"] for page in (first, second, third) for record in page.records]
    assert names == [f"Account {number:04}" for number in range(501)]


def test_the_last_full_page_is_the_last(many: Company) -> None:
    first = many.org.query(many.integration, f"{SOQL} LIMIT 400", batch_size=200)
    last = many.org.query_more(many.integration, first.locator or "")
    assert (last.total_size, last.done, len(last.records), last.locator) == (400, True, 200, None)


@pytest.mark.parametrize(("asked", "given"), [(1, 200), (200, 200), (300, 300), (2000, 501), (9999, 501)])
def test_batch_sizes_are_bounded(many: Company, asked: int, given: int) -> None:
    assert len(many.org.query(many.integration, SOQL, batch_size=asked).records) == given


def test_a_page_can_be_read_again(many: Company) -> None:
    locator = many.org.query(many.integration, SOQL, batch_size=200).locator or ""
    assert many.org.query_more(many.integration, locator) == many.org.query_more(many.integration, locator)


def test_a_cursor_keeps_what_it_saw(many: Company) -> None:
    locator = many.org.query(many.integration, SOQL, batch_size=200).locator or ""
    doomed = many.values("SELECT Id FROM Account WHERE Name = 'Account 0300'")[0]
    many.org.delete(many.integration, doomed)
    many.add("Account", Name="Account 0299b")
    page = many.org.query_more(many.integration, locator)
    assert [record["Name"] for record in page.records] == [f"Account {number:04}" for number in range(200, 400)]


def test_locators_expire_after_two_days(many: Company) -> None:
    locator = many.org.query(many.integration, SOQL, batch_size=200).locator or ""
    many.later(hours=47, minutes=59)
    many.org.query_more(many.integration, locator)
    many.later(minutes=1)
    assert refusal(many.org.query_more, many.integration, locator).code == "INVALID_QUERY_LOCATOR"


@pytest.mark.parametrize("locator", ["", "01g000000000000AAA-2000", "nonsense", "{own}-x", "{own}"])
def test_unknown_locators(many: Company, locator: str) -> None:
    own = (many.org.query(many.integration, SOQL, batch_size=200).locator or "").partition("-")[0]
    refused = refusal(many.org.query_more, many.integration, locator.format(own=own))
    assert refused.code == "INVALID_QUERY_LOCATOR"


def test_a_locator_is_its_users_own(many: Company) -> None:
    locator = many.org.query(many.integration, SOQL, batch_size=200).locator or ""
    assert refusal(many.org.query_more, many.ann, locator).code == "INVALID_QUERY_LOCATOR"


def test_too_many_locators_push_out_the_oldest(many: Company) -> None:
    def opened() -> str:
        return many.org.query(many.integration, SOQL, batch_size=200).locator or ""

    first = opened()
    others = [opened() for _ in range(LOCATORS_KEPT)]
    assert refusal(many.org.query_more, many.integration, first).code == "INVALID_QUERY_LOCATOR"
    for locator in others:
        many.org.query_more(many.integration, locator)


def test_wide_rows_may_make_short_pages(many: Company) -> None:
    wide = "SELECT Id, Description FROM Account"
    assert len(many.org.query(many.integration, wide).records) == 501
    many.org.switches.turn(SHORT_PAGES.name, True)
    assert len(many.org.query(many.integration, wide).records) == 200
    assert len(many.values(wide)) == 501


def test_grouped_queries_have_one_page(many: Company) -> None:
    for number in range(501, 2001):
        many.add("Account", Name=f"Account {number:04}")
    with pytest.raises(SalesforceError, match="EXCEEDED_ID_LIMIT"):
        many.org.query(many.integration, "SELECT Name, COUNT(Id) FROM Account GROUP BY Name")
    page = many.org.query(many.integration, "SELECT Name, COUNT(Id) FROM Account GROUP BY Name LIMIT 2000")
    assert (page.total_size, page.locator) == (2000, None)


def test_an_org_with_open_cursors_can_be_put_aside(many: Company) -> None:
    locator = many.org.query(many.integration, SOQL, batch_size=200).locator or ""
    again = pickle.loads(pickle.dumps(many.org))
    assert again.query_more(many.integration, locator) == many.org.query_more(many.integration, locator)


@pytest.fixture
def family(company: Company) -> Company:
    """An account with 450 contacts, the first of which has 250 cases."""
    account = company.add("Account", Name="Large")
    first = company.add("Contact", LastName="0000", AccountId=account)
    for number in range(1, 450):
        company.add("Contact", LastName=f"{number:04}", AccountId=account)
    for number in range(250):
        company.add("Case", Subject=f"{number:04}", ContactId=first)
    return company


CHILDREN = (
    "SELECT Name, (SELECT LastName, (SELECT Subject FROM Cases ORDER BY Subject) FROM Contacts ORDER BY LastName) "
    "FROM Account"
)


def locator_of(page: dict[str, Any]) -> str:
    address = page["nextRecordsUrl"]
    assert isinstance(address, str)
    assert address.startswith("/services/data/v67.0/query/01g")
    return address.rpartition("/")[2]


def test_children_have_pages_of_their_own(family: Company) -> None:
    org, user = family.org, family.integration
    (account,) = org.query(user, CHILDREN, batch_size=200).records
    contacts = account["Contacts"]
    assert (contacts["totalSize"], contacts["done"], len(contacts["records"])) == (450, False, 200)
    second = org.query_more(user, locator_of(contacts))
    assert (second.total_size, second.done, len(second.records)) == (450, False, 200)
    third = org.query_more(user, second.locator or "")
    assert (third.done, third.locator) == (True, None)
    names = [one["LastName"] for one in (*contacts["records"], *second.records, *third.records)]
    assert names == [f"{number:04}" for number in range(450)]
    cases = contacts["records"][0]["Cases"]
    assert (cases["totalSize"], len(cases["records"])) == (250, 200)
    rest = org.query_more(user, locator_of(cases))
    assert ([one["Subject"] for one in rest.records], rest.done) == ([f"{n:04}" for n in range(200, 250)], True)


def test_children_fill_the_page_the_query_asked_for_unless_the_vendor_cuts_it(family: Company) -> None:
    def shown() -> int:
        (account,) = family.org.query(family.integration, CHILDREN).records
        return len(account["Contacts"]["records"])

    assert shown() == 450
    family.org.switches.turn(SHORT_CHILD_PAGES.name, True)
    assert shown() == 200


def test_childrens_locators_push_out_no_query(family: Company, many: Company) -> None:
    org, user = family.org, family.integration
    first = org.query(user, SOQL, batch_size=200).locator or ""
    for _ in range(LOCATORS_KEPT + 1):
        org.query(user, f"{CHILDREN} WHERE Name = 'Large'", batch_size=200)
    org.query_more(user, first)


def test_children_are_five_levels_deep_at_most(company: Company) -> None:
    soql = "SELECT Id FROM ChildAccounts"
    for _ in range(3):
        soql = f"SELECT Id, ({soql}) FROM ChildAccounts"
    company.records(f"SELECT Id, ({soql}) FROM Account")
    refused = refusal(company.records, f"SELECT Id, (SELECT Id, ({soql}) FROM ChildAccounts) FROM Account")
    assert "up to 5 levels" in refused.message
