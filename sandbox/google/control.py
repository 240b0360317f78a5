"""The sandbox's own addresses for what happens to Google's accounts and clients."""

from typing import Any

from sandbox.checked import BadRequest, checked, json_object
from sandbox.http import Call, Response, Route, json_response


def _set_account(call: Call) -> Response:
    """`{"address", "name", "workspace": domain | "", "verified", "enabled"}`: made, or changed in what is given.

    A workspace that is not there yet is opened; an empty one makes the account a consumer's own.
    """
    asked, google = json_object(call), call.world.google
    kinds = {"address": str, "name": str, "workspace": str, "verified": bool, "enabled": bool}
    fits = all(type(value) is kinds.get(name) for name, value in asked.items())
    if not fits or "@" not in asked.get("address", ""):
        raise BadRequest("address, name and workspace are texts, verified and enabled true or false")
    address = asked["address"].lower()
    account = google.accounts.get(address) or google.add_account(address, asked.get("name", address))
    account.name = asked.get("name", account.name)
    account.verified = asked.get("verified", account.verified)
    account.enabled = asked.get("enabled", account.enabled)
    if domain := asked.get("workspace"):
        account.workspace = google.workspace(domain) or google.open_workspace(domain)
    elif domain == "":
        account.workspace = None
    return json_response({"address": address, "sub": account.subject})


def _register(call: Call) -> Response:
    """`{"client_id", "secret", "redirect_uris", "internal_to": domain}`. One that is there already is replaced."""
    asked: dict[str, Any] = json_object(call)
    kinds = {"client_id": str, "secret": str, "redirect_uris": list, "internal_to": str}
    fits = all(isinstance(value, kinds.get(name, bytes)) for name, value in asked.items())
    if not fits or not asked.get("client_id") or not asked.get("secret"):
        raise BadRequest("give client_id and secret (texts), and redirect_uris (a list of texts)")
    workspace = call.world.google.workspace(asked.get("internal_to", ""))
    uris = [str(one) for one in asked.get("redirect_uris", [])]
    client = call.world.google.register(asked["client_id"], asked["secret"], uris, internal_to=workspace)
    return json_response({"client_id": client.client_id})


def _rotate(call: Call) -> Response:
    """`{"client_id", "secret"}`: what was good before is no more."""
    asked = json_object(call)
    client = call.world.google.clients.get(str(asked.get("client_id")))
    if client is None or not isinstance(asked.get("secret"), str) or not asked["secret"]:
        raise BadRequest("client_id names a client, and secret is a text")
    client.secret = asked["secret"]
    return json_response({"client_id": client.client_id})


def _roll(call: Call) -> Response:
    """`{}`: id tokens are signed with new keys, and none of the old is published any more."""
    call.world.google.signing.roll()
    return json_response({"done": "roll"})


ROUTES = (
    Route("google_account", "POST", "/sandbox/google/account", checked(_set_account)),
    Route("google_client", "POST", "/sandbox/google/clients", checked(_register)),
    Route("google_rotate", "POST", "/sandbox/google/secrets/rotate", checked(_rotate)),
    Route("google_roll", "POST", "/sandbox/google/keys/roll", checked(_roll)),
)
"""For the sandbox's own face."""
