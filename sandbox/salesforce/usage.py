"""Daily allowances, of API calls and of other things: one count for the whole org over the last 24 hours."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

DAY = timedelta(hours=24)
_STEP = timedelta(minutes=5)
"""Calls are kept in steps of this length, so that a day of them stays small."""


@dataclass(slots=True)
class Usage:
    allowance: int = 15_000
    """A Developer Edition's; EE has 100,000 + n x 1,000."""
    hard_cap: int | None = None
    """Calls beyond this are refused; None: at the allowance itself."""
    soft: bool = False
    """The allowance may be overrun without end, as the vendor tolerates for a while."""
    _steps: deque[tuple[datetime, int]] = field(default_factory=deque)

    def used(self, now: datetime) -> int:
        while self._steps and self._steps[0][0] + DAY <= now:
            self._steps.popleft()
        return sum(calls for _, calls in self._steps)

    def exhausted(self, now: datetime) -> bool:
        cap = self.allowance if self.hard_cap is None else self.hard_cap
        return not self.soft and self.used(now) >= cap

    def count(self, now: datetime, calls: int = 1) -> None:
        if self._steps and now - self._steps[-1][0] < _STEP:
            began, so_far = self._steps.pop()
            self._steps.append((began, so_far + calls))
        else:
            self._steps.append((now, calls))

    def header(self, now: datetime) -> str:
        """As Sforce-Limit-Info has it."""
        return f"api-usage={self.used(now)}/{self.allowance}"


def daily_allowances() -> dict[str, Usage]:
    """What an org has besides API calls and uses up here, by its name in `/limits`."""
    counted = {
        "DailyBulkApiBatches": 15_000,
        "DailyBulkV2QueryFileStorageMB": 976_562,
        "DailyBulkV2QueryJobs": 10_000,
    }
    return {name: Usage(allowance) for name, allowance in counted.items()}
