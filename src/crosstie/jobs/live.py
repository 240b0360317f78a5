"""What vendors show at this moment, for a page: all are asked at once, and none is waited for longer than a person
waits for a page.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from crosstie.domain.errors import CrosstieError
from crosstie.engine.ports import Ports
from crosstie.jobs import wiring

T = TypeVar("T")

PATIENCE = timedelta(seconds=6)
"""Of a whole page, however much there is to be asked for it."""


def deadline() -> datetime:
    """When a page that is begun now waits no longer."""
    return wiring.get().clock.now() + PATIENCE


def ask(ports: Ports, calls: Sequence[Callable[[], T]], until: datetime | None = None) -> list[T | None]:
    """None where the vendor is out of reach, or not back by then: by default, as if it were all of a page."""
    left = max(0.0, ((until or deadline()) - ports.clock.now()).total_seconds())
    answers = ports.fanout.run(calls, timeout=left)
    return [None if isinstance(answer, CrosstieError) else answer for answer in answers]
