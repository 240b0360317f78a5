"""The session of an org: shared by everybody in this process, and with other processes where a new one costs
something that cannot be had again.

A refresh token may rotate, and one that was replaced may end its successor when it is shown once more. So it is
read, exchanged and replaced while nobody else may, and with it the session is kept that it was exchanged for:
whoever had to wait takes that. Other ways in lose nothing by being asked twice.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from crosstie.domain.access import AuthMode
from crosstie.ports.vault import Secrets, Step
from crosstie.salesforce import hosts
from crosstie.salesforce.auth import Authority, OrgConnection, Token

ACCESS, INSTANCE, IDENTITY = "access_token", "instance", "identity"


@dataclass(slots=True)
class OrgSession:
    """The session of one org, shared by everybody who works on it in this process."""

    authority: Authority
    lookup: Callable[[], OrgConnection]
    exchange: Callable[[Step], Secrets]
    """Changes the org's secrets alone (ports.vault.Exchange)."""
    _token: Token | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def token(self, stale: Token | None = None) -> Token:
        """The present session; a new one when there is none or when it is still the `stale` one."""
        with self._lock:
            if self._token is None or self._token is stale:
                self._token = None
                self._token = self._fetch(stale)
            return self._token

    def _fetch(self, stale: Token | None) -> Token:
        connection = self.lookup()
        if connection.mode is not AuthMode.REFRESH_TOKEN:
            return self.authority.token(connection)
        over = stale.access_token if stale else ""

        def step(secrets: Secrets) -> Secrets:
            if secrets.get(ACCESS, "") not in ("", over):
                return secrets
            return self._exchanged(connection, secrets)

        return self._kept(connection, self.exchange(step))

    def _exchanged(self, connection: OrgConnection, secrets: Secrets) -> Secrets:
        """What is kept now counts, not what was looked up a moment ago."""
        current = replace(
            connection,
            client_secret=secrets.get("client_secret", connection.client_secret),
            refresh_token=secrets.get("refresh_token", ""),
        )
        return with_token(secrets, self.authority.token(current))

    def _kept(self, connection: OrgConnection, secrets: Secrets) -> Token:
        instance = hosts.answered_origin(secrets[INSTANCE], self.authority.login(connection))
        return Token(secrets[ACCESS], instance, secrets[IDENTITY])


def with_token(secrets: Secrets, token: Token) -> Secrets:
    """What is kept once the vendor gave this token. The refresh token stays where it brought no other."""
    refresh = token.refresh_token or secrets.get("refresh_token", "")
    given = {ACCESS: token.access_token, INSTANCE: token.instance, IDENTITY: token.identity_url}
    return {**secrets, "refresh_token": refresh, **given}
