"""The port Vault on PostgreSQL."""

from crosstie.config.secrets import KeyRing
from crosstie.domain.clock import Clock
from crosstie.store.models import Scope, Secret
from crosstie.store.sealing import seal, tenant_of, unseal
from crosstie.store.sql import joined


class DatabaseVault:
    """ports.vault.Vault for all tenants; the place names the tenant, and the row belongs to it."""

    def __init__(self, ring: KeyRing, clock: Clock) -> None:
        self._ring = ring
        self._clock = clock

    def put(self, place: str, secret: str) -> None:
        sealed = {"token": seal(self._ring, place, secret, self._clock), "key_id": self._ring.current}
        Secret.of(_scope(place)).update_or_create(place=place, defaults=sealed)

    def get(self, place: str) -> str | None:
        found = Secret.of(_scope(place)).filter(place=place).first()
        return unseal(self._ring, place, bytes(found.token)) if found else None

    def forget(self, place: str) -> None:
        Secret.of(_scope(place)).filter(place=place).delete()

    def reseal(self, limit: int = 500) -> int:
        """Bring up to `limit` secrets under the ring's current key; how many. 0: older keys can go."""
        with joined():
            old = Secret.everywhere().exclude(key_id=self._ring.current).select_for_update(skip_locked=True)
            batch = list(old.order_by("id")[:limit])
            for row in batch:
                plain = unseal(self._ring, row.place, bytes(row.token))
                row.token = seal(self._ring, row.place, plain, self._clock)
                row.key_id = self._ring.current
            Secret.everywhere().bulk_update(batch, ["token", "key_id"])
        return len(batch)


def _scope(place: str) -> Scope:
    return Scope(tenant_of(place))
