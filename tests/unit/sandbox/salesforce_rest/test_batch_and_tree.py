"""`/composite/batch` and `/composite/tree`."""

from typing import Any

import pytest

from tests.unit.sandbox.salesforce_rest.conftest import Org


def request(method: str, url: str, body: Any = None) -> dict[str, Any]:
    return {"method": method, "url": f"v67.0{url}"} | ({} if body is None else {"richInput": body})


def batch(org: Org, *requests: dict[str, Any], **body: Any) -> Any:
    answer = org.call("POST", "/composite/batch", {"batchRequests": list(requests)} | body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_part_of_a_batch_costs_a_call(org: Org) -> None:
    used = org.site.usage.used(org.clock.now())
    body = batch(
        org, request("POST", "/sobjects/Lead", {"LastName": "L", "Company": "C"}), request("GET", "/limits")
    )
    assert [one["statusCode"] for one in body["results"]] == [201, 200]
    assert body["hasErrors"] is False
    assert org.site.usage.used(org.clock.now()) == used + 2
    assert org.world.requests.entries[-1].parts == ("POST row_create", "GET limits")


@pytest.mark.parametrize(("halting", "statuses"), [(False, [400, 201]), (True, [400, 412])])
def test_a_batch_may_halt_on_an_error(org: Org, halting: bool, statuses: list[int]) -> None:
    lead = request("POST", "/sobjects/Lead", {"LastName": "L", "Company": "C"})
    body = batch(org, request("POST", "/sobjects/Lead", {}), lead, haltOnError=halting)
    assert [one["statusCode"] for one in body["results"]] == statuses
    assert body["hasErrors"] is True
    assert org.count("Lead") == statuses.count(201)
    if halting:
        assert body["results"][1]["result"][0]["errorCode"] == "BATCH_PROCESSING_HALTED"


@pytest.mark.parametrize("number", [25, 26])
def test_a_batch_has_25_parts_at_most(org: Org, number: int) -> None:
    answer = org.call("POST", "/composite/batch", {"batchRequests": [request("GET", "/limits")] * number})
    assert answer.status_code == (200 if number <= 25 else 400)


def node(object_name: str, reference: str, **fields: Any) -> dict[str, Any]:
    return {"attributes": {"type": object_name, "referenceId": reference}} | fields


def tree(org: Org, *records: dict[str, Any]) -> tuple[int, Any]:
    answer = org.call("POST", "/composite/tree/Account", {"records": list(records)})
    return answer.status_code, answer.json()


def test_a_tree_is_planted_level_by_level(org: Org) -> None:
    people = {"records": [node("Contact", "c1", LastName="One"), node("Contact", "c2", LastName="Two")]}
    status, body = tree(org, node("Account", "a", Name="Acme", Contacts=people), node("Account", "b", Name="Bcme"))
    assert status == 201, body
    assert body["hasErrors"] is False
    ids = {one["referenceId"]: one["id"] for one in body["results"]}
    assert list(ids) == ["a", "c1", "c2", "b"]
    assert {row["AccountId"] for row in org.query("SELECT AccountId FROM Contact")} == {ids["a"]}


def test_a_tree_is_all_or_none_and_names_the_culprit(org: Org) -> None:
    people = {"records": [node("Contact", "c1", LastName="One"), node("Contact", "c2")]}
    status, body = tree(org, node("Account", "a", Name="Acme", Contacts=people))
    assert (status, body["hasErrors"]) == (400, True)
    assert [one["referenceId"] for one in body["results"]] == ["c2"]
    assert body["results"][0]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert (org.count("Account"), org.count("Contact")) == (0, 0)


def nested(levels: int) -> dict[str, Any]:
    record = node("Account", f"a{levels}", Name="x")
    for level in range(levels - 1, 0, -1):
        record = node("Account", f"a{level}", Name="x", ChildAccounts={"records": [record]})
    return record


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([node("Account", f"a{n}", Name="x") for n in range(201)], "LIMIT_EXCEEDED"),
        ([nested(6)], "LIMIT_EXCEEDED"),
        ([node("Account", "a", Name="x"), node("Account", "a", Name="y")], "INVALID_INPUT"),
        ([node("Contact", "a", LastName="x")], "INVALID_INPUT"),
        ([{"attributes": {"type": "Account"}, "Name": "x"}], "INVALID_INPUT"),
        ([{"attributes": {"type": True, "referenceId": "a"}, "Name": "x"}], "INVALID_INPUT"),
        ([{"attributes": "Account", "Name": "x"}], "INVALID_INPUT"),
        ([node("Account", "a", Name="x", Nonsense={"records": []})], "INVALID_FIELD"),
    ],
)
def test_trees_that_are_refused(org: Org, records: list[dict[str, Any]], code: str) -> None:
    status, body = tree(org, *records)
    assert (status, body[0]["errorCode"]) == (400, code)
    assert org.count("Account") == 0


def test_five_levels_fit(org: Org) -> None:
    assert tree(org, nested(5))[0] == 201
