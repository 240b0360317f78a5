"""Salesforce's face: OAuth and REST on the vendor's addresses."""

from typing import Any

from sandbox.http import Face, Request, Route
from sandbox.salesforce.oauth.authorize import authorize
from sandbox.salesforce.oauth.grants import revoke, token
from sandbox.salesforce.oauth.identity import identity, userinfo
from sandbox.salesforce.rest.http import list_versions, serve, unknown
from sandbox.salesforce.rest.resources import RESOURCES
from sandbox.salesforce.site import bearer, site_of_token
from sandbox.world import World

_OAUTH = (
    Route("oauth_authorize", "GET", "/services/oauth2/authorize", authorize),
    Route("oauth_choose", "POST", "/services/oauth2/authorize", authorize),
    Route("oauth_token", "POST", "/services/oauth2/token", token),
    Route("oauth_revoke", "POST", "/services/oauth2/revoke", revoke),
    Route("oauth_revoke_get", "GET", "/services/oauth2/revoke", revoke),
    Route("oauth_userinfo", "GET", "/services/oauth2/userinfo", userinfo),
    Route("oauth_userinfo_post", "POST", "/services/oauth2/userinfo", userinfo),
    Route("oauth_identity", "GET", "/id/<org_id>/<user_id>", identity),
    Route("oauth_identity_post", "POST", "/id/<org_id>/<user_id>", identity),
)
_REST = tuple(
    Route(one.name, one.method, f"/services/data/v<version>{one.rule}".rstrip("/"), serve(one))
    for one in RESOURCES
)


def _org_of(world: World, request: Request, _arguments: dict[str, Any]) -> str:
    site = site_of_token(world, bearer(request))
    return site.org.id if site else ""


FACE = Face(
    name="salesforce",
    hosts=("login.salesforce.com", "test.salesforce.com", "*.my.salesforce.com"),
    routes=(*_OAUTH, Route("versions", "GET", "/services/data", list_versions), *_REST),
    not_found=unknown,
    path_prefixes=("/services/", "/id/"),
    subject=_org_of,
)
