"""What connectors remember of a mailbox, in plain memory."""

from collections.abc import Mapping


class RememberedFacts:
    """Implements ports.remembered.Remembered."""

    def __init__(self) -> None:
        self.facts: dict[int, dict[str, str]] = {}

    def get(self, mailbox_id: int) -> Mapping[str, str]:
        return dict(self.facts.get(mailbox_id, {}))

    def put(self, mailbox_id: int, facts: Mapping[str, str]) -> None:
        self.facts[mailbox_id] = dict(facts)
