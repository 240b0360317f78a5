"""The mailboxes of a customer as a whole: which may be entered, and who is in a group."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from crosstie.domain.activation import Member
from crosstie.domain.errors import CrosstieError


class MailRoster(Protocol):
    """With the access that an administrator granted for all mailboxes. Raises the errors of `domain/errors.py`."""

    def closed(self, addresses: Sequence[str]) -> Mapping[str, CrosstieError]:
        """Of these mailboxes those that cannot be entered, and what each was answered with; as few calls as the
        vendor allows. Raises what keeps all of them from being asked about.
        """

    def refused(self, address: str) -> Mapping[str, CrosstieError]:
        """Of one mailbox the permissions that do not open what they are for, by the vendor's own names, and what
        each was answered with. Raises what keeps it from being asked about.
        """

    def members(self, group: str) -> Sequence[Member]:
        """The people of a group, those of groups within it included. It is named by its id, address or name.

        Raises Refused where there is no such group, or several.
        """
