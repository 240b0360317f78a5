"""What a delta of the directory remembers: whom it told of, and in which state. Signed, and opaque to clients."""

import base64
import hashlib
import hmac
import json
import zlib
from typing import Any

from sandbox.graph.errors import GraphError
from sandbox.http import Call


def digest(shape: dict[str, Any]) -> str:
    return hashlib.blake2b(json.dumps(shape, sort_keys=True).encode(), digest_size=6).hexdigest()


def directory_token(call: Call, known: dict[str, str], select: tuple[str, ...] | None) -> str:
    body = zlib.compress(json.dumps([known, select]).encode())
    return base64.urlsafe_b64encode(_seal(call, body) + body).decode().rstrip("=")


def read_directory_token(call: Call, token: str) -> tuple[dict[str, str], tuple[str, ...] | None]:
    """Raises 400 for a token that this world did not hand out."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raw = b""
    if not hmac.compare_digest(raw[:12], _seal(call, raw[12:])):
        raise GraphError(400, "Directory_InvalidDeltaToken", "The token is not valid.")
    known, select = json.loads(zlib.decompress(raw[12:]))
    return known, None if select is None else tuple(select)


def _seal(call: Call, body: bytes) -> bytes:
    return hmac.digest(call.world.microsoft.key.encode(), body, hashlib.sha256)[:12]
