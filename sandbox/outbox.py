"""Every mail that went out, by a vendor or by a person at the console: the judge of "no mail to outsiders"."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Reason = Literal["mail", "invitation", "update", "cancellation", "answer", "forward", "forward notice"]


@dataclass(frozen=True, slots=True)
class SentMail:
    at: datetime
    face: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    cause: str
    """The route whose request made the vendor send it, or `console` for a person's own act."""
    reason: Reason = "mail"
    """Why there is a mail at all: what a person wrote, or what a calendar announces."""


@dataclass(slots=True)
class Outbox:
    mails: list[SentMail] = field(default_factory=list)

    def add(self, mail: SentMail) -> None:
        self.mails.append(mail)
