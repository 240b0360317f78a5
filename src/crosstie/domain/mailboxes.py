"""Whose mailbox a session works on, and what it sees there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosstie.domain.email import Email, Folder
from crosstie.domain.folders import FolderWishes
from crosstie.domain.settings import Level, Settings

SALESFORCE_CATEGORY = "Salesforce"
UNSYNC_CATEGORY = "Salesforce Unsync"
"""On a calendar item: take its record out of Salesforce, and leave the item."""
ERROR_CATEGORY = "Sync Error"
"""Set by us on an e-mail or a calendar item that has an issue, for as long as it has it."""
DROP_FOLDER = "Salesforce Emails"


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` until before `before`."""

    since: datetime
    before: datetime

    def holds(self, moment: datetime | None) -> bool:
        return moment is not None and self.since <= moment < self.before


@dataclass(frozen=True, slots=True)
class MailboxInfo:
    """A mailbox bound to one Salesforce user, with the settings in force for it."""

    mailbox_id: int
    org_id: int
    address: str
    crm_user_id: str
    activated_at: datetime
    settings: Settings
    own_addresses: frozenset[str] = frozenset()
    """Canonical addresses of the mailbox: the primary one and its aliases."""
    interval: timedelta = timedelta(minutes=30)
    """The licence's: the longest wait between two sessions."""
    listed_by: Mapping[str, Level] = field(default_factory=dict)
    """Entry of the blocklist → the highest level that lists it."""
    past: tuple[Span, ...] = ()
    """When mails were received that are not too old though they are from before activation: a back-fill's."""
    leaving: bool = False
    """It is being deactivated: nothing is saved any more, and what came from Salesforce goes."""

    @property
    def keeps_calendar(self) -> bool:
        """Whether the calendar is looked at at all."""
        return self.settings.keeps_calendar and not self.leaving

    @property
    def brings_down(self) -> bool:
        """Whether what is made in Salesforce is wanted in the calendar."""
        return self.settings.events_down and not self.leaving

    @property
    def saves_threads(self) -> bool:
        """Whether threads that were marked are saved; otherwise their marks rest."""
        return self.settings.mail_threads and self.settings.mail_threads_allowed

    @property
    def folders(self) -> FolderWishes:
        return FolderWishes(self.settings.mail_folders, self.settings.mail_folders_excluded)

    def reaches(self, email: Email) -> bool:
        """Whether a back-fill has come to this mail."""
        return any(span.holds(email.received_at or email.sent_at) for span in self.past)


@dataclass(frozen=True, slots=True)
class Seen:
    """The mailbox showed this item, new, changed or unchanged."""

    email: Email


@dataclass(frozen=True, slots=True)
class Removed:
    """The item is gone from the folders we look at; not a wish to delete anything."""

    item_id: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in one collection's change stream; `token` is the vendor's, opaque.

    `baseline` holds while the very first listing runs: marks met in it were there before us.
    """

    collection: str
    token: str
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """What one slice saw. The cursors are stored only together with what was decided about it."""

    changes: tuple[Seen | Removed, ...]
    cursors: tuple[Cursor, ...]
    baseline: frozenset[str] = frozenset()
    """Ids of items that were listed as part of a collection's first listing."""
    more: bool = False
    """The round is not finished: there are further pages."""
    trouble: str = ""
    """The code of what kept a collection from being read; its cursor stayed where it was."""


@dataclass(frozen=True, slots=True)
class MailboxWrite:
    """One conditional write to an item: it happens only if the item still has `version`. `move_to` comes last."""

    item_id: str
    version: str
    there: frozenset[str] = frozenset()
    """The categories that the item has."""
    add: frozenset[str] = frozenset()
    take: frozenset[str] = frozenset()
    move_to: Folder | None = None

    @property
    def categories(self) -> frozenset[str]:
        """Those that it is to have."""
        return (self.there | self.add) - self.take

    @property
    def is_receipt(self) -> bool:
        """It tells that the item is saved."""
        return self.move_to is not None or SALESFORCE_CATEGORY in self.add

    @property
    def is_bare(self) -> bool:
        """No category is written."""
        return self.categories == self.there


@dataclass(frozen=True, slots=True)
class WriteResult:
    """`code` is empty when the write was applied; `conflict`, `gone` and others are stable words."""

    item_id: str
    version: str = ""
    code: str = ""
    until: datetime | None = None
    """The vendor wants to be left alone until then."""

    @property
    def applied(self) -> bool:
        return not self.code


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a mailbox until `until`; a later holder has a higher epoch."""

    mailbox_id: int
    epoch: int
    until: datetime
    holder: str = field(default="", compare=False)
    setbacks: int = field(default=0, compare=False)
    """Sessions in a row, until now, that ended in an error or put work off."""
