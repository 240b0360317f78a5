"""What a client may ask for when it subscribes, read strictly. Everything raises 400."""

import base64
import ipaddress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_der_x509_certificate

from sandbox.graph.errors import GraphError, bad_request
from sandbox.graph.subscriptions.resources import KINDS, SHORTEST, WITH_DATA, invalid
from sandbox.http import Call, read_json

LONGEST_STATE = 128
_TLS = ("v1_0", "v1_1", "v1_2", "v1_3")


def read_body(call: Call) -> dict[str, Any]:
    try:
        body = read_json(call.request.get_data(cache=True))
    except ValueError as broken:
        raise bad_request("The body is no JSON.") from broken
    if not isinstance(body, dict):
        raise bad_request("The body must be a JSON object.")
    return {name: value for name, value in body.items() if "@" not in name}


def required(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"{name} is a required property for subscription creation")
    return value


def change_types(value: Any) -> tuple[str, ...]:
    names = {one.strip().lower() for one in value.split(",")} if isinstance(value, str) else set()
    if not names or not names <= {"created", "updated", "deleted"}:
        raise invalid("changeType must be created, updated and deleted, or some of them.")
    return tuple(sorted(names))


def client_state(value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or len(value) > LONGEST_STATE):
        raise invalid(f"clientState is a text of at most {LONGEST_STATE} characters.")
    return None if value is None else str(value)


def tls(value: Any) -> str | None:
    if value is not None and value not in _TLS:
        raise invalid("latestSupportedTlsVersion must be one of " + ", ".join(_TLS))
    return None if value is None else str(value)


def certificate(body: dict[str, Any]) -> tuple[bytes, str] | None:
    """DER and the client's own name of what resource data are sealed to; None when none are sent."""
    if not body.get("includeResourceData"):
        return None
    text, name = body.get("encryptionCertificate"), body.get("encryptionCertificateId")
    if not isinstance(text, str) or not text or not isinstance(name, str) or not name:
        raise invalid("includeResourceData needs encryptionCertificate and encryptionCertificateId.")
    try:
        raw = base64.b64decode(text, validate=True)
        loaded = load_der_x509_certificate(raw)
    except ValueError as broken:
        raise invalid("encryptionCertificate must be the base64 of a certificate.") from broken
    if not isinstance(loaded.public_key(), RSAPublicKey):
        raise invalid("encryptionCertificate must hold an RSA key.")
    return raw, name


def expiry(call: Call, body: dict[str, Any], kind: str) -> datetime:
    now, text = call.world.clock.now(), required(body, "expirationDateTime")
    try:
        wanted = datetime.fromisoformat(text)
    except ValueError as broken:
        raise invalid("expirationDateTime is no moment.") from broken
    if wanted.tzinfo is None:
        raise invalid("expirationDateTime needs its offset from UTC.")
    if wanted <= now:
        raise invalid("Subscription expiration must be in the future.")
    longest = WITH_DATA if body.get("includeResourceData") else KINDS[kind].lifetime
    if wanted > now + longest:
        minutes = int(longest / timedelta(minutes=1))
        message = f"Subscription expiration can only be {minutes} minutes in the future."
        raise GraphError(400, "ExtensionError", message)
    return max(wanted, now + SHORTEST)


def address(body: dict[str, Any], name: str) -> str:
    """Microsoft takes https only; plain http is taken here for this machine's own address."""
    url = required(body, name)
    try:
        parts = urlsplit(url)
    except ValueError as broken:
        raise invalid(f"{name} must be an https address.") from broken
    host = (parts.hostname or "").lower()
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        private, own = False, host == "localhost"
    else:
        own = address.is_loopback
        private = not own and not address.is_global
    if not host or parts.scheme not in ("https", "http") or (parts.scheme == "http" and not own):
        raise invalid(f"{name} must be an https address.")
    if private:
        raise invalid(f"{name} is an address of a private network.")
    return url
