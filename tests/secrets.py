"""What a vault would keep for orgs or mailboxes, in plain memory."""

from crosstie.ports.vault import Secrets, Step


class KeptSecrets:
    """Its `exchange` is a ports.vault.Exchange for those who never exchange at once."""

    def __init__(self) -> None:
        self.kept: dict[int, Secrets] = {}

    def exchange(self, owner_id: int, step: Step) -> Secrets:
        self.kept[owner_id] = step(self.kept.get(owner_id, {}))
        return self.kept[owner_id]

    def refresh_token(self, owner_id: int) -> str:
        return self.kept[owner_id]["refresh_token"]

    def hand_in(self, owner_id: int, refresh_token: str) -> None:
        """As a person's sign-in does."""
        self.kept[owner_id] = {"refresh_token": refresh_token}
