"""The ports, bound to one org, with this installation's keys and clock."""

from dataclasses import dataclass

from crosstie.accounts.connection import mailboxes
from crosstie.config.secrets import Secrets
from crosstie.domain.clock import Clock
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.store.backfills import OrgBackfills
from crosstie.store.digests import Digests
from crosstie.store.journal import OrgJournal
from crosstie.store.models import Scope
from crosstie.store.remembered import MailboxFacts
from crosstie.store.sql import org_of
from crosstie.store.states import TAKEOVER, OrgStates
from crosstie.store.vault import ANSWER, DatabaseVault


@dataclass(frozen=True, slots=True)
class Stores:
    """One for a process; what it hands out may be used in any thread."""

    secrets: Secrets
    clock: Clock
    takeover: float = TAKEOVER
    answer: float = ANSWER
    """Seconds that a vendor may take for an answer."""

    def states(self, scope: Scope) -> OrgStates:
        """`scope` names an org (orgs.get(…).scope)."""
        digests = Digests(org_of(scope), items=self.secrets.digest, directory=self.secrets.directory)

        def info(mailbox_id: int) -> MailboxInfo:
            return mailboxes.info(scope, mailbox_id)

        return OrgStates(scope, digests, self.clock, info, takeover=self.takeover)

    def journal(self, scope: Scope) -> OrgJournal:
        return OrgJournal(scope, self.clock)

    def backfills(self, scope: Scope) -> OrgBackfills:
        return OrgBackfills(scope, self.clock)

    def vault(self) -> DatabaseVault:
        return DatabaseVault(self.secrets.vault, self.clock, self.answer)

    def facts(self) -> MailboxFacts:
        return MailboxFacts()
