"""What can be watched: the resources Outlook knows, their rights and how long a subscription to them lives."""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from sandbox.graph import ids
from sandbox.graph.calendar.shape import EVENT_PROPERTIES
from sandbox.graph.context import CALENDAR_READ, MAIL_READ, find_user
from sandbox.graph.entra import Grant
from sandbox.graph.errors import GraphError, bad_request
from sandbox.graph.filters import read_filter
from sandbox.graph.messages import FILTERABLE
from sandbox.graph.odata import read_options
from sandbox.graph.shape import MESSAGE_PROPERTIES
from sandbox.graph.subscriptions.book import Query, Target
from sandbox.http import Call
from sandbox.mailboxes import Mailbox

SHORTEST = timedelta(minutes=45)
WITH_DATA = timedelta(minutes=1_440)
_CALL_FORM = re.compile(r"(\w+)\('((?:[^'/]|'')*)'\)")
_SHAPES = (
    ("message", re.compile(r"(?:mailfolders/(?P<folder>[^/]+)/)?messages", re.IGNORECASE)),
    ("event", re.compile(r"(?:calendar/)?events", re.IGNORECASE)),
    ("contact", re.compile(r"contacts", re.IGNORECASE)),
    ("todoTask", re.compile(r"todo/lists/(?P<list>[^/]+)/tasks", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Kind:
    lifetime: timedelta
    needs: tuple[str, ...]


KINDS = {
    "message": Kind(timedelta(minutes=10_080), (*MAIL_READ, "Mail.ReadBasic", "Mail.ReadBasic.All")),
    "event": Kind(timedelta(minutes=10_080), CALENDAR_READ),
    "contact": Kind(timedelta(minutes=10_080), ("Contacts.Read", "Contacts.ReadWrite")),
    "todoTask": Kind(timedelta(minutes=4_230), ("Tasks.Read", "Tasks.ReadWrite", "Tasks.Read.All")),
}


def read_resource(call: Call, grant: Grant, resource: str) -> tuple[Target, Mailbox]:
    """Raises 400 for what cannot be watched and 403 or 404 for what the token does not reach."""
    path = resource.partition("?")[0]
    path = _CALL_FORM.sub(lambda form: f"{form[1]}/{form[2]}", path.strip("/"))
    owner, _, rest = path.partition("/")
    user = "me"
    if owner.lower() == "users":
        user, _, rest = rest.partition("/")
    elif owner.lower() != "me":
        raise invalid(f"Resource '{resource}' is not supported.")
    for kind, shape in _SHAPES:
        found = shape.fullmatch(rest)
        if found:
            mailbox = _mailbox(call, grant, user, kind)
            folder = found.groupdict().get("folder")
            number = ids.find_folder(mailbox, folder).number if folder else None
            return Target(str(mailbox.guid), kind, number), mailbox
    raise invalid(f"Resource '{resource}' is not supported.")


def read_query(kind: str, resource: str, certificate: tuple[bytes, str] | None) -> Query:
    """The options behind the resource. Raises 400 for others than `$filter` and `$select`, or a bad filter."""
    given = MultiDict(parse_qsl(resource.partition("?")[2], keep_blank_values=True))
    properties = EVENT_PROPERTIES if kind == "event" else MESSAGE_PROPERTIES
    options = read_options(given, properties)
    if options.given - {"$filter", "$select"}:
        raise invalid("A resource to watch takes $filter and $select only.")
    if certificate is not None and options.select is None:
        raise invalid("Resource data need a $select that names the properties.")
    if certificate is None and options.select is not None:
        raise invalid("$select is for resource data, which were not asked for.")
    if options.filter:
        filterable = EVENT_PROPERTIES if kind == "event" else FILTERABLE
        read_filter(options.filter, filterable, lambda _row, _name: None)
    return Query(options.filter, options.select or (), *(certificate or (b"", "")))


def _mailbox(call: Call, grant: Grant, user: str, kind: str) -> Mailbox:
    mailbox = find_user(call, grant, user)
    if mailbox is None:
        raise GraphError(404, "ResourceNotFound", "The user of the resource is not found.")
    others = grant.user is not None and grant.user != str(mailbox.guid)
    allowed = grant.app.only_mailboxes
    outside = grant.user is None and allowed is not None and mailbox.address not in allowed
    if others or outside or grant.permissions.isdisjoint(KINDS[kind].needs):
        message = "Operation: Create; Exception: [Status Code: Forbidden; Reason: Access is denied.]"
        raise GraphError(403, "ExtensionError", message)
    if not mailbox.licensed or mailbox.home != "microsoft365":
        message = "Operation: Create; Exception: [Status Code: NotFound; Reason: The mailbox is not enabled.]"
        raise GraphError(404, "ExtensionError", message)
    return mailbox


def invalid(message: str) -> GraphError:
    return bad_request(message, "InvalidRequest")
