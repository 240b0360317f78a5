"""The keys of an installation: made at first start, kept in one 0600 file, or given by the environment.

A ring holds a current key (used to write) and older ones (still able to read), each under an id that is
stored beside whatever it protects.
"""

import base64
import hashlib
import json
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from crosstie.domain.clock import SystemClock

KEY_BYTES = 32
RINGS = ("vault", "digest", "directory")
_FORMAT = 1


class SecretsError(RuntimeError):
    """The keys cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    current: str
    keys: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"KeyRing(current={self.current!r}, ids={sorted(self.keys)})"


@dataclass(frozen=True, slots=True)
class Secrets:
    secret_key: str
    """Django's: signs sessions and forms."""
    vault: KeyRing
    """Encrypts credentials (AES-256-GCM)."""
    digest: KeyRing
    """Keys the digests of field values."""
    directory: KeyRing
    """Keys the digests of addresses and domains."""

    def __repr__(self) -> str:
        return "Secrets(…)"


Draw = Callable[[int], str]
"""A random name of so many bytes of entropy, URL-safe."""


def path(home: Path) -> Path:
    return home / "secrets" / "keys.json"


_DRAW = SystemClock().token


def ensure(home: Path, environ: Mapping[str, str], draw: Draw = _DRAW) -> Secrets:
    """The keys, made now if this is the first start. Raises SecretsError."""
    given = _from_environment(environ)
    if given.keys() == {"secret_key", *RINGS}:
        return _secrets(given)
    file = path(home)
    if not file.exists():
        _refuse_lost_keys(home, file)
        _make(file, draw)
    return _secrets(_read(file) | given)


def peek(home: Path, environ: Mapping[str, str]) -> Secrets | None:
    """The keys where they exist already; None before the first start. Makes nothing."""
    given = _from_environment(environ)
    if given.keys() != {"secret_key", *RINGS}:
        if not path(home).exists():
            return None
        given = _read(path(home)) | given
    return _secrets(given)


def problem(file: Path) -> str | None:
    """What is wrong with who may read the file, or None."""
    for place, mode in ((file.parent, "700"), (file, "600")):
        found = stat.S_IMODE(place.stat().st_mode)
        if found & 0o077:
            return f"{place} can be read by other users (mode {found:o}). Run: chmod {mode} {place}"
        if place.stat().st_uid not in (os.geteuid(), 0):
            return f"{place} belongs to another user (uid {place.stat().st_uid}). Run Crosstie as that user."
    return None


def _refuse_lost_keys(home: Path, file: Path) -> None:
    """New keys beside old data would make every saved credential unreadable without a word."""
    if (home / "postgres" / "PG_VERSION").exists():
        raise SecretsError(
            f"{home / 'postgres'} holds data, but its keys are gone. Put {file} back from a backup. Without "
            f"one, move {home / 'postgres'} away and start anew: saved credentials cannot be read any more."
        )


def _make(file: Path, draw: Draw) -> None:
    file.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    content = {
        "format": _FORMAT,
        "secret_key": draw(48),
        **{name: _new_ring(draw(KEY_BYTES)) for name in RINGS},
    }
    draft = file.with_name(f".{file.name}.{os.getpid()}.{draw(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        json.dump(content, handle, indent=2)
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(draft, file)  # unlike rename, this cannot replace the keys another process made meanwhile
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _new_ring(text: str) -> dict[str, object]:
    """A key is named after itself, so that another machine's key never passes for it."""
    key_id = hashlib.sha256(b"crosstie key id\0" + text.encode()).hexdigest()[:8]
    return {"current": key_id, "keys": {key_id: text}}


def _read(file: Path) -> dict[str, object]:
    try:
        if wrong := problem(file):
            raise SecretsError(wrong)
        content = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise SecretsError(f"{file} cannot be read: put it back from a backup.") from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise SecretsError(f"{file} is not a key file of this version of Crosstie.")
    return content


def _secrets(content: Mapping[str, object]) -> Secrets:
    secret_key = content.get("secret_key")
    if not isinstance(secret_key, str) or len(secret_key) < 32:
        raise SecretsError("The secret key is missing or shorter than 32 characters.")
    return Secrets(secret_key, *(_ring(name, content.get(name)) for name in RINGS))


def _ring(name: str, value: object) -> KeyRing:
    match value:
        case {"current": str(current), "keys": dict(keys)} if current in keys:
            return KeyRing(current, {str(key_id): _key(name, key_id, text) for key_id, text in keys.items()})
    raise SecretsError(f"The {name} keys are missing or name no current key.")


def _key(name: str, key_id: object, text: object) -> bytes:
    raw = str(text)
    try:
        key = base64.b64decode(raw + "=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SecretsError(f"Key {key_id!r} of the {name} keys is not {KEY_BYTES} bytes in URL-safe base64.")
    return key


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    """CROSSTIE_SECRET_KEY, and CROSSTIE_VAULT_KEYS (DIGEST, DIRECTORY) as `id:key,id:key`, current first."""
    given: dict[str, object] = {}
    if secret_key := environ.get("CROSSTIE_SECRET_KEY"):
        given["secret_key"] = secret_key
    for name in RINGS:
        if raw := environ.get(f"CROSSTIE_{name.upper()}_KEYS"):
            pairs = [entry.strip().partition(":") for entry in raw.split(",")]
            given[name] = {"current": pairs[0][0], "keys": {key_id: key for key_id, _, key in pairs}}
    return given
