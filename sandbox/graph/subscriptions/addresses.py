"""`/subscriptions`: make, list, renew, reauthorise and end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit
from uuid import UUID

from sandbox.graph.context import authenticate, guarded
from sandbox.graph.entra import Grant
from sandbox.graph.errors import CONTENT_TYPE, GraphError, standard_headers
from sandbox.graph.odata import read_preferences
from sandbox.graph.subscriptions.book import Book, Subscription
from sandbox.graph.subscriptions.meter import count
from sandbox.graph.subscriptions.reading import (
    address,
    certificate,
    change_types,
    client_state,
    expiry,
    read_body,
    required,
    tls,
)
from sandbox.graph.subscriptions.resources import invalid, read_query, read_resource
from sandbox.graph.subscriptions.sender import TIMEOUT, Unreachable
from sandbox.http import Call, Response, Route, json_response

MOST_OF_A_MAILBOX = 1_000
_WRITABLE = {
    "changeType", "notificationUrl", "lifecycleNotificationUrl", "resource", "expirationDateTime", "clientState",
    "latestSupportedTlsVersion", "includeResourceData", "encryptionCertificate", "encryptionCertificateId",
}  # fmt: skip
Work: TypeAlias = Callable[..., Response]


def _route(name: str, method: str, rule: str, work: Work) -> Route:
    def handle(call: Call, **arguments: str) -> Response:
        def run() -> Response:
            grant = authenticate(call)
            count(call, grant)
            return work(call, grant, **arguments)

        return guarded(call, run)

    return Route(f"subscriptions.{name}", method, f"/v1.0/subscriptions{rule}", handle)


def _create(call: Call, grant: Grant) -> Response:
    body, book = read_body(call), call.world.subscriptions
    unknown = set(body) - _WRITABLE
    if unknown:
        raise invalid(f"Could not process subscription creation payload: there is no {min(unknown)}.")
    types = change_types(body.get("changeType"))
    resource = required(body, "resource")
    target, mailbox = read_resource(call, grant, resource)
    call.subject = mailbox.address
    query = read_query(target.kind, resource, certificate(body))
    expires = expiry(call, body, target.kind)
    subscription = Subscription(
        id=str(UUID(int=book.dice.getrandbits(128), version=4)),
        app=grant.app.client_id,
        tenant=grant.tenant,
        user=grant.user,
        resource=resource,
        target=target,
        query=query,
        change_types=types,
        notification_url=address(body, "notificationUrl"),
        lifecycle_url=address(body, "lifecycleNotificationUrl") if body.get("lifecycleNotificationUrl") else None,
        client_state=client_state(body.get("clientState")),
        tls=tls(body.get("latestSupportedTlsVersion")),
        immutable=read_preferences(call.request.headers.get("Prefer", "")).id_form == "immutable",
        expires=expires,
        position=mailbox.version,
    )
    _check_room(book, subscription, call.world.clock.now())
    for url in filter(None, (subscription.notification_url, subscription.lifecycle_url)):
        _validate(call, url)
    book.subscriptions[subscription.id] = subscription
    return _one(call, subscription, 201, state=True)


def _list(call: Call, grant: Grant) -> Response:
    rows = [_shape(one) for one in _living(call) if _owns(grant, one)]
    metadata = f"{call.request.url_root}v1.0/$metadata#subscriptions"
    return _answer(call, {"@odata.context": metadata, "value": rows})


def _get(call: Call, grant: Grant, subscription: str) -> Response:
    return _one(call, _find(call, grant, subscription), 200)


def _update(call: Call, grant: Grant, subscription: str) -> Response:
    """Renewing reauthorises too. The address for lifecycle events is given at the start or never."""
    found, body = _find(call, grant, subscription), read_body(call)
    refused = set(body) - {"expirationDateTime", "notificationUrl"}
    if refused or not body:
        raise invalid(
            f"Of a subscription expirationDateTime can be changed, not {min(refused, default='nothing')}."
        )
    if "notificationUrl" in body:
        url = address(body, "notificationUrl")
        _validate(call, url)
        found.notification_url = url
    if "expirationDateTime" in body:
        found.expires = expiry(call, body, found.target.kind)
        _reauthorised(found)
    return _one(call, found, 200)


def _reauthorise(call: Call, grant: Grant, subscription: str) -> Response:
    _reauthorised(_find(call, grant, subscription))
    return Response(status=204, headers=standard_headers(call))


def _delete(call: Call, grant: Grant, subscription: str) -> Response:
    found = _find(call, grant, subscription)
    call.world.subscriptions.remove(found, call.world.clock.now(), tell=False)
    return Response(status=204, headers=standard_headers(call))


def _reauthorised(subscription: Subscription) -> None:
    subscription.reauthorise_by, subscription.warned = None, False


def _living(call: Call) -> list[Subscription]:
    now = call.world.clock.now()
    return [one for one in call.world.subscriptions.subscriptions.values() if one.expires > now]


def _owns(grant: Grant, one: Subscription) -> bool:
    return (one.app, one.tenant, one.user) == (grant.app.client_id, grant.tenant, grant.user)


def _find(call: Call, grant: Grant, id_: str) -> Subscription:
    found = next((one for one in _living(call) if one.id == id_.lower() and _owns(grant, one)), None)
    if found is None:
        raise GraphError(404, "ResourceNotFound", "The object was not found.")
    owner = call.world.mailboxes.mailbox_by_guid(found.target.mailbox)
    call.subject = owner.address if owner else ""
    return found


# What must hold before there is a new one


def _check_room(book: Book, wanted: Subscription, now: datetime) -> None:
    living = [one for one in book.subscriptions.values() if one.expires > now]
    for one in living:
        same = (one.app, one.tenant, one.user, one.target, one.query, one.change_types)
        if same == (wanted.app, wanted.tenant, wanted.user, wanted.target, wanted.query, wanted.change_types):
            raise GraphError(409, "ExtensionError", "A subscription to that resource exists already.")
    if sum(one.target.mailbox == wanted.target.mailbox for one in living) >= MOST_OF_A_MAILBOX:
        raise GraphError(403, "ExtensionError", "The mailbox has its most subscriptions already.")


def _validate(call: Call, url: str) -> None:
    """The handshake: the receiver says the token back, as plain text and in time."""
    book, began = call.world.subscriptions, call.world.clock.now()
    token = (
        f"Validation: Testing client application reachability for subscription. Id: {book.dice.getrandbits(64):x}"
    )
    mark = "&" if urlsplit(url).query else "?"
    try:
        reply = book.sender(
            f"{url}{mark}validationToken={quote(token, safe='')}", b"", "text/plain; charset=utf-8"
        )
    except Unreachable as nobody:
        raise GraphError(400, "ValidationError", f"Subscription validation request failed: {nobody}") from nobody
    if call.world.clock.now() - began > timedelta(seconds=TIMEOUT):
        raise GraphError(400, "ValidationError", "Subscription validation request timed out.")
    kind = reply.content_type.partition(";")[0].strip().lower()
    if reply.status != 200 or kind != "text/plain" or reply.text.strip() != token:
        message = f"Subscription validation request failed. The answer was {reply.status} {kind}, not the token."
        raise GraphError(400, "ValidationError", message)


# What is shown


def _shape(one: Subscription, *, state: bool = False) -> dict[str, Any]:
    """The client's state is shown to the one who gave it, once."""
    return {
        "id": one.id,
        "resource": one.resource,
        "applicationId": one.app,
        "changeType": ",".join(one.change_types),
        "clientState": one.client_state if state else None,
        "notificationUrl": one.notification_url,
        "notificationQueryOptions": None,
        "lifecycleNotificationUrl": one.lifecycle_url,
        "expirationDateTime": f"{one.expires:%Y-%m-%dT%H:%M:%S.%f}Z",
        "creatorId": one.user or one.app,
        "includeResourceData": bool(one.query.certificate) or None,
        "latestSupportedTlsVersion": one.tls or "v1_2",
        "encryptionCertificate": None,
        "encryptionCertificateId": one.query.certificate_id or None,
        "notificationUrlAppId": None,
    }


def _one(call: Call, one: Subscription, status: int, *, state: bool = False) -> Response:
    metadata = f"{call.request.url_root}v1.0/$metadata#subscriptions/$entity"
    return _answer(call, {"@odata.context": metadata, **_shape(one, state=state)}, status)


def _answer(call: Call, body: dict[str, Any], status: int = 200) -> Response:
    return json_response(body, status, standard_headers(call), CONTENT_TYPE)


ROUTES = (
    _route("list", "GET", "", _list),
    _route("create", "POST", "", _create),
    _route("get", "GET", "/<subscription>", _get),
    _route("update", "PATCH", "/<subscription>", _update),
    _route("delete", "DELETE", "/<subscription>", _delete),
    _route("reauthorise", "POST", "/<subscription>/reauthorize", _reauthorise),
)
