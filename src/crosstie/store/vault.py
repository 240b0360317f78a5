"""The port Vault on PostgreSQL."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import Error, OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from crosstie.config.secrets import KeyRing
from crosstie.domain.clock import Clock
from crosstie.domain.errors import Retry, Throttled
from crosstie.store.models import Scope, Secret
from crosstie.store.sealing import seal, tenant_of, unseal
from crosstie.store.sql import joined, lock_place, rows

ANSWER = 60.0
HOLD, PATIENCE = 2.0, 0.5
"""How many answers' time the lock of a place is held at most, and waited for.

A connection and an answer fit into what is held. With what is waited there is still time for an answer and a
write in what a lease must have left (jobs/wiring.py).
"""
LATE_TRIES, LATE_PAUSE = 30, 1.0
"""How often, and after how many seconds, a database that went away with the vendor's answer is tried again, and a
place that somebody else holds by then.
"""


@dataclass(frozen=True, slots=True)
class DatabaseVault:
    """ports.vault.Vault for all tenants; the place names the tenant, and the row belongs to it."""

    ring: KeyRing
    clock: Clock
    answer: float = ANSWER
    """Seconds that a vendor may take for an answer."""

    def put(self, place: str, secret: str) -> None:
        with self._alone(place):
            self._write(place, secret)

    def get(self, place: str) -> str | None:
        found = Secret.of(_scope(place)).filter(place=place).first()
        return unseal(self.ring, place, bytes(found.token)) if found else None

    def forget(self, place: str) -> None:
        with self._alone(place):
            Secret.of(_scope(place)).filter(place=place).delete()

    def change(self, place: str, step: Callable[[str | None], str]) -> str:
        """The only transaction of ours in which a vendor is waited for. The server ends it after its time, also
        where this process is frozen; a process that dies takes it along.
        """
        found, kept = None, None
        try:
            with transaction.atomic(durable=True), self._alone(place):
                self._hold()
                found = self.get(place)
                kept = step(found)
                if kept != found:
                    self._write(place, kept)
        except Error:
            if kept is None:
                raise
            return self._keep_late(place, found, kept)
        return kept

    def reseal(self, limit: int = 500) -> int:
        """Bring up to `limit` secrets under the ring's current key; how many. 0: older keys can go."""
        with joined():
            old = Secret.everywhere().exclude(key_id=self.ring.current).select_for_update(skip_locked=True)
            batch = list(old.order_by("id")[:limit])
            for row in batch:
                plain = unseal(self.ring, row.place, bytes(row.token))
                row.token = seal(self.ring, row.place, plain, self.clock)
                row.key_id = self.ring.current
            Secret.everywhere().bulk_update(batch, ["token", "key_id"])
        return len(batch)

    @contextmanager
    def _alone(self, place: str) -> Iterator[None]:
        """Nobody else writes to the place until the transaction ends, which may be one that is open already. That
        somebody does so now is no failure: whoever comes is put off.
        """
        with joined():
            _set("lock_timeout", PATIENCE * self.answer)
            try:
                lock_place(_half(place))
            except OperationalError as error:
                if isinstance(error.__cause__, LockNotAvailable):
                    raise Throttled("VAULT-BUSY") from error
                raise
            _set("lock_timeout", 0)
            yield

    def _hold(self) -> None:
        _set("idle_in_transaction_session_timeout", HOLD * self.answer)

    def _write(self, place: str, secret: str) -> None:
        sealed = {"token": seal(self.ring, place, secret, self.clock), "key_id": self.ring.current}
        Secret.of(_scope(place)).update_or_create(place=place, defaults=sealed)

    def _keep_late(self, place: str, found: str | None, kept: str) -> str:
        """The vendor has answered and the database went away: what was found may be worth nothing any more.

        Whoever changed it meanwhile comes first, and whoever is at it now is waited for more than once: what they
        found is worth as little, and they are likely to leave it as it was. Raises Retry, and then `kept` is lost.
        """
        for _ in range(LATE_TRIES):
            connection.close()
            try:
                with self._alone(place):
                    current = self.get(place)
                    if current != found:
                        return current or kept
                    self._write(place, kept)
            except (Error, Throttled):
                self.clock.sleep(LATE_PAUSE)
            else:
                return kept
        raise Retry("VAULT-LOST")


def _set(name: str, seconds: float) -> None:
    """For the rest of the transaction."""
    rows("SELECT set_config(%(name)s, %(value)s, true)", {"name": name, "value": f"{round(seconds * 1000)}ms"})


def _half(place: str) -> int:
    """The second half of a lock's number. Places that share one wait for each other, and nothing else."""
    return int.from_bytes(hashlib.sha256(place.encode()).digest()[:4], signed=True)


def _scope(place: str) -> Scope:
    return Scope(tenant_of(place))
