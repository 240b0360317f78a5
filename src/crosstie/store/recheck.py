"""What was decided is looked at again: because rules moved, or because a person asks."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from crosstie.domain.reasons import KINDS
from crosstie.store.models.scope import Scope
from crosstie.store.sql import bound, count, joined, lock_org, org_of, rows

_FLAG = """
    UPDATE {table} s SET recheck = m.lease_epoch FROM store_mailbox m
    WHERE m.id = s.mailbox_id AND s.tenant_id = %(tenant)s AND s.org_id = %(org)s
      AND s.mailbox_id = ANY(%(mailboxes)s::bigint[]) AND {condition}
    RETURNING s.mailbox_id
"""
_TABLES = ("store_itemstate", "store_link")
_WAKE = """
    UPDATE store_mailbox SET due_at = LEAST(due_at, %(now)s)
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND id = ANY(%(woken)s::bigint[])
"""
_BY_REASON = "s.reason_code = ANY(%(codes)s::text[])"
_ASKING = """
    SELECT id FROM store_link
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
      AND reason_code = %(asks)s AND (%(only)s::text[] IS NULL OR item_id = ANY(%(only)s::text[]))
"""
_ANSWER = """
    UPDATE store_link s SET reason_code = %(answered)s, recheck = m.lease_epoch FROM store_mailbox m
    WHERE m.id = s.mailbox_id AND s.tenant_id = %(tenant)s AND s.org_id = %(org)s AND s.mailbox_id = %(mailbox)s
      AND s.id = ANY(%(ids)s::bigint[])
"""
_BY_ID = "s.item_id = ANY(%(items)s::text[]) AND s.item_id <> ''"


def codes_of(*epochs: str) -> list[str]:
    """Reasons that a move of these (`settings`, `blocklist`, `pairs`) makes worth asking again."""
    return sorted(kind.code for kind in KINDS.values() if kind.rechecked_by.intersection(epochs))


def flag(scope: Scope, mailbox_ids: Collection[int], codes: Sequence[str], now: datetime) -> int:
    """Mark the items and links decided for these reasons and wake their mailboxes; how many.

    A session that runs meanwhile learns of it when it saves (states/items.py, states/links.py).
    """
    params = bound(scope, mailboxes=list(mailbox_ids), codes=list(codes), now=now)
    with joined():
        lock_org(org_of(scope), shared=False)
        count(
            """
            UPDATE store_mailbox SET rules_epoch = lease_epoch
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND id = ANY(%(mailboxes)s::bigint[])
            """,
            params,
        )
        return _flag(_BY_REASON, params)


def flag_items(scope: Scope, mailbox_id: int, item_ids: Collection[str], now: datetime) -> int:
    """Mark these items of one mailbox and wake it; how many of them it has."""
    params = bound(scope, mailboxes=[mailbox_id], items=list(item_ids), now=now)
    with joined():
        lock_org(org_of(scope), shared=False)
        return _flag(_BY_ID, params)


def flag_reasons(scope: Scope, mailbox_id: int, codes: Collection[str], now: datetime) -> int:
    """Likewise, of one mailbox whatever was decided for these reasons, of which no rule has moved."""
    params = bound(scope, mailboxes=[mailbox_id], codes=list(codes), now=now)
    with joined():
        lock_org(org_of(scope), shared=False)
        return _flag(_BY_REASON, params)


def wake(scope: Scope, mailbox_ids: Collection[int], now: datetime) -> None:
    """These mailboxes are due, whatever was decided."""
    with joined():
        lock_org(org_of(scope), shared=False)
        count(_WAKE, bound(scope, woken=list(mailbox_ids), now=now))


def answer(scope: Scope, mailbox_id: int, item_id: str, codes: tuple[str, str], now: datetime) -> bool:
    """A link that asks (the first code) is answered (the second), and its mailbox is woken; whether it asked."""
    return bool(answer_all(scope, mailbox_id, codes, now, only=[item_id]))


def answer_all(
    scope: Scope,
    mailbox_id: int,
    codes: tuple[str, str],
    now: datetime,
    *,
    only: Collection[str] | None = None,
    seen: int | None = None,
) -> int:
    """As `answer`, of all links that ask, or of these items; how many asked. Where they are not as many as
    somebody has `seen`, none is answered.
    """
    asks, answered = codes
    params = bound(scope, mailboxes=[mailbox_id], mailbox=mailbox_id, now=now)
    named = None if only is None else list(only)
    with joined():
        lock_org(org_of(scope), shared=False)
        asking = [link_id for (link_id,) in rows(_ASKING, params | {"asks": asks, "only": named})]
        if asking and seen in (None, len(asking)):
            count(_ANSWER, params | {"ids": asking, "answered": answered})
            count(_WAKE, params | {"woken": [mailbox_id]})
        return len(asking)


def _flag(condition: str, params: dict[str, Any]) -> int:
    flagged = [row for table in _TABLES for row in rows(_FLAG.format(table=table, condition=condition), params)]
    count(_WAKE, params | {"woken": list({mailbox_id for (mailbox_id,) in flagged})})
    return len(flagged)
