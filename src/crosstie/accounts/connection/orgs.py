"""Salesforce orgs: who has which, and how it is entered."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from crosstie.accounts import audit, checks, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.connection import service_words
from crosstie.accounts.nearest import hint
from crosstie.accounts.sign_in import registering_words
from crosstie.accounts.words import Unacceptable
from crosstie.domain.access import AuthMode
from crosstie.domain.clock import Clock
from crosstie.store.models import Org, OrgState, Person, Registration, Scope
from crosstie.store.sql import org_of


@dataclass(frozen=True, slots=True)
class OrgDetails:
    """What an administrator tells us of an org. `crm_org_id` is Salesforce's own, of 15 or 18 characters."""

    crm_org_id: str
    login_url: str
    instance_url: str
    auth_mode: str
    client_id: str = ""
    username: str = ""
    label: str = ""
    user_id: str = ""
    """The User that we act as; empty while that is not known."""


@dataclass(frozen=True, slots=True)
class OrgInfo:
    scope: Scope
    details: OrgDetails
    state: str
    secret_place: str
    """Where the vault keeps what `auth_mode` needs."""
    registration: str
    """Who may make themselves an account here by signing in."""
    error_code: str = ""
    """What the last ticks were refused with."""
    read_at: datetime | None = None
    """When a tick last got through."""

    @property
    def org_id(self) -> int:
        """Our own id, as MailboxInfo.org_id knows it."""
        return self.scope.org_id or 0


def connect(scope: Scope, given: OrgDetails, clock: Clock, actor: Actor = SYSTEM) -> OrgInfo:
    """Connect an org to this tenant, or change how ours is entered. Refuses another tenant's org, and an account
    that is a person here.
    """
    crm_org_id = checks.record_id(given.crm_org_id, "00D", words.ORG_ID_BAD)
    values = {
        "login_url": checks.url(given.login_url),
        "instance_url": checks.url(given.instance_url),
        "auth_mode": _mode(given.auth_mode),
        "client_id": given.client_id.strip(),
        "username": given.username.strip(),
        "label": given.label.strip(),
        "user_id": checks.record_id(given.user_id, "005", words.CRM_USER_BAD) if given.user_id else "",
        "state": OrgState.CONNECTED,
        "error_code": "",
        "rejections": 0,
        "strikes": 0,
        "tick_due_at": None,
    }
    with transaction.atomic():
        owner = Org.everywhere().select_for_update().filter(org_id=crm_org_id).first()
        if owner and owner.tenant_id != scope.tenant_id:
            raise Unacceptable(words.ORG_TAKEN, value=crm_org_id)
        _refuse_person(scope, str(values["user_id"]))
        row, _ = Org.of(Scope(scope.tenant_id)).update_or_create(org_id=crm_org_id, defaults=values)
        details = {"auth_mode": row.auth_mode} | ({"crm_user_id": row.user_id} if row.user_id else {})
        audit.record(scope, Deed(clock.now(), actor, "org.connect", f"org {row.pk}", details))
    return _info(row)


def know_user(scope: Scope, user_id: str) -> None:
    """It was seen which User we act as; `scope` names the org."""
    Org.of(Scope(scope.tenant_id)).filter(pk=org_of(scope)).exclude(user_id=user_id).update(user_id=user_id)


def lose_access(scope: Scope, error_code: str) -> None:
    """The org refuses us: no ticks and no sessions until somebody connects it again. What is known stays."""
    Org.of(Scope(scope.tenant_id)).filter(pk=org_of(scope)).update(
        state=OrgState.NEEDS_CONSENT, error_code=error_code
    )


def let_register(scope: Scope, who: str, clock: Clock, actor: Actor = SYSTEM) -> OrgInfo:
    """Say who of the scope's org may make themselves an account here."""
    if who not in Registration.values:
        choices = ", ".join(Registration.values)
        raise Unacceptable(registering_words.REGISTRATION_UNKNOWN, value=who, choices=choices)
    with transaction.atomic():
        row = Org.of(Scope(scope.tenant_id)).select_for_update().get(pk=org_of(scope))
        if row.registration != who:
            details = {"before": row.registration, "after": who}
            row.registration = who
            row.save(update_fields=["registration"])
            audit.record(scope, Deed(clock.now(), actor, "org.registration", f"org {row.pk}", details))
    return _info(row)


def get(org_id: int) -> OrgInfo:
    """By our own id, for work that is bound to it from here on."""
    row = Org.everywhere().filter(pk=org_id).first()
    if row is None:
        raise Unacceptable(words.ORG_MISSING)
    return _info(row)


def by_crm_id(crm_org_id: str) -> OrgInfo | None:
    """Whose org a person signed in to; None when nobody connected it."""
    wanted = checks.record_id(crm_org_id, "00D", words.ORG_ID_BAD)
    row = Org.everywhere().filter(org_id=wanted).first()
    return _info(row) if row else None


def of_tenant(scope: Scope) -> list[OrgInfo]:
    return [_info(row) for row in Org.of(Scope(scope.tenant_id)).order_by("pk")]


def find(scope: Scope, name: str) -> OrgInfo:
    """The tenant's org that is called so (`called`)."""
    known = {called(info): info for info in of_tenant(scope)}
    if name not in known:
        raise Unacceptable(words.UNKNOWN, what="org", name=name, hint=hint(name, known))
    return known[name]


def only(scope: Scope) -> OrgInfo:
    """The tenant's org where it has one."""
    found = of_tenant(scope)
    if not found:
        raise Unacceptable(words.ORG_MISSING)
    if len(found) > 1:
        names = ", ".join(info.details.label or info.details.crm_org_id for info in found)
        raise Unacceptable(words.SEVERAL, what="org", names=names)
    return found[0]


def called(info: OrgInfo) -> str:
    """As its people know it."""
    return info.details.label or my_domain(info.details.instance_url) or info.details.crm_org_id


def my_domain(url: str) -> str:
    """Of the org that has this address; empty where the address names none."""
    host = urlsplit(url).hostname or ""
    return host.partition(".")[0] if ".my.salesforce." in host else ""


def _refuse_person(scope: Scope, user_id: str) -> None:
    """What the account writes would be taken for what that person did."""
    person = Person.of(Scope(scope.tenant_id)).filter(crm_user_id=user_id).first() if user_id else None
    if person:
        raise Unacceptable(service_words.SERVICE_IS_PERSON, address=person.address)


def _mode(text: str) -> str:
    if text not in list(AuthMode):
        raise Unacceptable(words.AUTH_MODE_BAD, value=text, choices=", ".join(AuthMode))
    return text


def _info(row: Org) -> OrgInfo:
    details = OrgDetails(
        row.org_id,
        row.login_url,
        row.instance_url,
        row.auth_mode,
        row.client_id,
        row.username,
        row.label,
        row.user_id,
    )
    place = f"salesforce/{row.tenant_id}/org-{row.pk}"
    return OrgInfo(
        Scope(row.tenant_id, row.pk), details, row.state, place, row.registration, row.error_code, row.ticked_at
    )
