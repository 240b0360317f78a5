"""Where secrets live, and nowhere else."""

from collections.abc import Callable, Mapping
from typing import Protocol

Secrets = Mapping[str, str]
"""What one place holds: `client_secret`, `private_key`, `refresh_token` and an access token, as needed."""
Step = Callable[[Secrets], Secrets]
"""From what is kept to what is to be kept; may ask a vendor. What it raises leaves everything as it was."""
Exchange = Callable[[int, Step], Secrets]
"""Change what is kept for an org or a mailbox (our id), nobody else doing so meanwhile; what is kept then.

It is kept before the answer comes, so that what a vendor gave in exchange is never used and then lost.
"""


class Vault(Protocol):
    def put(self, place: str, secret: str) -> None:
        """Keep `secret` under `place` (`kind/tenant/owner`), encrypted and bound to that place."""

    def get(self, place: str) -> str | None:
        """The secret, or None; raises Fatal when it cannot be decrypted, never returns ciphertext."""

    def forget(self, place: str) -> None:
        """Remove it; nothing happens when there is none."""

    def change(self, place: str, step: Callable[[str | None], str]) -> str:
        """Keep what `step` makes of the secret that is there, and answer with what is kept.

        Until that is done nobody else changes, puts or forgets it. Raises Throttled where another takes too long.
        """
