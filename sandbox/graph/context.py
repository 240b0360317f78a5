"""What every handler needs before it starts: who asks, what they may do, whose mailbox it is."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from sandbox.graph import throttle
from sandbox.graph.entra import App, Grant
from sandbox.graph.errors import (
    CONTENT_TYPE,
    GraphError,
    access_denied,
    bad_request,
    error_response,
    standard_headers,
)
from sandbox.graph.odata import Preferences, read_preferences
from sandbox.graph.switches import DENIED_BY_EXCHANGE, GLOBAL_LIMIT_IS_LOW, TOKENS_END_EARLY
from sandbox.http import Call, Request, Response, Route, json_response, read_json
from sandbox.mailboxes import Mailbox, MailboxStore
from sandbox.world import World

MAIL_READ = ("Mail.Read", "Mail.ReadWrite")
MAIL_WRITE = ("Mail.ReadWrite",)
MAIL_SEND = ("Mail.Send",)
CALENDAR_READ = ("Calendars.Read", "Calendars.ReadWrite")
CALENDAR_WRITE = ("Calendars.ReadWrite",)
SETTINGS_READ = ("MailboxSettings.Read", "MailboxSettings.ReadWrite")
SETTINGS_WRITE = ("MailboxSettings.ReadWrite",)
USER_READ = ("User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "User.ReadBasic.All", "User.Read")
LARGEST_REQUEST = 4 * 1024 * 1024
"""Bytes of a body; more needs an upload session."""


@dataclass(slots=True)
class Context:
    call: Call
    grant: Grant
    mailbox: Mailbox
    prefer: Preferences

    @property
    def request(self) -> Request:
        return self.call.request

    @property
    def world(self) -> World:
        return self.call.world

    @property
    def store(self) -> MailboxStore:
        return self.call.world.mailboxes

    @property
    def root(self) -> str:
        return f"{self.request.url_root}v1.0"

    @property
    def metadata(self) -> str:
        """Begins every @odata.context below this mailbox."""
        return f"{self.root}/$metadata#users('{self.mailbox.guid}')"

    def answer(self, body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        applied = {"Preference-Applied": ", ".join(self.prefer.applied)} if self.prefer.applied else {}
        all_headers = {**standard_headers(self.call), **applied, **(headers or {})}
        return json_response(body, status, all_headers, CONTENT_TYPE)

    def nothing(self, status: int = 204) -> Response:
        return Response(status=status, headers=standard_headers(self.call))

    def body(self) -> dict[str, Any]:
        """The JSON object of the request. Raises 400 when it is none."""
        if self.request.mimetype not in ("application/json", ""):
            raise bad_request("A write must be sent as application/json.", "RequestBodyRead")
        raw = self.request.get_data(cache=True)
        try:
            body = read_json(raw or b"{}")
        except ValueError as broken:
            raise bad_request(f"The body is no JSON: {broken}") from broken
        if not isinstance(body, dict):
            raise bad_request("The body must be a JSON object.", "RequestBodyRead")
        return body


Operation: TypeAlias = Callable[..., Response]
"""`operation(context, **path_arguments) -> Response`; the `user` of the path is resolved already."""


def mailbox_route(name: str, method: str, rule: str, needs: tuple[str, ...], operation: Operation) -> Route:
    """A route below `/v1.0/users/<user>` that works on a mailbox."""

    def handle(call: Call, user: str, **arguments: Any) -> Response:
        def work() -> Response:
            context = _open(call, user, needs)
            return operation(context, **arguments)

        return guarded(call, work)

    return Route(name, method, f"/v1.0/users/<user>{rule}", handle)


def guarded(call: Call, work: Callable[[], Response], *, largest: int = LARGEST_REQUEST) -> Response:
    try:
        if len(call.request.get_data(cache=True)) > largest:
            return error_response(call, GraphError(413, "RequestEntityTooLarge", "The request is too large."))
        return work()
    except GraphError as error:
        return error_response(call, error)


def _open(call: Call, user: str, needs: tuple[str, ...]) -> Context:
    grant = authenticate(call)
    mailbox = find_user(call, grant, user)
    if mailbox is None:
        raise GraphError(404, "ErrorInvalidUser", f"The requested user '{user}' is invalid.")
    call.subject = mailbox.address
    _check_limits(call, grant, mailbox)
    _check_rights(call, grant, mailbox, needs)
    if not mailbox.licensed or mailbox.home != "microsoft365":
        raise GraphError(
            404, "MailboxNotEnabledForRESTAPI", "The mailbox is inactive, without a licence or on-premises."
        )
    return Context(call, grant, mailbox, read_preferences(call.request.headers.get("Prefer", "")))


def authenticate(call: Call) -> Grant:
    header = call.request.headers.get("Authorization", "")
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise unauthorized("The access token is empty.")
    grant = call.world.microsoft.tokens.get(token.strip())
    if grant is None:
        raise unauthorized("The access token is not valid.")
    if _ends_early(call, grant):
        del call.world.microsoft.tokens[token.strip()]
        raise unauthorized("The access token has been revoked.")
    if grant.expires <= call.world.clock.now():
        raise unauthorized("The access token has expired.")
    if call.world.microsoft.is_challenged(grant):
        raise _claims_challenge(grant)
    return grant


def _claims_challenge(grant: Grant) -> GraphError:
    """Continuous access evaluation: a token that is good by its date is not good enough any more."""
    wanted = {"access_token": {"nbf": {"essential": True, "value": str(int(grant.issued.timestamp()) + 1)}}}
    claims = base64.b64encode(json.dumps(wanted).encode()).decode()
    refusal = unauthorized("Continuous access evaluation resulted in a challenge.")
    challenge = f'{refusal.headers["WWW-Authenticate"]}, error="insufficient_claims", claims="{claims}"'
    return GraphError(401, "InvalidAuthenticationToken", refusal.message, {"WWW-Authenticate": challenge})


def _ends_early(call: Call, grant: Grant) -> bool:
    if not call.world.switches.on(TOKENS_END_EARLY):
        return False
    return call.world.clock.now() - grant.issued >= timedelta(minutes=1) and call.world.dice.random() < 0.2


def unauthorized(message: str) -> GraphError:
    challenge = 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
    return GraphError(401, "InvalidAuthenticationToken", message, {"WWW-Authenticate": challenge})


def find_user(call: Call, grant: Grant, user: str) -> Mailbox | None:
    """By object id or user principal name (here: the primary address), within the token's tenant."""
    store = call.world.mailboxes
    if user.lower() == "me":
        if grant.user is None:
            raise bad_request("/me needs a signed-in user; an app names the user.")
        return store.mailbox_by_guid(grant.user)
    mailbox = store.mailbox_by_guid(user)
    if mailbox is None:
        named = store.mailbox(user)
        mailbox = named if named is not None and named.address == user.lower() else None
    if mailbox is None or mailbox.home == "google":
        return None
    return mailbox if call.world.microsoft.tenant_of(mailbox.address).id == grant.tenant else None


def _check_rights(call: Call, grant: Grant, mailbox: Mailbox, needs: tuple[str, ...]) -> None:
    if not grant.permissions.intersection(needs):
        raise access_denied()
    if grant.user is not None and grant.user != str(mailbox.guid):
        raise access_denied()
    if grant.user is None and not _in_scope(call, grant.app, mailbox):
        if call.world.switches.on(DENIED_BY_EXCHANGE):
            raise access_denied()
        raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def _in_scope(call: Call, app: App, mailbox: Mailbox) -> bool:
    """Exchange's own word on what an app may do as itself: a list of mailboxes, or the members of a group."""
    if app.only_mailboxes is not None and mailbox.address not in app.only_mailboxes:
        return False
    return not app.only_group or call.world.microsoft.in_group(str(mailbox.guid), app.only_group)


def _check_limits(call: Call, grant: Grant, mailbox: Mailbox) -> None:
    if call.request.environ.get(throttle.OVER_CONCURRENCY):
        raise throttle.throttled("Concurrency", timedelta(0))
    everybody = call.world.microsoft.global_meters.setdefault(grant.app.client_id, throttle.GlobalMeter())
    low = call.world.switches.on(GLOBAL_LIMIT_IS_LOW)
    now = call.world.clock.now()
    everybody.check(now, throttle.GLOBAL_REQUESTS_ONCE if low else throttle.GLOBAL_REQUESTS)
    meters = call.world.microsoft.meters
    meter = meters.setdefault((grant.app.client_id, mailbox.address), throttle.Meter())
    upload = len(call.request.get_data(cache=True)) if call.request.method in ("POST", "PATCH", "PUT") else 0
    meter.check(now, upload)


def subject_of(world: World, request: Request, arguments: dict[str, Any]) -> str:
    """The mailbox a request concerns, for faults and the log; empty when the path names nobody known."""
    user = str(arguments.get("user", ""))
    if user.lower() == "me":
        token = request.headers.get("Authorization", "").partition(" ")[2].strip()
        grant = world.microsoft.tokens.get(token)
        user = grant.user if grant is not None and grant.user is not None else ""
    mailbox = world.mailboxes.mailbox_by_guid(user) or world.mailboxes.mailbox(user)
    return mailbox.address if mailbox is not None else ""
