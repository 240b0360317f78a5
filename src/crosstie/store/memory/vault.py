"""The port Vault in memory; sealed all the same, so that both answer alike to a wrong key."""

import threading
from collections.abc import Callable

from crosstie.config.secrets import KeyRing
from crosstie.domain.clock import Clock
from crosstie.store.memory.world import TEST_RING
from crosstie.store.sealing import seal, tenant_of, unseal

_ALONE = threading.RLock()
"""Of all vaults: several may stand over the same tokens."""


class MemoryVault:
    """ports.vault.Vault; `tokens` is what a table would hold: place → sealed secret."""

    def __init__(self, clock: Clock, ring: KeyRing = TEST_RING, tokens: dict[str, bytes] | None = None) -> None:
        self._clock = clock
        self._ring = ring
        self.tokens = {} if tokens is None else tokens

    def put(self, place: str, secret: str) -> None:
        tenant_of(place)
        with _ALONE:
            self.tokens[place] = seal(self._ring, place, secret, self._clock)

    def get(self, place: str) -> str | None:
        tenant_of(place)
        token = self.tokens.get(place)
        return None if token is None else unseal(self._ring, place, token)

    def forget(self, place: str) -> None:
        tenant_of(place)
        with _ALONE:
            self.tokens.pop(place, None)

    def change(self, place: str, step: Callable[[str | None], str]) -> str:
        with _ALONE:
            kept = step(self.get(place))
            self.put(place, kept)
        return kept
