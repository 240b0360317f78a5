"""The directory: finding people, counting them, following them, and what the organisation is."""

from typing import Any

import pytest

from sandbox.graph.users import PROPERTIES
from tests.unit.sandbox.graph.conftest import Office

USERS = "/v1.0/users"
EVENTUAL = {"ConsistencyLevel": "eventual"}


def found(office: Office, query: str, **options: Any) -> set[str]:
    return {row["mail"] for row in office.get(f"{USERS}?{query}", **options)["value"]}


@pytest.mark.parametrize(
    "query",
    [
        "$filter=mail eq 'anna@acme.test'",
        "$filter=userPrincipalName eq 'ANNA@acme.test'",
        "$filter=proxyAddresses/any(p:p eq 'smtp:a.alt@acme.test')",
        "$filter=startswith(displayName,'Anna')",
        "$filter=mail eq 'anna@acme.test' and accountEnabled eq true",
    ],
)
def test_filters(office: Office, query: str) -> None:
    assert found(office, query) == {"anna@acme.test"}


@pytest.mark.parametrize(
    "query",
    [
        "$filter=endswith(mail,'acme.test')", "$filter=not startswith(mail,'x')", "$filter=mail ne 'x'",
        '$search="displayName:ann"',
    ],
)  # fmt: skip
def test_what_needs_the_slower_index(office: Office, query: str) -> None:
    assert office.refused("GET", f"{USERS}?{query}") == (400, "Request_UnsupportedQuery")
    assert "anna@acme.test" in found(office, f"{query}&$count=true", headers=EVENTUAL)


def test_a_word_in_quotes_is_no_operator(office: Office) -> None:
    assert found(office, "$filter=mail eq 'not ne contains'") == set()


def test_a_count_that_did_not_ask_for_the_index(office: Office) -> None:
    assert "@odata.count" not in office.get(f"{USERS}?$count=true")
    assert office.get(f"{USERS}?$count=true", headers=EVENTUAL)["@odata.count"] == 3
    office.turn(users_count_is_ignored=False)
    assert office.refused("GET", f"{USERS}?$count=true") == (400, "Request_UnsupportedQuery")


def test_count(office: Office) -> None:
    assert office.refused("GET", f"{USERS}/$count") == (400, "Request_UnsupportedQuery")
    assert office.call("GET", f"{USERS}/$count", headers=EVENTUAL).text == "3"


def test_delta_tells_who_came_changed_and_left(office: Office) -> None:
    first = office.get(f"{USERS}/delta?$select=displayName,mail")
    assert {row["mail"] for row in first["value"]} == {"anna@acme.test", "ben@acme.test", "temp@acme.test"}
    assert office.get(first["@odata.deltaLink"])["value"] == []
    office.ben.name = "Benno"
    carl = office.store.add_mailbox("carl@acme.test", "Carl")
    second = office.get(first["@odata.deltaLink"])
    assert {row["displayName"] for row in second["value"]} == {"Benno", "Carl"}
    assert set(second["value"][0]) == {"id", "displayName", "mail"}
    office.store.mailboxes.remove(carl)
    [gone] = office.get(second["@odata.deltaLink"])["value"]
    assert gone == {"id": str(carl.guid), "@removed": {"reason": "changed"}}


def test_what_delta_refuses(office: Office) -> None:
    assert office.refused("GET", f"{USERS}/delta?$filter=mail eq 'x'") == (400, "Request_UnsupportedQuery")
    assert office.refused("GET", f"{USERS}/delta?$deltatoken=abc") == (400, "Directory_InvalidDeltaToken")


def test_the_organisation(office: Office) -> None:
    [shown] = office.get("/v1.0/organization")["value"]
    assert (shown["id"], shown["displayName"]) == (office.tenant.id, "Acme")
    assert [one["name"] for one in shown["verifiedDomains"]] == ["acme.test"]


def test_everything_may_be_selected(office: Office) -> None:
    shown = office.get(
        f"{USERS}/temp@acme.test?$select=department,assignedLicenses,assignedPlans,onPremisesSyncEnabled"
    )
    assert (shown["department"], shown["assignedLicenses"], shown["onPremisesSyncEnabled"]) == (None, [], None)
    [licence] = office.get(f"{USERS}/anna@acme.test?$select=assignedLicenses")["assignedLicenses"]
    assert licence["disabledPlans"] == []
    every = ",".join(sorted(PROPERTIES))
    assert len(office.get(f"{USERS}?$select={every}")["value"]) == 3
