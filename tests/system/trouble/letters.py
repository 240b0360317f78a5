"""The mails people send while things go wrong, and what has to become of each; drawn from a seed."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Literal

from tests.simulation.letters import NORA, OMAR, PRIYA, QUENTIN, SOFIA, STRANGER, letter

KNOWN = (NORA, OMAR, PRIYA, QUENTIN, SOFIA)
Act = Literal["", "category", "folder"]


@dataclass(frozen=True, slots=True)
class Expected:
    """`saved` or not, in the mailboxes of `holders`; `files` are SHA-256 digests of its attachments."""

    message_id: str
    holders: tuple[str, ...]
    outsiders: frozenset[str]
    saved: bool
    act: Act = ""
    files: tuple[str, ...] = ()


class Letters:
    def __init__(self, seed: int, colleagues: list[str]) -> None:
        self._random = random.Random(seed)
        self._colleagues = colleagues
        self._number = 0
        self.sent: list[Expected] = []

    def draw(self, holder: str) -> Iterator[tuple[EmailMessage, Expected]]:
        """One mail that concerns `holder`, of a kind drawn by weight."""
        kinds = {
            self.plain: 4, self.attached: 4, self.shared: 3, self.outgoing: 2,
            self.marked: 3, self.dropped: 2, self.stranger: 1, self.internal: 1,
        }  # fmt: skip
        kind = self._random.choices(list(kinds), list(kinds.values()))[0]
        mail, expected = kind(holder)
        self.sent.append(expected)
        yield mail, expected

    def plain(self, holder: str) -> tuple[EmailMessage, Expected]:
        return self._make(self._customer(), holder)

    def attached(self, holder: str) -> tuple[EmailMessage, Expected]:
        count = self._random.randint(1, 3)
        files = {f"file-{n}.bin": self._random.randbytes(self._random.randint(10, 40_000)) for n in range(count)}
        return self._make(self._customer(), holder, files=files)

    def shared(self, holder: str) -> tuple[EmailMessage, Expected]:
        others = [one for one in self._colleagues if one != holder]
        holders = [holder, *self._random.sample(others, min(len(others), self._random.randint(1, 2)))]
        files = {"plan.bin": self._random.randbytes(3000)}
        return self._make(self._customer(), *holders, files=files)

    def outgoing(self, holder: str) -> tuple[EmailMessage, Expected]:
        return self._make(holder, self._customer())

    def marked(self, holder: str) -> tuple[EmailMessage, Expected]:
        return self._make(STRANGER, holder, act="category")

    def dropped(self, holder: str) -> tuple[EmailMessage, Expected]:
        return self._make(STRANGER, holder, act="folder", files={"offer.bin": self._random.randbytes(500)})

    def stranger(self, holder: str) -> tuple[EmailMessage, Expected]:
        return self._make(STRANGER, holder, saved=False)

    def internal(self, holder: str) -> tuple[EmailMessage, Expected]:
        other = self._random.choice([one for one in self._colleagues if one != holder])
        return self._make(other, holder, saved=False)

    def _customer(self) -> str:
        return self._random.choice(KNOWN)

    def _make(
        self,
        sender: str,
        *recipients: str,
        saved: bool = True,
        act: Act = "",
        files: dict[str, bytes] | None = None,
    ) -> tuple[EmailMessage, Expected]:
        self._number += 1
        message_id = f"<trouble-{self._number}@{sender.rpartition('@')[2]}>"
        subject, to = f"Trouble {self._number}", ", ".join(recipients)
        mail = letter(subject, sender, to, datetime.now(UTC), files=files, message_id=message_id)
        everybody = (sender, *recipients)
        digests = tuple(sorted(hashlib.sha256(data).hexdigest() for data in (files or {}).values()))
        holders = tuple(one for one in everybody if one in self._colleagues)
        outsiders = frozenset(everybody) - frozenset(holders)
        return mail, Expected(message_id, holders, outsiders, saved, act, digests)
