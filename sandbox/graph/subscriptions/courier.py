"""The courier: looks for what changed, tells it after a while, tries again, and says when it gave up."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sandbox.graph.shape import etag, instant
from sandbox.graph.subscriptions.book import JUDGED_AFTER, PENALTY, Book, Notice, Receiver, Subscription
from sandbox.graph.subscriptions.contents import proof, sealed, watched
from sandbox.graph.subscriptions.sender import Unreachable
from sandbox.graph.subscriptions.switches import (
    ENDPOINT_JUDGED_AFTER_100,
    NOTICES_ARE_LATE,
    NOTICES_COME_TWICE,
    NOTICES_VANISH,
    PAUSED_NOTICES_KEPT,
    REAUTHORISATION_BEFORE_EXPIRY,
)
from sandbox.mailboxes import Mailbox
from sandbox.mailboxes.model import LogEntry
from sandbox.world import World

MOST_TOGETHER = 50
"""Notices in one POST."""
GIVE_UP = timedelta(hours=4)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=30)
WARNED_BEFORE = timedelta(minutes=15)
"""How long before the end of a subscription its owner is asked to renew it."""
_CHANGES = {"in": "created", "change": "updated", "out": "deleted"}


def deliver(world: World) -> int:
    """Tell what is due by now; answers how many notices arrived. Sends outside the lock, so receivers may call."""
    with world.lock:
        look(world)
        batches = _due(world)
    return sum(_send(world, batch) for batch in batches)


def look(world: World) -> None:
    """Queue what happened since the last look, and end what has to end."""
    book, now = world.subscriptions, world.clock.now()
    for subscription in list(book.subscriptions.values()):
        mailbox = world.mailboxes.mailbox_by_guid(subscription.target.mailbox)
        if subscription.expires <= now:
            book.remove(subscription, now, tell=False)
        elif mailbox is None or not mailbox.licensed or not _consented(world, subscription):
            book.remove(subscription, now, tell=True)
        else:
            _look_at(world, subscription, mailbox, now)


def _consented(world: World, subscription: Subscription) -> bool:
    app = world.microsoft.apps.get(subscription.app)
    if app is None:
        return False
    if subscription.user is None:
        return subscription.tenant in app.role_consents
    return bool(app.delegable(subscription.tenant, subscription.user))


def _look_at(world: World, subscription: Subscription, mailbox: Mailbox, now: datetime) -> None:
    book, switches = world.subscriptions, world.switches
    soon = subscription.expires - now <= WARNED_BEFORE
    if soon and not subscription.warned and switches.on(REAUTHORISATION_BEFORE_EXPIRY):
        subscription.warned = True
        book.tell_life(subscription, "reauthorizationRequired", now)
    if subscription.paused(now) and switches.on(PAUSED_NOTICES_KEPT):
        return
    entries = _entries(mailbox, subscription)
    subscription.position = mailbox.version
    if subscription.paused(now):
        return
    for entry in entries:
        if _CHANGES[entry.kind] in subscription.change_types:
            _queue(world, subscription, mailbox, entry)


def _entries(mailbox: Mailbox, subscription: Subscription) -> list[LogEntry]:
    target = subscription.target
    if target.kind == "event":
        return mailbox.default_calendar.since(subscription.position)
    if target.kind != "message":
        return []
    folders = [
        folder
        for folder in mailbox.folders.values()
        if folder.number == target.folder or (target.folder is None and not folder.hidden)
    ]
    found = [entry for folder in folders for entry in folder.since(subscription.position)]
    return sorted(found, key=lambda entry: entry.version)


def _queue(world: World, subscription: Subscription, mailbox: Mailbox, entry: LogEntry) -> None:
    book, switches = world.subscriptions, world.switches
    item = watched(world, subscription, mailbox, entry)
    if not item.keep():
        return
    if switches.on(NOTICES_VANISH) and book.dice.random() < 0.3:
        return
    seconds = book.dice.uniform(60, 180) if switches.on(NOTICES_ARE_LATE) else book.dice.uniform(1, 30)
    path = f"Users/{mailbox.guid}/{item.type}s/{item.id}"
    data: dict[str, Any] = {"@odata.type": f"#Microsoft.Graph.{item.type}", "@odata.id": path}
    if entry.kind != "out":
        data["@odata.etag"] = etag(mailbox, entry.version)
    content: dict[str, Any] = {"changeType": _CHANGES[entry.kind], "resource": path}
    content["resourceData"] = {**data, "id": item.id}
    if subscription.query.certificate and item.shape and entry.kind != "out":
        content["encryptedContent"] = asdict(sealed(world, subscription, item.shape()))
    notice = Notice(
        subscription, subscription.notification_url, content, entry.at, entry.at + timedelta(seconds=seconds)
    )
    book.queue.append(notice)
    if switches.on(NOTICES_COME_TWICE) and book.dice.random() < 0.3:
        again = notice.due + timedelta(seconds=book.dice.uniform(0, 20))
        book.queue.append(Notice(subscription, notice.url, content, notice.made, again))


# Sending


def _due(world: World) -> list[list[Notice]]:
    """Takes what is due out of the queue, by address and in order of its time."""
    book, now = world.subscriptions, world.clock.now()
    for notice in book.queue:
        if not notice.delayed and book.receiver(_host(notice.url)).is_slow(now):
            notice.delayed, notice.due = True, notice.due + PENALTY
    ready = sorted((one for one in book.queue if one.due <= now), key=lambda one: one.due)
    book.queue = [one for one in book.queue if one.due > now]
    by_address: dict[str, list[Notice]] = {}
    for notice in ready:
        if book.receiver(_host(notice.url)).is_dropped(now):
            book.tell_life(notice.subscription, "missed", now)
        else:
            by_address.setdefault(notice.url, []).append(notice)
    return [
        notices[first : first + MOST_TOGETHER]
        for notices in by_address.values()
        for first in range(0, len(notices), MOST_TOGETHER)
    ]


def _send(world: World, batch: list[Notice]) -> int:
    whole: dict[str, Any] = {"value": [_shape(notice) for notice in batch]}
    rich = {one.subscription.app: one.subscription for one in batch if "encryptedContent" in one.content}
    if rich:
        whole["validationTokens"] = [proof(world, subscription) for subscription in rich.values()]
    body = json.dumps(whole).encode()
    began = world.clock.now()
    try:
        status = world.subscriptions.sender(batch[0].url, body, "application/json; charset=utf-8").status
    except Unreachable:
        status = 0
    with world.lock:
        now = world.clock.now()
        receiver = world.subscriptions.receiver(_host(batch[0].url))
        _note(world, receiver, now, now - began, len(batch))
        world.changes += 1
        if 200 <= status < 300:
            return len(batch)
        for notice in batch:
            _again(world.subscriptions, notice, now)
    return 0


def _note(world: World, receiver: Receiver, now: datetime, took: timedelta, count: int) -> None:
    judged_after = JUDGED_AFTER if world.switches.on(ENDPOINT_JUDGED_AFTER_100) else 1
    for _ in range(count):
        receiver.note(now, took, judged_after)


def _again(book: Book, notice: Notice, now: datetime) -> None:
    notice.attempts += 1
    wait = min(FIRST_WAIT * 2 ** (notice.attempts - 1), LONGEST_WAIT)
    if now + wait <= notice.made + GIVE_UP:
        notice.due = now + wait
        book.queue.append(notice)
    elif "lifecycleEvent" not in notice.content:
        book.tell_life(notice.subscription, "missed", now)


def _shape(notice: Notice) -> dict[str, Any]:
    subscription = notice.subscription
    return {
        "subscriptionId": subscription.id,
        "subscriptionExpirationDateTime": instant(subscription.expires),
        "clientState": subscription.client_state,
        "tenantId": subscription.tenant,
        **notice.content,
    }


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
