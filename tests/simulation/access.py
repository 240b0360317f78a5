"""How a house's Crosstie gets into the vendors: every way the product knows."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from crosstie.domain.access import AuthMode
from crosstie.mailboxes.graph.connection import EVERYTHING_GRANTED, GraphConnection
from crosstie.salesforce.auth import OrgConnection
from sandbox import company
from sandbox.company import Company
from sandbox.mailboxes import Mailbox
from sandbox.world import World

HOST = "http://sandbox.test"
SCOPES = ("Mail.ReadWrite", "Calendars.ReadWrite", "MailboxSettings.ReadWrite", "offline_access")


@cache
def _key_pair() -> tuple[RSAPrivateKey, str]:
    """The private key, read already because that takes 40 ms each time, and the public one as PEM."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return key, public.decode()


def to_org(found: Company, mode: AuthMode, *, sees_all: bool = True) -> OrgConnection:
    """As its administrator, or as a user to whom View All Data was not given."""
    site = found.site
    app = site.apps[company.CRM_CLIENT]
    user = app.run_as = site.org.admin if sees_all else found.integration_user
    if mode is AuthMode.JWT_BEARER:
        private, app.certificate = _key_pair()
        name = str(site.org.get(site.org.admin, "User", user, ["Username"])["Username"])
        return OrgConnection(HOST, mode, company.CRM_CLIENT, private_key=private, username=name)
    if mode is AuthMode.REFRESH_TOKEN:
        scope = "api refresh_token"
        grant = site.tokens.issue_grant(user, company.CRM_CLIENT, scope)
        return OrgConnection(HOST, mode, company.CRM_CLIENT, company.CRM_SECRET, refresh_token=grant.token)
    return OrgConnection(HOST, mode, company.CRM_CLIENT, company.CRM_SECRET)


def to_mailbox(found: Company, world: World, box: Mailbox, *, delegated: bool) -> GraphConnection:
    """As the app itself, or as the mailbox's owner, who once signed in."""
    refresh, scope = "", EVERYTHING_GRANTED
    if delegated:
        app = world.microsoft.apps[company.GRAPH_CLIENT]
        tenant = world.microsoft.tenant_of(box.address)
        world.microsoft.consent(app, tenant, SCOPES)
        scope = " ".join(SCOPES)
        refresh = world.microsoft.issue_refresh(app, found.microsoft_tenant, str(box.guid), SCOPES)
    return GraphConnection(
        box.address,
        found.microsoft_tenant,
        company.GRAPH_CLIENT,
        secret=company.GRAPH_SECRET,
        refresh_token=refresh,
        login_url=HOST,
        graph_url=f"{HOST}/v1.0",
        scope=scope,
    )
