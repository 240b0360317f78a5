"""Groups of a tenant's directory, and who is in them.

https://learn.microsoft.com/graph/api/group-list, https://learn.microsoft.com/graph/api/group-list-transitivemembers
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.digits import is_whole
from sandbox.graph.context import USER_READ, authenticate, guarded
from sandbox.graph.entra import Grant, Group
from sandbox.graph.errors import CONTENT_TYPE, GraphError, standard_headers
from sandbox.graph.filters import read_filter
from sandbox.graph.odata import Options, read_options
from sandbox.graph.pages import own_address
from sandbox.graph.users import LARGEST_PAGE, PROPERTIES, user_shape
from sandbox.http import Call, Response, Route, json_response
from sandbox.mailboxes import Mailbox

GROUP_READ = frozenset(
    {"Group.Read.All", "Group.ReadWrite.All", "GroupMember.Read.All", "GroupMember.ReadWrite.All",
     "Directory.Read.All", "Directory.ReadWrite.All"}
)  # fmt: skip
PEOPLE_READ = frozenset(USER_READ) - {"User.Read"}
_GROUP_PROPERTIES = frozenset({"id", "displayName", "description", "mail", "mailEnabled", "mailNickname",
                               "securityEnabled", "groupTypes", "createdDateTime"})  # fmt: skip
_USER, _GROUP = "#microsoft.graph.user", "#microsoft.graph.group"


def members_of(call: Call, group: Group, *, transitive: bool) -> Iterator[Mailbox | Group]:
    groups = call.world.microsoft.groups
    for one in call.world.microsoft.members(group, transitive=transitive):
        found = groups.get(one) or call.world.mailboxes.mailbox_by_guid(one)
        if found is not None:
            yield found


def list_groups(call: Call) -> Response:
    def work() -> Response:
        grant = _open(call)
        options = read_options(call.request.args, _GROUP_PROPERTIES)
        found = [one for one in call.world.microsoft.groups.values() if one.tenant == grant.tenant]
        shapes = [_group_shape(one, Options(select=tuple(_GROUP_PROPERTIES))) for one in found]
        if options.filter:
            shapes = [shape for shape in shapes if read_filter(options.filter, _GROUP_PROPERTIES)(shape)]
        wanted = options.select or tuple(sorted(_GROUP_PROPERTIES))
        rows = [{name: shape[name] for name in wanted} for shape in shapes]
        return _page(call, "groups", rows, options)

    return guarded(call, work)


def get_group(call: Call, group: str) -> Response:
    def work() -> Response:
        found = _find(call, _open(call), group)
        options = read_options(call.request.args, _GROUP_PROPERTIES)
        context = f"{call.request.url_root}v1.0/$metadata#groups/$entity"
        body = {"@odata.context": context, **_group_shape(found, options)}
        return json_response(body, 200, standard_headers(call), CONTENT_TYPE)

    return guarded(call, work)


def _members(*, transitive: bool, people_only: bool = False) -> Callable[..., Response]:
    def handle(call: Call, group: str) -> Response:
        def work() -> Response:
            grant = _open(call)
            options = read_options(call.request.args, PROPERTIES)
            slow = options.count or options.search or options.filter or people_only
            if slow and call.request.headers.get("ConsistencyLevel", "").lower() != "eventual":
                raise GraphError(400, "Request_UnsupportedQuery", "The request needs ConsistencyLevel: eventual.")
            members = members_of(call, _find(call, grant, group), transitive=transitive)
            rows = [_member(one, grant, options) for one in members if isinstance(one, Mailbox) or not people_only]
            return _page(call, "directoryObjects", rows, options)

        return guarded(call, work)

    return handle


def _member(one: Mailbox | Group, grant: Grant, options: Options) -> dict[str, Any]:
    """Without the right to read its kind a member has an id, and the rest is null."""
    if isinstance(one, Group):
        known = {"displayName": one.name, "mail": one.mail, "id": one.id}
        wanted = options.select or tuple(known)
        return {"@odata.type": _GROUP, **{name: known.get(name) for name in wanted}}
    shape = user_shape(one, options)
    if grant.permissions.isdisjoint(PEOPLE_READ):
        shape = dict.fromkeys(shape) | {"id": str(one.guid)}
    return {"@odata.type": _USER, **shape}


def _group_shape(group: Group, options: Options) -> dict[str, Any]:
    columns: Mapping[str, Any] = {
        "id": group.id,
        "displayName": group.name,
        "description": None,
        "mail": group.mail,
        "mailEnabled": True,
        "mailNickname": group.mail.partition("@")[0],
        "securityEnabled": True,
        "groupTypes": [],
        "createdDateTime": None,
    }
    return {name: columns[name] for name in options.select or tuple(columns)}


def _page(call: Call, name: str, rows: list[dict[str, Any]], options: Options) -> Response:
    token = call.request.args.get("$skiptoken", "0")
    first = int(token) if is_whole(token) else 0
    page = rows[first : first + min(options.top or 100, LARGEST_PAGE)]
    body: dict[str, Any] = {"@odata.context": f"{call.request.url_root}v1.0/$metadata#{name}", "value": page}
    if options.count:
        body["@odata.count"] = len(rows)
    if first + len(page) < len(rows):
        query = {key: value for key, value in call.request.args.items() if key != "$skiptoken"}
        body["@odata.nextLink"] = own_address(call.request, {**query, "$skiptoken": str(first + len(page))})
    return json_response(body, 200, standard_headers(call), CONTENT_TYPE)


def _open(call: Call) -> Grant:
    grant = authenticate(call)
    if grant.permissions.isdisjoint(GROUP_READ):
        raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    return grant


def _find(call: Call, grant: Grant, group: str) -> Group:
    found = call.world.microsoft.groups.get(group.lower())
    if found is None or found.tenant != grant.tenant:
        raise GraphError(404, "Request_ResourceNotFound", f"Resource '{group}' does not exist.")
    return found


_AT = "/v1.0/groups/<group>"
ROUTES = (
    Route("groups.list", "GET", "/v1.0/groups", list_groups),
    Route("groups.get", "GET", _AT, get_group),
    Route("groups.members", "GET", f"{_AT}/members", _members(transitive=False)),
    Route("groups.all_members", "GET", f"{_AT}/transitiveMembers", _members(transitive=True)),
    Route(
        "groups.all_people",
        "GET",
        f"{_AT}/transitiveMembers/microsoft.graph.user",
        _members(transitive=True, people_only=True),
    ),
)
