"""Settings of how people come to their mailbox."""

from dataclasses import dataclass
from enum import StrEnum

from crosstie.domain.settings.base import Level, setting
from crosstie.domain.settings.notices import NoticeSettings


class MailboxWay(StrEnum):
    """A vendor of mailboxes and who lets us in; there are more as there are more connectors."""

    ANY = "any"
    GRAPH_OWNER = "microsoft-365-sign-in"
    GRAPH_APP = "microsoft-365-app"
    NONE = "none"

    def permits(self, vendor: str, access: str) -> bool:
        """Whether a mailbox of `vendor` may be entered by `access`, as connections call both."""
        return self is MailboxWay.ANY or _MEANT.get(self) == (vendor, access)


_MEANT = {MailboxWay.GRAPH_OWNER: ("graph", "delegated"), MailboxWay.GRAPH_APP: ("graph", "app-only")}


@dataclass(frozen=True, slots=True)
class AccessSettings(NoticeSettings):
    mailboxes_way: MailboxWay = setting(
        MailboxWay.ANY,
        "mailboxes.way",
        "How people may connect their own mailbox: by signing in at Microsoft, by what an administrator granted "
        "for all, any way there is, or none. What is ruled out is not offered to them; mailboxes that are "
        "connected stay so.",
        lowest=Level.PROFILE,
    )
