"""Vendors' pushes: the word that proves one, and the mailbox it wakes."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Least

from crosstie.config.secrets import KeyRing
from crosstie.domain.clock import Clock
from crosstie.domain.push import AGAIN, UNTIL, Notice
from crosstie.store.models import Mailbox, MailboxState

COALESCE = timedelta(seconds=20)
"""One act of a person makes several notices: the session waits this long after the first."""
_PROOF_BYTES = 16


@dataclass(frozen=True, slots=True)
class Words:
    """The word of a mailbox: its id and a proof under the installation's key, so that none need be stored."""

    ring: KeyRing

    def word(self, mailbox_id: int) -> str:
        return f"{mailbox_id}.{self._proof(mailbox_id, self.ring.current)}"

    def mailbox(self, word: str) -> int | None:
        """Whose word it is; None when it is not one of ours."""
        number, _, proof = word.partition(".")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return None
        mailbox_id = int(number)
        known = [self._proof(mailbox_id, key_id).encode() for key_id in self.ring.keys]
        given = proof.encode("utf-8", "replace")
        return mailbox_id if any([hmac.compare_digest(one, given) for one in known]) else None  # noqa: C419

    def _proof(self, mailbox_id: int, key_id: str) -> str:
        message = f"push\x1f{mailbox_id}".encode()
        return hmac.digest(self.ring.keys[key_id], message, "sha256")[:_PROOF_BYTES].hex()


def heed(words: Words, notices: Iterable[Notice], clock: Clock) -> int:
    """Wake whom genuine notices are about, and nobody else; answers how many mailboxes that are."""
    meant: dict[int, bool] = {}
    for notice in notices:
        mailbox_id = words.mailbox(notice.word)
        if mailbox_id is not None:
            meant[mailbox_id] = meant.get(mailbox_id, False) or notice.lost
    _ask_anew([mailbox_id for mailbox_id, lost in meant.items() if lost])
    return _wake(list(meant), clock.now() + COALESCE)


def _wake(mailbox_ids: list[int], at: datetime) -> int:
    """A later wake never puts off an earlier one, and one during a session is kept for its end."""
    soon = Least(Coalesce(F("due_at"), Value(at)), Value(at))
    rows = Mailbox.everywhere().filter(pk__in=mailbox_ids, state=MailboxState.ACTIVE, paused=False)
    return rows.update(due_at=soon)


def _ask_anew(mailbox_ids: list[int]) -> None:
    """Forget until when the vendor pushes: the next session sees to it. If a session that runs just now
    writes its own facts over that, the mailbox is polled until the push is renewed."""
    for row in Mailbox.everywhere().filter(pk__in=mailbox_ids):
        Mailbox.everywhere().filter(pk=row.pk).update(facts={**row.facts, UNTIL: "", AGAIN: ""})
