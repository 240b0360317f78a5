"""What is remembered of items and records between sessions: ids, versions, digests, codes and times only."""

from dataclasses import dataclass
from datetime import datetime

from crosstie.domain.email import Folder
from crosstie.domain.records import RecordRef


@dataclass(frozen=True, slots=True)
class ItemState:
    """What a mailbox last reported of an e-mail and what was decided about it.

    `natural` and `conversation` are keyed digests. `marked`: the item carried the category or lay in the drop
    folder when it was last seen, and that mark was answered. `version` is empty where nothing is remembered but
    that a session died while it saved the item: whoever sees it next sees it for the first time.
    """

    item_id: str
    version: str
    folder: Folder
    marked: bool
    natural: str
    conversation: str
    reason_code: str
    decided_at: datetime
    record: RecordRef | None = None
    recheck_at: datetime | None = None
    """When the item is looked at again by itself; None: only when it changes or something it awaits appears."""
    warned: bool = False
    """What tells of an issue (rules/warnings.py) is on it by our doing, or may be."""


@dataclass(frozen=True, slots=True)
class SavedMail:
    """An e-mail that has, or had, its one record in the org. Digests are keyed.

    `origin` is (mailbox id, item id) of the copy that was saved; the other copies only point to the record.
    `half`: its files or people may be missing yet, so it is written once more before anybody is told of it.
    """

    natural: str
    sender: str
    sent_at: datetime | None
    record: RecordRef
    generation: int = 0
    deleted: bool = False
    origin: tuple[int, str] = (0, "")
    half: bool = False
