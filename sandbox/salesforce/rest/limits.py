"""What is left of the org's allowances. Only the API calls are really counted here."""

from sandbox.salesforce.rest.exchange import Answer, Ask

_UNTOUCHED = {
    "DailyBulkV2QueryJobs": 10_000,
    "DailyBulkApiBatches": 15_000,
    "DailyStreamingApiEvents": 10_000,
    "DailyDeliveredPlatformEvents": 10_000,
    "DataStorageMB": 5,
    "FileStorageMB": 20,
    "SingleEmail": 15,
}
"""A Developer Edition's allowances of things the sandbox does not do."""


def limits(ask: Ask) -> Answer:
    usage = ask.site.usage
    left = max(0, usage.allowance - usage.used(ask.world.clock.now()))
    body = {name: {"Max": most, "Remaining": most} for name, most in _UNTOUCHED.items()}
    return Answer(200, {"DailyApiRequests": {"Max": usage.allowance, "Remaining": left}} | body)
