"""`login()`, and who is signed in."""

from datetime import datetime
from typing import NoReturn

from sandbox.http import Request
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.logins import invalid_login, status_of
from sandbox.salesforce.site import Site, host_of, is_active, may_use_api, sites_at
from sandbox.salesforce.soap.envelope import Envelope, text
from sandbox.salesforce.soap.markup import Xml, element, joined
from sandbox.salesforce.tokens import Session
from sandbox.switches import declare
from sandbox.world import World

LAST_VERSION_WITH_LOGIN = 64
LOGIN_RETIRED = declare(
    "salesforce.soap_login_retired",
    default=False,
    question="Is SOAP login() gone in versions up to 64.0 too, as it is from 65.0 on?",
    source="notes 4.1: to be retired in Summer '27",
)
SCOPE = "full"
_APPLICATION = "N/A"


def login(world: World, request: Request, envelope: Envelope, version: str) -> tuple[Site, Session]:
    """A user name belongs to one org only. Raises the LoginFault's code and message."""
    if int(version.partition(".")[0]) > LAST_VERSION_WITH_LOGIN or world.switches.on(LOGIN_RETIRED):
        message = "SOAP API login() is not available in this API version. Use OAuth."
        raise SalesforceError("UNSUPPORTED_API_VERSION", message)
    name, word = text(envelope.body, "username"), text(envelope.body, "password")
    scope = envelope.header("LoginScopeHeader", "organizationId")
    now = world.clock.now()
    for site in sites_at(world, request):
        if scope and scope[:15] != site.org.id[:15]:
            continue
        user = site.org.user_by_username(name)
        known = site.logins.get(user) if user else None
        if user is None or known is None or not is_active(site, user):
            continue
        _check(site, user, word, now)
        if not may_use_api(site, user):
            _no_api()
        site.org.signins.attempt(user, "Other Apex API", _APPLICATION, host=host_of(request))
        return site, site.tokens.open_session(user, "", SCOPE, now, site.session_length)
    raise invalid_login()


def _check(site: Site, user: Id, word: str, now: datetime) -> None:
    try:
        site.logins[user].check(word, now)
    except SalesforceError as refused:
        site.org.signins.attempt(user, "Other Apex API", _APPLICATION, status=status_of(refused.code))
        raise


def _no_api() -> NoReturn:
    raise SalesforceError("API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner")


def result(site: Site, session: Session, request: Request, kind: str, version: str, now: datetime) -> Xml:
    """LoginResult. The server's address ends in the org's id, as the vendor's does."""
    base = f"{site.address(request)}/services/Soap"
    org = site.org.id[:15]
    parts = (
        element("metadataServerUrl", f"{base}/m/{version}/{org}"),
        element("passwordExpired", site.has_expired(session)),
        element("sandbox", bool(_row(site, "Organization", site.org.id, "IsSandbox"))),
        element("serverUrl", f"{base}/{kind}/{version}/{org}"),
        element("sessionId", session.token),
        element("userId", session.user),
        element("userInfo", user_info(site, session, now)),
    )
    return joined(parts)


def user_info(site: Site, session: Session, now: datetime) -> Xml:
    """GetUserInfoResult; an org of one currency, the euro."""
    row = site.org.get(site.org.admin, "User", session.user)
    facts: tuple[tuple[str, str | bool | int | None], ...] = (
        ("accessibilityMode", False),
        ("chatterExternal", False),
        ("currencySymbol", "€"),
        ("orgAttachmentFileSizeLimit", 26_214_400),
        ("orgDefaultCurrencyIsoCode", "EUR"),
        ("orgDefaultCurrencyLocale", _row(site, "Organization", site.org.id, "DefaultLocaleSidKey")),
        ("orgDisallowHtmlAttachments", False),
        ("orgHasPersonAccounts", False),
        ("organizationId", site.org.id),
        ("organizationMultiCurrency", False),
        ("organizationName", site.org.name),
        ("profileId", row["ProfileId"]),
        ("roleId", row.get("UserRoleId")),
        ("sessionSecondsValid", int((session.expires - now).total_seconds())),
        ("userDefaultCurrencyIsoCode", None),
        ("userEmail", row["Email"]),
        ("userFullName", row["Name"]),
        ("userId", session.user),
        ("userLanguage", row["LanguageLocaleKey"]),
        ("userLocale", row["LocaleSidKey"]),
        ("userName", row["Username"]),
        ("userTimeZone", row["TimeZoneSidKey"]),
        ("userType", row.get("UserType") or "Standard"),
        ("userUiSkin", "Theme3"),
    )
    return joined(element(name, value) for name, value in facts)


def _row(site: Site, object_name: str, record_id: Id, field: str) -> str | None:
    value: str | None = site.org.get(site.org.admin, object_name, record_id, [field])[field]
    return value
