"""The face of Google's sign-in: every address it knows, in one table."""

from sandbox.google.openid import APIS, INFO, LOGIN, PREFIX, TOKENS, configuration, keys, userinfo
from sandbox.google.signin import authorize
from sandbox.google.token import revoke, token
from sandbox.http import Call, Face, Response, Route


def _unknown(_call: Call) -> Response:
    return Response("Error 404 (Not Found)!!1", 404, content_type="text/html; charset=UTF-8")


def _own_path(path: str) -> str:
    return path.removeprefix(PREFIX) if path.startswith(f"{PREFIX}/") else path


FACE = Face(
    name="google_login",
    hosts=(LOGIN, TOKENS, APIS, INFO),
    routes=(
        Route("openid.configuration", "GET", "/.well-known/openid-configuration", configuration),
        Route("openid.keys", "GET", "/oauth2/v3/certs", keys),
        Route("openid.authorize", "GET", "/o/oauth2/v2/auth", authorize),
        Route("openid.choose", "POST", "/o/oauth2/v2/auth", authorize),
        Route("openid.token", "POST", "/token", token),
        Route("openid.revoke", "POST", "/revoke", revoke),
        Route("openid.userinfo", "GET", "/v1/userinfo", userinfo),
    ),
    not_found=_unknown,
    path_prefixes=(f"{PREFIX}/",),
    normalise_path=_own_path,
    subject=lambda _world, request, _arguments: request.values.get("client_id", ""),
)
