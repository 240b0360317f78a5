"""Reasons, by what makes them worth another look."""

from crosstie.domain.reasons import EVENT_NO_ACCOUNT, KINDS, NO_ACCOUNT

RULED = sorted(kind.code for kind in KINDS.values() if kind.rechecked_by & {"settings", "blocklist", "pairs"})
"""A setting or a blocklist that moved."""
LACKS_ACCOUNT = [NO_ACCOUNT.code, EVENT_NO_ACCOUNT.code]
"""A Lead, or a Contact that has an Account: one without was known already."""
