"""Salesforce's face: OAuth, REST and SOAP on the vendor's addresses."""

import re
from typing import Any

from sandbox.http import Face, Request, Route
from sandbox.salesforce.bulk.async_face import ASYNC
from sandbox.salesforce.oauth.authorize import authorize
from sandbox.salesforce.oauth.grants import revoke, token
from sandbox.salesforce.oauth.identity import identity, userinfo
from sandbox.salesforce.oauth.openid import configuration, keys
from sandbox.salesforce.rest.http import list_versions, serve, unknown
from sandbox.salesforce.rest.resources import RESOURCES
from sandbox.salesforce.site import bearer, site_of_token
from sandbox.salesforce.soap import face as soap
from sandbox.world import World

_OAUTH = (
    Route("oauth_authorize", "GET", "/services/oauth2/authorize", authorize),
    Route("oauth_choose", "POST", "/services/oauth2/authorize", authorize),
    Route("oauth_token", "POST", "/services/oauth2/token", token),
    Route("oauth_revoke", "POST", "/services/oauth2/revoke", revoke),
    Route("oauth_revoke_get", "GET", "/services/oauth2/revoke", revoke),
    Route("oauth_userinfo", "GET", "/services/oauth2/userinfo", userinfo),
    Route("oauth_userinfo_post", "POST", "/services/oauth2/userinfo", userinfo),
    Route("oauth_configuration", "GET", "/.well-known/openid-configuration", configuration),
    Route("oauth_keys", "GET", "/id/keys", keys),
    Route("oauth_identity", "GET", "/id/<org_id>/<user_id>", identity),
    Route("oauth_identity_post", "POST", "/id/<org_id>/<user_id>", identity),
)
_REST = tuple(
    Route(one.name, one.method, f"/services/data/v<version>{one.rule}".rstrip("/"), serve(one))
    for one in RESOURCES
)
_SOAP = tuple(
    Route(name, "POST", f"/services/Soap/<kind>/<version>{rest}", soap.serve)
    for name, rest in (("soap", ""), ("soap_org", "/<org_id>"))
)
_ASYNC = tuple(
    Route(f"async_{name}", method, f"/services/async/<version>/job{rule}", handler)
    for name, method, rule, handler in ASYNC
)
_SESSION = re.compile(rb"sessionId>\s*([^<\s]+)")


def _org_of(world: World, request: Request, arguments: dict[str, Any]) -> str:
    """By the access token, which SOAP has in its envelope and the older Bulk API in a header of its own."""
    token = bearer(request) or request.headers.get("X-SFDC-Session", "")
    if "kind" in arguments and (found := _SESSION.search(request.get_data(cache=True))):
        token = found[1].decode("latin-1")
    site = site_of_token(world, token)
    return site.org.id if site else ""


FACE = Face(
    name="salesforce",
    hosts=("login.salesforce.com", "test.salesforce.com", "*.my.salesforce.com", "*.my.site.com"),
    routes=(*_OAUTH, Route("versions", "GET", "/services/data", list_versions), *_REST, *_SOAP, *_ASYNC),
    not_found=unknown,
    path_prefixes=("/services/", "/id/"),
    subject=_org_of,
)
