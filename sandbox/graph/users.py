"""Users: the people whose mailboxes live in the token's tenant."""

import re
from dataclasses import replace
from typing import Any

from sandbox.digits import is_whole
from sandbox.graph.context import USER_READ, authenticate, find_user, guarded
from sandbox.graph.directory_tokens import digest, directory_token, read_directory_token
from sandbox.graph.entra import Grant, Tenant
from sandbox.graph.errors import CONTENT_TYPE, GraphError, standard_headers
from sandbox.graph.filters import read_filter
from sandbox.graph.odata import Options, read_options
from sandbox.graph.pages import own_address
from sandbox.graph.switches import USERS_COUNT_IS_IGNORED
from sandbox.http import Call, Response, Route, json_response
from sandbox.mailboxes import Mailbox

_SHOWN = (
    "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation",
    "preferredLanguage", "surname", "userPrincipalName", "id",
)  # fmt: skip
_WHEN_SELECTED = (
    "accountEnabled", "assignedLicenses", "createdDateTime", "mailNickname", "otherMails", "proxyAddresses",
    "usageLocation", "userType",
)  # fmt: skip
_UNSET = (
    "ageGroup", "city", "companyName", "consentProvidedForMinor", "country", "creationType", "deletedDateTime",
    "department", "employeeHireDate", "employeeId", "employeeLeaveDateTime", "employeeOrgData", "employeeType",
    "externalUserState", "faxNumber", "lastPasswordChangeDateTime", "legalAgeGroupClassification",
    "onPremisesDistinguishedName", "onPremisesDomainName", "onPremisesImmutableId", "onPremisesLastSyncDateTime",
    "onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled",
    "onPremisesUserPrincipalName", "passwordPolicies", "postalCode", "preferredDataLocation",
    "securityIdentifier", "showInAddressList", "state", "streetAddress",
)  # fmt: skip
"""Of nobody here: null when asked for."""
_EMPTY = (
    "assignedPlans", "identities", "imAddresses", "licenseAssignmentStates", "onPremisesProvisioningErrors",
    "provisionedPlans", "serviceProvisioningErrors",
)  # fmt: skip
PROPERTIES = frozenset({*_SHOWN, *_WHEN_SELECTED, *_UNSET, *_EMPTY})
_LICENCE = "3b555118-da6a-4418-894f-7df1e2096870"
"""Microsoft's own id of the plan Microsoft 365 Business Basic."""
LARGEST_PAGE = 999
_SLOW = re.compile(r"\b(?:not|ne|endswith|contains)\b", re.IGNORECASE)
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_SEARCHED = re.compile(r'"(\w+):([^"]*)"')


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
        return _answer(call, {"@odata.context": context, **user_shape(mailbox, options)})

    return guarded(call, work)


def list_users(call: Call) -> Response:
    def work() -> Response:
        grant = _open(call)
        if grant.permissions.isdisjoint(set(USER_READ) - {"User.Read"}):
            raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges.")
        options = read_options(call.request.args, PROPERTIES)
        _check_advanced(call, options)
        if not _waits(call):
            options = replace(options, count=False)
        return _answer(call, _page(call, grant, options))

    return guarded(call, work)


def count_users(call: Call) -> Response:
    """Only for those who say that they can wait for the index."""

    def work() -> Response:
        grant = _open(call)
        options = read_options(call.request.args, PROPERTIES)
        _check_advanced(call, replace(options, count=True))
        headers = standard_headers(call)
        return Response(str(len(_chosen(call, grant, options))), headers=headers, content_type="text/plain")

    return guarded(call, work)


def _waits(call: Call) -> bool:
    return bool(call.request.headers.get("ConsistencyLevel", "").lower() == "eventual")


def _check_advanced(call: Call, options: Options) -> None:
    """Counting, searching, `not`, `ne` and endsWith are the slower index's, which must be asked for."""
    waits = _waits(call)
    ignored = call.world.switches.on(USERS_COUNT_IS_IGNORED) and not call.request.path.endswith("$count")
    slow = _SLOW.search(_LITERAL.sub("", options.filter)) is not None
    if (options.search or (options.count and not ignored)) and not waits:
        raise GraphError(400, "Request_UnsupportedQuery", "The request needs ConsistencyLevel: eventual.")
    if slow and not (waits and options.count):
        raise GraphError(400, "Request_UnsupportedQuery", "The filter needs ConsistencyLevel and $count.")


def _chosen(call: Call, grant: Grant, options: Options) -> list[Mailbox]:
    people = people_of(call, grant)
    if options.filter:
        keep = read_filter(options.filter, PROPERTIES)
        every = Options(select=tuple(PROPERTIES))
        people = [one for one in people if keep(user_shape(one, every))]
    for wanted in _SEARCHED.findall(options.search):
        name, text = wanted
        if name not in PROPERTIES:
            raise GraphError(400, "Request_BadRequest", f"There is no property {name} to search.")
        every = Options(select=(name,))
        people = [one for one in people if text.lower() in str(user_shape(one, every)[name]).lower()]
    return people


def people_of(call: Call, grant: Grant) -> list[Mailbox]:
    """Everybody of the token's tenant, by name."""
    directory = call.world.microsoft
    people = [
        one
        for one in call.world.mailboxes.mailboxes
        if one.home != "google" and directory.tenant_of(one.address).id == grant.tenant
    ]
    return sorted(people, key=lambda one: one.name.lower())


def _page(call: Call, grant: Grant, options: Options) -> dict[str, Any]:
    people = _chosen(call, grant, options)
    token = call.request.args.get("$skiptoken", "0")
    first = int(token) if is_whole(token) else 0
    page = people[first : first + min(options.top or 100, LARGEST_PAGE)]
    body: dict[str, Any] = {"@odata.context": f"{call.request.url_root}v1.0/$metadata#users"}
    if options.count:
        body["@odata.count"] = len(people)
    body["value"] = [user_shape(one, options) for one in page]
    if first + len(page) < len(people):
        query = {name: value for name, value in call.request.args.items() if name != "$skiptoken"}
        body["@odata.nextLink"] = own_address(call.request, {**query, "$skiptoken": str(first + len(page))})
    return body


def user_delta(call: Call) -> Response:
    """Who came, changed or left since the token. What may be selected is frozen into it."""

    def work() -> Response:
        grant = _open(call)
        people = people_of(call, grant)
        known, options = _known(call)
        shapes = {str(one.guid): {"id": str(one.guid), **user_shape(one, options)} for one in people}
        digests = {guid: digest(shape) for guid, shape in shapes.items()}
        rows: list[dict[str, Any]] = [shape for guid, shape in shapes.items() if known.get(guid) != digests[guid]]
        rows += [{"id": guid, "@removed": {"reason": "changed"}} for guid in known if guid not in shapes]
        link = own_address(call.request, {"$deltatoken": directory_token(call, digests, options.select)})
        context = f"{call.request.url_root}v1.0/$metadata#users/$delta"
        return _answer(call, {"@odata.context": context, "value": rows, "@odata.deltaLink": link})

    return guarded(call, work)


def _known(call: Call) -> tuple[dict[str, str], Options]:
    token = call.request.args.get("$deltatoken") or call.request.args.get("$skiptoken")
    if not token:
        options = read_options(call.request.args, PROPERTIES)
        given = options.given - {"$select", "$deltatoken", "$top"}
        if given:
            raise GraphError(400, "Request_UnsupportedQuery", f"User changes do not take {min(given)}.")
        return {}, options
    known, select = read_directory_token(call, token)
    return known, Options(select=select)


def organization(call: Call) -> Response:
    def work() -> Response:
        grant = authenticate(call)
        tenant = call.world.microsoft.tenant(grant.tenant)
        if tenant is None:
            raise GraphError(404, "Request_ResourceNotFound", "The organization is not found.")
        context = f"{call.request.url_root}v1.0/$metadata#organization"
        return _answer(call, {"@odata.context": context, "value": [_organization(tenant)]})

    return guarded(call, work)


def _organization(tenant: Tenant) -> dict[str, Any]:
    domains = [
        {"capabilities": "Email, OfficeCommunicationsOnline", "isDefault": place == 0, "isInitial": place == 0,
         "name": name, "type": "Managed"}
        for place, name in enumerate(tenant.domains)
    ]  # fmt: skip
    name = tenant.domains[0].partition(".")[0].capitalize() if tenant.domains else "Nobody"
    return {"id": tenant.id, "displayName": name, "tenantType": "AAD", "verifiedDomains": domains}


def _open(call: Call) -> Grant:
    grant = authenticate(call)
    if grant.permissions.isdisjoint(USER_READ):
        raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges.")
    return grant


def user_shape(mailbox: Mailbox, options: Options) -> dict[str, Any]:
    first, _, last = mailbox.name.partition(" ")
    columns: dict[str, Any] = dict.fromkeys(_UNSET) | {name: [] for name in _EMPTY}
    columns |= {
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
        "accountEnabled": mailbox.enabled,
        "assignedLicenses": [{"disabledPlans": [], "skuId": _LICENCE}] if mailbox.licensed else [],
        "createdDateTime": None,
        "usageLocation": None,
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
    Route("users.delta", "GET", "/v1.0/users/delta", user_delta),
    Route("users.count", "GET", "/v1.0/users/$count", count_users),
    Route("organization", "GET", "/v1.0/organization", organization),
    Route("users.get", "GET", "/v1.0/users/<user>", get_user),
)
