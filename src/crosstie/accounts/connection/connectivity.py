"""The two accounts that are kept in step for somebody: how each is entered, since when, and how it went."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosstie.accounts.connection import connections
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.words import Unacceptable
from crosstie.domain.reasons import Outcome
from crosstie.store.models import Access, AuditRow, Mailbox, Org, OrgState, Scope, SessionRun
from crosstie.store.models.scope import ScopedQuerySet

LONGEST_LOG = 20_000
"""Sessions; of a mailbox that is looked at every five minutes those of 69 days."""


@dataclass(frozen=True, slots=True)
class CrmAccount:
    """The org, which is entered for everybody alike."""

    label: str
    address: str
    user_id: str
    connected: bool
    error_code: str
    auth_mode: str
    since: datetime | None
    """None where that is not on record any more."""
    last_read: datetime | None


@dataclass(frozen=True, slots=True)
class BoxAccount:
    own_access: bool
    """By its owner's sign-in; False: by what an administrator granted for all mailboxes."""
    since: datetime
    last_good: datetime | None
    """When its last session without an error ended."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session that ended. `counts` is by outcome."""

    started_at: datetime
    ended_at: datetime
    counts: Mapping[str, int]
    error_code: str

    @property
    def handled(self) -> int:
        return sum(self.counts.get(one, 0) for one in Outcome)


def crm_account(person: PersonInfo) -> CrmAccount | None:
    """None where the person has no Salesforce user yet."""
    row = Org.of(Scope(person.scope.tenant_id)).filter(pk=person.org_id).first() if person.org_id else None
    if row is None or not person.crm_user_id:
        return None
    deeds = AuditRow.of(Scope(row.tenant_id)).filter(action="org.connect", target=f"org {row.pk}")
    return CrmAccount(
        label=row.label or row.org_id,
        address=row.instance_url,
        user_id=person.crm_user_id,
        connected=row.state == OrgState.CONNECTED,
        error_code=row.error_code,
        auth_mode=row.auth_mode,
        since=deeds.order_by("at").values_list("at", flat=True).first(),
        last_read=row.ticked_at,
    )


def box_account(ref: MailboxRef) -> BoxAccount:
    runs = _runs(ref).filter(error_code="")
    return BoxAccount(
        own_access=_is_own(ref.mailbox_id),
        since=Mailbox.of(ref.scope).values_list("activated_at", flat=True).get(pk=ref.mailbox_id),
        last_good=runs.order_by("-ended_at").values_list("ended_at", flat=True).first(),
    )


def last_sessions(ref: MailboxRef, limit: int) -> Sequence[Session]:
    """The newest first."""
    return list(map(_session, _runs(ref).order_by("-ended_at", "-pk")[:limit]))


def log(ref: MailboxRef) -> Iterator[Session]:
    """All sessions that are kept, the newest first: times, counts and codes alone."""
    return map(_session, _runs(ref).order_by("-ended_at", "-pk")[:LONGEST_LOG])


def _runs(ref: MailboxRef) -> ScopedQuerySet[SessionRun]:
    return SessionRun.of(ref.scope).filter(mailbox_id=ref.mailbox_id)


def _is_own(mailbox_id: int) -> bool:
    try:
        found = connections.of_mailbox(mailbox_id)
    except Unacceptable:
        return False
    return found is not None and found[1].details.access == Access.DELEGATED


def _session(row: SessionRun) -> Session:
    return Session(row.started_at, row.ended_at, row.counts, row.error_code)
