"""Google's token endpoint for codes, and the end of what was granted.

https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code
"""

import base64
import hashlib

from sandbox.google.accounts import CODE_LIFE, TOKEN_LIFE, Client, Code, same
from sandbox.google.openid import id_token
from sandbox.google.refusals import Refused
from sandbox.google.signin import scopes_told
from sandbox.http import Call, Response, json_response

_BAD = "Bad Request"


def token(call: Call) -> Response:
    try:
        client = _authenticated(call)
        code = _redeemed(call, client)
    except Refused as refusal:
        return refusal.to_program()
    access = call.world.google.issue_token(code)
    body: dict[str, object] = {
        "access_token": access,
        "expires_in": int(TOKEN_LIFE.total_seconds()) - 1,
        "scope": scopes_told(code.scopes),
        "token_type": "Bearer",
    }
    if "openid" in code.scopes:
        body["id_token"] = id_token(call, code, access)
    return json_response(body, headers={"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate"})


def revoke(call: Call) -> Response:
    """An access token takes along the consent and whatever was granted with it.

    https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke
    """
    if call.world.google.revoke(call.request.values.get("token", "")):
        return json_response({})
    return Refused("invalid_token", "Token expired or revoked").to_program()


def _authenticated(call: Call) -> Client:
    form, basic = call.request.form, call.request.authorization
    given = basic if basic is not None and basic.type == "basic" else None
    client_id = form.get("client_id") or (given.username if given else None)
    secret = form.get("client_secret") or (given.password if given else None)
    if not client_id:
        raise Refused("invalid_request", "Could not determine client ID from request.")
    client = call.world.google.clients.get(client_id)
    if client is None:
        raise Refused("invalid_client", "The OAuth client was not found.", 401)
    if not secret:
        raise Refused("invalid_request", "client_secret is missing.")
    if not same(secret, client.secret):
        raise Refused("invalid_client", "The provided client secret is invalid.", 401)
    return client


def _redeemed(call: Call, client: Client) -> Code:
    """The code that was sent, which is spent by it, also where its verifier is wrong."""
    form, google = call.request.form, call.world.google
    if form.get("grant_type") != "authorization_code":
        raise Refused("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
    for name in ("code", "redirect_uri"):
        if not form.get(name):
            raise Refused("invalid_request", f"Missing required parameter: {name}")
    if not form["code"].startswith("4/"):
        raise Refused("invalid_grant", "Malformed auth code.")
    code = google.codes.get(form["code"])
    if code is None or code.client is not client:
        raise Refused("invalid_grant", _BAD)
    if form["redirect_uri"] != code.redirect_uri:
        raise Refused("redirect_uri_mismatch", _BAD)
    del google.codes[form["code"]]
    if code.issued + CODE_LIFE < call.world.clock.now() or not code.account.enabled:
        raise Refused("invalid_grant", _BAD)
    _check_verifier(code, form.get("code_verifier", ""))
    return code


def _check_verifier(code: Code, verifier: str) -> None:
    if not code.challenge and verifier:
        raise Refused("invalid_grant", "code_verifier or verifier is not needed.")
    if code.challenge and not verifier:
        raise Refused("invalid_grant", "Missing code verifier.")
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if code.challenge and not same(hashed if code.challenge_method == "S256" else verifier, code.challenge):
        raise Refused("invalid_grant", "Invalid code verifier.")
