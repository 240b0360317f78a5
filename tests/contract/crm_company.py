"""What the CRM suite needs of a vendor: a `Company`, and mails as mapping drafts them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any

from crosstie.domain.records import (
    EMAIL_MESSAGE,
    EVENT,
    TASK,
    ChildDraft,
    RecordDraft,
    Value,
    WriteStatus,
    Written,
)
from crosstie.ports.crm import Crm

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SENT = datetime(2026, 11, 16, 8, 30, 12, 345_000, tzinfo=UTC)
PICTURE = bytes(range(256)) * 160
"""40 kB that survive no text encoding."""


class Trouble(Enum):
    LOSE_ANSWER = auto()
    """A write is done and its answer lost."""
    LOSE_REQUEST = auto()
    """A write never arrives, and nobody knows."""
    LOSE_READ = auto()
    LOSE_CHILDREN = auto()
    """Files written apart from their record are there, the answer is lost."""
    LOSE_REMOVAL = auto()
    """Records are deleted, the answer is lost."""
    LOSE_STAMP = auto()
    """Keys are written on records that are there, the answer is lost."""
    LOSE_CHANGE = auto()
    """Records that are there are changed or deleted, the answer is lost."""
    CHANGE_BROKEN = auto()
    """The vendor answers a change with a server error and has done nothing."""
    CHANGE_LOCK = auto()
    CHANGE_FLOW = auto()
    CHANGE_LIMIT = auto()
    BROKEN = auto()
    """The vendor answers a write with a server error and has done nothing."""
    DAILY_LIMIT = auto()
    BUSY = auto()
    ROW_LOCK = auto()
    FLOW = auto()
    FILE_REFUSED = auto()
    END_SESSION = auto()
    WITHDRAW = auto()
    """The access we were given is taken back."""


class Company(ABC):
    """The org as its admin acts on it."""

    user: str
    """User whom the connector acts as."""
    owner: str
    """Another user."""

    @property
    @abstractmethod
    def keyed(self) -> bool: ...

    @property
    @abstractmethod
    def has_email_messages(self) -> bool: ...

    @abstractmethod
    def open(self) -> Crm: ...

    @abstractmethod
    def reopen(self) -> Crm:
        """As a process that has just started: nothing is remembered."""

    @abstractmethod
    def now(self) -> datetime:
        """By the org's own clock."""

    @abstractmethod
    def pass_time(self, by: timedelta) -> None: ...

    @abstractmethod
    def add(self, object_name: str, **fields: Any) -> str: ...

    @abstractmethod
    def change(self, object_name: str, record_id: str, **fields: Any) -> None: ...

    @abstractmethod
    def delete(self, record_id: str) -> None: ...

    @abstractmethod
    def purge(self, record_id: str) -> None:
        """Out of the recycle bin for good."""

    @abstractmethod
    def rows(self, object_name: str, fields: Sequence[str]) -> list[dict[str, Any]]: ...

    @abstractmethod
    def files_of(self, record_id: str) -> list[tuple[str, bytes]]: ...

    @abstractmethod
    def keep_private(self, object_name: str) -> None:
        """Only owners and who may see everything see its records."""

    @abstractmethod
    def reader(self) -> str:
        """A new user, whose profile lets them read mails and delete none."""

    @abstractmethod
    def hide(self, object_name: str, field: str) -> None: ...

    @abstractmethod
    def fix(self, object_name: str, field: str) -> None:
        """From now on the field may be read and not written."""

    @abstractmethod
    def forbid(self, object_name: str, refuses: Callable[[dict[str, Any]], bool], message: str) -> None:
        """A validation rule."""

    @abstractmethod
    def calls(self) -> int:
        """Metered calls that reached the vendor."""

    @abstractmethod
    def cause(self, trouble: Trouble, *, times: int = 1, skip: int = 0) -> None: ...

    @abstractmethod
    def allow(self, calls: int) -> None:
        """The daily allowance of the whole org."""

    @property
    def mail_object(self) -> str:
        return EMAIL_MESSAGE if self.has_email_messages else TASK

    def count(self, object_name: str) -> int:
        return len(self.rows(object_name, ("Id",)))

    def mails(self) -> list[str]:
        """Subjects of the saved mails."""
        return sorted(row["Subject"] for row in self.rows(self.mail_object, ("Subject",)))


def mail(
    company: Company,
    number: int = 1,
    *,
    file: bytes | None = PICTURE,
    sender: str = "",
    **fields: Value,
) -> RecordDraft:
    """A saved mail as mapping drafts it: record, sender's relation, one file."""
    subject = f"Offer {number:03d}"
    key = f"1:{number:064x}"
    files = (
        (
            ChildDraft(
                "ContentVersion",
                "FirstPublishLocationId",
                {"Title": f"plan {number}", "PathOnClient": f"plan {number}.png", "VersionData": file},
                f"1:{number:060x}file",
            ),
        )
        if file is not None
        else ()
    )
    if not company.has_email_messages:
        values: dict[str, Value] = {
            "Subject": subject,
            "Status": "Completed",
            "Priority": "Normal",
            "TaskSubtype": "Email",
            "OwnerId": company.owner,
            "Description": "Dear all",
            "Crosstie_Created_By_Sync__c": True,
        }
        return RecordDraft(TASK, key, values | fields, files, {"Subject": subject, "OwnerId": company.owner})
    values = {
        "Subject": subject,
        "TextBody": "Dear all",
        "HtmlBody": "<p>Dear all</p>",
        "FromAddress": "nora@birchworks.test",
        "ToAddress": "ada@larch.test",
        "MessageIdentifier": f"<{number}@birchworks.test>",
        "MessageDate": SENT,
        "Incoming": True,
        "Status": "1",
        "IsClientManaged": True,
        "Crosstie_Created_By_Sync__c": True,
    }
    relation = (
        (
            ChildDraft(
                "EmailMessageRelation",
                "EmailMessageId",
                {"RelationId": sender, "RelationType": "FromAddress", "RelationAddress": "nora@birchworks.test"},
            ),
        )
        if sender
        else ()
    )
    lookup = {name: values[name] for name in ("MessageIdentifier", "FromAddress", "MessageDate")}
    return RecordDraft(EMAIL_MESSAGE, key, values | fields, relation + files, lookup)


def appointment(company: Company, number: int = 1, **fields: Any) -> str:
    """An event of the owner's, as somebody makes it in the org; its id."""
    usual: dict[str, Any] = {
        "Subject": f"Visit {number:03d}",
        "StartDateTime": "2026-11-20T09:00:00Z",
        "DurationInMinutes": 30,
        "OwnerId": company.owner,
    }
    return company.add(EVENT, **usual | fields)


def with_fields(draft: RecordDraft, fields: Mapping[str, Value]) -> RecordDraft:
    return replace(draft, fields={**draft.fields, **fields})


def whole(crm: Crm, drafts: Sequence[RecordDraft]) -> list[WriteStatus]:
    """What was left of these drafts is found, each of them, and completed."""
    found = crm.find(drafts)
    return statuses(crm.complete(drafts, [found[draft.key] for draft in drafts]))


def statuses(written: Sequence[Written]) -> list[WriteStatus]:
    return [one.status for one in written]


CREATED, UPDATED, DELETED, GONE, EXISTS, REFUSED, LATER, UNCLEAR = (
    WriteStatus.CREATED,
    WriteStatus.UPDATED,
    WriteStatus.DELETED,
    WriteStatus.GONE,
    WriteStatus.EXISTS,
    WriteStatus.REFUSED,
    WriteStatus.LATER,
    WriteStatus.UNCLEAR,
)
