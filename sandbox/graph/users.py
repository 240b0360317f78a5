"""Users: the people whose mailboxes live in the token's tenant."""

from typing import Any

from sandbox.graph.context import USER_READ, authenticate, find_user, guarded
from sandbox.graph.entra import Grant
from sandbox.graph.errors import CONTENT_TYPE, GraphError, standard_headers
from sandbox.graph.filters import read_filter
from sandbox.graph.odata import Options, read_options
from sandbox.graph.pages import own_address
from sandbox.http import Call, Response, Route, json_response
from sandbox.mailboxes import Mailbox

_SHOWN = (
    "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation",
    "preferredLanguage", "surname", "userPrincipalName", "id",
)  # fmt: skip
_WHEN_SELECTED = ("accountEnabled", "mailNickname", "otherMails", "proxyAddresses", "userType")
PROPERTIES = frozenset({*_SHOWN, *_WHEN_SELECTED})
LARGEST_PAGE = 999


def get_user(call: Call, user: str) -> Response:
    def work() -> Response:
        grant = _open(call)
        options = read_options(call.request.args, PROPERTIES)
        mailbox = find_user(call, grant, user)
        if mailbox is None or (
            grant.user not in (None, str(mailbox.guid)) and "User.Read.All" not in grant.permissions
        ):
            raise GraphError(404, "Request_ResourceNotFound", f"Resource '{user}' does not exist.")
        call.subject = mailbox.address
        context = f"{call.request.url_root}v1.0/$metadata#users/$entity"
        return _answer(call, {"@odata.context": context, **_shape(mailbox, options)})

    return guarded(call, work)


def list_users(call: Call) -> Response:
    def work() -> Response:
        grant = _open(call)
        if grant.permissions.isdisjoint(set(USER_READ) - {"User.Read"}):
            raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges.")
        options = read_options(call.request.args, PROPERTIES)
        return _answer(call, _page(call, grant, options))

    return guarded(call, work)


def _page(call: Call, grant: Grant, options: Options) -> dict[str, Any]:
    directory = call.world.microsoft
    people = [
        one
        for one in call.world.mailboxes.mailboxes
        if one.home != "google" and directory.tenant_of(one.address).id == grant.tenant
    ]
    if options.filter:
        keep = read_filter(options.filter, PROPERTIES)
        every = Options(select=tuple(PROPERTIES))
        people = [one for one in people if keep(_shape(one, every))]
    people.sort(key=lambda one: one.name.lower())
    token = call.request.args.get("$skiptoken", "0")
    first = int(token) if token.isdigit() else 0
    page = people[first : first + min(options.top or 100, LARGEST_PAGE)]
    body: dict[str, Any] = {"@odata.context": f"{call.request.url_root}v1.0/$metadata#users"}
    if options.count:
        body["@odata.count"] = len(people)
    body["value"] = [_shape(one, options) for one in page]
    if first + len(page) < len(people):
        query = {name: value for name, value in call.request.args.items() if name != "$skiptoken"}
        body["@odata.nextLink"] = own_address(call.request, {**query, "$skiptoken": str(first + len(page))})
    return body


def _open(call: Call) -> Grant:
    grant = authenticate(call)
    if grant.permissions.isdisjoint(USER_READ):
        raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges.")
    return grant


def _shape(mailbox: Mailbox, options: Options) -> dict[str, Any]:
    first, _, last = mailbox.name.partition(" ")
    columns: dict[str, Any] = {
        "id": str(mailbox.guid),
        "displayName": mailbox.name,
        "givenName": first or None,
        "surname": last or None,
        "mail": mailbox.address,
        "userPrincipalName": mailbox.address,
        "businessPhones": [],
        "jobTitle": None,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
        "accountEnabled": True,
        "userType": "Member",
        "mailNickname": mailbox.address.partition("@")[0],
        "otherMails": [],
        "proxyAddresses": [f"SMTP:{mailbox.address}", *(f"smtp:{alias}" for alias in mailbox.aliases)],
    }
    wanted = options.select if options.select is not None else _SHOWN
    return {name: columns[name] for name in wanted}


def _answer(call: Call, body: dict[str, Any]) -> Response:
    return json_response(body, 200, standard_headers(call), CONTENT_TYPE)


ROUTES = (
    Route("users.list", "GET", "/v1.0/users", list_users),
    Route("users.get", "GET", "/v1.0/users/<user>", get_user),
)
