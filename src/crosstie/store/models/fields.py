"""Columns of our own."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    TextColumn = models.Field[str, str]
else:  # generic for the type checker alone
    TextColumn = models.Field

DIGEST_BYTES = 16


def pack(digest: str) -> bytes:
    """`key-id:hex` → 16 bytes of digest and the key id behind them; nothing stays nothing."""
    if not digest:
        return b""
    key_id, _, value = digest.partition(":")
    return bytes.fromhex(value) + key_id.encode("ascii")


def unpack(stored: bytes | memoryview) -> str:
    raw = bytes(stored)
    if not raw:
        return ""
    return f"{raw[DIGEST_BYTES:].decode('ascii')}:{raw[:DIGEST_BYTES].hex()}"


def pack_fields(digests: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Field → `key-id:hex`, with each key id once: key id → field → hex. Nothing has no key."""
    packed: dict[str, dict[str, str]] = {}
    for name, digest in digests.items():
        key_id, _, value = digest.partition(":")
        packed.setdefault(key_id, {})[name] = value
    return packed


def unpack_fields(packed: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {
        name: f"{key_id}:{value}" if value else ""
        for key_id, fields in packed.items()
        for name, value in fields.items()
    }


class DigestField(TextColumn):
    """A keyed digest with the id of its key, a third of the size of its text."""

    description = "Keyed digest of 128 bit"

    def db_type(self, connection: Any) -> str:  # noqa: ARG002
        return "bytea"

    def get_prep_value(self, value: Any) -> Any:
        return pack(value) if isinstance(value, str) else value

    def from_db_value(self, value: Any, *_: Any) -> str:
        return unpack(value)
