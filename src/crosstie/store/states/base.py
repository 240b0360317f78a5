"""What the parts of OrgStates share."""

from collections.abc import Callable

from crosstie.domain.clock import Clock
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.store.digests import Digests
from crosstie.store.models.scope import Scope
from crosstie.store.sql import org_of

TAKEOVER = 120.0
"""Seconds a lost lease stays taken: the longest time a vendor's answer to its holder may still be under way."""


class Bound:
    """Tied to one org of one tenant. `info` describes a mailbox with the settings in force (accounts)."""

    def __init__(
        self,
        scope: Scope,
        digests: Digests,
        clock: Clock,
        info: Callable[[int], MailboxInfo],
        *,
        takeover: float = TAKEOVER,
    ) -> None:
        org_of(scope)
        self._scope = scope
        self._digests = digests
        self._clock = clock
        self._info = info
        self._takeover = takeover
