"""Connected apps, the tokens they hold and the history of sign-ins, as SOQL tells them."""

from typing import Any

import pytest

from sandbox.salesforce import signins
from sandbox.salesforce.logins import Login
from sandbox.salesforce.org import INTEGRATION
from tests.unit.sandbox.salesforce_rest.conftest import Org
from tests.unit.sandbox.salesforce_rest.test_apps import by_jwt, granted, refreshed, steer
from tests.unit.sandbox.salesforce_rest.test_oauth import authorize, works

TOKENS = "SELECT AppName, UseCount, UserId, User.Username, DeleteToken, CreatedDate, LastUsedDate FROM OauthToken"
HISTORY = "SELECT UserId, Application, LoginType, Status, LoginUrl, LoginTime FROM LoginHistory ORDER BY LoginTime"


@pytest.fixture(autouse=True)
def administrator(org: Org) -> None:
    profile = {"ProfileId": org.site.org.profiles["System Administrator"]}
    org.site.org.update(org.site.org.admin, "User", org.integration, profile)


def as_ada(org: Org, tokens: dict[str, Any], soql: str) -> list[dict[str, Any]]:
    mine = {"Authorization": f"Bearer {tokens['access_token']}"}
    rows: list[dict[str, Any]] = org.get("/query", params={"q": soql}, headers=mine)["records"]
    return rows


def test_the_apps_of_an_org(org: Org) -> None:
    soql = "SELECT Name, OptionsAllowAdminApprovedUsersOnly, RefreshTokenValidityPeriod FROM ConnectedApplication"
    [row] = org.query(soql)
    assert (row["Name"], row["OptionsAllowAdminApprovedUsersOnly"]) == ("Crosstie", False)
    steer(org, "apps/crosstie", permitted="approved", refresh_life=36_000)
    [row] = org.query(soql)
    assert (row["OptionsAllowAdminApprovedUsersOnly"], row["RefreshTokenValidityPeriod"]) == (True, 10)
    steer(org, "apps/crosstie", installed=False)
    assert org.query(soql) == []


def test_what_the_apps_hold(org: Org) -> None:
    tokens = granted(org)
    org.wait(minutes=5)
    refreshed(org, tokens)
    rows = {row["User"]["Username"]: row for row in org.query(TOKENS)}
    assert rows.keys() == {"ada@acme.test", "integration@acme.test"}
    ada = rows["ada@acme.test"]
    assert (ada["AppName"], ada["UseCount"]) == ("Crosstie", 2)
    assert ada["CreatedDate"] < ada["LastUsedDate"]
    assert [row["UserId"] for row in as_ada(org, tokens, TOKENS)] == [org.colleague], "one's own alone"
    assert org.http.post("/services/oauth2/revoke", data={"token": ada["DeleteToken"]}).status_code == 200
    assert not works(org, tokens["access_token"])
    assert [row["UserId"] for row in org.query(TOKENS)] == [org.integration]


def test_to_see_all_data_is_not_to_see_others_sign_ins(org: Org) -> None:
    granted(org)
    site = org.site.org
    site.update(site.admin, "User", org.integration, {"ProfileId": site.profiles[INTEGRATION]})
    allowed = "SELECT PermissionsViewAllData, PermissionsManageUsers FROM Profile WHERE Name ="
    [profile] = org.query(f"{allowed} '{INTEGRATION}'")
    assert (profile["PermissionsViewAllData"], profile["PermissionsManageUsers"]) == (True, False)
    assert {row["UserId"] for row in org.query(TOKENS)} == {org.integration}
    assert {row["UserId"] for row in org.query(HISTORY)} == {org.integration}


def test_a_token_that_took_anothers_place_is_the_same_approval(org: Org) -> None:
    steer(org, "apps/crosstie", rotate_refresh_tokens=True)
    tokens = granted(org)
    for _ in range(3):
        tokens = refreshed(org, tokens).json()
    assert [row["UseCount"] for row in org.query(f"{TOKENS} WHERE UserId = '{org.colleague}'")] == [4]
    steer(org, "apps/crosstie/revoke", user="ada@acme.test")
    assert org.query(f"{TOKENS} WHERE UserId = '{org.colleague}'") == []


def test_an_app_without_refresh_tokens_is_there_until_it_is_revoked(org: Org) -> None:
    org.site.apps["crosstie"].preauthorised = "everybody"
    sessions = [by_jwt(org).json()["access_token"] for _ in range(2)]
    mine = f"{TOKENS} WHERE UserId = '{org.colleague}'"
    [row] = org.query(mine)
    assert row["UseCount"] == 2
    org.http.post("/services/oauth2/revoke", data={"token": sessions[0]})
    assert len(org.query(mine)) == 1
    org.http.post("/services/oauth2/revoke", data={"token": row["DeleteToken"]})
    assert org.query(mine) == []
    assert not works(org, sessions[1])


def test_the_history_of_sign_ins(org: Org) -> None:
    org.site.logins[org.colleague] = Login("word")
    for given, wait in (("wrong", 1), ("word", 1)):
        org.wait(minutes=wait)
        authorize(org, {"username": "ada@acme.test", "pw": given})
    org.wait(minutes=1)
    tokens = granted(org)
    org.wait(minutes=1)
    steer(org, "logins", user="ada@acme.test", foreign_network=True)
    refreshed(org, tokens)
    seen = [
        (row["LoginType"], row["Application"], row["Status"])
        for row in org.query(HISTORY)
        if row["UserId"] == org.colleague
    ]
    assert seen == [
        ("Application", "Browser", "Invalid Password"),
        ("Application", "Browser", "Success"),
        ("Remote Access 2.0", "Crosstie", "Success"),
        ("Remote Access 2.0", "Crosstie", "Restricted IP"),
    ]
    assert {row["UserId"] for row in as_ada(org, tokens, HISTORY)} == {org.colleague}
    counted = (
        "SELECT Application, COUNT(Id) n FROM LoginHistory WHERE LoginTime = LAST_N_DAYS:7 GROUP BY Application"
    )
    assert {row["Application"]: row["n"] for row in org.query(counted)} == {"Browser": 2, "Crosstie": 3}


@pytest.mark.parametrize("field", ["Application", "Status", "SourceIp"])
def test_history_is_not_filtered_by_what_the_vendor_does_not_filter_by(org: Org, field: str) -> None:
    refused = org.call("GET", "/query", params={"q": f"SELECT Id FROM LoginHistory WHERE {field} = 'x'"})
    assert refused.json()[0]["errorCode"] == "INVALID_FIELD"


@pytest.mark.parametrize("name", ["ConnectedApplication", "OauthToken", "LoginHistory"])
def test_nobody_writes_them(org: Org, name: str) -> None:
    assert org.call("POST", f"/sobjects/{name}", {}).status_code >= 400
    assert not org.get(f"/sobjects/{name}/describe")["createable"]


def test_old_attempts_are_forgotten(org: Org, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signins, "KEPT", 3)
    for _ in range(5):
        granted(org)
    assert org.count("LoginHistory") == 3
