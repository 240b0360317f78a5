"""Access tokens of the Microsoft identity platform, over our own door.

App-only: one token serves every mailbox of a tenant. Delegated: one a mailbox, from a refresh token that is
replaced at each use. https://learn.microsoft.com/entra/identity-platform/certificate-credentials
"""

import threading
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from crosstie.domain.clock import Clock
from crosstie.domain.errors import CrosstieError, Fatal, Retry, Throttled, Unclear
from crosstie.mailboxes.graph.connection import Certificate, GraphConnection
from crosstie.mailboxes.graph.errors import Answer, translate_token
from crosstie.transport import Http, is_token, parsed

MARGIN = timedelta(minutes=5)
"""A token is not used in its last minutes: a session that starts with it should end with it."""
ASSERTION_LIFE = timedelta(minutes=5)
YOUNG = timedelta(minutes=10)
QUIET = timedelta(seconds=20)
"""After a refusal nobody asks again for so long, unless with other credentials."""
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

Proof = tuple[str, Certificate | None, str]
"""Secret, certificate and refresh token."""
Key = tuple[str, str, str, int]
Renewed = Callable[[int, str], None]
"""Called with a mailbox's id and its new refresh token, which is to be kept in place of the old one."""


@dataclass(frozen=True, slots=True)
class _Held:
    token: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class _Failure:
    proof: Proof
    error: CrosstieError
    until: datetime


@dataclass(slots=True)
class Tokens:
    """Shared by all sessions of a process; threads that want the same token wait for one request."""

    http: Http
    clock: Clock
    renewed: Renewed
    _held: dict[Key, _Held] = field(default_factory=dict)
    _failed: dict[Key, "_Failure"] = field(default_factory=dict)
    _newest: dict[Key, tuple[str, str]] = field(default_factory=dict)
    """Delegated: the refresh token a connection came with, and the one that replaced it since."""
    _locks: dict[Key, threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, mailbox_id: int, connection: GraphConnection) -> str:
        """Raises NeedsConsent, Throttled, Retry or Fatal."""
        key = _key(mailbox_id, connection)
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            held = self._held.get(key)
            if held is None or held.until <= self.clock.now():
                self._leave_alone(key, connection)
                try:
                    held = self._held[key] = self._fetch(key, mailbox_id, connection)
                except CrosstieError as error:
                    self._failed[key] = _Failure(_proof_of(connection), error, self._quiet_until(error))
                    raise
            return held.token

    def _leave_alone(self, key: Key, connection: GraphConnection) -> None:
        """Raises what was answered a moment ago: a hundred mailboxes of a tenant share the answer."""
        failure = self._failed.get(key)
        if failure and failure.proof == _proof_of(connection) and self.clock.now() < failure.until:
            raise copy(failure.error)

    def _quiet_until(self, error: CrosstieError) -> datetime:
        until = self.clock.now() + QUIET
        wished = error.until if isinstance(error, Throttled) else None
        return max(until, wished) if wished else until

    def reject(self, mailbox_id: int, connection: GraphConnection, token: str) -> None:
        """Graph did not accept this token: the next `get` asks for another."""
        key = _key(mailbox_id, connection)
        if (held := self._held.get(key)) and held.token == token:
            self._held.pop(key, None)

    def outdated(self, mailbox_id: int, connection: GraphConnection) -> None:
        """Access was denied: what was granted meanwhile is only in a newer token, so an older one is dropped."""
        key = _key(mailbox_id, connection)
        if (held := self._held.get(key)) and self.clock.now() - held.since > YOUNG:
            self._held.pop(key, None)

    def _fetch(self, key: Key, mailbox_id: int, connection: GraphConnection) -> _Held:
        now = self.clock.now()
        form = {"client_id": connection.client_id, **self._proof(connection, now), **self._grant(key, connection)}
        answer = self._ask(connection.token_url, form)
        token = answer.json.get("access_token")
        if not answer.ok or not isinstance(token, str):
            raise translate_token(answer, now)
        if not is_token(token):
            raise Retry("GRAPH-GARBLED", "a token that cannot be sent")
        refresh = answer.json.get("refresh_token")
        if connection.delegated and isinstance(refresh, str) and refresh:
            self._newest[key] = (connection.refresh_token, refresh)
            self.renewed(mailbox_id, refresh)
        life = timedelta(seconds=_seconds(answer.json.get("expires_in")))
        return _Held(token, now, now + max(life - MARGIN, life / 2))

    def _grant(self, key: Key, connection: GraphConnection) -> dict[str, str]:
        if not connection.delegated:
            return {"grant_type": "client_credentials", "scope": connection.scope}
        origin, newest = self._newest.get(key, ("", ""))
        current = newest if origin == connection.refresh_token else connection.refresh_token
        return {"grant_type": "refresh_token", "refresh_token": current}

    def _proof(self, connection: GraphConnection, now: datetime) -> dict[str, str]:
        if connection.certificate is not None:
            assertion = _assertion(connection, connection.certificate, now, self.clock.token())
            return {"client_assertion_type": JWT_BEARER, "client_assertion": assertion}
        return {"client_secret": connection.secret} if connection.secret else {}

    def _ask(self, url: str, form: dict[str, str]) -> Answer:
        try:
            response = self.http.request("POST", url, form=form)
        except Unclear as lost:
            raise Retry("NET-LOST", lost.detail) from lost
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, parsed(response), headers)


def _seconds(value: object) -> int:
    """A number, which some authorities write as a text; no time at all where it is neither."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _key(mailbox_id: int, connection: GraphConnection) -> Key:
    owner = mailbox_id if connection.delegated else 0
    return (connection.login_url, connection.tenant, connection.client_id, owner)


def _proof_of(connection: GraphConnection) -> Proof:
    return connection.secret, connection.certificate, connection.refresh_token


def _assertion(connection: GraphConnection, pair: Certificate, now: datetime, name: str) -> str:
    """A signed statement of who the app is; its header names the certificate by the digest of its DER form."""
    try:
        digest = x509.load_pem_x509_certificate(pair.certificate.encode()).fingerprint(SHA256())
        claims = {
            "aud": connection.token_url,
            "iss": connection.client_id,
            "sub": connection.client_id,
            "jti": name,
            "iat": now,
            "nbf": now,
            "exp": now + ASSERTION_LIFE,
        }
        thumbprint = jwt.utils.base64url_encode(digest).decode()
        return jwt.encode(claims, pair.private_key, algorithm="PS256", headers={"x5t#S256": thumbprint})
    except (ValueError, TypeError, jwt.PyJWTError) as error:
        raise Fatal("GRAPH-CERTIFICATE", str(error)) from error
