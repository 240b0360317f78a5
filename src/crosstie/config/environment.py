"""The environment variables Crosstie reads, as one frozen value. Nothing else reads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from crosstie.config import mail
from crosstie.config.mail import MailServer

LOG_LEVELS = ("debug", "info", "warning", "error")
DEFAULT_PORT = 8400

T = TypeVar("T")


class ConfigError(ValueError):
    """One sentence for each value that cannot be used."""

    def __init__(self, *findings: str) -> None:
        super().__init__(" ".join(findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Config:
    home: Path
    """Keys, logs and the embedded database live below this folder."""
    database_url: str | None
    """None: the embedded PostgreSQL of `home`."""
    public_url: str
    """Where people reach the server, without a trailing slash."""
    host: str
    port: int
    log_level: str
    concurrency: int
    """Jobs that one worker process runs at the same time."""
    workers: int
    """Worker processes that `crosstie up` starts."""
    web_threads: int
    http_timeout: float
    """Seconds a vendor has to answer; leases and their margins are multiples of it."""
    trusted_origins: frozenset[str]
    """Origins beside the vendors' own that requests may go to, such as a sandbox's."""
    ca_file: str | None
    """PEM of a certificate authority to trust instead of the system's, for vendors behind an own proxy."""
    push: bool
    """Vendors are asked to push to `public_url`; off, mailboxes are only polled."""
    mail: MailServer | None
    """None: nobody is written to; what is owed waits."""
    mail_from: str
    """Address that our mails come from."""
    debug: bool
    """Tracebacks on the command line. Never Django's debug mode, whose pages show content."""

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_url).hostname or "localhost"


def load(environ: Mapping[str, str]) -> Config:
    """Raises ConfigError that names every bad value at once."""
    reader = _Reader(environ)
    port = reader.number("CROSSTIE_PORT", DEFAULT_PORT, 1, 65535)
    public_url = reader.read("CROSSTIE_PUBLIC_URL", _public_url, f"http://localhost:{port}")
    config = Config(
        home=reader.read("CROSSTIE_HOME", _path, _default_home(environ)),
        database_url=reader.read("DATABASE_URL", _database_url, None),
        public_url=public_url,
        host=environ.get("CROSSTIE_HOST") or "127.0.0.1",
        port=port,
        log_level=reader.read("CROSSTIE_LOG_LEVEL", _log_level, "info"),
        concurrency=reader.number("CROSSTIE_CONCURRENCY", 8, 1, 200),
        workers=reader.number("CROSSTIE_WORKERS", 1, 0, 64),
        web_threads=reader.number("CROSSTIE_WEB_THREADS", 8, 1, 128),
        http_timeout=float(reader.number("CROSSTIE_HTTP_TIMEOUT", 60, 1, 300)),
        trusted_origins=reader.read("CROSSTIE_TRUSTED_ORIGINS", _origins, frozenset()),
        ca_file=reader.read("CROSSTIE_CA_FILE", _file, None),
        push=reader.read("CROSSTIE_PUSH", _on_off, public_url.startswith("https://")),
        mail=reader.read("CROSSTIE_SMTP_URL", mail.server, None),
        mail_from=reader.read("CROSSTIE_MAIL_FROM", mail.sender, _default_sender(public_url)),
        debug=environ.get("CROSSTIE_DEBUG", "") not in ("", "0"),
    )
    if reader.findings:
        raise ConfigError(*reader.findings)
    return config


class _Reader:
    """Collects what is wrong instead of stopping at the first bad value."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.findings: list[str] = []

    def read(self, name: str, parse: Callable[[str], T], default: T) -> T:
        raw = self._environ.get(name, "").strip()
        if not raw:
            return default
        try:
            return parse(raw)
        except ValueError as error:
            self.findings.append(f"{name} {error}.")
            return default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        def parse(raw: str) -> int:
            if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
                raise ValueError(f"is {raw!r}: give a whole number from {low} to {high}")
            return int(raw)

        return self.read(name, parse, default)


def _default_home(environ: Mapping[str, str]) -> Path:
    base = environ.get("XDG_DATA_HOME") or ""
    if base.startswith("/"):
        return Path(base) / "crosstie"
    return Path(environ.get("HOME") or "/").expanduser() / ".local" / "share" / "crosstie"


def _default_sender(public_url: str) -> str:
    return f"crosstie@{urlsplit(public_url).hostname or 'localhost'}"


def _path(raw: str) -> Path:
    path = Path(raw).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError(f"is {raw!r}, which is a file: name a folder")
    return path


def _database_url(raw: str) -> str:
    if urlsplit(raw).scheme not in ("postgresql", "postgres"):
        # The value may hold a password and is therefore not repeated.
        raise ValueError("does not start with postgresql://: Crosstie keeps its data in PostgreSQL only")
    return raw


def _public_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"is {raw!r}: give the full address people use, such as https://sync.example.com")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"is {raw!r}: leave out everything after the host and port")
    return f"{parts.scheme}://{parts.netloc}"


def _origins(raw: str) -> frozenset[str]:
    return frozenset(_public_url(origin) for origin in raw.replace(",", " ").split())


def _file(raw: str) -> str:
    if not Path(raw).is_file():
        raise ValueError(f"is {raw!r}, which is not a file: name one in PEM form")
    return raw


def _on_off(raw: str) -> bool:
    if raw.lower() not in ("on", "off"):
        raise ValueError(f"is {raw!r}: say on or off")
    return raw.lower() == "on"


def _log_level(raw: str) -> str:
    if raw.lower() not in LOG_LEVELS:
        raise ValueError(f"is {raw!r}: choose one of {', '.join(LOG_LEVELS)}")
    return raw.lower()
