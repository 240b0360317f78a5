"""Our share of an org's daily calls."""

from datetime import timedelta

import pytest

from crosstie.domain.errors import Throttled
from crosstie.salesforce.governor import Governor
from tests.clocks import StepClock


def spend(governor: Governor, calls: int, header: str = "") -> None:
    for _ in range(calls):
        governor.check()
        governor.note(header)


def test_nothing_is_limited_before_an_answer_told_the_allowance() -> None:
    spend(Governor(StepClock()), 500)


def test_our_own_count_ends_at_the_share_and_frees_up_with_the_hours() -> None:
    clock = StepClock()
    governor = Governor(clock, share=0.1)
    spend(governor, 60, "api-usage=5/1000")
    clock.step(3600)
    spend(governor, 40, "api-usage=5/1000")
    with pytest.raises(Throttled) as caught:
        governor.check()
    assert caught.value.code == "CRM-BUDGET"
    assert caught.value.until == clock.now() + timedelta(hours=23)
    clock.step(23 * 3600)
    spend(governor, 60, "api-usage=5/1000")
    with pytest.raises(Throttled):
        governor.check()


def test_the_orgs_end_is_left_to_others() -> None:
    clock = StepClock()
    governor = Governor(clock)
    governor.note("api-usage=979/1000")
    governor.check()
    governor.note("api-usage=980/1000")
    with pytest.raises(Throttled) as caught:
        governor.check()
    assert caught.value.until is not None
    clock.moment = caught.value.until
    governor.check()
    governor.note("api-usage=400/1000")
    governor.check()


@pytest.mark.parametrize(
    ("header", "stops"),
    [
        ("api-usage=10/15000; per-app-api-usage=17/250(appName=Crosstie)", False),
        ("api-usage=10/15000; per-app-api-usage=250/250(appName=Crosstie)", True),
        ("api-usage=10/15000; per-app-api-usage=1500/9000(appName=Crosstie)", True),
        ("api-usage=10/15000", False),
        ("per-app-api-usage=250/250(appName=Crosstie)", False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_the_apps_own_count_matters_too(header: str, stops: bool) -> None:
    governor = Governor(StepClock(), share=0.1)
    governor.note(header)
    if stops:
        with pytest.raises(Throttled):
            governor.check()
    else:
        governor.check()


@pytest.mark.parametrize(
    ("message", "code", "seconds"),
    [
        ("ConcurrentRequests (Concurrent API Requests) Limit exceeded.", "CRM-CONCURRENT", 20),
        ("TotalRequests Limit exceeded.", "CRM-LIMIT", 900),
    ],
)
def test_the_vendors_own_limit(message: str, code: str, seconds: int) -> None:
    clock = StepClock()
    governor = Governor(clock)
    found = governor.refused(message)
    assert (found.code, found.until) == (code, clock.now() + timedelta(seconds=seconds))
    with pytest.raises(Throttled):
        governor.check()
    clock.step(seconds)
    governor.check()


def test_a_tiny_allowance_still_gives_a_call_an_hour() -> None:
    governor = Governor(StepClock(), share=0.05)
    governor.note("api-usage=1/100")
    assert governor.cap == 24
