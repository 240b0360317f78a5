"""Access tokens of the Microsoft identity platform, over our own door.

App-only: one token serves every mailbox of a tenant. Delegated: one a mailbox, from a refresh token that is
replaced at each use; both are kept together, so that other processes take them instead of asking.
https://learn.microsoft.com/entra/identity-platform/certificate-credentials
"""

import threading
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from crosstie.domain.clock import Clock
from crosstie.domain.errors import CrosstieError, Fatal, NeedsConsent, Retry, Throttled, Unclear
from crosstie.mailboxes.graph.connection import Certificate, GraphConnection
from crosstie.mailboxes.graph.errors import Answer, translate_token
from crosstie.ports.vault import Exchange, Secrets
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
ACCESS, SINCE, UNTIL = "access_token", "access_since", "access_until"


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
    exchange: Exchange
    _held: dict[Key, _Held] = field(default_factory=dict)
    _failed: dict[Key, "_Failure"] = field(default_factory=dict)
    _dropped: dict[Key, str] = field(default_factory=dict)
    """Delegated: the access token that is not to be taken again, though it may still be kept."""
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
            self._drop(key, held)

    def outdated(self, mailbox_id: int, connection: GraphConnection) -> None:
        """Access was denied: what was granted meanwhile is only in a newer token, so an older one is dropped."""
        key = _key(mailbox_id, connection)
        if (held := self._held.get(key)) and self.clock.now() - held.since > YOUNG:
            self._drop(key, held)

    def _drop(self, key: Key, held: _Held) -> None:
        self._held.pop(key, None)
        self._dropped[key] = held.token

    def _fetch(self, key: Key, mailbox_id: int, connection: GraphConnection) -> _Held:
        if not connection.delegated:
            form = {"grant_type": "client_credentials", "scope": connection.scope}
            return self._granted(connection, form)[0]

        def step(secrets: Secrets) -> Secrets:
            kept = _kept(secrets)
            if kept and kept.token != self._dropped.get(key) and kept.until > self.clock.now():
                return secrets
            return self._exchanged(connection, secrets)

        found = _kept(self.exchange(mailbox_id, step))
        if found is None:
            raise Retry("GRAPH-GARBLED", "a token that was not kept")
        return found

    def _exchanged(self, connection: GraphConnection, secrets: Secrets) -> Secrets:
        """What is kept now counts, not what the connection came with."""
        refresh = secrets.get("refresh_token", "")
        if not refresh:
            raise NeedsConsent("GRAPH-NO-CREDENTIAL")
        current = replace(connection, secret=secrets.get("client_secret", connection.secret))
        held, new = self._granted(current, {"grant_type": "refresh_token", "refresh_token": refresh})
        return {
            **secrets,
            "refresh_token": new or refresh,
            ACCESS: held.token,
            SINCE: held.since.isoformat(),
            UNTIL: held.until.isoformat(),
        }

    def _granted(self, connection: GraphConnection, grant: dict[str, str]) -> tuple[_Held, str]:
        """The token, and the refresh token that came with it; empty where none did."""
        now = self.clock.now()
        form = {"client_id": connection.client_id, **self._proof(connection, now), **grant}
        answer = self._ask(connection.token_url, form)
        token = answer.json.get("access_token")
        if not answer.ok or not isinstance(token, str):
            raise translate_token(answer, now)
        if not is_token(token):
            raise Retry("GRAPH-GARBLED", "a token that cannot be sent")
        refresh = answer.json.get("refresh_token")
        life = timedelta(seconds=_seconds(answer.json.get("expires_in")))
        held = _Held(token, now, now + max(life - MARGIN, life / 2))
        return held, refresh if isinstance(refresh, str) else ""

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


def _kept(secrets: Secrets) -> _Held | None:
    """The access token that was kept last."""
    if not secrets.get(ACCESS):
        return None
    since, until = (datetime.fromisoformat(secrets[name]) for name in (SINCE, UNTIL))
    return _Held(secrets[ACCESS], since, until)


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
