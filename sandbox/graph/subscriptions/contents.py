"""What a subscription wants to know: of which items, by a filter, and what of them, sealed for its owner."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sandbox.graph import ids
from sandbox.graph.calendar.items import Item
from sandbox.graph.calendar.listing import event_filter, filterable_event
from sandbox.graph.calendar.shape import event_shape
from sandbox.graph.context import Context
from sandbox.graph.entra import Grant
from sandbox.graph.errors import GraphError
from sandbox.graph.filters import Predicate
from sandbox.graph.messages import filterable, message_filter
from sandbox.graph.odata import Options, Preferences
from sandbox.graph.shape import message_shape
from sandbox.graph.subscriptions.book import Subscription
from sandbox.http import Call, Request, Route
from sandbox.mailboxes import Mailbox
from sandbox.mailboxes.model import LogEntry
from sandbox.world import World

TRACKER = "0bf30f3b-4a52-48df-9a82-234910c4a086"
"""Microsoft's app that sends change notifications; their tokens name it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """AES-256-CBC with the key's first 16 bytes for a start, an HMAC over it, and the key for the owner alone."""

    data: str
    dataSignature: str
    dataKey: str
    encryptionCertificateId: str
    encryptionCertificateThumbprint: str


@dataclass(frozen=True, slots=True)
class Watched:
    """An item that something happened to, as its notice names it."""

    type: str
    id: str
    keep: Callable[[], bool]
    """Whether the subscription's filter lets it through."""
    shape: Callable[[], dict[str, Any]] | None
    """None for one that is gone."""


def watched(world: World, subscription: Subscription, mailbox: Mailbox, entry: LogEntry) -> Watched:
    context = _context(world, subscription, mailbox)
    select = Options(select=subscription.query.select)
    form = context.prefer.id_form
    if subscription.target.kind == "event":
        series = mailbox.appointments.get(entry.number)
        item = Item(series) if series else None
        keep_event = event_filter(context, subscription.query.filter)
        return Watched(
            "Event", ids.event_id(mailbox, entry.number, entry.moves, form),
            lambda: item is None or _let_through(keep_event, partial(filterable_event, context, item)),
            partial(event_shape, context, item, select, typed=True) if item else None,
        )  # fmt: skip
    message = mailbox.messages.get(entry.number)
    keep = message_filter(context, Options(filter=subscription.query.filter))
    return Watched(
        "Message", ids.message_id(mailbox, entry.number, entry.moves, form),
        lambda: message is None or _let_through(keep, partial(filterable, context, message)),
        partial(message_shape, context, message, select, always_typed=True) if message else None,
    )  # fmt: skip


def _let_through(keep: Predicate | None, row: Callable[[], dict[str, Any]]) -> bool:
    """What cannot be compared is told."""
    try:
        return keep is None or keep(row())
    except GraphError:
        return True


def sealed(world: World, subscription: Subscription, shape: dict[str, Any]) -> Sealed:
    query = subscription.query
    return seal(shape, query.certificate, query.certificate_id, world.subscriptions.dice.randbytes(32))


def seal(content: dict[str, Any], certificate: bytes, certificate_id: str, key: bytes) -> Sealed:
    padder = padding.PKCS7(128).padder()
    plain = padder.update(json.dumps(content).encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    data = encryptor.update(plain) + encryptor.finalize()
    loaded = x509.load_der_x509_certificate(certificate)
    public = loaded.public_key()
    if not isinstance(public, RSAPublicKey):  # pragma: no cover - refused when the subscription was made
        raise TypeError("the certificate has no RSA key")
    oaep = rsa_padding.OAEP(rsa_padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 - Microsoft's choice
    return Sealed(
        base64.b64encode(data).decode(),
        base64.b64encode(hmac.digest(key, data, hashlib.sha256)).decode(),
        base64.b64encode(public.encrypt(key, oaep)).decode(),
        certificate_id,
        loaded.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303 - a thumbprint
    )


def proof(world: World, subscription: Subscription) -> str:
    """The token by which a receiver of sealed content knows that Microsoft sent it."""
    now = world.clock.now()
    claims = {
        "aud": subscription.app, "azp": TRACKER, "tid": subscription.tenant, "ver": "2.0",
        "iss": f"https://login.microsoftonline.com/{subscription.tenant}/v2.0",
        "iat": int(now.timestamp()), "exp": int((now + timedelta(hours=1)).timestamp()),
    }  # fmt: skip
    return world.microsoft.signing.sign(claims, now)


def _context(world: World, subscription: Subscription, mailbox: Mailbox) -> Context:
    """As if the owner had asked for the item, with the preference that the subscription was made with."""
    host = "graph.microsoft.com"
    environ = {"wsgi.url_scheme": "https", "SERVER_NAME": host, "SERVER_PORT": "443", "HTTP_HOST": host}
    request = Request({**environ, "REQUEST_METHOD": "GET", "PATH_INFO": "/"})
    app, now = world.microsoft.apps[subscription.app], world.clock.now()
    grant = Grant(app, subscription.tenant, subscription.user, frozenset(), now, now)
    call = Call(world, request, Route("notice", "GET", "", lambda call: _never()))
    return Context(call, grant, mailbox, Preferences("immutable" if subscription.immutable else "default"))


def _never() -> Any:  # pragma: no cover - the route of a context that nobody called
    raise NotImplementedError
