"""What is kept of subscriptions: who asked, what is on its way, and how the receivers have answered lately."""

import random
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sandbox.graph.subscriptions.sender import LoopbackSender, Sender

ChangeType = Literal["created", "updated", "deleted"]
LifecycleEvent = Literal["reauthorizationRequired", "subscriptionRemoved", "missed"]
MEMORY = timedelta(minutes=10)
"""For how long a receiver's answers count."""
SLOW, TOO_SLOW = timedelta(seconds=3), timedelta(seconds=10)
SLOW_SHARE, TOO_SLOW_SHARE = 0.10, 0.15
PENALTY = timedelta(minutes=10)
"""How long a slow receiver is served late, and one that is too slow not at all."""
JUDGED_AFTER = 100


@dataclass(frozen=True, slots=True)
class Target:
    """What is watched: one mailbox's messages, or those of one folder, or another kind of item."""

    mailbox: str
    """Its guid."""
    kind: str
    folder: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """Which of the target's items, and what of them is sent along: nothing without a certificate."""

    filter: str = ""
    select: tuple[str, ...] = ()
    certificate: bytes = b""
    """DER of the one to whom what is sent is sealed."""
    certificate_id: str = ""


@dataclass(slots=True)
class Subscription:
    id: str
    app: str
    tenant: str
    user: str | None
    """Whose token asked; None for an app of its own."""
    resource: str
    """As the client wrote it."""
    target: Target
    query: Query
    change_types: tuple[str, ...]
    notification_url: str
    lifecycle_url: str | None
    client_state: str | None
    tls: str | None
    immutable: bool
    """Ids in the notices are of the form that was preferred when the subscription was made."""
    expires: datetime
    position: int
    """The mailbox's changes up to this version have been seen to."""
    reauthorise_by: datetime | None = None
    """Until then a demanded reauthorisation may wait; later nothing is told."""
    warned: bool = False
    """That it expires soon was told."""

    def paused(self, now: datetime) -> bool:
        return self.reauthorise_by is not None and self.reauthorise_by <= now


@dataclass(slots=True)
class Notice:
    subscription: Subscription
    """Kept with the notice: one that was removed is still told that it was."""
    url: str
    content: dict[str, Any]
    """What is not the same in every notice of the subscription."""
    made: datetime
    due: datetime
    attempts: int = 0
    delayed: bool = False


@dataclass(slots=True)
class Receiver:
    """A host that is told things, and how long its last answers took."""

    answers: deque[tuple[datetime, timedelta]] = field(default_factory=deque)
    slow_until: datetime | None = None
    dropped_until: datetime | None = None

    def note(self, now: datetime, took: timedelta, judged_after: int) -> None:
        while self.answers and self.answers[0][0] <= now - MEMORY:
            self.answers.popleft()
        self.answers.append((now, took))
        if len(self.answers) < judged_after:
            return
        times = [time for _, time in self.answers]
        if sum(time > TOO_SLOW for time in times) > TOO_SLOW_SHARE * len(times):
            self.dropped_until = now + PENALTY
        elif sum(time > SLOW for time in times) > SLOW_SHARE * len(times):
            self.slow_until = now + PENALTY

    def is_slow(self, now: datetime) -> bool:
        return self.slow_until is not None and now < self.slow_until

    def is_dropped(self, now: datetime) -> bool:
        return self.dropped_until is not None and now < self.dropped_until


class Book:
    """All subscriptions of the world. Callers hold the world's lock."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.subscriptions: dict[str, Subscription] = {}
        self.queue: list[Notice] = []
        self.receivers: dict[str, Receiver] = {}
        self.meters: dict[tuple[str, str, str], deque[datetime]] = {}
        """App, tenant and kind of request → when it was asked lately."""
        self.sender: Sender = LoopbackSender()
        """How receivers are reached; a test in one process puts another one here."""

    def __getstate__(self) -> dict[str, Any]:
        """A sender is the process's own and not part of the world."""
        return {**self.__dict__, "sender": LoopbackSender()}

    def receiver(self, host: str) -> Receiver:
        return self.receivers.setdefault(host, Receiver())

    def tell_life(self, subscription: Subscription, event: LifecycleEvent, now: datetime) -> None:
        """Queues an event, once while it waits; who gave no address for them hears nothing."""
        if subscription.lifecycle_url is None:
            return
        content: dict[str, Any] = {"lifecycleEvent": event}
        waiting = (one for one in self.queue if one.subscription.id == subscription.id)
        if any(one.content == content for one in waiting):
            return
        self.queue.append(Notice(subscription, subscription.lifecycle_url, content, now, now))

    def remove(self, subscription: Subscription, now: datetime, *, tell: bool) -> None:
        del self.subscriptions[subscription.id]
        self.queue = [one for one in self.queue if one.subscription.id != subscription.id]
        if tell:
            self.tell_life(subscription, "subscriptionRemoved", now)
