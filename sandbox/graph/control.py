"""The sandbox's own addresses for the mailbox side: who lives here, and what ends before its time."""

from sandbox.checked import BadRequest, checked, json_object
from sandbox.graph.identity_control import ROUTES as IDENTITY_ROUTES
from sandbox.graph.subscriptions.control import ROUTES as SUBSCRIPTION_ROUTES
from sandbox.http import Call, Response, Route, json_response


def _mailboxes(call: Call) -> Response:
    rows = [
        {
            "address": mailbox.address,
            "aliases": list(mailbox.aliases),
            "name": mailbox.name,
            "home": mailbox.home,
            "licensed": mailbox.licensed,
            "messages": len(mailbox.messages),
            "tenant": call.world.microsoft.tenant_of(mailbox.address).id,
        }
        for mailbox in call.world.mailboxes.mailboxes
    ]
    return json_response({"mailboxes": rows})


def _add_mailboxes(call: Call) -> Response:
    """`{"mailboxes": [{"address", "name", "licensed"}]}`: all of them or none."""
    asked = json_object(call).get("mailboxes")
    if not isinstance(asked, list) or not all(isinstance(one, dict) for one in asked):
        raise BadRequest("mailboxes is a list of objects")
    store, kinds = call.world.mailboxes, {"address": str, "name": str, "licensed": bool}
    for one in asked:
        fits = all(type(value) is kinds.get(name) for name, value in one.items())
        if not fits or "@" not in one.get("address", "") or "name" not in one:
            raise BadRequest("give address and name (texts), and licensed (true or false)")
        if store.mailbox(one["address"]) is not None:
            raise BadRequest(f"{one['address']} has a mailbox already")
    for one in asked:
        store.add_mailbox(one["address"], one["name"], licensed=one.get("licensed", True))
    return json_response({"added": len(asked)})


def _expire_cursors(call: Call) -> Response:
    """Of the mailbox `?mailbox=address`, or of all."""
    store, wanted = call.world.mailboxes, call.request.args.get("mailbox")
    chosen = [one for one in store.mailboxes if wanted is None or wanted in one.addresses]
    if not chosen:
        raise BadRequest(f"there is no mailbox {wanted}")
    for mailbox in chosen:
        store.expire_cursors(mailbox)
    return json_response({"expired": [mailbox.address for mailbox in chosen]})


def _register_app(call: Call) -> Response:
    """`{"client_id", "tenant", "secret", "certificates", "roles", "redirect_uris", "scopes"}`.

    Roles and scopes are consented to at once. An app that is there already is replaced.
    """
    asked = json_object(call)
    lists = {"certificates", "roles", "redirect_uris", "scopes"}
    wrong = any(not isinstance(value, list if name in lists else str) for name, value in asked.items())
    if wrong or not set(asked) <= lists | {"client_id", "tenant", "secret"} or "client_id" not in asked:
        raise BadRequest("give client_id, tenant, secret (texts) and lists of texts")
    directory = call.world.microsoft
    tenant = directory.tenant(asked.pop("tenant", ""))
    if tenant is None:
        raise BadRequest("name a tenant by its id or domain")
    scopes = asked.pop("scopes", [])
    app = directory.register_app(asked["client_id"], **asked)
    directory.consent(app, tenant, scopes)
    return json_response({"client_id": app.client_id, "tenant": tenant.id})


def _end_tokens(call: Call) -> Response:
    return json_response({"ended": call.world.microsoft.end_tokens()})


ROUTES = (
    Route("mailboxes", "GET", "/sandbox/mailboxes", _mailboxes),
    Route("mailboxes_add", "POST", "/sandbox/mailboxes", checked(_add_mailboxes)),
    Route("cursors_expire", "POST", "/sandbox/mailboxes/cursors/expire", checked(_expire_cursors)),
    Route("microsoft_tokens_end", "POST", "/sandbox/microsoft/tokens/end", _end_tokens),
    Route("microsoft_apps", "POST", "/sandbox/microsoft/apps", checked(_register_app)),
    *IDENTITY_ROUTES,
    *SUBSCRIPTION_ROUTES,
)
"""For the sandbox's own face."""
