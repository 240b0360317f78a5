"""`/limits`: every name the vendor lists, and real counts of what the sandbox does."""

import base64

from tests.unit.sandbox.salesforce_rest.conftest import Org


def used(org: Org, name: str) -> int:
    entry = org.get("/limits")[name]
    return int(entry["Max"] - entry["Remaining"])


def test_every_limit_has_a_maximum_and_a_rest(org: Org) -> None:
    limits = org.get("/limits")
    assert len(limits) >= 45
    assert all(0 <= entry["Remaining"] <= entry["Max"] for entry in limits.values())
    assert list(limits) == sorted(limits)


def test_calls_are_counted(org: Org) -> None:
    before = used(org, "DailyApiRequests")
    org.query("SELECT Id FROM Lead")
    assert used(org, "DailyApiRequests") == before + 2


def test_storage_is_counted(org: Org) -> None:
    """2 KB a row whatever it holds, and the size of files."""
    assert used(org, "DataStorageMB") == 0
    for number in range(600):
        org.site.org.insert(org.integration, "Lead", {"LastName": f"L{number}", "Company": "C"})
    assert used(org, "DataStorageMB") == 2
    data = base64.b64encode(b"x" * 1_500_000).decode()
    org.create("ContentVersion", Title="x", PathOnClient="x", VersionData=data)
    assert used(org, "FileStorageMB") == 2


def test_deliveries_of_events_are_counted(org: Org) -> None:
    org.site.org.events.deliveries.count(org.clock.now(), 7)
    assert used(org, "DailyDeliveredPlatformEvents") == 7
