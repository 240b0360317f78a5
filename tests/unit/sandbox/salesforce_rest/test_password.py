"""Passwords over REST."""

from datetime import timedelta

from sandbox.salesforce.logins import Login
from tests.unit.sandbox.salesforce_rest.conftest import BASE, Org


def test_changed_and_made_up(org: Org) -> None:
    path = f"/sobjects/User/{org.colleague}/password"
    org.site.org.update(org.site.org.admin, "User", org.integration, {"ProfileId": admin_profile(org)})
    login = org.site.logins[org.colleague] = Login("word", "token", expired=True)
    assert org.get(path) == {"isExpired": True}
    assert org.call("POST", path, {"NewPassword": "other"}).status_code == 204
    assert (login.password, login.security_token, org.get(path)) == ("other", "token", {"isExpired": False})
    repeated = org.call("POST", path, {"NewPassword": "other"})
    assert (repeated.status_code, repeated.json()[0]["errorCode"]) == (400, "INVALID_NEW_PASSWORD")
    assert org.call("POST", path, {}).json()[0]["errorCode"] == "MISSING_ARGUMENT"
    made_up = org.call("DELETE", path).json()["NewPassword"]
    assert (login.password, org.get(path)) == (made_up, {"isExpired": True})
    assert len(made_up) == 12


def test_somebody_elses(org: Org) -> None:
    session = org.site.tokens.open_session(org.colleague, "", "api", org.clock.now(), timedelta(hours=2))
    mine = {"Authorization": f"Bearer {session.token}"}
    for user, status in ((org.integration, 403), (org.colleague, 204), ("005000000000001", 404), ("x", 400)):
        url = f"{BASE}/sobjects/User/{user}/password"
        assert org.http.post(url, json={"NewPassword": "word"}, headers=mine).status_code == status


def admin_profile(org: Org) -> str:
    return org.site.org.profiles["System Administrator"]
