"""E-mails and operations as small as tests of the store need them."""

from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.address import Address
from crosstie.domain.email import Direction, Email, Folder
from crosstie.domain.operations import Join, Save, Skip, Trigger
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import Person, RecordChange, RecordRef
from crosstie.domain.states import ItemState, SavedMail
from tests.clocks import START

TASK = RecordRef("Task", "00T000000000001AAA")
SAVED = reason(reasons.SAVED_AUTO, object="Task")


def email(item_id: str) -> Email:
    return Email(item_id, "v1", Folder.INBOX, "Subject", Address.of("ann@customer.example"))


def save(item_id: str, key: str = "") -> Save:
    return Save(
        email(item_id), f"mid:{item_id}", key or f"1:{item_id}", 0, "Task", Trigger.AUTO, Direction.INBOUND, SAVED
    )


def join(item_id: str, record: RecordRef | None = None) -> Join:
    return Join(email(item_id), f"mid:{item_id}", f"1:{item_id}", SAVED, record)


def skip(item_id: str, why: Reason | None = None) -> Skip:
    return Skip(email(item_id), "", why or reason(reasons.UNKNOWN))


def state(item_id: str, code: str = "MAIL-UNKNOWN", **fields: object) -> ItemState:
    given: dict[str, object] = {
        "item_id": item_id,
        "version": "v1",
        "folder": Folder.INBOX,
        "marked": False,
        "natural": "",
        "conversation": "",
        "reason_code": code,
        "decided_at": START,
    }
    return ItemState(**(given | fields))  # type: ignore[arg-type]


def contact(record_id: str, created_at: datetime | None = START, account_id: str = "") -> Person:
    return Person("Contact", record_id, account_id, created_at)


def change(record_id: str, name: str = "Contact", *, deleted: bool = False, at: datetime = START) -> RecordChange:
    return RecordChange(name, record_id, at, deleted, owner_id="005000000000001AAA")


def saved_mail(record: RecordRef = TASK, **fields: object) -> SavedMail:
    given: dict[str, object] = {
        "natural": "",
        "sender": "ann@customer.example",
        "sent_at": START,
        "record": record,
        "origin": (1, "item-1"),
    }
    return SavedMail(**(given | fields))  # type: ignore[arg-type]
