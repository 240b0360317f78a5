"""The mail server that people are written to through, as one address: `smtp+starttls://user:password@host:587`."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\]{1,64}@[A-Za-z0-9.-]{1,253}")
SHAPE = "smtp://HOST, smtp+starttls://USER:PASSWORD@HOST:587, smtps://USER:PASSWORD@HOST or file:///FOLDER"


class Guard(StrEnum):
    """How the connection is kept from others' eyes."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


_PORTS = {Guard.NONE: 25, Guard.STARTTLS: 587, Guard.TLS: 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """With a `folder` nothing is sent: each mail becomes a file in it."""

    host: str = ""
    port: int = 0
    guard: Guard = Guard.NONE
    user: str = ""
    password: str = field(default="", repr=False)
    folder: Path | None = None


def server(text: str) -> MailServer:
    """Raises ValueError; what is wrong is said without the value, which may hold a password."""
    parts = urlsplit(text)
    if parts.scheme == "file":
        return MailServer(folder=_folder(parts))
    if parts.scheme not in list(Guard) or not _host(parts):
        raise ValueError(f"is not the address of a mail server: write it like {SHAPE}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            "has something behind host and port, or a character of the password that is not written %XX"
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("has a user without a password, or a password without a user: give both or neither")
    guard = Guard(parts.scheme)
    if password and guard is Guard.NONE and parts.hostname not in _LOOPBACK:
        raise ValueError("would send the password unencrypted: begin it with smtp+starttls:// or smtps://")
    return MailServer(parts.hostname or "", _port(parts) or _PORTS[guard], guard, user, password)


def sender(text: str) -> str:
    """The address alone. Raises ValueError."""
    if not _ADDRESS.fullmatch(text):
        raise ValueError(f"is {text!r}: give an e-mail address alone, such as crosstie@example.com")
    return text


def _folder(parts: SplitResult) -> Path:
    folder = Path(unquote(parts.path))
    if parts.netloc or not folder.is_absolute() or (folder.exists() and not folder.is_dir()):
        raise ValueError("does not name a folder: write it like file:///var/mail/crosstie")
    return folder


def _host(parts: SplitResult) -> bool:
    return bool(parts.hostname) and " " not in parts.netloc and _port(parts) is not None


def _port(parts: SplitResult) -> int | None:
    """0: none was given; None: it is none."""
    try:
        return parts.port or 0
    except ValueError:
        return None
