"""Where secrets live, and nowhere else."""

from typing import Protocol


class Vault(Protocol):
    def put(self, place: str, secret: str) -> None:
        """Keep `secret` under `place` (`kind/tenant/owner`), encrypted and bound to that place."""

    def get(self, place: str) -> str | None:
        """The secret, or None; raises Fatal when it cannot be decrypted, never returns ciphertext."""

    def forget(self, place: str) -> None:
        """Remove it; nothing happens when there is none."""
