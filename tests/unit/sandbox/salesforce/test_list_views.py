"""List views: the query a view stands for, and who finds what in it."""

import pickle
from typing import Any

import pytest

from sandbox.salesforce.listviews import Definition, condition_of
from tests.unit.sandbox.salesforce.conftest import Company, refusal

MINE = Definition(("Name", "Account.Name", "LeadSource", "Email"), "Email != null", "mine", "Name")


@pytest.fixture
def views(company: Company) -> Company:
    company.add("Contact", LastName="Mine", Email="mine@x.test")
    company.add("Contact", LastName="Hers", Email="hers@x.test", OwnerId=company.ann)
    company.add("Contact", LastName="Bare")
    return company


def define(company: Company, name: str, definition: Definition) -> str:
    return company.org.list_views.define(company.integration, "Contact", name, name.title(), definition)


def rows(company: Company, view_id: str, user: str) -> list[Any]:
    view = company.org.list_views.view(user, "Contact", view_id)
    return [row["Name"] for row in company.org.list_views.results(user, view, 25, 0)]


def test_my_rows_are_the_running_users(views: Company) -> None:
    mine, every = define(views, "Mine", MINE), define(views, "Every", Definition(("Name",), order="Name DESC"))
    assert rows(views, mine, views.integration) == ["Mine"]
    assert rows(views, mine, views.ann) == ["Hers"]
    assert rows(views, mine, views.bob) == []
    assert rows(views, every, views.bob) == ["Mine", "Hers", "Bare"]
    assert rows(views, "every", views.bob) == ["Mine", "Hers", "Bare"], "by its name too"


def test_a_view_stands_for_a_query(views: Company) -> None:
    view = views.org.list_views.view(views.ann, "contact", define(views, "Mine", MINE))
    assert view.soql == (
        "SELECT Name, Account.Name, toLabel(LeadSource), Email, Id, CreatedDate, LastModifiedDate, SystemModstamp "
        "FROM Contact USING SCOPE mine WHERE Email != null ORDER BY Name ASC NULLS FIRST, Id ASC NULLS FIRST"
    )
    assert views.records(view.soql, user=views.ann)[0]["Name"] == "Hers"


def test_a_hidden_field_is_no_column(views: Company) -> None:
    view_id = define(views, "Every", Definition(("Name", "Phone", "Account.Name")))
    views.org.hide_field("Contact", "Phone", user=views.ann)
    view = views.org.list_views.view(views.ann, "Contact", view_id)
    assert [name for name, _, hidden in view.columns if not hidden] == ["Name", "Account.Name"]
    views.org.hide_field("Contact", "AccountId", user=views.ann)
    view = views.org.list_views.view(views.ann, "Contact", view_id)
    assert [name for name, _, hidden in view.columns if not hidden] == ["Name"]


def test_a_view_must_be_a_query_that_runs(views: Company) -> None:
    assert refusal(define, views, "Bad", Definition(("Name",), "Nope = 1")).code == "INVALID_FIELD"
    with pytest.raises(ValueError, match="no sub-select"):
        define(views, "Bad", Definition(("Name",), "Id IN (SELECT ContactId FROM Case)"))
    assert views.org.list_views.of_object("Contact") == []


def test_views_belong_to_one_object(views: Company) -> None:
    view_id = define(views, "Every", Definition(("Name",)))
    assert [row["Id"] for row in views.org.list_views.of_object("Contact")] == [view_id]
    assert views.org.list_views.of_object("Lead") == []
    assert refusal(views.org.list_views.view, views.ann, "Lead", view_id).status == 404
    assert refusal(views.org.list_views.view, views.ann, "Contact", "nonsense").status == 404
    assert views.values("SELECT DeveloperName FROM ListView WHERE SobjectType = 'Contact'") == ["Every"]


def test_who_looked_at_a_view_finds_it_again(views: Company) -> None:
    first, second = define(views, "A", Definition(("Name",))), define(views, "B", Definition(("Name",)))
    rows(views, first, views.ann)
    views.later(minutes=1)
    rows(views, second, views.ann)
    assert [row["Id"] for row in views.org.list_views.recent(views.ann, "Contact")] == [second, first]
    assert views.org.list_views.recent(views.bob, "Contact") == []


def test_a_search_may_stay_within_a_view(views: Company) -> None:
    define(views, "Mine", MINE)
    sosl = "FIND {x.test} IN EMAIL FIELDS RETURNING Contact(Name USING LISTVIEW = Mine)"
    assert [row["Name"] for row in views.org.search(views.ann, sosl)] == ["Hers"]


def test_views_outlive_the_process(views: Company) -> None:
    view_id = define(views, "Mine", MINE)
    again = pickle.loads(pickle.dumps(views.org))
    assert again.list_views.view(views.ann, "Contact", view_id).definition == MINE


@pytest.mark.parametrize(
    ("where", "condition"),
    [
        ("Name = 'it\\'s'", {"field": "Name", "operator": "equals", "values": ["'it\\'s'"]}),
        (
            "CreatedDate = LAST_N_DAYS:3",
            {"field": "CreatedDate", "operator": "equals", "values": ["LAST_N_DAYS:3"]},
        ),
        (
            "IsDeleted = FALSE AND Name IN ('a', null)",
            {
                "conditions": [
                    {"field": "IsDeleted", "operator": "equals", "values": ["false"]},
                    {"field": "Name", "operator": "in", "values": ["'a'", "null"]},
                ],
                "conjunction": "and",
            },
        ),
        (
            "NOT Name LIKE 'a\\_%'",
            {"condition": {"field": "Name", "operator": "like", "values": ["'a\\_%'"]}},
        ),
    ],
)
def test_conditions_in_the_words_of_the_description(where: str, condition: dict[str, Any]) -> None:
    assert condition_of(f"SELECT Id FROM Contact WHERE {where}") == condition
