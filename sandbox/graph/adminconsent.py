"""The administrator's consent page: for the whole tenant, to application permissions and what else is asked."""

from typing import Any

from sandbox.graph import loginpages as pages
from sandbox.graph.aadsts import LoginRefused, sent_back
from sandbox.graph.accounts import account
from sandbox.graph.entra import App, Tenant
from sandbox.graph.signin import automatic, back, delegated, may_return, requested_scopes, who
from sandbox.http import Call, Response
from sandbox.switches import declare

REFUSAL_IS_PERMISSION_DENIED = declare(
    "microsoft.admin_refusal_is_permission_denied",
    default=False,
    question="Is an administrator's refusal permission_denied (or access_denied with 65004)?",
    source="the documentation has the first; a report of 2023-08 the second, with admin_consent=True all the same",
)


def admin_consent(call: Call, tenant: str) -> Response:
    """GET asks who and whether, POST with `user` and `answer` is the click."""
    asked, directory = call.request.values, call.world.microsoft
    app, redirect = directory.apps.get(asked.get("client_id", "")), asked.get("redirect_uri", "")
    if app is None:
        return pages.error_page(call, LoginRefused(700016, app=asked.get("client_id", ""), name=tenant))
    if not may_return(app, redirect):
        return pages.error_page(call, LoginRefused(50011, app=app.client_id, uri=redirect))
    if tenant not in ("common", "organizations") and directory.tenant(tenant) is None:
        return pages.error_page(call, LoginRefused(90002, name=tenant))
    try:
        return _consented(call, tenant, app)
    except LoginRefused as refusal:
        return back(asked, _refused(call, refusal))


def _consented(call: Call, tenant: str, app: App) -> Response:
    asked = call.request.values
    scopes = requested_scopes(asked.get("scope", ""))
    found = who(call, tenant, app)
    if isinstance(found, Response):
        return found
    if not found.enabled:
        return pages.error_page(call, LoginRefused(50057))
    home = call.world.microsoft.tenant_of(found.address)
    if asked.get("answer") in ("decline", "leave"):
        raise LoginRefused(65004)
    if not account(call, found).admin:
        return pages.need_admin(call, app, found)
    if asked.get("answer") != "accept" and not automatic(call):
        wanted = {*app.roles, *delegated(scopes)} - {".default"}
        return pages.ask_consent(call, app, found, wanted, may_for_all=False, for_all=True)
    return _given(call, app, home, scopes)


def _given(call: Call, app: App, home: Tenant, scopes: tuple[str, ...]) -> Response:
    call.world.microsoft.consent(app, home, set(scopes) - {".default"})
    answer: dict[str, Any] = {"admin_consent": "True", "tenant": home.id}
    if scopes:
        answer["scope"] = call.request.values["scope"]
    return back(call.request.values, answer)


def _refused(call: Call, refusal: LoginRefused) -> dict[str, Any]:
    if refusal.number == 65004 and call.world.switches.on(REFUSAL_IS_PERMISSION_DENIED):
        return {"error": "permission_denied", "error_description": "The admin canceled the request"}
    told = sent_back(call, refusal)
    told.pop("error_subcode", None)
    return told | {"admin_consent": "True"}
