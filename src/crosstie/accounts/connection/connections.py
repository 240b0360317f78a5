"""Access to mailboxes: what an administrator or a mailbox's owner granted. Secrets go to the vault alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from crosstie.accounts import audit, checks, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.connection.mailboxes import VENDORS
from crosstie.accounts.nearest import hint
from crosstie.accounts.trouble import refusals
from crosstie.accounts.words import Unacceptable
from crosstie.domain.clock import Clock
from crosstie.domain.settings import MailboxWay
from crosstie.ports.vault import Vault
from crosstie.store.models import Access, Connection, Mailbox, MailboxState, Scope

OPENING: tuple[str, ...] = (Access.APP_ONLY, Access.DELEGATED)
"""What leads to mailboxes, now or later."""


@dataclass(frozen=True, slots=True)
class ConnectionDetails:
    """`directory` is the vendor's id of the customer. Empty addresses are the vendor's public ones."""

    vendor: str
    access: str
    directory: str = ""
    client_id: str = ""
    authority: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionInfo:
    connection_id: int
    tenant_id: int
    mailbox_id: int | None
    """None: every mailbox of the tenant, or (delegated) the app that their owners sign in to."""
    details: ConnectionDetails
    error_code: str

    @property
    def secret_place(self) -> str:
        """Where the vault keeps the app's secret or the owner's refresh token."""
        return f"{self.details.vendor}/{self.tenant_id}/connection-{self.connection_id}"


def grant(
    scope: Scope,
    given: ConnectionDetails,
    secret: str,
    vault: Vault,
    clock: Clock,
    *,
    mailbox_id: int | None = None,
    actor: Actor = SYSTEM,
) -> ConnectionInfo:
    """Keep access to one mailbox, or to all of a vendor's, or the app that owners sign in to; what was kept before
    of the same kind is replaced. Whoever leaves the mailbox meanwhile comes before, or after: its row is locked
    first, and the secret's place last (decision 20).
    """
    scope = Scope(scope.tenant_id)
    values = _checked(given)
    with transaction.atomic():
        boxes = Mailbox.of(scope).select_for_update(no_key=True)
        if mailbox_id and boxes.filter(pk=mailbox_id).first() is None:
            raise Unacceptable(words.MAILBOX_UNKNOWN)
        everybodys = {"mailbox_id": None, "vendor": given.vendor, "access": given.access}
        key = {"mailbox_id": mailbox_id} if mailbox_id else everybodys
        row, _ = Connection.of(scope).update_or_create(
            **key,
            defaults=values | {"error_code": ""},
            create_defaults=values | {"created_at": clock.now(), **key},
        )
        found = _info(row)
        if mailbox_id or row.access == Access.APP_ONLY:
            refusals.granted(scope, found.details.vendor, mailbox_id, clock)
        details = {"access": row.access, "vendor": row.vendor}
        audit.record(scope, Deed(clock.now(), actor, "connection.grant", f"connection {row.pk}", details))
        vault.put(found.secret_place, secret)
    return found


def note(scope: Scope, access: str, error_code: str) -> None:
    """What was last answered to what was granted for all; empty: it works."""
    rows = Connection.of(Scope(scope.tenant_id)).filter(mailbox__isnull=True, access=access)
    rows.update(error_code=error_code)


def forget(scope: Scope, mailbox_id: int, vault: Vault, clock: Clock, actor: Actor = SYSTEM) -> None:
    """Access to this mailbox alone, and the secret of it. What was granted for all of a tenant stays."""
    scope = Scope(scope.tenant_id)
    with transaction.atomic():
        for row in Connection.of(scope).filter(mailbox_id=mailbox_id):
            place = _info(row).secret_place
            audit.record(scope, Deed(clock.now(), actor, "connection.forget", f"connection {row.pk}"))
            row.delete()
            vault.forget(place)


def of_mailbox(mailbox_id: int) -> tuple[str, ConnectionInfo] | None:
    """The mailbox's address and how it is reached: its own access before the tenant's. None: no such mailbox.

    Raises Unacceptable where nobody granted access. For connectors, which hold the id from a lease.
    """
    mailbox = Mailbox.everywhere().filter(pk=mailbox_id).first()
    if mailbox is None:
        return None
    rows = Connection.of(Scope(mailbox.tenant_id)).filter(vendor=mailbox.vendor)
    shared = rows.filter(mailbox__isnull=True, access=Access.APP_ONLY)
    row = rows.filter(mailbox_id=mailbox_id).first() or shared.first()
    if row is None:
        raise Unacceptable(words.CONNECTION_MISSING)
    return mailbox.address, _info(row)


def of_all(scope: Scope) -> ConnectionInfo | None:
    """What an administrator granted for all mailboxes of the tenant, acting as the app itself."""
    rows = Connection.of(Scope(scope.tenant_id)).filter(mailbox__isnull=True, access=Access.APP_ONLY)
    row = rows.order_by("pk").first()
    return _info(row) if row else None


def elsewhere(scope: Scope, vendor: str, client_id: str) -> Sequence[str]:
    """Directories in which other customers of this server have let in the same app; empty: it is nobody else's."""
    rows = Connection.everywhere().filter(vendor=vendor, client_id=client_id, mailbox=None)
    return list(rows.exclude(tenant_id=scope.tenant_id).values_list("directory", flat=True))


def entered(scope: Scope) -> int:
    """Mailboxes that are entered by what was granted for all."""
    own = Connection.of(Scope(scope.tenant_id)).filter(mailbox__isnull=False)
    rows = Mailbox.of(Scope(scope.tenant_id)).exclude(state=MailboxState.DISABLED)
    return rows.exclude(pk__in=own.values("mailbox_id")).count()


def offered(scope: Scope, vendor: str, way: MailboxWay) -> ConnectionInfo | None:
    """How somebody who has no mailbox yet comes to one, as far as `way` permits: by signing in to it where the
    tenant has an app for that, else by what its administrator granted for all mailboxes.
    """
    rows = Connection.of(Scope(scope.tenant_id)).filter(mailbox__isnull=True, vendor=vendor)
    found = {row.access: row for row in rows if way.permits(vendor, row.access)}
    row = found.get(Access.DELEGATED) or found.get(Access.APP_ONLY)
    return _info(row) if row else None


def of_tenant(scope: Scope) -> list[ConnectionInfo]:
    return [_info(row) for row in Connection.of(Scope(scope.tenant_id)).order_by("pk")]


def _checked(given: ConnectionDetails) -> dict[str, str]:
    if given.vendor not in VENDORS:
        near, choices = hint(given.vendor, VENDORS), ", ".join(VENDORS)
        raise Unacceptable(words.VENDOR_UNKNOWN, value=given.vendor, hint=near, choices=choices)
    if given.access not in OPENING:
        raise Unacceptable(words.ACCESS_UNKNOWN, value=given.access, choices=", ".join(OPENING))
    return {
        "vendor": given.vendor,
        "access": given.access,
        "directory": given.directory.strip(),
        "client_id": given.client_id.strip(),
        "authority": checks.url(given.authority) if given.authority else "",
        "endpoint": checks.url(given.endpoint) if given.endpoint else "",
    }


def _info(row: Connection) -> ConnectionInfo:
    details = ConnectionDetails(row.vendor, row.access, row.directory, row.client_id, row.authority, row.endpoint)
    return ConnectionInfo(row.pk, row.tenant_id, row.mailbox_id, details, row.error_code)
