"""What is left of the org's allowances: what the sandbox does is really counted, the rest stands untouched.

Names are the vendor's [S]; the numbers are those of a small Enterprise org and differ from org to org.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.salesforce.rest.exchange import Answer, Ask

_UNTOUCHED = {
    "AnalyticsExternalDataSizeMB": 40_960,
    "ConcurrentAsyncGetReportInstances": 200,
    "ConcurrentEinsteinDataInsightsStoryCreation": 5,
    "ConcurrentEinsteinDiscoveryStoryCreation": 2,
    "ConcurrentSyncReportRuns": 20,
    "DailyAnalyticsDataflowJobExecutions": 60,
    "DailyAnalyticsUploadedFilesSizeMB": 51_200,
    "DailyAsyncApexExecutions": 250_000,
    "DailyAsyncApexTests": 500,
    "DailyDurableGenericStreamingApiEvents": 10_000,
    "DailyDurableStreamingApiEvents": 10_000,
    "DailyEinsteinDataInsightsStoryCreation": 1_000,
    "DailyEinsteinDiscoveryOptimizationJobRuns": 0,
    "DailyEinsteinDiscoveryPredictAPICalls": 50_000,
    "DailyEinsteinDiscoveryPredictionsByCDC": 500_000,
    "DailyEinsteinDiscoveryStoryCreation": 100,
    "DailyFunctionsApiCallLimit": 235_000,
    "DailyGenericStreamingApiEvents": 10_000,
    "DailyStandardVolumePlatformEvents": 10_000,
    "DailyStreamingApiEvents": 10_000,
    "DailyWorkflowEmails": 100_000,
    "DurableStreamingApiConcurrentClients": 20,
    "HourlyAsyncReportRuns": 1_200,
    "HourlyDashboardRefreshes": 200,
    "HourlyDashboardResults": 5_000,
    "HourlyDashboardStatuses": 999_999_999,
    "HourlyLongTermIdMapping": 100_000,
    "HourlyManagedContentPublicRequests": 50_000,
    "HourlyODataCallout": 20_000,
    "HourlyPublishedPlatformEvents": 50_000,
    "HourlyPublishedStandardVolumePlatformEvents": 1_000,
    "HourlyShortTermIdMapping": 100_000,
    "HourlySyncReportRuns": 500,
    "HourlyTimeBasedWorkflow": 1_000,
    "MassEmail": 5_000,
    "MonthlyEinsteinDiscoveryStoryCreation": 500,
    "Package2VersionCreates": 6,
    "Package2VersionCreatesWithoutValidation": 500,
    "PrivateConnectOutboundCalloutHourlyLimitMB": 0,
    "SingleEmail": 5_000,
    "StreamingApiConcurrentClients": 20,
}
DATA_STORAGE, FILE_STORAGE = 10_240, 10_240
"""Megabytes."""
_ROW_BYTES = 2_048
"""What a row of nearly every object costs, whatever it holds [S]."""
_MEGABYTE = 1024 * 1024
_FREE = frozenset(
    ("Organization", "Profile", "RecordType", "User", "ConnectedApplication", "OauthToken", "LoginHistory")
)


def limits(ask: Ask) -> Answer:
    now = ask.world.clock.now()
    counted = {
        "DailyApiRequests": ask.site.usage,
        "DailyDeliveredPlatformEvents": ask.org.events.deliveries,
        **ask.site.allowances,
    }
    body = {name: _entry(most) for name, most in _UNTOUCHED.items()}
    body |= {name: _entry(usage.allowance, usage.used(now)) for name, usage in counted.items()}
    body["DataStorageMB"] = _entry(DATA_STORAGE, -(-sum(_rows(ask)) * _ROW_BYTES // _MEGABYTE))
    body["FileStorageMB"] = _entry(FILE_STORAGE, -(-sum(_files(ask)) // _MEGABYTE))
    return Answer(200, dict(sorted(body.items())))


def _entry(most: int, used: int = 0) -> dict[str, Any]:
    return {"Max": most, "Remaining": max(0, most - used)}


def _rows(ask: Ask) -> Iterator[int]:
    """The recycle bin counts too, files do not."""
    for name, table in ask.org.core.store.tables.items():
        if name not in _FREE and not name.startswith("Content"):
            yield len(table.rows)


def _files(ask: Ask) -> Iterator[int]:
    rows = ask.org.core.store.table("ContentVersion").rows.values()
    return (len(row.get("VersionData", b"")) for row in rows)
