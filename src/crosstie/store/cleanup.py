"""What is not kept for ever: the log 30 days, diagnostics 90 days, the audit a year."""

from datetime import datetime, timedelta

from crosstie.store.sql import count

LOG_DAYS = 30
DIAGNOSTIC_DAYS = 90
AUDIT_DAYS = 365
"""The database itself refuses to delete a row before (migration 0026)."""
SIGN_IN_DAYS = 1
"""Longer than one can last."""
BATCH = 10_000
"""Rows a statement: short locks, small write-ahead log."""

# The org remembers how far its log was deleted: who did not read that far has missed something.
_OLD_LOG = """
    WITH old AS (
        SELECT id, org_id FROM store_recordlog WHERE logged_at < %(before)s LIMIT %(limit)s
    ), told AS (
        UPDATE store_org o SET log_cleared = GREATEST(o.log_cleared, gone.last)
        FROM (SELECT org_id, max(id) AS last FROM old GROUP BY org_id) gone WHERE o.id = gone.org_id
    )
    DELETE FROM store_recordlog WHERE id IN (SELECT id FROM old)
"""
_OLD_SESSIONS = """
    DELETE FROM store_sessionrun WHERE id IN (
        SELECT id FROM store_sessionrun WHERE ended_at < %(before)s LIMIT %(limit)s)
"""
# The last row of an item is what explains it, and stays, as does that of a record without an item; what was made
# for people explains nothing later.
_OLD_JOURNAL = """
    DELETE FROM store_journalrow WHERE id IN (
        SELECT j.id FROM store_journalrow j
        WHERE j.at < %(before)s AND (j.kind = 'make' OR j.item_id <> '' AND EXISTS (
            SELECT FROM store_journalrow later
            WHERE later.mailbox_id = j.mailbox_id AND later.item_id = j.item_id AND later.id > j.id
        ) OR j.item_id = '' AND EXISTS (
            SELECT FROM store_journalrow later
            WHERE later.mailbox_id = j.mailbox_id AND later.record_id = j.record_id AND later.record_id <> ''
              AND later.id > j.id))
        LIMIT %(limit)s)
"""
_OLD_STOPS = """
    DELETE FROM store_stop WHERE id IN (
        SELECT id FROM store_stop WHERE ended_at < %(before)s LIMIT %(limit)s)
"""
_OLD_NOTICES = """
    DELETE FROM store_notice WHERE id IN (
        SELECT id FROM store_notice
        WHERE owed_at < %(before)s AND due_at IS NULL AND (about <> 'stopped' OR answered_at IS NOT NULL)
        LIMIT %(limit)s)
"""
# Its people go with it. A run that nobody started is over by its age.
_OLD_ACTIVATIONS = """
    WITH old AS (
        SELECT id FROM store_activation
        WHERE COALESCE(ended_at, CASE WHEN due_at IS NULL THEN asked_at END) < %(before)s LIMIT %(limit)s
    ), gone AS (
        DELETE FROM store_candidate WHERE activation_id IN (SELECT id FROM old)
    )
    DELETE FROM store_activation WHERE id IN (SELECT id FROM old)
"""
_OLD_AUDIT = """
    DELETE FROM store_auditrow WHERE id IN (
        SELECT id FROM store_auditrow WHERE at < %(before)s LIMIT %(limit)s)
"""
_OLD_SIGN_INS = """
    DELETE FROM store_signin WHERE id IN (
        SELECT id FROM store_signin WHERE began_at < %(before)s LIMIT %(limit)s)
"""
_OLD_REFUSED_SIGN_INS = """
    DELETE FROM store_refusedsignin WHERE id IN (
        SELECT id FROM store_refusedsignin WHERE hour < %(before)s LIMIT %(limit)s)
"""
_OLD_PURSES = """
    DELETE FROM store_purse WHERE key IN (
        SELECT key FROM store_purse WHERE began_at < %(before)s LIMIT %(limit)s)
"""
_OLD_TOKENS = """
    DELETE FROM store_accesstoken WHERE id IN (
        SELECT id FROM store_accesstoken WHERE expires_at < %(before)s LIMIT %(limit)s)
"""
_PERIODS = (
    (_OLD_LOG, LOG_DAYS),
    (_OLD_SESSIONS, DIAGNOSTIC_DAYS),
    (_OLD_JOURNAL, DIAGNOSTIC_DAYS),
    (_OLD_STOPS, DIAGNOSTIC_DAYS),
    (_OLD_NOTICES, DIAGNOSTIC_DAYS),
    (_OLD_ACTIVATIONS, DIAGNOSTIC_DAYS),
    (_OLD_AUDIT, AUDIT_DAYS),
    (_OLD_SIGN_INS, SIGN_IN_DAYS),
    (_OLD_REFUSED_SIGN_INS, SIGN_IN_DAYS),
    (_OLD_PURSES, SIGN_IN_DAYS),
    (_OLD_TOKENS, DIAGNOSTIC_DAYS),
)


def clean_up(now: datetime, limit: int = BATCH) -> int:
    """Delete up to `limit` rows of each kind whose time is over; how many. Call again while it is not 0."""
    return sum(
        count(statement, {"before": now - timedelta(days=days), "limit": limit}) for statement, days in _PERIODS
    )
