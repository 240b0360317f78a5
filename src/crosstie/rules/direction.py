"""Received or sent."""

from crosstie.domain.email import Direction, Email, Folder


def direction(email: Email, own_addresses: frozenset[str]) -> Direction:
    """Sent when it lies in Sent Items or one of the mailbox's own addresses wrote it.

    The folder decides first: a mail sent on behalf of somebody names that person as its sender.
    """
    if email.folder is Folder.SENT:
        return Direction.OUTBOUND
    if email.sender and email.sender.email in own_addresses:
        return Direction.OUTBOUND
    return Direction.INBOUND
