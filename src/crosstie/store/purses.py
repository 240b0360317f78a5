"""How often something was done within a window, whichever process was asked."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection

# One statement: of two at the same moment each sees the other's.
_SPEND = """
    INSERT INTO store_purse AS purse (key, began_at, count) VALUES (%(key)s, %(now)s, 1)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN purse.began_at > %(over)s THEN purse.count + 1 ELSE 1 END,
        began_at = CASE WHEN purse.began_at > %(over)s THEN purse.began_at ELSE excluded.began_at END
    RETURNING count
"""


def spend(what: str, whose: str, now: datetime, window: timedelta) -> int:
    """How often `whose` did this within the window, now included."""
    key = hashlib.sha256(f"{what}\0{whose}".encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, {"key": key, "now": now, "over": now - window})
        (count,) = cursor.fetchone()
    return int(count)
