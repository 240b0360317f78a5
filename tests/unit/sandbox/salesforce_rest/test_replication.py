"""`updated` and `deleted`: how far back, what a purge ends, and how far a client may believe the answer."""

from datetime import timedelta

import pytest

from sandbox.faults import Fault
from sandbox.salesforce.rest import replication
from tests.unit.sandbox.salesforce_rest.conftest import BASE, Org


def window(org: Org, ago: timedelta, until: timedelta = timedelta()) -> dict[str, str]:
    now = org.clock.now()
    return {"start": (now - ago).isoformat(), "end": (now - until).isoformat()}


def code(org: Org, path: str, params: dict[str, str]) -> str:
    answer = org.call("GET", path, params=params)
    return "" if answer.status_code == 200 else str(answer.json()[0]["errorCode"])


@pytest.mark.parametrize(
    ("path", "days", "refused"),
    [
        ("/sobjects/Lead/updated", 30, ""),
        ("/sobjects/Lead/updated", 31, "INVALID_REPLICATION_DATE"),
        ("/sobjects/Lead/deleted", 15, ""),
        ("/sobjects/Lead/deleted", 16, "INVALID_REPLICATION_DATE"),
    ],
)
def test_how_far_back(org: Org, path: str, days: int, refused: str) -> None:
    assert code(org, path, window(org, timedelta(days=days))) == refused


def test_a_minute_at_least(org: Org) -> None:
    path = "/sobjects/Lead/updated"
    assert code(org, path, window(org, timedelta(minutes=5), timedelta(minutes=4))) == ""
    assert code(org, path, window(org, timedelta(minutes=5), timedelta(minutes=5))) == "INVALID_REPLICATION_DATE"
    assert code(org, path, window(org, timedelta(minutes=5), timedelta(minutes=9))) == "INVALID_REPLICATION_DATE"


def test_objects_that_are_not_replicated(org: Org) -> None:
    assert code(org, "/sobjects/Profile/updated", window(org, timedelta(days=1))) == "INVALID_TYPE_FOR_OPERATION"
    assert code(org, "/sobjects/Nonsense/deleted", window(org, timedelta(days=1))) == "NOT_FOUND"


def test_a_purge_ends_what_is_known(org: Org) -> None:
    gone = org.create("Lead", LastName="Yates", Company="Fir")
    org.call("DELETE", f"/sobjects/Lead/{gone}")
    org.wait(minutes=5)
    org.site.org.purge(gone)
    org.wait(minutes=10)
    path = "/sobjects/Lead/deleted"
    assert code(org, path, window(org, timedelta(hours=1))) == "INVALID_REPLICATION_DATE"
    since = org.get(path, params=window(org, timedelta(minutes=5)))
    assert since["earliestDateAvailable"] == "2026-11-20T12:05:00.000+0000"
    assert code(org, "/sobjects/Contact/deleted", window(org, timedelta(hours=1))) == ""
    org.world.switches.turn("salesforce.purge_ends_deleted", False)
    assert org.get(path, params=window(org, timedelta(hours=1)))["deletedRecords"] == []


def test_too_many(org: Org, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replication, "MOST_IDS", 2)
    for number in range(3):
        org.create("Lead", LastName=f"L{number}", Company="Fir")
    org.wait(minutes=5)
    assert code(org, "/sobjects/Lead/updated", window(org, timedelta(hours=1))) == "EXCEEDED_ID_LIMIT"


def test_only_rows_one_may_see(org: Org) -> None:
    org.site.org.set_sharing("Lead", "private")
    org.create("Lead", LastName="Yates", Company="Fir")
    org.wait(minutes=5)
    assert org.get("/sobjects/Lead/updated", params=window(org, timedelta(hours=1)))["ids"]
    session = org.site.tokens.open_session(org.colleague, "", "api", org.clock.now(), timedelta(hours=2))
    mine = {"Authorization": f"Bearer {session.token}"}
    seen = org.http.get(f"{BASE}/sobjects/Lead/updated", params=window(org, timedelta(hours=1)), headers=mine)
    assert seen.json()["ids"] == []


def covered(org: Org) -> str:
    return str(org.get("/sobjects/Lead/updated", params=window(org, timedelta(hours=1)))["latestDateCovered"])


def test_what_is_still_being_done_is_not_covered(org: Org) -> None:
    """A request whose rows will carry its early time, and a bulk job, hold the date back until they are done."""
    org.wait(minutes=10)
    assert covered(org) == "2026-11-20T12:10:00.000+0000"
    org.world.faults.add(Fault("finish_later", "salesforce", "row_create", "*", delay=600, early_stamp=True))
    with pytest.raises(Exception, match="row_create"):
        org.create("Lead", LastName="Yates", Company="Fir")
    org.wait(minutes=5)
    assert covered(org) == "2026-11-20T12:10:00.000+0000"
    org.wait(minutes=10)
    assert covered(org) == "2026-11-20T12:25:00.000+0000"
    assert len(org.get("/sobjects/Lead/updated", params=window(org, timedelta(hours=1)))["ids"]) == 1


def test_late_commits_hold_the_date_back(org: Org) -> None:
    org.wait(minutes=10)
    org.world.switches.turn("salesforce.late_commit", True)
    assert covered(org) == "2026-11-20T12:06:00.000+0000"
