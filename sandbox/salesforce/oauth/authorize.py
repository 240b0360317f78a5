"""The web server flow's first half: check what the app asks, ask the person, send a code back."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sandbox.http import Call, Response
from sandbox.salesforce.apps import App
from sandbox.salesforce.oauth.answers import Refusal
from sandbox.salesforce.oauth.page import Person, error_page, login_page
from sandbox.salesforce.site import Site, sites_at


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
        person = _chosen(call, demand)
    except Refusal as refusal:
        return _back(demand, {"error": refusal.error, "error_description": refusal.description})
    if person is None:
        return login_page(app.name, _people(demand))
    return _send_code(call, demand, person, scope)


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
    return " ".join(asked)


def _chosen(call: Call, demand: Demand) -> Person | None:
    if call.request.method == "POST":
        if "deny" in call.request.form:
            raise Refusal("access_denied", "end-user denied authorization")
        org_id, _, user_id = call.request.form.get("user", "").partition("/")
        chosen = [one for one in _people(demand) if (one.org_id, one.user_id) == (org_id, user_id)]
        return chosen[0] if chosen else None
    auto = call.request.args.get("auto", "") if call.world.auto_login else ""
    return next((one for one in _people(demand) if auto and one.username.lower() == auto.lower()), None)


def _people(demand: Demand) -> list[Person]:
    soql = "SELECT Id, Name, Username FROM User WHERE IsActive = true ORDER BY Name"
    return [
        Person(site.org.id, row["Id"], row["Name"], row["Username"], site.org.name)
        for site in demand.sites
        for row in site.org.query(site.org.admin, soql).records
    ]


def _send_code(call: Call, demand: Demand, person: Person, scope: str) -> Response:
    site = call.world.orgs[person.org_id]
    call.subject = site.org.id
    app = site.apps[demand.app.client_id]
    app.consented.add(person.user_id)
    code = site.tokens.issue_code(
        person.user_id,
        app.client_id,
        demand.redirect_uri,
        scope,
        call.request.args.get("code_challenge", ""),
        call.world.clock.now(),
    )
    return _back(demand, {"code": code.code})


def _back(demand: Demand, answer: dict[str, str]) -> Response:
    if demand.state is not None:
        answer = answer | {"state": demand.state}
    mark = "&" if "?" in demand.redirect_uri else "?"
    return Response(status=302, headers={"Location": f"{demand.redirect_uri}{mark}{urlencode(answer)}"})
