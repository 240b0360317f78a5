"""An administrator connects the account that we work in Salesforce with: by signing in as it, or by certificate.

One way to look at whoever it is, and one to keep it; a refusal changes nothing.
"""

from dataclasses import dataclass, field, replace

from django.db import transaction

from crosstie.accounts import audit, words
from crosstie.accounts.audit import Actor, Deed
from crosstie.accounts.connection import credentials, orgs, service_words
from crosstie.accounts.connection.orgs import OrgDetails, OrgInfo
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Answer, Unacceptable, answer
from crosstie.domain.access import AuthMode
from crosstie.domain.errors import CrosstieError, NeedsConsent, Refused, Retry, Throttled
from crosstie.domain.preflight import OrgAbout, Right
from crosstie.jobs import preflight, wiring
from crosstie.jobs.consenting import wake
from crosstie.jobs.entering import DATA_SCOPES
from crosstie.jobs.signing_in import Given
from crosstie.ports.vault import Secrets
from crosstie.salesforce import hosts, keys, sign_in
from crosstie.salesforce.auth import OrgConnection, Token
from crosstie.salesforce.session import with_token
from crosstie.salesforce.sign_in import SignIn
from crosstie.store.models import Scope

VENDOR = "Salesforce"
PRODUCTION, SANDBOX = "https://login.salesforce.com", "https://test.salesforce.com"
LONGEST = 500
"""Of what somebody enters in a line."""
_SAID = {
    "CRM-SIGN-IN-STATE": words.SIGN_IN_STALE,
    "CRM-TOKEN-GRANT": words.SIGN_IN_STALE,
    "CRM-TOKEN-CLIENT": service_words.SERVICE_CLIENT,
    "CRM-API-DISABLED": service_words.SERVICE_NO_API,
}
_ON_PAGE = {
    "access_denied": service_words.SERVICE_DENIED,
    "OAUTH_APPROVAL_ERROR_GENERIC": service_words.SERVICE_IP,
}
"""What Salesforce has the browser bring back."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How an administrator wants to have the org entered. `org_id` is our own; None: the first one."""

    login_url: str
    client_id: str
    org_id: int | None = None
    same: bool = False
    """As the account that it is already."""


@dataclass(frozen=True, slots=True)
class Found:
    """Who let us in, and with what."""

    connection: OrgConnection
    token: Token
    username: str
    secrets: Secrets = field(repr=False)


def wish(scope: Scope, login_url: str, client_id: str, org_id: int | None) -> Wish:
    """Checked. Raises Unacceptable."""
    house = wiring.get()
    known = org(scope, org_id)
    client_id = client_id.strip() or (known.details.client_id if known else "")
    if not client_id or len(client_id) > LONGEST or not client_id.isprintable():
        raise Unacceptable(service_words.CLIENT_MISSING)
    try:
        login = hosts.login_origin(login_url.strip(), house.config.trusted_origins)
    except Refused as foreign:
        raise Unacceptable(service_words.LOGIN_FOREIGN, value=login_url.strip()[:LONGEST]) from foreign
    return Wish(login, client_id, org_id)


def as_it_is(scope: Scope, org_id: int | None) -> Wish:
    """The same account of the same org by the same app, once more. Raises Unacceptable."""
    known = org(scope, org_id)
    if known is None or known.details.auth_mode != AuthMode.REFRESH_TOKEN:
        raise Unacceptable(service_words.ORG_NOT_YOURS)
    return Wish(known.details.login_url, known.details.client_id, org_id, same=True)


def org(scope: Scope, org_id: int | None) -> OrgInfo | None:
    """Of this tenant alone. Raises Unacceptable for one that is none of its orgs."""
    if org_id is None:
        return None
    for one in orgs.of_tenant(scope):
        if one.org_id == org_id:
            return one
    raise Unacceptable(service_words.ORG_NOT_YOURS)


# -- by signing in as the account ----------------------------------------------------------------------
def begin(person: PersonInfo, wanted: Wish, client_secret: str, redirect_uri: str) -> SignIn:
    """Where the browser goes. The app's secret waits in the vault until it comes back. Raises Unacceptable."""
    house = wiring.get()
    secret = _client_secret(person.scope, wanted, client_secret)
    connection = OrgConnection(wanted.login_url, AuthMode.REFRESH_TOKEN, wanted.client_id, client_secret=secret)
    try:
        begun = sign_in.begin(house.crm.authority, connection, redirect_uri, choose=True)
    except CrosstieError as error:
        raise _refusal(error) from error
    credentials.put(house.stores.vault(), _waiting(person), {"client_secret": secret, "state": begun.state})
    return begun


def finish(
    person: PersonInfo, wanted: Wish, begun: SignIn, given: Given, redirect_uri: str, actor: Actor
) -> Answer:
    """Raises Unacceptable, and then everything is as it was."""
    house = wiring.get()
    vault, authority = house.stores.vault(), house.crm.authority
    kept = credentials.of(vault, _waiting(person))
    vault.forget(_waiting(person))
    if kept.get("state") != begun.state:
        raise Unacceptable(words.SIGN_IN_STALE)
    secret = kept.get("client_secret", "")
    connection = OrgConnection(wanted.login_url, AuthMode.REFRESH_TOKEN, wanted.client_id, client_secret=secret)
    try:
        if given.issuer:  # RFC 9207: not every org sends it, but a foreign one is a mix-up
            hosts.answered_origin(given.issuer, authority.login(connection))
        if given.error:
            raise _refused_on_page(begun, given)
        token, who = sign_in.finish(
            authority, connection, begun, state=given.state, code=given.code, redirect_uri=redirect_uri
        )
    except CrosstieError as error:
        raise _refusal(error) from error
    secrets = with_token({"client_secret": secret} if secret else {}, token)
    found = Found(replace(connection, username=who.username), token, who.username, secrets)
    try:
        return _keep(person.scope, wanted, found, actor)
    except Unacceptable:
        _give_back(connection, token.refresh_token or token.access_token)
        raise


# -- by certificate ------------------------------------------------------------------------------------
def by_certificate(
    scope: Scope, wanted: Wish, username: str, private_key: str, client_secret: str, actor: Actor
) -> Answer:
    """Raises Unacceptable, and then everything is as it was. The key goes to the vault alone."""
    username, pem = username.strip(), private_key.strip() + "\n"
    if not username or len(username) > LONGEST or not username.isprintable():
        raise Unacceptable(service_words.USERNAME_MISSING)
    bits = keys.bits(pem)
    if not bits:
        raise Unacceptable(service_words.KEY_BAD)
    if bits < keys.LEAST_BITS:
        raise Unacceptable(service_words.KEY_WEAK, bits=bits)
    secret = _client_secret(scope, wanted, client_secret)
    connection = OrgConnection(
        wanted.login_url, AuthMode.JWT_BEARER, wanted.client_id, private_key=pem, username=username
    )
    try:
        token = wiring.get().crm.authority.token(connection)
    except CrosstieError as error:
        if isinstance(error, NeedsConsent) and error.code == "CRM-TOKEN-GRANT":
            values = {"said": error.detail, "code": error.code, "login": wanted.login_url}
            raise Unacceptable(service_words.SERVICE_UNAPPROVED, username=username, **values) from error
        raise _refusal(error, username) from error
    secrets = {"private_key": pem} | ({"client_secret": secret} if secret else {})
    return _keep(scope, wanted, Found(connection, token, username, secrets), actor)


def renew(scope: Scope, org_id: int, actor: Actor) -> Answer:
    """Whether the org lets us in as it is entered; and if so, it is tried at once. Raises Unacceptable."""
    house, info = wiring.get(), org(scope, org_id)
    if info is None:
        raise Unacceptable(service_words.ORG_NOT_YOURS)
    try:
        crm = house.crm.visit(house.crm.connections(org_id))
        if info.details.auth_mode == AuthMode.REFRESH_TOKEN:
            crm = house.crm.open(org_id)
        user_id, _ = crm.ourselves(), crm.about()
    except CrosstieError as error:
        raise Unacceptable(words.Phrase(error.code, "{said}"), said=advice.for_error(error)) from error
    preflight.begin(info.scope, user_id)
    details = {"crm_user_id": user_id}
    audit.record(info.scope, Deed(house.clock.now(), actor, "org.check", f"org {org_id}", details))
    return answer(service_words.SERVICE_STANDS, username=info.details.username or user_id)


# -- whoever it is -------------------------------------------------------------------------------------
def _keep(scope: Scope, wanted: Wish, found: Found, actor: Actor) -> Answer:
    """Look at the account, refuse it or work with it from now on."""
    house = wiring.get()
    known = _check(scope, wanted, found)
    about = _look(found)
    before = credentials.of(house.stores.vault(), known.secret_place) if known else {}
    details = OrgDetails(
        found.token.org_id,
        wanted.login_url,
        found.token.instance,
        found.connection.mode.value,
        wanted.client_id,
        found.username,
        (known.details.label if known else "") or about.name,
        found.token.user_id,
    )
    with transaction.atomic():
        info = orgs.connect(scope, details, house.clock, actor)
        credentials.put(house.stores.vault(), info.secret_place, found.secrets)
    house.crm.forget(info.org_id)
    if known and before.get("refresh_token", "") not in ("", found.secrets.get("refresh_token", "")):
        was = OrgConnection(known.details.login_url, AuthMode.REFRESH_TOKEN, known.details.client_id)
        _give_back(was, before["refresh_token"])
    preflight.begin(info.scope, found.token.user_id)
    wake(info.scope)
    return answer(service_words.SERVICE_CONNECTED, username=found.username)


def _check(scope: Scope, wanted: Wish, found: Found) -> OrgInfo | None:
    """The org as we know it already, if we do."""
    token = found.token
    if not token.org_id or not token.user_id:
        raise Unacceptable(service_words.SERVICE_AWAY, code="CRM-ANSWER")
    mine = orgs.of_tenant(scope)
    meant = [one for one in mine if wanted.org_id in (None, one.org_id)]
    known = next((one for one in meant if one.details.crm_org_id == token.org_id), None)
    if meant and known is None:
        label = meant[0].details.label or meant[0].details.crm_org_id
        raise Unacceptable(service_words.SERVICE_OTHER_ORG, label=label)
    if known and wanted.same and not _is_same(known.details, found):
        expected = known.details.username or known.details.user_id
        raise Unacceptable(service_words.SERVICE_OTHER, given=found.username, wanted=expected)
    lasts = found.connection.mode is not AuthMode.REFRESH_TOKEN or bool(token.refresh_token)
    if not lasts or not DATA_SCOPES & set(token.scope.split()):
        raise Unacceptable(service_words.SERVICE_SHORT)
    return known


def _is_same(details: OrgDetails, found: Found) -> bool:
    if details.user_id:
        return details.user_id == found.token.user_id
    return not details.username or details.username.casefold() == found.username.casefold()


def _look(found: Found) -> OrgAbout:
    """Whether it may do anything at all; what else it may do is looked at by preflight.py."""
    crm = wiring.get().crm.visit(found.connection, found.token)
    try:
        about, rights = crm.about(), crm.rights()
    except CrosstieError as error:
        raise _refusal(error, found.username) from error
    if Right.API not in rights.granted | rights.unseen:
        raise Unacceptable(service_words.SERVICE_NO_API, username=found.username)
    return about


def _client_secret(scope: Scope, wanted: Wish, given: str) -> str:
    """The one that was entered, else the one that is kept for the same app."""
    if given.strip():
        if len(given) > LONGEST or not given.isprintable():
            raise Unacceptable(words.SECRET_BAD)
        return given.strip()
    known = org(scope, wanted.org_id)
    if known is None or known.details.client_id != wanted.client_id:
        return ""
    return credentials.of(wiring.get().stores.vault(), known.secret_place).get("client_secret", "")


def _waiting(person: PersonInfo) -> str:
    return f"salesforce/{person.scope.tenant_id}/begun-{person.person_id}"


def _give_back(connection: OrgConnection, secret: str) -> None:
    """Nobody needs it. Of what stays at Salesforce nothing is kept here."""
    authority = wiring.get().crm.authority
    try:
        authority.revoke(connection, secret)
    except CrosstieError:
        return


def _refused_on_page(begun: SignIn, given: Given) -> Unacceptable:
    if given.state != begun.state:
        return Unacceptable(words.SIGN_IN_STALE)
    said = _ON_PAGE.get(given.error)
    if said:
        return Unacceptable(said)
    return Unacceptable(service_words.SERVICE_REFUSED, said=given.description, code=given.error[:100])


def _refusal(error: CrosstieError, username: str = "") -> Unacceptable:
    if error.code in _SAID:
        return Unacceptable(_SAID[error.code], code=error.code, username=username)
    if isinstance(error, Retry | Throttled):
        return Unacceptable(service_words.SERVICE_AWAY, code=error.code)
    if isinstance(error, Refused) or not error.code.startswith("CRM-TOKEN-"):
        return Unacceptable(words.SIGN_IN_FOREIGN, vendor=VENDOR)
    return Unacceptable(service_words.SERVICE_REFUSED, said=error.detail, code=error.code)
