"""Which cells of the decision table were met, read off what the engine writes to its journal and states."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from crosstie.domain.operations import Join, Save, Skip, Trigger
from crosstie.domain.states import ItemState

TRIGGERS = tuple(one.value for one in Trigger if one is not Trigger.THREAD)
"""Nobody marks a thread in a history; test_threads.py has days of its own for them."""
CELLS = (
    *(f"save {trigger}" for trigger in TRIGGERS),
    *(f"save {trigger}, next generation" for trigger in TRIGGERS if trigger != "auto"),
    "save, the same key again",
    "save, look up first",
    "save, another mail of that Message-ID",
    "save, without a Message-ID",
    *(f"join {trigger}, the record is there" for trigger in TRIGGERS),
    *(f"join {trigger}, of this very session" for trigger in TRIGGERS),
    "join, its own record",
    *(f"skip {code}" for code in (
        "MAIL-SERVICE", "MAIL-ENCRYPTED", "MAIL-DRAFT", "MAIL-ELSEWHERE", "MAIL-OLD", "MAIL-OLD-MARK",
        "MAIL-AUTO-OFF", "MAIL-INTERNAL", "MAIL-BLOCKED", "MAIL-FREE", "MAIL-LEFT-OUT", "MAIL-DELETED",
        "MAIL-UNKNOWN", "MAIL-UNCLEAR", "MAIL-NO-ACCOUNT", "MAIL-FREE-KNOWN", "MAIL-FREE-UNKNOWN",
        "MAIL-DIRECTION", "MAIL-SPAM",
    )),
    "note, its version moved",
    "note, a mark was taken off",
    "note, it went away",
)  # fmt: skip


class Cells:
    """Counts; `heard` is for Effects."""

    def __init__(self) -> None:
        self.hits: Counter[str] = Counter()
        self._keys: set[str] = set()
        self._states: dict[tuple[int, str], ItemState] = {}

    def heard(self, name: str, args: tuple[Any, ...]) -> None:
        if name == "journal.plan":
            for operation in args[1]:
                self.hits.update(self._of(operation))
        elif name == "states.save_items":
            self._saved(args[0].mailbox_id, args[1])

    def _of(self, operation: Save | Join | Skip) -> Iterable[str]:
        if isinstance(operation, Skip):
            yield f"skip {operation.reason.code}"
        elif isinstance(operation, Join):
            told = "the record is there" if operation.record else "of this very session"
            yield f"join {operation.trigger.value}, {told}"
            if operation.reason.code == "MAIL-SAVED":
                yield "join, its own record"
        else:
            yield from self._of_save(operation)

    def _of_save(self, save: Save) -> Iterable[str]:
        yield f"save {save.trigger.value}" + (", next generation" if save.generation else "")
        if save.key in self._keys:
            yield "save, the same key again"
        if save.look_up:
            yield "save, look up first"
        if "|" in save.natural:
            yield "save, another mail of that Message-ID"
        if save.natural.startswith("env:"):
            yield "save, without a Message-ID"
        self._keys.add(save.key)

    def _saved(self, mailbox_id: int, states: Iterable[ItemState]) -> None:
        for state in states:
            before = self._states.get((mailbox_id, state.item_id))
            self._states[mailbox_id, state.item_id] = state
            if before is None or before.decided_at != state.decided_at:
                continue
            if before.folder != state.folder and state.folder.value == "other":
                self.hits["note, it went away"] += 1
            elif before.marked and not state.marked:
                self.hits["note, a mark was taken off"] += 1
            else:
                self.hits["note, its version moved"] += 1
