"""Trouble that does not pass is a state: shown, then tried once an hour only, and over when it is mended.

Refused access is shown after six sessions in a row; after ten sessions in a row that failed, whatever the reason,
the mailbox is suspended (accounts/trouble/stops.py has since when). Being asked to wait never counts. Cursors and
everything else that is remembered stay, so that the first session after that fills the gap.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import F, Q

from crosstie.accounts.connection import inactive
from crosstie.accounts.trouble import stops
from crosstie.domain.clock import Clock
from crosstie.domain.stopping import APP, is_crm
from crosstie.store.models import Access, Connection, Mailbox, MailboxState, Org, OrgState, Scope
from crosstie.store.sql import org_of

SHOWN = 6
"""Refused sessions in a row after which the person is asked to grant access again; a passing trouble is not."""
STOPPED = 10
"""Failed sessions, or an org's ticks, in a row after which nothing more is tried but for a look now and then."""
PROBE = timedelta(hours=1)
"""Between two looks whether what had failed was mended where we do not see it."""
_STANDING = (MailboxState.NEEDS_CONSENT, MailboxState.SUSPENDED)
_AFRESH = {"rejections": 0, "strikes": 0}


class Ended(Protocol):
    """What a session's report tells of it."""

    @property
    def mailbox_id(self) -> int: ...
    @property
    def error_code(self) -> str: ...
    @property
    def refused(self) -> bool: ...
    @property
    def failed(self) -> bool: ...
    @property
    def waits(self) -> bool: ...
    @property
    def more(self) -> bool: ...


def note(scope: Scope, reports: Sequence[Ended], now: datetime) -> tuple[list[int], int]:
    """Count what a batch met; the mailboxes that are suspended from now on, and how many are no longer.

    What Salesforce refuses is counted with the org's ticks. A session that failed for another reason neither adds
    to the refusals nor ends them.
    """
    rows = Mailbox.of(scope)
    entered = [one for one in reports if not one.failed]
    failed = [one for one in reports if one.failed and not one.waits and not _of_org(one)]
    refused = [one.mailbox_id for one in failed if one.refused]
    with transaction.atomic():
        there = rows.filter(pk__in=[one.mailbox_id for one in entered])
        there.filter(Q(rejections__gt=0) | Q(strikes__gt=0)).update(**_AFRESH)
        standing = inactive.mailboxes(scope)  # of a session that ran while that became known
        through = [one.mailbox_id for one in entered if not one.more and one.mailbox_id not in standing]
        ended = stops.end(scope, through, now)
        rows.filter(pk__in=[one.mailbox_id for one in failed]).update(strikes=F("strikes") + 1)
        rows.filter(pk__in=refused).update(rejections=F("rejections") + 1)
        gone = _suspend(scope, {one.mailbox_id: one.error_code for one in failed}, now) if failed else []
        _note_app(scope, [one.mailbox_id for one in entered], failed)
    return gone, ended


def probe(now: datetime) -> list[Scope]:
    """Let the suspended that are due be tried once: what an administrator mended at the vendor is found by itself.
    The orgs whose mailboxes or ticks are due by that.
    """
    boxes = Mailbox.everywhere().filter(state__in=_STANDING, due_at__lte=now, paused=False)
    orgs = Org.everywhere().filter(state=OrgState.NEEDS_CONSENT, tick_due_at__lte=now)
    found = {Scope(*pair) for pair in boxes.values_list("tenant_id", "org_id")}
    found |= {Scope(*pair) for pair in orgs.values_list("tenant_id", "pk")}
    if found:
        boxes.update(state=MailboxState.ACTIVE)
        orgs.update(state=OrgState.CONNECTED)
    return sorted(found, key=lambda scope: (scope.tenant_id, scope.org_id or 0))


def again(scope: Scope, mailbox_ids: Collection[int], now: datetime) -> int:
    """Somebody says that it was mended: these mailboxes are tried at once, and the next failure suspends them."""
    rows = Mailbox.of(scope).filter(pk__in=mailbox_ids).exclude(state=MailboxState.DISABLED)
    return rows.update(state=MailboxState.ACTIVE, due_at=now)


def org_again(scope: Scope) -> None:
    """The same of an org; its next tick is due at once."""
    rows = Org.of(Scope(scope.tenant_id)).filter(pk=org_of(scope)).exclude(state=OrgState.DISABLED)
    rows.update(state=OrgState.CONNECTED, tick_due_at=None)


def granted(scope: Scope, vendor: str, mailbox_id: int | None, clock: Clock) -> None:
    """Access was given anew, to one mailbox or to all of the vendor's that have none of their own."""
    rows = Mailbox.of(Scope(scope.tenant_id)).filter(Q(rejections__gt=0) | Q(strikes__gt=0), vendor=vendor)
    if mailbox_id:
        rows = rows.filter(pk=mailbox_id)
    else:
        own = Connection.of(Scope(scope.tenant_id)).filter(mailbox__isnull=False)
        rows = rows.exclude(pk__in=own.values("mailbox_id"))
    working = rows.exclude(state=MailboxState.DISABLED)
    working.update(state=MailboxState.ACTIVE, due_at=clock.now(), **_AFRESH)


def org_failed(scope: Scope, error_code: str, now: datetime, *, refused: bool) -> bool:
    """Count a tick that failed; True when the org is suspended from now on.

    One that refuses us is left alone but for a probe; what else goes wrong may pass, so that ticks go on.
    """
    rows = Org.of(Scope(scope.tenant_id)).filter(pk=org_of(scope), state=OrgState.CONNECTED)
    counts = {"strikes": F("strikes") + 1} | ({"rejections": F("rejections") + 1} if refused else {})
    with transaction.atomic():
        rows.update(error_code=error_code, **counts)
        suspended = rows.filter(strikes__gte=STOPPED)
        if not suspended.exists():
            return False
        is_new = stops.begin_org(scope, error_code, now)
        if refused:
            lost = {"state": OrgState.NEEDS_CONSENT, "tick_due_at": now + PROBE}
            suspended.filter(rejections__gte=STOPPED).update(**lost)
    return is_new


def org_answered(scope: Scope, now: datetime, *, complete: bool) -> int:
    """A tick got through; 1 where the org had been suspended and is read to the end."""
    rows = Org.of(Scope(scope.tenant_id)).filter(pk=org_of(scope))
    rows.exclude(rejections=0, strikes=0, error_code="").update(error_code="", **_AFRESH)
    return stops.end_org(scope, now) if complete else 0


def _of_org(one: Ended) -> bool:
    return one.refused and is_crm(one.error_code)


def _note_app(scope: Scope, entered: Collection[int], failed: Sequence[Ended]) -> None:
    """What the vendor last answered to the app that enters the mailboxes of all who did not sign in themselves."""
    rows = Connection.of(Scope(scope.tenant_id))
    own = set(rows.filter(mailbox__isnull=False).values_list("mailbox_id", flat=True))
    codes = [one.error_code for one in failed if one.error_code.startswith(APP) and one.mailbox_id not in own]
    if codes or set(entered) - own:
        shared = rows.filter(mailbox__isnull=True, access=Access.APP_ONLY)
        code = codes[0] if codes else ""
        shared.exclude(error_code=code).update(error_code=code)


def _suspend(scope: Scope, codes: dict[int, str], now: datetime) -> list[int]:
    struck = Mailbox.of(scope).filter(pk__in=codes, strikes__gte=STOPPED, state=MailboxState.ACTIVE)
    gone = sorted(struck.values_list("pk", flat=True))
    if not gone:
        return []
    stops.begin(scope, {mailbox_id: codes[mailbox_id] for mailbox_id in gone}, now)
    rows = Mailbox.of(scope).filter(pk__in=gone)
    lost = rows.filter(rejections__gte=STOPPED)
    lost.update(state=MailboxState.NEEDS_CONSENT, due_at=now + PROBE)
    rows.exclude(state=MailboxState.NEEDS_CONSENT).update(state=MailboxState.SUSPENDED, due_at=now + PROBE)
    return gone
