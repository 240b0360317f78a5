"""The web server flow's first half: check what the app asks, ask the person, send a code back."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sandbox.http import Call, Response
from sandbox.salesforce.apps import App
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.logins import status_of
from sandbox.salesforce.oauth.admission import admit
from sandbox.salesforce.oauth.answers import Refusal
from sandbox.salesforce.oauth.grants import UNINSTALLED_REFUSED
from sandbox.salesforce.oauth.page import Person, approval_page, error_page, login_page
from sandbox.salesforce.site import Site, host_of, sites_at

_WRONG = "Please check your username and password. If you still can't log in, contact your administrator."


@dataclass(frozen=True, slots=True)
class Demand:
    """An authorization request whose app and redirect address are in order."""

    app: App
    sites: tuple[Site, ...]
    redirect_uri: str
    state: str | None


def authorize(call: Call) -> Response:
    """GET shows the people to choose from, POST (or `auto=`, where the sandbox allows it) is the choice."""
    query = call.request.args
    sites = tuple(site for site in sites_at(call.world, call.request) if query.get("client_id") in site.apps)
    if not sites:
        return error_page("invalid_client_id", "client identifier invalid")
    app = sites[0].apps[query["client_id"]]
    if query.get("redirect_uri") not in app.callbacks:
        return error_page("redirect_uri_mismatch", "redirect_uri must match configuration")
    demand = Demand(app, sites, query["redirect_uri"], query.get("state"))
    try:
        scope = _checked_scope(call, app)
        found = _chosen(call, demand)
        return found if isinstance(found, Response) else _asked(call, demand, found, scope)
    except Refusal as refusal:
        return _back(demand, {"error": refusal.error, "error_description": refusal.description})


def _checked_scope(call: Call, app: App) -> str:
    query = call.request.args
    if query.get("response_type") != "code":
        raise Refusal("unsupported_response_type", "response type not supported")
    if "web_server" not in app.flows:
        raise Refusal("invalid_request", "the web server flow is not enabled for this app")
    if app.require_pkce and not query.get("code_challenge"):
        raise Refusal("invalid_request", "missing required code challenge")
    if query.get("code_challenge") and query.get("code_challenge_method", "S256") != "S256":
        raise Refusal("invalid_request", "invalid code challenge method")
    asked = query.get("scope", "").split() or sorted(app.scopes)
    if not set(asked) <= app.scopes:
        raise Refusal("invalid_scope", "the requested scope is not allowed")
    if query.get("immediate") == "true":
        raise Refusal("immediate_unsuccessful", "the user must log in or approve the app")
    if query.get("prompt") == "none":
        raise Refusal("login_required", "the user must log in or approve the app")
    return " ".join(asked)


def _chosen(call: Call, demand: Demand) -> Person | Response:
    """Who signs in, or the page that asks."""
    form, people = call.request.form, _people(demand)
    if "deny" in form:
        raise Refusal("access_denied", "end-user denied authorization")
    if "username" in form:
        return _typed(call, demand, people)
    auto = call.request.args.get("auto", "").lower() if call.world.auto_login else ""
    chosen = (one for one in people if one.value == form.get("user") or one.username.lower() == auto)
    hint = call.request.args.get("login_hint", "")
    return next(chosen, None) or login_page(demand.app.name, people, username=hint)


def _typed(call: Call, demand: Demand, people: list[Person]) -> Person | Response:
    """The page wants no security token, and tells a wrong name from a wrong password as little as SOAP does."""
    name, word = call.request.form["username"], call.request.form.get("pw", "")
    person = next((one for one in people if one.username.lower() == name.lower()), None)
    site = call.world.orgs[person.org_id] if person else None
    login = site.logins.get(person.user_id) if site and person else None
    if person is None or site is None or login is None:
        return login_page(demand.app.name, people, _WRONG, name)
    try:
        login.check(word + login.security_token, call.world.clock.now())
    except SalesforceError as refused:
        status = status_of(refused.code)
        site.org.signins.attempt(person.user_id, "Application", "Browser", status=status)
        if refused.code != "LOGIN_DURING_RESTRICTED_DOMAIN":
            return login_page(demand.app.name, people, _WRONG, name)
    else:
        site.org.signins.attempt(person.user_id, "Application", "Browser", host=host_of(call.request))
    return person


def _people(demand: Demand) -> list[Person]:
    soql = "SELECT Id, Name, Username FROM User WHERE IsActive = true ORDER BY Name"
    return [
        Person(site.org.id, row["Id"], row["Name"], row["Username"], site.org.name)
        for site in demand.sites
        for row in site.org.query(site.org.admin, soql).records
    ]


def _asked(call: Call, demand: Demand, person: Person, scope: str) -> Response:
    site = call.world.orgs[person.org_id]
    call.subject = site.org.id
    app = site.apps[demand.app.client_id]
    if not app.installed and call.world.switches.on(UNINSTALLED_REFUSED):
        raise Refusal("invalid_client", "app must be installed into org")
    admit(site, app, person.user_id, call.request, on_page=True)
    wanted = scope.split()
    again = "consent" in call.request.args.get("prompt", "").split()
    automatic = call.world.auto_login and "auto" in call.request.args
    asks = again or not app.has_consent(person.user_id, wanted)
    if asks and "allow" not in call.request.form and not automatic:
        return approval_page(app.name, person, wanted)
    app.consent(person.user_id, wanted)
    return _send_code(call, demand, site, person, scope)


def _send_code(call: Call, demand: Demand, site: Site, person: Person, scope: str) -> Response:
    query = call.request.args
    code = site.tokens.issue_code(
        person.user_id,
        demand.app.client_id,
        demand.redirect_uri,
        scope,
        query.get("code_challenge", ""),
        call.world.clock.now(),
        query.get("nonce", ""),
    )
    return _back(demand, {"code": code.code})


def _back(demand: Demand, answer: dict[str, str]) -> Response:
    if demand.state is not None:
        answer = answer | {"state": demand.state}
    mark = "&" if "?" in demand.redirect_uri else "?"
    return Response(status=302, headers={"Location": f"{demand.redirect_uri}{mark}{urlencode(answer)}"})
