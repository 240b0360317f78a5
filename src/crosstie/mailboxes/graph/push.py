"""Change notifications: subscriptions that are kept alive, and what arrives because of them.

Polling goes on beside them. A vendor that refuses to push is asked again some hours later, and no session
fails for it. https://learn.microsoft.com/graph/change-notifications-overview
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crosstie.domain.clock import Clock
from crosstie.domain.email import Folder
from crosstie.domain.errors import CrosstieError
from crosstie.domain.push import AGAIN, UNTIL, Hook, Notice
from crosstie.mailboxes.graph.client import GraphClient, Part
from crosstie.mailboxes.graph.errors import Answer, translate
from crosstie.mailboxes.graph.marks import WATCHED, Marks
from crosstie.mailboxes.graph.translate import rows, segment

log = logging.getLogger(__name__)

LIFETIME = timedelta(days=6)
"""Graph ends a subscription to messages after seven days at the latest."""
RENEW_BEFORE = timedelta(days=3)
ASK_AGAIN = timedelta(hours=6)
"""After a refusal, such as an address that Graph cannot reach."""
LARGEST = 256 * 1024
"""Bytes of one delivery."""
MOST = 1_000
"""Notices of one delivery."""
ADDRESS = "push.address"


class Malformed(ValueError):
    """No delivery of Graph's."""


@dataclass(frozen=True, slots=True)
class Push:
    """The subscriptions of one mailbox, one a watched folder. Idle but for one round trip in three days."""

    client: GraphClient
    clock: Clock
    marks: Marks
    hook: Hook

    def keep(self) -> None:
        """Subscribe or renew where it is time for that. Raises nothing: what cannot be pushed is polled."""
        now = self.clock.now()
        if not self._is_time(now):
            return
        try:
            refusals = self._ask(now)
        except CrosstieError as error:
            refusals = [error.code]
        if refusals:
            log.warning("GRAPH-NO-PUSH mailbox=%s reason=%s", self.client.mailbox_id, refusals[0])
            self.marks.remember(**{AGAIN: (now + ASK_AGAIN).isoformat(), ADDRESS: self.hook.url})
        else:
            self.marks.remember(**{UNTIL: (now + LIFETIME).isoformat(), AGAIN: "", ADDRESS: self.hook.url})

    def end(self) -> None:
        """Raises nothing: what cannot be ended now ends by itself at the end of its lifetime."""
        names = [_fact(folder) for folder in WATCHED]
        known = [self.marks.facts[name] for name in names if self.marks.facts.get(name)]
        self.marks.remember(**dict.fromkeys((*names, UNTIL, AGAIN, ADDRESS), ""))
        try:
            self.client.batches([Part("DELETE", f"/subscriptions/{segment(one)}") for one in known])
        except CrosstieError as error:
            log.warning("GRAPH-STILL-PUSHES mailbox=%s reason=%s", self.client.mailbox_id, error.code)

    def _is_time(self, now: datetime) -> bool:
        facts = self.marks.facts
        if facts.get(ADDRESS) != self.hook.url:
            return True
        again, until = _moment(facts.get(AGAIN, "")), _moment(facts.get(UNTIL, ""))
        return (again is None or again <= now) and (until is None or until - now < RENEW_BEFORE)

    def _ask(self, now: datetime) -> list[str]:
        """Codes of what was refused. With another address all are made anew: not all of it can be changed."""
        expires = f"{now + LIFETIME:%Y-%m-%dT%H:%M:%SZ}"
        facts = self.marks.facts if self.marks.facts.get(ADDRESS) == self.hook.url else {}
        known = {folder: facts.get(_fact(folder), "") for folder in WATCHED}
        answers = self.client.batch([self._part(folder, known[folder], expires) for folder in WATCHED])
        gone = [folder for folder, answer in zip(WATCHED, answers, strict=True) if known[folder] and not answer.ok]
        taken = [folder for folder, answer in zip(WATCHED, answers, strict=True) if answer.status == 409]
        if taken:
            self._clear()
        again = dict.fromkeys((*gone, *taken))
        found = dict(zip(WATCHED, answers, strict=True))
        found |= zip(again, self.client.batch([self._part(folder, "", expires) for folder in again]), strict=True)
        self.marks.remember(**{_fact(folder): _id(answer) for folder, answer in found.items()})
        return [translate(answer, now).code for answer in found.values() if not answer.ok]

    def _part(self, folder: Folder, known: str, expires: str) -> Part:
        if known:
            return Part("PATCH", f"/subscriptions/{segment(known)}", {"expirationDateTime": expires})
        body = {
            "changeType": "created,updated",
            "notificationUrl": self.hook.url,
            "lifecycleNotificationUrl": self.hook.url,
            "resource": f"{self._watched}{self.marks.folder_id(folder)}/messages",
            "expirationDateTime": expires,
            "clientState": self.hook.word(self.client.mailbox_id),
        }
        return Part("POST", "/subscriptions", body)

    def _clear(self) -> None:
        """Take away what an earlier installation, or we before a restore, left behind for these folders."""
        listed = self.client.ask(Part("GET", "/subscriptions"))
        self.client.raise_for(listed)
        ours = [one for one in rows(listed.json.get("value")) if self._is_ours(one)]
        self.client.batches([Part("DELETE", f"/subscriptions/{segment(str(one['id']))}") for one in ours])

    def _is_ours(self, one: Any) -> bool:
        return "id" in one and str(one.get("resource", "")).startswith(self._watched)

    @property
    def _watched(self) -> str:
        """How what we subscribe to begins; it is no address and therefore not quoted."""
        return f"users/{self.client.connection.address}/mailFolders/"


def notices(body: bytes) -> Sequence[Notice]:
    """What a delivery says, every mailbox once. Raises Malformed."""
    if len(body) > LARGEST:
        raise Malformed("too large")
    try:
        listed = json.loads(body)["value"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Malformed("no list of notices") from error
    if not isinstance(listed, list) or len(listed) > MOST:
        raise Malformed("no list of notices, or too many")
    found: dict[str, bool] = {}
    for one in listed:
        word = one.get("clientState") if isinstance(one, dict) else None
        if isinstance(word, str) and word:
            found[word] = found.get(word, False) or one.get("lifecycleEvent") in _ENDINGS
    return [Notice(word, lost) for word, lost in found.items()]


_ENDINGS = ("reauthorizationRequired", "subscriptionRemoved")
"""`missed` asks for nothing but a look."""


def _fact(folder: Folder) -> str:
    return f"push.{folder.value}"


def _id(answer: Answer) -> str:
    return str(answer.json.get("id", "")) if answer.ok else ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
