"""Operations and links of meetings as small as tests of the store need them."""

from dataclasses import dataclass

from crosstie.domain.operations import Kind
from crosstie.domain.reasons import Reason
from crosstie.domain.records import RecordRef
from tests import mails

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
