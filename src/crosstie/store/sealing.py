"""Credentials sealed with AES-256-GCM: `version|key-id|nonce|ciphertext`, bound to the place they are kept at."""

import hashlib
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crosstie.config.secrets import KeyRing
from crosstie.domain.clock import Clock
from crosstie.domain.errors import Fatal

VERSION = b"1"
NONCE_BYTES = 12
PLACE = re.compile(r"[a-z][a-z0-9-]*/(?P<tenant>[1-9][0-9]*)/[A-Za-z0-9._@:-]+")


def tenant_of(place: str) -> int:
    """The tenant that a place (`kind/tenant/owner`) belongs to. Raises Fatal for anything else."""
    found = PLACE.fullmatch(place)
    if not found:
        raise Fatal("VAULT-PLACE")
    return int(found["tenant"])


def seal(ring: KeyRing, place: str, secret: str, clock: Clock) -> bytes:
    nonce = hashlib.sha256(clock.token(32).encode()).digest()[:NONCE_BYTES]
    sealed = AESGCM(ring.keys[ring.current]).encrypt(nonce, secret.encode(), _bound(place, ring.current))
    return b"|".join((VERSION, ring.current.encode(), nonce + sealed))


def unseal(ring: KeyRing, place: str, token: bytes) -> str:
    """Raises Fatal: an unknown key, another place's token, a changed byte. Never answers with ciphertext."""
    version, _, rest = token.partition(b"|")
    key_id, _, body = rest.partition(b"|")
    key = ring.keys.get(key_id.decode("ascii", "replace"))
    if version != VERSION or len(body) <= NONCE_BYTES:
        raise Fatal("VAULT-FORMAT")
    if key is None:
        raise Fatal("VAULT-KEY")
    try:
        opened = AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], _bound(place, key_id.decode()))
    except InvalidTag as error:
        raise Fatal("VAULT-DAMAGED") from error
    return opened.decode()


def _bound(place: str, key_id: str) -> bytes:
    return f"{VERSION.decode()}|{key_id}|{place}".encode()
