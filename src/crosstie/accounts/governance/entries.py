"""One blocklist out of three levels: who listed an entry, who pinned it, and who took it off.

A level lists entries and may pin some. A level below may take off what stands above where `blocklist.removable`
says so, but nothing that is pinned. What it took off is kept: an entry that is listed again above stays off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from crosstie.accounts import words
from crosstie.accounts.words import Unacceptable
from crosstie.domain.settings import Level
from crosstie.domain.speech import say

LISTED, PINNED, REMOVED, REMOVABLE = (
    "blocklist",
    "blocklist.pinned",
    "blocklist.removed",
    "blocklist.removable",
)
TOGETHER = (LISTED, PINNED, REMOVED, REMOVABLE)
"""Settings of which none can be resolved without the others."""


class Told(Protocol):
    """What one level says, by setting (layers.py)."""

    @property
    def level(self) -> Level: ...

    def says(self, name: str) -> object: ...

    def locks(self, name: str) -> bool: ...


@dataclass(slots=True)
class Combined:
    """Entries in the order in which they were listed, each with its highest level."""

    listed: dict[str, Level] = field(default_factory=dict)
    pinned: dict[str, Level] = field(default_factory=dict)
    removed: dict[str, Level] = field(default_factory=dict)
    """Taken off, and by whom. Built-in entries, such as free mail services, are taken off in the same way."""
    origins: dict[str, tuple[Level, ...]] = field(default_factory=dict)
    """Setting → the levels that say something about it."""
    locked: dict[str, Level] = field(default_factory=dict)
    removable: bool = False

    def value(self, name: str) -> object:
        if name == REMOVABLE:
            return self.removable
        found: Mapping[str, Level] = {LISTED: self.listed, PINNED: self.pinned, REMOVED: self.removed}[name]
        return tuple(found)

    def may_remove(self, level: Level) -> bool:
        """Whether this level may take off what stands above it. Everybody's may: above it there is only what is
        built in.
        """
        return (self.removable or level is Level.GLOBAL) and not {LISTED, REMOVED} & self.locked.keys()


def stays(above: Combined, entry: str, level: Level) -> Unacceptable | None:
    """Why this level cannot take the entry off what the levels above say; None: it can."""
    if entry in above.pinned:
        return Unacceptable(words.ENTRY_PINNED, entry=entry, level=say(words.LEVEL_WORDS[above.pinned[entry]]))
    return None if above.may_remove(level) else Unacceptable(words.ENTRY_STAYS, entry=entry)


def combine(layers: Iterable[Told]) -> Combined:
    """Highest level first."""
    found = Combined()
    for layer in layers:
        _add(found, layer)
    return found


def _add(found: Combined, layer: Told) -> None:
    """Below a lock nobody is asked; who takes off an entry and lists it keeps it."""
    level = layer.level
    if (taken := _say(found, layer, REMOVED)) and found.may_remove(level):
        for entry in taken:
            if entry not in found.pinned:
                found.listed.pop(entry, None)
                found.removed.setdefault(entry, level)
    for entry in _say(found, layer, LISTED):
        found.listed.setdefault(entry, level)
        found.removed.pop(entry, None)
    for entry in _say(found, layer, PINNED):
        found.pinned.setdefault(entry, level)
    if REMOVABLE not in found.locked and (said := layer.says(REMOVABLE)) is not None:
        found.removable = bool(said)
        found.origins[REMOVABLE] = (level,)
    for name in TOGETHER:
        if layer.locks(name):
            found.locked.setdefault(name, level)


def _say(found: Combined, layer: Told, name: str) -> Sequence[str]:
    said = layer.says(name)
    if name in found.locked or not isinstance(said, list):
        return ()
    found.origins[name] = (*found.origins.get(name, ()), layer.level)
    return tuple(map(str, said))
