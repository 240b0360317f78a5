"""Copies of events that are held back, all of a mailbox's as one issue, and what a person says to them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstie.accounts import audit, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.trouble.guarded import NAMED
from crosstie.accounts.words import Answer, answer
from crosstie.domain.clock import Clock
from crosstie.domain.reasons import EVENT_COPY, EVENT_COPY_MEANT, EVENT_COPY_WAITS
from crosstie.store import recheck
from crosstie.store.models import Scope
from crosstie.store.sql import bound, joined, rows

CODE = EVENT_COPY.code
_HELD = """
    SELECT count(*) FILTER (WHERE reason_code = %(code)s), count(*) FILTER (WHERE reason_code = %(waits)s),
           min(decided_at) FILTER (WHERE reason_code = %(code)s),
           (array_agg(ARRAY[item_id, record_id] ORDER BY decided_at, id)
            FILTER (WHERE reason_code = %(code)s))[1:%(named)s]
    FROM store_link
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
      AND reason_code IN (%(code)s, %(waits)s)
"""


class Word(StrEnum):
    AGAIN = "again"
    """The other product is off, and they were changed or deleted: it is looked at once more."""
    MEANT = "meant"
    """They are no copies."""


@dataclass(frozen=True, slots=True)
class Copied:
    """`waiting` others follow by themselves. Of the first copies the item or, of one in Salesforce, the record."""

    count: int
    waiting: int
    first_at: datetime
    places: tuple[tuple[str, str], ...]

    @property
    def code(self) -> str:
        return CODE


def held(scope: Scope, mailbox_id: int) -> Copied | None:
    given = bound(scope, mailbox=mailbox_id, code=CODE, waits=EVENT_COPY_WAITS.code, named=NAMED)
    ((count, waiting, first, places),) = rows(_HELD, given)
    if not count:
        return None
    return Copied(count, waiting, first, tuple((item, "" if item else record) for item, record in places))


def decide(
    scope: Scope, mailbox_id: int, word: Word, clock: Clock, actor: Actor = SYSTEM, *, seen: int | None = None
) -> Answer:
    """Somebody's word on all of them. That they are meant is said of as many as were `seen`."""
    now, found = clock.now(), held(scope, mailbox_id)
    if found is None:
        return answer(words.NO_COPIES, ok=False)
    with joined():
        if word is Word.MEANT:
            count = recheck.answer_all(scope, mailbox_id, (CODE, EVENT_COPY_MEANT.code), now, seen=seen)
            if seen not in (None, count):
                return answer(words.HELD_OTHERWISE, ok=False, count=count)
        recheck.flag_reasons(scope, mailbox_id, (CODE, EVENT_COPY_WAITS.code), now)
        details = {"events": found.count}
        audit.record(scope, Deed(now, actor, f"issues.copies-{word}", f"mailbox {mailbox_id}", details))
    return answer(words.COPIES_MEANT if word is Word.MEANT else words.COPIES_AGAIN, count=found.count)
