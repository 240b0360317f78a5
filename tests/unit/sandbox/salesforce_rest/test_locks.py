"""Two requests that write children of one account, the first of which is still at work."""

import httpx2
import pytest

from sandbox.salesforce.mishaps import lost
from tests.unit.sandbox.salesforce_rest.conftest import Org


def at_work(org: Org, account: str, seconds: float = 30) -> None:
    """A client hears nothing of its contact, which is made some time later."""
    org.world.faults.add(lost("finish_later", delay=seconds))
    with pytest.raises(httpx2.RemoteProtocolError):
        org.call("POST", "/sobjects/Contact", {"LastName": "late", "AccountId": account})


def test_the_second_one_cannot_have_the_account(org: Org) -> None:
    org.world.switches.turn("salesforce.unfinished_requests_hold_rows", True)
    account, other = org.create("Account", Name="x"), org.create("Account", Name="y")
    at_work(org, account)
    refused = org.call("POST", "/sobjects/Contact", {"LastName": "second", "AccountId": account})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "UNABLE_TO_LOCK_ROW")
    records = [
        {"attributes": {"type": "Contact"}, "LastName": "free", "AccountId": other},
        {"attributes": {"type": "Task"}, "WhatId": account},
    ]
    free, busy = org.call("POST", "/composite/sobjects", {"records": records}).json()
    assert free["success"]
    assert busy["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"
    org.wait(seconds=30)
    org.create("Contact", LastName="third", AccountId=account)
    assert {row["LastName"] for row in org.query("SELECT LastName FROM Contact")} == {"late", "free", "third"}


def test_the_one_that_ends_first_cannot_have_what_the_other_one_has(org: Org) -> None:
    org.world.switches.turn("salesforce.unfinished_requests_hold_rows", True)
    account = org.create("Account", Name="x")
    at_work(org, account, seconds=30)
    at_work(org, account, seconds=10)
    org.wait(seconds=10)
    assert org.count("Contact") == 0
    org.wait(seconds=20)
    assert org.count("Contact") == 1


def test_those_that_end_together_do_not_stand_in_each_others_way(org: Org) -> None:
    org.world.switches.turn("salesforce.unfinished_requests_hold_rows", True)
    account = org.create("Account", Name="x")
    at_work(org, account)
    at_work(org, account)
    org.app.finish(all_of_them=True)
    assert org.count("Contact") == 2


def test_nobody_waits_unless_the_switch_says_so(org: Org) -> None:
    account = org.create("Account", Name="x")
    at_work(org, account)
    org.create("Contact", LastName="second", AccountId=account)


def test_holding_and_locking_over_http(org: Org) -> None:
    account = org.create("Account", Name="x")
    base = f"/sandbox/salesforce/orgs/{org.site.org.id}/acts"
    assert org.http.post(f"{base}/hold", json={"record_id": account, "seconds": 5}).status_code == 200
    refused = org.call("PATCH", f"/sobjects/Account/{account}", {"Site": "x"})
    assert refused.json()[0]["errorCode"] == "UNABLE_TO_LOCK_ROW"
    org.wait(seconds=5)
    org.world.switches.turn("salesforce.administrators_edit_locked", False)
    assert org.http.post(f"{base}/lock", json={"record_id": account}).status_code == 200
    refused = org.call("PATCH", f"/sobjects/Account/{account}", {"Site": "x"})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "ENTITY_IS_LOCKED")
    assert org.http.post(f"{base}/hold", json={"record_id": "001000000000001", "seconds": 5}).status_code == 409
