"""Who would settle what waits, in memory; behaves as store/states/awaiting.py does."""

from collections.abc import Collection, Sequence

from crosstie.domain.mailboxes import Lease
from crosstie.domain.records import ACCOUNT, CONTACT, LEAD, USER, Person
from crosstie.store.looks import LACKS_ACCOUNT, RULED
from crosstie.store.memory.world import MailboxRow, MemoryOrg


class MemoryAwaiting:
    _org: MemoryOrg

    def _settled(self, reason_code: str, emails: frozenset[str], known: Collection[str]) -> bool:
        found = ((self._outsiders(email), email in known) for email in emails)
        return any(_would_settle(reason_code, people, known=was_known) for people, was_known in found)

    def _outsiders(self, email: str) -> list[Person]:
        sought = self._org.digests.address_candidates(email)
        known = (person for (digest, _), person in self._org.directory.items() if digest in sought)
        return [person for person in known if person.object != USER]


def rules_moved(box: MailboxRow, lease: Lease, reason_code: str) -> bool:
    """Settings or blocklists by which it was decided have moved since the session began."""
    return box.rules_epoch >= lease.epoch and reason_code in RULED


def _would_settle(reason_code: str, outsiders: Sequence[Person], *, known: bool) -> bool:
    if known and not outsiders:
        return True
    if sum(one.object == ACCOUNT for one in outsiders) > 1:
        return False
    if reason_code not in LACKS_ACCOUNT:
        return bool(outsiders) and not known
    alone = not any(person.object == CONTACT for person in outsiders)
    return any(person.account_id or (person.object == LEAD and alone) for person in outsiders)
