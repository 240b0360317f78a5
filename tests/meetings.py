"""Operations and links of meetings as small as tests of the store need them."""

from dataclasses import dataclass
from datetime import datetime

from crosstie.domain.links import Bond, Link, Side
from crosstie.domain.mailboxes import Lease
from crosstie.domain.operations import Kind
from crosstie.domain.reasons import Reason
from crosstie.domain.records import EVENT as NAME
from crosstie.domain.records import RecordChange, RecordRef
from tests import mails
from tests.clocks import START

EVENT = RecordRef("Event", "00U000000000001AAA")
OTHER = RecordRef("Event", "00U000000000002AAA")


@dataclass(frozen=True)
class Meant:
    """ports.journal.Journaled, whatever kind of operation it is."""

    kind: Kind
    item_id: str = ""
    record: RecordRef | None = None
    key: str = ""
    reason: Reason = mails.SAVED


def link(held: Lease, item_id: str = "i", code: str = "MAIL-UNKNOWN", **fields: object) -> Link:
    given: dict[str, object] = {
        "mailbox_id": held.mailbox_id,
        "natural": "",
        "key": f"1:{item_id}",
        "bond": Bond.NONE,
        "origin": Side.MAILBOX,
        "reason_code": code,
        "decided_at": START,
        "item_id": item_id,
    }
    return Link(**(given | fields))  # type: ignore[arg-type]


def pair(held: Lease, item_id: str = "i", record: RecordRef = EVENT, **fields: object) -> Link:
    return link(held, item_id, "MAIL-SAVED", **{"bond": Bond.JOINED, "record": record, **fields})


def change(
    record: RecordRef, owner_id: str, at: datetime = START, *, name: str = NAME, deleted: bool = False
) -> RecordChange:
    return RecordChange(name, record.record_id, at, deleted, owner_id)
