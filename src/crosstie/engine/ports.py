"""What the core works with: the vendors, the stores and the clock, each as an interface of `crosstie.ports`."""

from dataclasses import dataclass
from datetime import timedelta

from crosstie.domain.clock import Clock
from crosstie.domain.errors import Retry
from crosstie.domain.mailboxes import Lease
from crosstie.ports.backfills import Backfills
from crosstie.ports.crm import Crm
from crosstie.ports.fanout import Fanout
from crosstie.ports.journal import Journal
from crosstie.ports.mailbox import MailboxAccess
from crosstie.ports.states import States


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a batch of one org works with."""

    crm: Crm
    mailboxes: MailboxAccess
    states: States
    journal: Journal
    backfills: Backfills
    fanout: Fanout
    clock: Clock
    write_margin: timedelta = timedelta(seconds=150)
    """A write starts only if the lease outlives its longest answer by this."""

    def may_write(self, lease: Lease) -> bool:
        """Whether a write that begins now ends while the mailbox is surely still ours."""
        return lease.until - self.clock.now() >= self.write_margin

    def check_time(self, lease: Lease) -> None:
        """Raises Retry where a write may not begin any more."""
        if not self.may_write(lease):
            raise Retry("LEASE-SHORT")
