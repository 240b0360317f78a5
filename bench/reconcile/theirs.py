"""vdirsyncer's engine, unmodified, with its status in a file of SQLite's and both sides in memory."""

import asyncio
import itertools
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from vdirsyncer.storage.memory import MemoryStorage
from vdirsyncer.sync import sync
from vdirsyncer.sync.status import SqliteStatus
from vdirsyncer.vobject import Item

from bench.reconcile.sides import Spent, item_of
from tests.clocks import START

_EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n"
    "DTSTAMP:20260302T090000Z\r\nDTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDTEND:{end:%Y%m%dT%H%M%SZ}\r\n"
    "SUMMARY:{subject}\r\nLOCATION:{location}\r\nDESCRIPTION:{text}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@dataclass(slots=True)
class Theirs:
    """The same events as ours, on two sides that were synced once."""

    size: int
    _folder: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)
    _here: MemoryStorage = field(default_factory=MemoryStorage)
    _there: MemoryStorage = field(default_factory=MemoryStorage)
    _status: SqliteStatus = field(init=False)
    _edits: "itertools.count[int]" = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self._status = SqliteStatus(str(Path(self._folder.name) / "status"))
        for number in range(self.size):
            for side in (self._here, self._there):
                self._put(side, number, "")
        self.reconcile()

    def edit(self, here: Iterable[int], there: Iterable[int]) -> None:
        for side, numbers in ((self._here, here), (self._there, there)):
            for number in numbers:
                self._put(side, number, f", edit {next(self._edits)}")

    def spent(self) -> Spent:
        return Spent.so_far()

    def reconcile(self) -> Spent:
        """Carrying out is a part of it that cannot be told apart."""
        asyncio.run(sync(self._here, self._there, self._status, conflict_resolution="a wins"))
        return Spent()

    def differences(self) -> int:
        return sum(item.raw != self._there.items[href][1].raw for href, (_, item) in self._here.items.items())

    def _put(self, side: MemoryStorage, number: int, more: str) -> None:
        item = item_of(number, START)
        raw = _EVENT.format(
            uid=item.uid,
            start=item.when.start,
            end=item.when.end,
            subject=item.subject + more,
            location=item.location,
            text=item.text,
        )
        side.items[f"{number}.ics"] = (f"{number} {next(self._edits)}", Item(raw))

    def close(self) -> None:
        self._status._c.close()
        self._folder.cleanup()
