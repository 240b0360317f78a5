"""Every table, tenancy first."""

from crosstie.store.models.activations import Activation, Candidate
from crosstie.store.models.administration import AuditRow, Secret, SettingValue
from crosstie.store.models.items import AwaitedAddress, ItemState, SavedMail
from crosstie.store.models.journal import JournalRow
from crosstie.store.models.links import Link, Listed
from crosstie.store.models.mailboxes import Access, Backfill, Connection, Cursor, Mailbox, MailboxState, SessionRun
from crosstie.store.models.orgs import (
    DirectoryEntry,
    InactiveUser,
    OpenOpportunity,
    Org,
    OrgLook,
    OrgRun,
    OrgState,
    RecordLog,
    Registration,
    Watermark,
)
from crosstie.store.models.purses import Purse
from crosstie.store.models.scope import Owned, Scope, UnscopedError
from crosstie.store.models.stops import Notice, Stop
from crosstie.store.models.tenancy import (
    DEFAULT_INTERVAL,
    Identity,
    License,
    Operator,
    Person,
    Profile,
    RefusedSignIn,
    Role,
    SignIn,
    Tenant,
)
from crosstie.store.models.threads import Thread, ThreadMail
from crosstie.store.models.tokens import AccessToken

__all__ = [
    "DEFAULT_INTERVAL",
    "Access",
    "AccessToken",
    "Activation",
    "AuditRow",
    "AwaitedAddress",
    "Backfill",
    "Candidate",
    "Connection",
    "Cursor",
    "DirectoryEntry",
    "Identity",
    "InactiveUser",
    "ItemState",
    "JournalRow",
    "License",
    "Link",
    "Listed",
    "Mailbox",
    "MailboxState",
    "Notice",
    "OpenOpportunity",
    "Operator",
    "Org",
    "OrgLook",
    "OrgRun",
    "OrgState",
    "Owned",
    "Person",
    "Profile",
    "Purse",
    "RecordLog",
    "RefusedSignIn",
    "Registration",
    "Role",
    "SavedMail",
    "Scope",
    "Secret",
    "SessionRun",
    "SettingValue",
    "SignIn",
    "Stop",
    "Tenant",
    "Thread",
    "ThreadMail",
    "UnscopedError",
    "Watermark",
]
