"""The daily allowance: an org gives it to all its integrations together, and we take a share at most."""

import re
import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosstie.domain.clock import Clock
from crosstie.domain.errors import Throttled

DEFAULT_SHARE = 0.10
"""Of the org's daily allowance: a tick every two minutes is 840 calls a day, the smallest orgs allow 15,000."""
RESERVE = 0.02
"""Of the allowance: left to others when everybody together comes near its end."""
KEPT = 0.2
"""Of our share: what can wait leaves it to the ticks and to new mail."""
LOOK_AGAIN = timedelta(minutes=15)
"""How long to wait where only the org knows when calls are free again; one call then finds out."""
CONCURRENT_PAUSE = timedelta(seconds=20)
_DAY = timedelta(hours=24)
_STEP = timedelta(minutes=15)
_USAGE = re.compile(r"(?<![\w-])api-usage=([0-9]{1,15})/([0-9]{1,15})\b")
_APP_USAGE = re.compile(r"per-app-api-usage=([0-9]{1,15})/([0-9]{1,15})\b")


@dataclass(slots=True)
class Meter:
    """Metered calls by kind, for benches and session summaries; only ever grows."""

    by_kind: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, kind: str) -> None:
        with self._lock:
            self.by_kind[kind] += 1

    @property
    def total(self) -> int:
        return sum(self.by_kind.values())

    def snapshot(self) -> dict[str, int]:
        return dict(self.by_kind)


@dataclass(slots=True)
class Governor:
    """Raises Throttled before a call would take us over our share. One per org and process."""

    clock: Clock
    share: float = DEFAULT_SHARE
    allowance: int | None = None
    """Calls a day of the whole org, once an answer has told it."""
    _own: deque[tuple[datetime, int]] = field(default_factory=deque, repr=False)
    _blocked_until: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def check(self) -> None:
        """Call this before sending."""
        now = self.clock.now()
        with self._lock:
            if self._blocked_until and now < self._blocked_until:
                raise Throttled("CRM-BUDGET", until=self._blocked_until)
            if self.allowance is not None and self._used(now) >= self.cap:
                raise Throttled("CRM-BUDGET", until=self._own[0][0] + _DAY if self._own else now + LOOK_AGAIN)

    @property
    def has_room(self) -> bool:
        """Whether what can wait may take its calls now."""
        now = self.clock.now()
        with self._lock:
            if self._blocked_until and now < self._blocked_until:
                return False
            return self.allowance is None or self._used(now) < self.cap * (1 - KEPT)

    @property
    def cap(self) -> int:
        """Calls a day that are ours; at least one an hour, so that a tiny allowance does not end us."""
        return max(24, int(self.share * (self.allowance or 0)))

    def note(self, limit_info: str) -> None:
        """Call this after every answer of a metered call, with its Sforce-Limit-Info (or nothing)."""
        now = self.clock.now()
        with self._lock:
            self._count(now)
            whole, own = _USAGE.search(limit_info), _APP_USAGE.search(limit_info)
            if whole is None:
                return
            used, self.allowance = int(whole[1]), int(whole[2])
            app_is_out = own is not None and int(own[1]) >= min(self.cap, int(own[2]))
            if app_is_out or used >= self.allowance * (1 - RESERVE):
                self._blocked_until = max(now + LOOK_AGAIN, self._blocked_until or now)

    def hold(self, until: datetime) -> None:
        """The vendor asked to be left alone until then."""
        with self._lock:
            self._blocked_until = max(until, self._blocked_until or until)

    def refused(self, message: str, wished: datetime | None = None) -> Throttled:
        """The vendor's own REQUEST_LIMIT_EXCEEDED: too many at once passes soon, too many a day does not.

        `wished` is when the vendor wants to be asked again, if it said so.
        """
        concurrent = "concurrent" in message.lower()
        until = wished or self.clock.now() + (CONCURRENT_PAUSE if concurrent else LOOK_AGAIN)
        self.hold(until)
        return Throttled("CRM-CONCURRENT" if concurrent else "CRM-LIMIT", message, until=until)

    def _count(self, now: datetime) -> None:
        if self._own and now - self._own[-1][0] < _STEP:
            began, calls = self._own.pop()
            self._own.append((began, calls + 1))
        else:
            self._own.append((now, 1))

    def _used(self, now: datetime) -> int:
        while self._own and self._own[0][0] + _DAY <= now:
            self._own.popleft()
        return sum(calls for _, calls in self._own)
