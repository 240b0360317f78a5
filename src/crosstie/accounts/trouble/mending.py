"""What stands still, for whoever can do something about it: why, since when, what to do, who was told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crosstie.accounts.connection import orgs
from crosstie.accounts.connection.connections import ConnectionInfo
from crosstie.accounts.trouble import letters, noticing, refusals, stops
from crosstie.accounts.trouble.letters import Advice
from crosstie.accounts.trouble.stops import StopInfo
from crosstie.domain.stopping import Cause, Mender, cause, is_crm
from crosstie.store.models import Mailbox, MailboxState, Notice, OrgState, Role, Scope
from crosstie.store.sql import org_of


@dataclass(frozen=True, slots=True)
class Trouble:
    scope: Scope
    """Of the org."""
    mailbox_id: int | None
    """None: all of the org stands still."""
    address: str
    code: str
    cause: Cause
    who: Mender
    advice: Advice
    since: datetime | None = None
    """None where access was refused often enough to be shown, and not so often yet that it is suspended."""
    told_at: datetime | None = None
    """When a mail about it was sent."""

    @property
    def of_crm(self) -> bool:
        """Whether it lies with the org; else with the mailbox."""
        return self.mailbox_id is None or is_crm(self.code)

    @property
    def by_secret(self) -> bool:
        """A new secret may be what it needs."""
        return self.cause in (Cause.MAIL_APP, Cause.CRM_APP)

    @property
    def by_sign_in(self) -> bool:
        """To the mailbox, by its owner."""
        return self.who is Mender.OWNER

    @property
    def by_org_sign_in(self) -> bool:
        return self.who is Mender.SIGN_IN


def of_mailbox(scope: Scope, mailbox_id: int) -> Trouble | None:
    """What keeps it from being synchronized: its org's trouble before its own. `scope` names the org."""
    if found := stops.of_mailbox(scope, mailbox_id):
        (trouble,) = _of_stops([found])
        return trouble
    row = Mailbox.of(scope).select_related("org").filter(pk=mailbox_id).first()
    if row is None or row.state == MailboxState.DISABLED:
        return None
    if row.org.state == OrgState.NEEDS_CONSENT or row.org.rejections >= refusals.SHOWN:
        return _shown(scope, None, row.org.label or row.org.org_id, row.org.error_code)
    if row.rejections >= refusals.SHOWN or row.state != MailboxState.ACTIVE:
        return _shown(scope, mailbox_id, row.address, row.last_error_code)
    return None


def of_tenant(scope: Scope, role: str, profile: str) -> list[Trouble]:
    """All that an administrator of this role can mend, what stands longest first."""
    found = stops.going_on(Scope(scope.tenant_id))
    if role == Role.PROFILE_ADMIN:
        rows = Mailbox.of(Scope(scope.tenant_id)).filter(person__profile__name=profile)
        theirs = set(rows.values_list("pk", flat=True))
        found = [stop for stop in found if stop.mailbox_id in theirs]
    elif role != Role.PLATFORM_ADMIN:
        return []
    return _of_stops(list(_without_consequences(found)))


def _without_consequences(found: Sequence[StopInfo]) -> Iterator[StopInfo]:
    """A mailbox that cannot be saved from because its org stands still is no trouble of its own."""
    halted = {stop.scope.org_id for stop in found if stop.mailbox_id is None}
    for stop in found:
        if stop.mailbox_id is None or not is_crm(stop.code) or stop.scope.org_id not in halted:
            yield stop


def _of_stops(found: Sequence[StopInfo]) -> list[Trouble]:
    """Of one tenant; what is asked for them is asked once, however many they are."""
    if not found:
        return []
    tenant = Scope(found[0].scope.tenant_id)
    told = _told(tenant)
    menders = noticing.menders(tenant, [(org_of(stop.scope), stop.mailbox_id, stop.cause) for stop in found])
    return [
        replace(
            _trouble(stop.scope, stop.mailbox_id, stop.address, stop.code, who),
            since=stop.since,
            told_at=told.get(stop.stop_id),
        )
        for stop, who in zip(found, menders, strict=True)
    ]


def _told(tenant: Scope) -> dict[int, datetime]:
    """Stop that goes on → when the first mail about it was sent."""
    mails = Notice.of(tenant).filter(about=noticing.STOPPED, answered_at=None).order_by("-sent_at")
    rows = mails.values_list("stops", "sent_at")
    return {stop_id: sent_at for stop_ids, sent_at in rows if sent_at for stop_id in stop_ids}


def _shown(scope: Scope, mailbox_id: int | None, address: str, code: str) -> Trouble:
    return _trouble(scope, mailbox_id, address, code, noticing.mended_by(scope, mailbox_id, cause(code)))


def _trouble(scope: Scope, mailbox_id: int | None, address: str, code: str, who: Mender) -> Trouble:
    why = cause(code)
    return Trouble(scope, mailbox_id, address, code, why, who, letters.advice(why, who, address))


def secret_place(trouble: Trouble, connection: ConnectionInfo | None) -> str:
    """Where the vault keeps the secret of the app that enters the mailbox, or (no connection) the org."""
    return connection.secret_place if connection else orgs.get(org_of(trouble.scope)).secret_place
