"""Who a token belongs to: the identity address and the OpenID Connect user info."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.http import Call, Response, json_response
from sandbox.salesforce.oauth.answers import identity_url
from sandbox.salesforce.site import Site, bearer, session_of

_FIELDS = [
    "Id",
    "Username",
    "Name",
    "FirstName",
    "LastName",
    "Email",
    "IsActive",
    "TimeZoneSidKey",
    "LocaleSidKey",
    "LanguageLocaleKey",
    "LastModifiedDate",
]

_SOAP = (("enterprise", "c"), ("metadata", "m"), ("partner", "u"))


def identity(call: Call, org_id: str, user_id: str) -> Response:
    found = session_of(call.world, call.request)
    if found is None:
        return _refused(call)
    site, session = found
    if org_id[:15] != site.org.id[:15]:
        return Response("Wrong_Org", 403)
    if user_id[:15] != session.user[:15]:
        return Response("Bad_Id", 403)
    row = _user(site, session.user)
    return json_response(
        {
            "id": identity_url(site, call.request, session.user),
            "asserted_user": True,
            "user_id": session.user,
            "organization_id": site.org.id,
            "username": row["Username"],
            "nick_name": row["Username"].partition("@")[0],
            "display_name": row["Name"],
            "email": row["Email"],
            "email_verified": True,
            "first_name": row["FirstName"],
            "last_name": row["LastName"],
            "timezone": row["TimeZoneSidKey"],
            "photos": {},
            "active": row["IsActive"],
            "user_type": "STANDARD",
            "language": row["LanguageLocaleKey"],
            "locale": row["LocaleSidKey"],
            "utcOffset": _offset(row["TimeZoneSidKey"], call),
            "urls": _urls(site, call),
            "last_modified_date": row["LastModifiedDate"],
            "is_app_installed": True,
        }
    )


def userinfo(call: Call) -> Response:
    found = session_of(call.world, call.request)
    if found is None:
        return _refused(call)
    site, session = found
    row = _user(site, session.user)
    return json_response(
        {
            "sub": identity_url(site, call.request, session.user),
            "user_id": session.user,
            "organization_id": site.org.id,
            "preferred_username": row["Username"],
            "nickname": row["Username"].partition("@")[0],
            "name": row["Name"],
            "email": row["Email"],
            "email_verified": True,
            "given_name": row["FirstName"],
            "family_name": row["LastName"],
            "zoneinfo": row["TimeZoneSidKey"],
            "utcOffset": _offset(row["TimeZoneSidKey"], call),
            "photos": {},
            "address": {},
            "active": row["IsActive"],
            "user_type": "STANDARD",
            "language": row["LanguageLocaleKey"],
            "locale": row["LocaleSidKey"],
            "urls": _urls(site, call),
            "updated_at": row["LastModifiedDate"],
        }
    )


def _user(site: Site, user: str) -> dict[str, Any]:
    return dict.fromkeys(_FIELDS) | site.org.get(site.org.admin, "User", user, _FIELDS)


def _offset(zone: str, call: Call) -> int:
    """Milliseconds east of Greenwich in winter: the vendor leaves daylight saving out."""
    year = call.world.clock.now().year
    spans = [datetime(year, month, 1, tzinfo=ZoneInfo(zone)) for month in (1, 7)]
    offset = min(moment.utcoffset() or timedelta() for moment in spans)
    return int(offset.total_seconds() * 1000)


def _urls(site: Site, call: Call) -> dict[str, str]:
    """`{version}` is for the reader to fill in, as the vendor leaves it."""
    base = site.address(call.request)
    data = f"{base}/services/data/v{{version}}"
    soap = {name: f"{base}/services/Soap/{letter}/{{version}}/{site.org.id[:15]}" for name, letter in _SOAP}
    rest = {"rest": f"{data}/", "sobjects": f"{data}/sobjects/", "query": f"{data}/query/"}
    return soap | rest | {"search": f"{data}/search/", "recent": f"{data}/recent/", "custom_domain": base}


def _refused(call: Call) -> Response:
    return Response("Bad_OAuth_Token" if bearer(call.request) else "Missing_OAuth_Token", 403)
