"""With which Google Workspace a company's people come in: its domains, and its own client at Google.

A domain is one tenant's alone. Whose it is cannot be proven here, and who named another's would shut its people
out, so whoever runs the server says it (`crosstie google`).
"""

import json
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from crosstie.accounts import audit, checks, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.sign_in import identities, sign_ins
from crosstie.accounts.words import Unacceptable
from crosstie.domain.clock import Clock
from crosstie.ports.vault import Vault
from crosstie.store.models import Access, Connection, Scope
from crosstie.store.models.scope import ScopedQuerySet

GOOGLE = "https://accounts.google.com"
VENDOR = "google"


@dataclass(frozen=True, slots=True)
class Workspace:
    domains: tuple[str, ...]
    """Each as an id token's `hd` writes it."""
    client_id: str
    authority: str = ""
    """Address of the sign-in; empty for Google's own."""

    @property
    def base(self) -> str:
        """Where the metadata are, and who issues id tokens."""
        return self.authority or GOOGLE


def secret_place(scope: Scope) -> str:
    """Where the vault keeps the client's secret."""
    return f"{VENDOR}/{scope.tenant_id}/sign-in"


def allow(
    scope: Scope, given: Workspace, secret: str, vault: Vault, clock: Clock, actor: Actor = SYSTEM
) -> Workspace:
    """People of these domains may come in, and of no others any more: who came from another is out.

    Without a secret the known one is kept.
    """
    scope = Scope(scope.tenant_id)
    wanted = _checked(given)
    if not secret and vault.get(secret_place(scope)) is None:
        raise Unacceptable(words.WORKSPACE_SECRET)
    values = {"client_id": wanted.client_id, "authority": wanted.authority}
    try:
        with transaction.atomic():
            ended = _shut_out(scope, wanted)
            _rows(scope).exclude(directory__in=wanted.domains).delete()
            for domain in wanted.domains:
                key = {"vendor": VENDOR, "access": Access.SIGN_IN, "mailbox_id": None, "directory": domain}
                created = values | key | {"created_at": clock.now()}
                Connection.of(scope).update_or_create(**key, defaults=values, create_defaults=created)
            details = {"domains": list(wanted.domains), **ended}
            audit.record(scope, Deed(clock.now(), actor, "workspace.allow", VENDOR, details))
            if secret:
                vault.put(secret_place(scope), json.dumps({"client_secret": secret}))
    except IntegrityError as taken:
        raise Unacceptable(words.WORKSPACE_TAKEN, domains=", ".join(wanted.domains)) from taken
    return wanted


def forbid(scope: Scope, vault: Vault, clock: Clock, actor: Actor = SYSTEM) -> None:
    """Nobody comes in with Google any more, and who came is out; who is bound to an account there stays so."""
    scope = Scope(scope.tenant_id)
    with transaction.atomic():
        ended = _shut_out(scope, None)
        _rows(scope).delete()
        audit.record(scope, Deed(clock.now(), actor, "workspace.forbid", VENDOR, ended))
        vault.forget(secret_place(scope))


def of_tenant(scope: Scope) -> Workspace | None:
    rows = list(_rows(Scope(scope.tenant_id)).order_by("pk"))
    if not rows:
        return None
    return Workspace(tuple(row.directory for row in rows), rows[0].client_id, rows[0].authority)


def _shut_out(scope: Scope, wanted: Workspace | None) -> dict[str, object]:
    """Whoever came with Google and may not any more; how many browsers that ended, if any, for the audit."""
    known = of_tenant(scope)
    if known is None:
        return {}
    allowed = wanted.domains if wanted and wanted.base == known.base else ()
    count = sign_ins.end_way(scope, identities.beyond(scope, known.base, allowed), VENDOR)
    return {"count": count} if count else {}


def _rows(scope: Scope) -> ScopedQuerySet[Connection]:
    return Connection.of(scope).filter(vendor=VENDOR, access=Access.SIGN_IN)


def _checked(given: Workspace) -> Workspace:
    domains = tuple(dict.fromkeys(map(checks.domain, given.domains)))
    if not domains:
        raise Unacceptable(words.DOMAIN_BAD, value="")
    if not given.client_id.strip():
        raise Unacceptable(words.WORKSPACE_CLIENT)
    authority = checks.url(given.authority).rstrip("/") if given.authority else ""
    return Workspace(domains, given.client_id.strip(), authority)
