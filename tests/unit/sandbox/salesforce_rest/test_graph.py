"""`/composite/graph`: every graph all or none, and the limits of the whole request."""

from typing import Any

import pytest

from sandbox.salesforce.rest.graph import depth
from sandbox.salesforce.rest.parts import read_parts
from tests.unit.sandbox.salesforce_rest.conftest import BASE, Org
from tests.unit.sandbox.salesforce_rest.test_composite import HALTED, create, part, soql


def graph(graph_id: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    return {"graphId": graph_id, "compositeRequest": list(nodes)}


def send(org: Org, *graphs: dict[str, Any]) -> list[dict[str, Any]]:
    answer = org.call("POST", "/composite/graph", {"graphs": list(graphs)})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["graphs"]
    return results


def codes(result: dict[str, Any]) -> list[str]:
    outcomes = result["graphResponse"]["compositeResponse"]
    return ["" if one["httpStatusCode"] < 300 else one["body"][0]["errorCode"] for one in outcomes]


def test_each_graph_is_all_or_none(org: Org) -> None:
    good = graph(
        "good",
        create("Account", "account", Name="Acme"),
        create("Contact", "contact", LastName="L", AccountId="@{account.id}"),
    )
    bad = graph("bad", create("Account", "account", Name="Globex"), create("Contact", "contact"))
    results = send(org, good, bad)
    assert [(one["graphId"], one["isSuccessful"]) for one in results] == [("good", True), ("bad", False)]
    assert codes(results[0]) == ["", ""]
    assert codes(results[1]) == [HALTED, "REQUIRED_FIELD_MISSING"]
    assert [row["Name"] for row in org.query("SELECT Name FROM Account")] == ["Acme"]


@pytest.mark.parametrize("fails", [13, 14, 15, 16])
def test_after_more_than_14_failed_graphs_the_rest_is_halted(org: Org, fails: int) -> None:
    bad = [graph(f"bad{n}", create("Contact", "c")) for n in range(fails)]
    results = send(org, *bad, graph("last", create("Contact", "c", LastName="L")))
    assert results[-1]["isSuccessful"] is (fails <= 14)
    assert codes(results[-1]) == ([""] if fails <= 14 else [HALTED])
    tried = [codes(one) for one in results[:-1]]
    assert tried == [["REQUIRED_FIELD_MISSING"]] * min(fails, 15) + [[HALTED]] * max(0, fails - 15)


def chain(length: int) -> list[dict[str, Any]]:
    first = create("Account", "n0", Name="x")
    return [first] + [create("Account", f"n{n}", Name="x", ParentId=f"@{{n{n - 1}.id}}") for n in range(1, length)]


def kinds(number: int, object_name: str = "Account") -> list[dict[str, Any]]:
    """Nodes of as many kinds: versions of the API count apart, and so do objects."""
    return [
        {
            "method": "POST",
            "url": f"/services/data/v{50 + n}.0/sobjects/{object_name}",
            "referenceId": f"k{n}",
            "body": {"Name": "x"},
        }
        for n in range(number)
    ]


@pytest.mark.parametrize(
    "graphs",
    [
        [graph(str(n), create("Account", "a", Name="x")) for n in range(76)],
        [graph("1", *[create("Account", f"a{n}", Name="x") for n in range(501)])],
        [graph(str(m), *[create("Account", f"a{n}", Name="x") for n in range(251)]) for m in range(2)],
        [graph("1", *chain(16))],
        [graph("1", *kinds(16))],
        [graph("1", *kinds(9)), graph("2", *kinds(7, "Lead"))],
    ],
)
def test_too_much_in_one_request(org: Org, graphs: list[dict[str, Any]]) -> None:
    answer = org.call("POST", "/composite/graph", {"graphs": graphs})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "LIMIT_EXCEEDED")
    assert org.count("Account") == 0


def test_the_most_that_fits(org: Org) -> None:
    nodes = [create("Account", f"a{n}", Name="x") for n in range(6)]
    assert all(one["isSuccessful"] for one in send(org, *[graph(str(n), *nodes) for n in range(75)]))
    assert all(
        one["isSuccessful"]
        for one in [*send(org, graph("deep", *chain(15))), *send(org, graph("kinds", *kinds(15)))]
    )
    assert org.count("Account") == 75 * 6 + 15 + 15


def test_depth_is_the_longest_chain() -> None:
    nodes = read_parts([*chain(4), create("Contact", "c", LastName="@{n1.id}")])
    assert depth(nodes) == 4
    assert depth([]) == 0


@pytest.mark.parametrize(
    ("node", "code"),
    [
        (soql("SELECT Id FROM Contact", "a"), "NOT_FOUND"),
        (part("POST", "/composite/sobjects", "a", {"records": []}), "NOT_FOUND"),
        (part("GET", "/sobjects/Contact/describe", "a"), "NOT_FOUND"),
        (create("Contact", "a", LastName="@{later.id}"), HALTED),
    ],
)
def test_only_single_records_that_refer_backwards(org: Org, node: dict[str, Any], code: str) -> None:
    result = send(org, graph("g", node, create("Lead", "later", LastName="L", Company="C")))[0]
    assert codes(result) == [code, HALTED]
    assert not result["isSuccessful"]


@pytest.mark.parametrize(
    "graphs",
    [
        [],
        "x",
        [{"graphId": "a"}],
        [graph("a", create("Lead", "l")), graph("a", create("Lead", "l"))],
        [graph("", create("Lead", "l"))],
    ],
)
def test_requests_that_make_no_sense(org: Org, graphs: Any) -> None:
    answer = org.call("POST", "/composite/graph", {"graphs": graphs})
    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] in ("JSON_PARSER_ERROR", "INVALID_INPUT")


@pytest.mark.parametrize("switch", [True, False])
def test_files_in_a_graph_are_a_switch(org: Org, switch: bool) -> None:
    org.world.switches.turn("salesforce.files_in_graph", switch)
    file = {
        "Title": "a",
        "PathOnClient": "a.txt",
        "VersionData": "aGVsbG8=",
        "FirstPublishLocationId": "@{task.id}",
    }
    task = create("Task", "task", Subject="Mail", Status="Completed", Priority="Normal")
    result = send(org, graph("g", task, create("ContentVersion", "file", **file)))[0]
    assert result["isSuccessful"] is switch, result
    assert org.count("Task") == (1 if switch else 0)
    assert codes(result) == (["", ""] if switch else [HALTED, "INVALID_INPUT"])


def test_it_counts_as_one_call_and_the_log_shows_its_nodes(org: Org) -> None:
    used = org.site.usage.used(org.clock.now())
    send(org, graph("1", create("Lead", "l")), graph("2", part("PATCH", "/sobjects/Lead/Email/x", "u", {})))
    assert org.site.usage.used(org.clock.now()) == used + 1
    assert org.world.requests.entries[-1].parts == ("POST row_create", "PATCH row_upsert")
    assert org.world.requests.entries[-1].path == f"{BASE}/composite/graph"


@pytest.mark.parametrize("switch", [True, False])
def test_whether_a_file_is_linked_in_the_graph_that_makes_it_is_a_switch(org: Org, switch: bool) -> None:
    org.world.switches.turn("salesforce.document_in_graph", switch)
    file = create("ContentVersion", "file", Title="a", PathOnClient="a.txt", VersionData="aGVsbG8=")
    read = {"method": "GET", "url": f"{BASE}/sobjects/ContentVersion/@{{file.id}}", "referenceId": "read"}
    account = create("Account", "account", Name="Birchworks")
    link = {"ContentDocumentId": "@{read.ContentDocumentId}", "LinkedEntityId": "@{account.id}", "ShareType": "V"}
    result = send(org, graph("g", account, file, read, create("ContentDocumentLink", "link", **link)))[0]
    assert result["isSuccessful"] is switch, result
    assert org.count("Account") == org.count("ContentVersion") == (1 if switch else 0)
