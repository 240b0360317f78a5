"""Groups: who is in them, who may ask, and an app that is let into their members' mailboxes alone."""

from typing import Any

import pytest

from sandbox.graph.entra import Group
from tests.unit.sandbox.graph.conftest import Office

EVENTUAL = {"ConsistencyLevel": "eventual"}


@pytest.fixture
def sales(office: Office) -> Group:
    """Ben, and by way of a group within it, which holds it in turn, Anna."""
    directory = office.world.microsoft
    below = directory.add_group(office.tenant, "North", "north@acme.test", [str(office.anna.guid)])
    made = directory.add_group(office.tenant, "Sales", "Sales@acme.test", [str(office.ben.guid), below.id])
    below.members.append(made.id)
    return made


def names(office: Office, path: str, **options: Any) -> list[str]:
    return [row["displayName"] for row in office.get(path, **options)["value"]]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("mail eq 'sales@acme.test' or displayName eq 'sales@acme.test'", ["Sales"]),
        ("mail eq 'North' or displayName eq 'North'", ["North"]),
        ("displayName eq 'South'", []),
    ],
)
def test_finding_one(office: Office, sales: Group, wanted: str, found: list[str]) -> None:
    assert names(office, f"/v1.0/groups?$filter={wanted}&$select=id,displayName") == found


def test_members_directly_and_by_way_of_groups(office: Office, sales: Group) -> None:
    at = f"/v1.0/groups/{sales.id}"
    assert names(office, f"{at}/members") == ["Ben Bø", "North"]
    assert names(office, f"{at}/transitiveMembers") == ["Ben Bø", "North", "Anna Alt"]
    rows = office.get(f"{at}/transitiveMembers?$select=mail&$top=1")
    assert rows["value"] == [{"@odata.type": "#microsoft.graph.user", "mail": "ben@acme.test"}]
    assert len(office.get(rows["@odata.nextLink"])["value"]) == 1
    assert office.refused("GET", f"{at}/transitiveMembers/microsoft.graph.user")[1] == "Request_UnsupportedQuery"
    people = names(office, f"{at}/transitiveMembers/microsoft.graph.user?$count=true", headers=EVENTUAL)
    assert people == ["Ben Bø", "Anna Alt"]


def test_who_may_ask_and_what_is_kept_from_them(office: Office, sales: Group) -> None:
    at = f"/v1.0/groups/{sales.id}/members"
    office.app.roles = frozenset({"GroupMember.Read.All"})
    office.renew_token()
    (ben, _) = office.get(f"{at}?$select=id,mail")["value"]
    assert ben == {"@odata.type": "#microsoft.graph.user", "id": str(office.ben.guid), "mail": None}
    office.app.roles = frozenset({"User.Read.All"})
    office.renew_token()
    assert office.refused("GET", at) == (403, "Authorization_RequestDenied")
    assert office.refused("GET", "/v1.0/groups") == (403, "Authorization_RequestDenied")


def test_no_such_group(office: Office, sales: Group) -> None:
    other = office.world.microsoft.add_group(office.world.microsoft.add_tenant("b.test"), "X", "x@b.test")
    for one in ("00000000-0000-0000-0000-000000000000", other.id):
        assert office.refused("GET", f"/v1.0/groups/{one}/members") == (404, "Request_ResourceNotFound")


def test_an_app_is_let_into_the_mailboxes_of_a_groups_members_alone(office: Office, sales: Group) -> None:
    office.app.only_group = sales.id
    paths = [f"/v1.0/users/{one}/mailFolders/inbox" for one in ("anna@acme.test", "ben@acme.test")]
    assert [office.call("GET", path).status_code for path in paths] == [200, 200]
    sales.members.remove(str(office.ben.guid))
    assert office.call("GET", paths[0]).status_code == 200
    assert office.refused("GET", paths[1]) == (403, "ErrorAccessDenied")
    office.turn(denied_by_exchange=False)
    assert office.refused("GET", paths[1]) == (403, "Authorization_RequestDenied")
    del office.world.microsoft.groups[sales.id]
    assert office.call("GET", paths[0]).status_code == 403
