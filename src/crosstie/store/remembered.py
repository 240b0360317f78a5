"""The port Remembered, in the mailbox's own row."""

from collections.abc import Mapping

from crosstie.store.models import Mailbox


class MailboxFacts:
    """ports.remembered.Remembered. Whoever asks holds a mailbox's id from a lease, which is bound to its org."""

    def get(self, mailbox_id: int) -> Mapping[str, str]:
        found = Mailbox.everywhere().filter(pk=mailbox_id).values_list("facts", flat=True).first()
        return found or {}

    def put(self, mailbox_id: int, facts: Mapping[str, str]) -> None:
        Mailbox.everywhere().filter(pk=mailbox_id).update(facts=dict(facts))
