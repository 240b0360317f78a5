"""Access that is refused again and again is a state: shown, then no longer tried, and over with a new grant.

Cursors and everything else that is remembered stay, so that what follows a new grant fills the gap.
"""

from collections.abc import Sequence
from typing import Protocol

from django.db.models import F

from crosstie.domain.clock import Clock
from crosstie.store.models import Connection, Mailbox, MailboxState, Org, OrgState, Scope
from crosstie.store.sql import org_of

SHOWN = 6
"""Refused sessions in a row after which the person is asked to grant access again; a passing trouble is not."""
STOPPED = 10
"""Refused sessions, or an org's ticks, in a row after which nothing more is tried until access is granted."""
CRM_CODES = "CRM-"
"""How codes of Salesforce's refusals begin: they concern the org, not the mailbox that met them."""


class Ended(Protocol):
    """What a session's report tells of it."""

    @property
    def mailbox_id(self) -> int: ...
    @property
    def error_code(self) -> str: ...
    @property
    def refused(self) -> bool: ...


def note(scope: Scope, reports: Sequence[Ended]) -> list[int]:
    """Count what a batch met; the answer is the mailboxes that are no longer tried from now on.

    A session that failed for another reason neither adds to the refusals nor ends them.
    """
    rows = Mailbox.of(scope)
    entered = [one.mailbox_id for one in reports if not one.error_code]
    refused = [one.mailbox_id for one in reports if one.refused and not one.error_code.startswith(CRM_CODES)]
    if entered:
        rows.filter(pk__in=entered, rejections__gt=0).update(rejections=0)
    if not refused:
        return []
    rows.filter(pk__in=refused).update(rejections=F("rejections") + 1)
    lost = rows.filter(pk__in=refused, rejections__gte=STOPPED, state=MailboxState.ACTIVE)
    stopped = sorted(lost.values_list("pk", flat=True))
    rows.filter(pk__in=stopped, state=MailboxState.ACTIVE).update(state=MailboxState.NEEDS_CONSENT)
    return stopped


def granted(scope: Scope, vendor: str, mailbox_id: int | None, clock: Clock) -> None:
    """Access was given anew, to one mailbox or to all of the vendor's that have none of their own."""
    rows = Mailbox.of(Scope(scope.tenant_id)).filter(vendor=vendor, rejections__gt=0)
    if mailbox_id:
        rows = rows.filter(pk=mailbox_id)
    else:
        own = Connection.of(Scope(scope.tenant_id)).filter(mailbox__isnull=False)
        rows = rows.exclude(pk__in=own.values("mailbox_id"))
    stopped = rows.filter(state=MailboxState.NEEDS_CONSENT)
    stopped.update(state=MailboxState.ACTIVE, rejections=0, due_at=clock.now())
    rows.filter(state=MailboxState.ACTIVE).update(rejections=0, due_at=clock.now())


def org_refused(scope: Scope, error_code: str) -> bool:
    """Count a tick that the org refused; True when nothing more is tried from now on."""
    rows = Org.of(Scope(scope.tenant_id)).filter(pk=org_of(scope), state=OrgState.CONNECTED)
    rows.update(rejections=F("rejections") + 1, error_code=error_code)
    return bool(rows.filter(rejections__gte=STOPPED).update(state=OrgState.NEEDS_CONSENT))


def org_answered(scope: Scope) -> None:
    rows = Org.of(Scope(scope.tenant_id)).filter(pk=org_of(scope)).exclude(rejections=0, error_code="")
    rows.update(rejections=0, error_code="")
