"""What the token endpoint says: a token answer, or a refusal with the vendor's error words."""

import base64
import hashlib
import hmac
from datetime import datetime

from sandbox.http import Request, Response, json_response
from sandbox.salesforce.apps import App
from sandbox.salesforce.ids import Id
from sandbox.salesforce.site import Site
from sandbox.salesforce.tokens import Session


class Refusal(Exception):
    """The token endpoint's 400 with `error` and `error_description`."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description

    def response(self) -> Response:
        return json_response({"error": self.error, "error_description": self.description}, 400)


def identity_url(site: Site, request: Request, user: Id) -> str:
    on_vendor_host = request.host.partition(":")[0].endswith(".salesforce.com")
    base = "https://login.salesforce.com" if on_vendor_host else request.host_url.rstrip("/")
    return f"{base}/id/{site.org.id}/{user}"


def token_answer(
    site: Site,
    app: App,
    session: Session,
    request: Request,
    now: datetime,
    refresh_token: str = "",
    id_token: str = "",
) -> Response:
    """No `expires_in`: how long a session lasts is the org's affair and is not told."""
    identity = identity_url(site, request, session.user)
    issued_at = str(int(now.timestamp() * 1000))
    digest = hmac.new(app.client_secret.encode(), (identity + issued_at).encode(), hashlib.sha256)
    body = {
        "access_token": session.token,
        "signature": base64.b64encode(digest.digest()).decode(),
        "scope": session.scope,
        "instance_url": site.address(request),
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued_at,
    }
    if refresh_token:
        body["refresh_token"] = refresh_token
    if id_token:
        body["id_token"] = id_token
    return json_response(body, headers={"Cache-Control": "no-cache, no-store"})
