"""A back-fill: older mails that an administrator wants to be treated like those since activation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from crosstie.domain.email import Email
from crosstie.domain.mailboxes import Span


class Stage(StrEnum):
    RUNNING = "running"
    """Or in line behind one that is not over."""
    PAUSED = "paused"
    DONE = "done"
    ENDED = "ended"
    """Another took its place; what it had reached stays as it is."""


OPEN = (Stage.RUNNING, Stage.PAUSED)


@dataclass(frozen=True, slots=True)
class Older:
    """A stretch of older mails, the newest first: all that were received since `reached`."""

    emails: tuple[Email, ...]
    reached: datetime
    left: int | None = None
    """Further ones before `reached`; None where the mailbox does not count them."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of mails that were looked at: how many were saved, were saved before, or left out and why."""

    saved: int = 0
    already: int = 0
    left_out: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """By the reason's code (domain/reasons/)."""

    @property
    def looked(self) -> int:
        return self.saved + self.already + sum(self.left_out.values())

    def plus(self, other: "Tally") -> "Tally":
        codes = dict.fromkeys((*self.left_out, *other.left_out))
        left_out = {code: self.left_out.get(code, 0) + other.left_out.get(code, 0) for code in codes}
        return Tally(self.saved + other.saved, self.already + other.already, MappingProxyType(left_out))


@dataclass(frozen=True, slots=True)
class Backfill:
    """It goes through its window from the newest mail to the oldest; `reached` is where it has come to."""

    backfill_id: int
    mailbox_id: int
    window: Span
    stage: Stage
    reached: datetime
    asked_at: datetime
    tally: Tally = Tally()
    left: int | None = None
    """Mails of the window not looked at yet, when the last portion was; None while nobody has counted."""
    stepped_at: datetime | None = None
    waits: str = ""
    """The code of what keeps it from going on by itself; empty when nothing does."""

    @property
    def open(self) -> bool:
        return self.stage in OPEN

    @property
    def covered(self) -> Span:
        """What it has gone through: the rules do not call these mails old any more."""
        return Span(self.reached, self.window.before)


@dataclass(frozen=True, slots=True)
class Step:
    """A portion that was gone through."""

    reached: datetime
    tally: Tally
    left: int | None = None
