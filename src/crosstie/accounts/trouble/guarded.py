"""What the bulk guard holds back: of each side how much, and what a person says to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstie.accounts import audit, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.words import Answer, answer
from crosstie.domain.clock import Clock
from crosstie.domain.links import Side
from crosstie.domain.reasons import EVENT_MEANT, EVENT_SPARED
from crosstie.rules.calendar.guard import HELD
from crosstie.store import recheck
from crosstie.store.models import Scope
from crosstie.store.sql import bound, joined, rows

NAMED = 5
"""Of what is held back, before the rest is counted."""
_HELD = """
    SELECT reason_code, count(*), min(decided_at), max(decided_at),
           (array_agg(item_id ORDER BY decided_at, id))[1:%(named)s],
           (array_agg(record_id ORDER BY decided_at, id))[1:%(named)s]
    FROM store_link
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s AND item_id <> ''
      AND reason_code = ANY(%(codes)s::text[])
    GROUP BY reason_code ORDER BY reason_code
"""


class Word(StrEnum):
    REMOVE = "remove"
    """It is meant."""
    KEEP = "keep"
    """Nothing of it is removed, and it is kept in step no more."""


_ANSWERS = {Word.REMOVE: EVENT_MEANT, Word.KEEP: EVENT_SPARED}
_SAID = {
    (Side.CRM, Word.REMOVE): words.REMOVED_THERE,
    (Side.MAILBOX, Word.REMOVE): words.REMOVED_HERE,
    (Side.CRM, Word.KEEP): words.KEPT_THERE,
    (Side.MAILBOX, Word.KEEP): words.KEPT_HERE,
}


@dataclass(frozen=True, slots=True)
class Held:
    """Removals on one side; of the first of them the items and records."""

    side: Side
    count: int
    first_at: datetime
    last_at: datetime
    item_ids: tuple[str, ...]
    record_ids: tuple[str, ...]

    @property
    def code(self) -> str:
        return HELD[self.side].code


def held(scope: Scope, mailbox_id: int) -> Sequence[Held]:
    sides = {kind.code: side for side, kind in HELD.items()}
    found = rows(_HELD, bound(scope, mailbox=mailbox_id, codes=list(sides), named=NAMED))
    return [
        Held(sides[code], count, first, last, tuple(items), tuple(filter(None, records)))
        for code, count, first, last, items, records in found
    ]


def decide(
    scope: Scope,
    mailbox_id: int,
    side: Side,
    word: Word,
    clock: Clock,
    actor: Actor = SYSTEM,
    *,
    seen: int | None = None,
) -> Answer:
    """Somebody's word on all removals of that side, if they are still as many as were `seen`."""
    now, codes = clock.now(), (HELD[side].code, _ANSWERS[word].code)
    with joined():
        count = recheck.answer_all(scope, mailbox_id, codes, now, seen=seen)
        if not count:
            return answer(words.NOTHING_HELD, ok=False)
        if seen not in (None, count):
            return answer(words.HELD_OTHERWISE, ok=False, count=count)
        details = {"side": side.value, "events": count}
        audit.record(scope, Deed(now, actor, f"issues.{word}", f"mailbox {mailbox_id}", details))
    return answer(_SAID[side, word], count=count)
