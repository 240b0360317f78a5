"""Ways in which sync stops in the office, each done at the vendor and mended there, and a mail server that is a
folder.
"""

import email
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

from crosstie.accounts import people
from crosstie.accounts.connection import connections
from crosstie.config.mail import MailServer
from crosstie.domain.stopping import Cause
from crosstie.jobs import notices
from crosstie.store.models import Mailbox
from sandbox import company
from sandbox.faults import Fault
from sandbox.salesforce.site import Site
from tests.unit.web.office import ADA, BEN, ORIGIN

if TYPE_CHECKING:
    from tests.unit.web.office import Office

SENDER = "crosstie@larch.test"
SCOPES = ("offline_access", "Mail.ReadWrite", "Calendars.ReadWrite", "MailboxSettings.ReadWrite", "User.Read")
PAUSE = 3600.0
Act = Callable[["Office"], None]


@dataclass(frozen=True)
class Way:
    name: str
    cause: Cause
    stop: Act
    mend: Act
    told: str = ADA
    """Who can mend it; Ada is the administrator too, Ben is not."""
    delegated: bool = False


def with_mail(office: "Office", folder: Path) -> None:
    config = replace(office.house.config, mail=MailServer(folder=folder), mail_from=SENDER)
    office.house = replace(office.house, config=config)


def posted(folder: Path) -> list[EmailMessage]:
    """In the order in which they were sent."""
    if not folder.exists():
        return []
    raw = [path.read_bytes() for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)]
    parts = [part for one in raw for part in one.split(b"-" * 79) if part.strip()]
    return [email.message_from_bytes(part.lstrip(b"\n"), _class=EmailMessage, policy=default) for part in parts]


def live(office: "Office", sessions: int = 1) -> None:
    """So many hours with a session each; then people are told what there is to tell."""
    for _ in range(sessions):
        office.clock.pass_time(PAUSE)
        office.sync()
    notices.run_notices("")


def box_of(office: "Office", address: str) -> Mailbox:
    return Mailbox.of(office.scope).get(address=address)


def delegate(office: "Office", address: str = BEN) -> None:
    """The mailbox is entered with its owner's own sign-in from now on."""
    directory, person = office.app.world.microsoft, office.app.world.mailboxes.mailbox(address)
    assert person is not None
    app, tenant = directory.apps[company.GRAPH_CLIENT], directory.tenant_of(address)
    directory.consent(app, tenant, SCOPES)
    given = connections.ConnectionDetails(
        "graph", "delegated", tenant.id, company.GRAPH_CLIENT, authority=ORIGIN, endpoint=f"{ORIGIN}/v1.0"
    )
    token = directory.issue_refresh(app, tenant.id, str(person.guid), SCOPES)
    secret = json.dumps({"client_secret": company.GRAPH_SECRET, "refresh_token": token})
    box = box_of(office, address)
    connections.grant(office.scope, given, secret, office.house.stores.vault(), office.clock, mailbox_id=box.pk)


def steer(office: "Office", path: str, **asked: object) -> None:
    answer = office.house.crm.authority.http.request("POST", f"{ORIGIN}/sandbox/microsoft/{path}", json=asked)
    assert answer.status_code == 200, answer.content


def _consent(*, given: bool) -> Act:
    def act(office: "Office") -> None:
        tenant = office.company.microsoft_tenant
        steer(office, "consent", client_id=company.GRAPH_CLIENT, tenant=tenant, given=given)
        office.app.world.microsoft.end_tokens()

    return act


def _consent_of_people(*, given: bool) -> Act:
    def act(office: "Office") -> None:
        directory = office.app.world.microsoft
        app, tenant = directory.apps[company.GRAPH_CLIENT], directory.tenant_of(BEN)
        app.scope_consents.clear()
        if given:
            directory.consent(app, tenant, SCOPES)
        directory.end_tokens()

    return act


def _enable(*, enabled: bool) -> Act:
    def act(office: "Office") -> None:
        steer(office, "account", mailbox=BEN, enabled=enabled)
        office.app.world.microsoft.end_tokens()

    return act


def _license(*, licensed: bool) -> Act:
    return lambda office: steer(office, "mailboxes/license", mailbox=BEN, licensed=licensed)


def _revoke(office: "Office") -> None:
    steer(office, "tokens/revoke", mailbox=BEN)
    office.app.world.microsoft.end_tokens()


def _expired_secret(office: "Office") -> None:
    office.app.world.microsoft.end_tokens()
    steer(office, "secrets/rotate", client_id=company.GRAPH_CLIENT, secret="another")


def _secret_back(office: "Office") -> None:
    steer(office, "secrets/rotate", client_id=company.GRAPH_CLIENT, secret=company.GRAPH_SECRET)


def _block_app(*, blocked: bool) -> Act:
    def act(office: "Office") -> None:
        _site(office).apps[company.CRM_CLIENT].blocked = blocked
        _site(office).tokens.end_sessions()

    return act


def _user(*, active: bool) -> Act:
    def act(office: "Office") -> None:
        org = _site(office).org
        org.core.store.put("User", {**org.core.store.table("User").rows[org.admin], "IsActive": active})
        _site(office).tokens.end_sessions()

    return act


def _api(*, enabled: bool) -> Act:
    def act(office: "Office") -> None:
        org = _site(office).org
        profile = org.core.access.profile(org.admin)
        org.core.store.put("Profile", {**profile, "PermissionsApiEnabled": enabled})

    return act


def _fields(office: "Office") -> None:
    """Whoever we act as may not read any more what the tick asks for."""
    fault = Fault("inside", "salesforce", "GET query_all", status=403, code="INSUFFICIENT_ACCESS", times=100_000)
    office.app.world.faults.add(fault)


def _always(status: int, code: str, route: str = "*") -> Act:
    body = json.dumps({"error": {"code": code, "message": "no"}}).encode()
    fault = Fault("refuse", "graph", route, status=status, body=body, times=100_000)
    return lambda office: office.app.world.faults.add(fault)


def _clear(office: "Office") -> None:
    office.app.world.faults.clear()


def _site(office: "Office") -> Site:
    return office.company.site


def admin(office: "Office") -> str:
    """The first person of a tenant is its administrator."""
    return next(one.address for one in people.of_tenant(office.scope) if one.role == "platform-admin")


WAYS = (
    Way("token revoked, password changed", Cause.REVOKED, _revoke, lambda office: None, BEN, delegated=True),
    Way("consent of the owner withdrawn", Cause.CONSENT, _consent_of_people(given=False),
        _consent_of_people(given=True), BEN, delegated=True),
    Way("consent withdrawn", Cause.CONSENT, _consent(given=False), _consent(given=True)),
    Way("user disabled", Cause.USER_DISABLED, _enable(enabled=False), _enable(enabled=True), delegated=True),
    Way("licence removed", Cause.NO_MAILBOX, _license(licensed=False), _license(licensed=True)),
    Way("app's secret expired", Cause.MAIL_APP, _expired_secret, _secret_back),
    Way("org blocked the app", Cause.CRM_BLOCKED, _block_app(blocked=True), _block_app(blocked=False)),
    Way("Salesforce user inactive", Cause.CRM_USER, _user(active=False), _user(active=True)),
    Way("API access taken away", Cause.CRM_API, _api(enabled=False), _api(enabled=True)),
    Way("rights taken away", Cause.CRM_FIELDS, _fields, _clear),
    Way("ten other failures", Cause.OTHER, _always(400, "ErrorInvalidRequest"), _clear),
    Way("out of reach", Cause.UNREACHABLE, _always(503, "serviceNotAvailable"), _clear),
)  # fmt: skip
