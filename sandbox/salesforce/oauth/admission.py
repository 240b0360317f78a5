"""Whether an org lets an app act for a user: what administrators said, and where the client comes from."""

from sandbox.http import Request
from sandbox.salesforce.apps import App
from sandbox.salesforce.ids import Id
from sandbox.salesforce.oauth.answers import Refusal
from sandbox.salesforce.site import Site, host_of, is_active
from sandbox.switches import declare

UNAPPROVED_HAS_A_CODE = declare(
    "salesforce.unapproved_is_invalid_app_access",
    default=True,
    question="Does a user whom no administrator let in hear invalid_app_access (or as one who never approved)?",
    source="field reports of both sentences",
)
NOT_APPROVED = "user is not admin approved to access this app"


def admit(site: Site, app: App, user: Id, request: Request, *, on_page: bool = False) -> None:
    """Raises Refusal, in the words of the token endpoint or of the login page; the org remembers it."""
    found = _refusal(site, app, user, on_page=on_page)
    if found is None:
        return
    status, refusal = found
    site.org.signins.attempt(user, "Remote Access 2.0", app.name, status=status, host=host_of(request))
    raise refusal


def _refusal(site: Site, app: App, user: Id, *, on_page: bool) -> tuple[str, Refusal] | None:
    if not is_active(site, user):
        return "User is Inactive", Refusal("inactive_user", "user is inactive")
    if site.org.is_frozen(user):
        return "User is Frozen", Refusal("inactive_user", "user is inactive")
    if app.blocked:
        return "Failed: OAuth App Blocked", Refusal("OAUTH_APP_BLOCKED", "this app is blocked by admin")
    if site.comes_from_outside(app, user):
        if on_page:
            generic = "An unexpected error has occurred during authentication. Please try again."
            return "Restricted IP", Refusal("OAUTH_APPROVAL_ERROR_GENERIC", generic)
        return "Restricted IP", Refusal("invalid_grant", "ip restricted")
    if app.permitted == "approved" and not app.approved(user):
        return "Failed: Not approved for access", _not_approved(site, on_page=on_page)
    return None


def _not_approved(site: Site, *, on_page: bool) -> Refusal:
    if on_page:
        return Refusal("OAUTH_APP_ACCESS_DENIED", NOT_APPROVED)
    if site.org.switches.on(UNAPPROVED_HAS_A_CODE):
        return Refusal("invalid_app_access", NOT_APPROVED)
    return Refusal("invalid_grant", "user hasn't approved this consumer")
