"""Folders that people name by their paths, whatever the mailbox calls its own: `inbox/Customers`, `archive`.

`/*` at the end means everything below, new folders too. What belongs to the mailbox's own housekeeping (junk,
deleted items, drafts, outgoing mail) is never meant.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

BELOW = "*"
DEEPEST = 300
"""Folders within each other that Exchange allows."""
LONGEST_NAME = 250
NEVER = frozenset({"junkemail", "deleteditems", "drafts", "outbox", "drop"})
Path = tuple[str, ...]
"""Names from the top, case-folded."""


class NotAPath(ValueError):
    """No path, and why."""


@dataclass(frozen=True, slots=True)
class Named:
    """A folder of the mailbox; `parent` is an id. Top folders have one that is not listed."""

    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class FolderWishes:
    """Which folders are looked at beside Inbox, Sent Items and the drop folder."""

    wanted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Another one when other folders are wished for."""
        told = "\0".join((*self.wanted, "", *self.excluded))
        return hashlib.blake2s(told.encode(), digest_size=8).hexdigest()

    def chosen(self, folders: Mapping[str, Named], roles: Mapping[str, str]) -> list[str]:
        """Ids, in the order of the paths. `roles` are the mailbox's own folders by id: inbox, archive, drafts …"""
        found = {}
        for folder_id in folders:
            plain, *by_role = _paths(folder_id, folders, roles)
            if roles.get(folder_id, "archive") != "archive" or any(path[0] in NEVER for path in by_role):
                continue
            if self._wants((plain, *by_role)):
                found[folder_id] = plain
        return sorted(found, key=found.__getitem__)

    def _wants(self, paths: Sequence[Path]) -> bool:
        """`paths` are different ways to say where one folder is."""
        meant = any(_is_meant(path, wish) for path in paths for wish in self.wanted)
        return meant and not any(_is_within(path, wish) for path in paths for wish in self.excluded)


NO_WISHES = FolderWishes()


def path_of(text: str) -> str:
    """The plain form of what somebody wrote. Raises NotAPath."""
    parts = [part.strip() for part in text.strip().strip("/").split("/")]
    if not all(parts) or any(len(part) > LONGEST_NAME for part in parts):
        raise NotAPath("a name is missing or too long")
    if BELOW in "".join(parts[:-1]) or (BELOW in parts[-1] and parts[-1] != BELOW) or parts == [BELOW]:
        raise NotAPath("* stands alone at the end of a path")
    return "/".join(parts)


def _paths(folder_id: str, folders: Mapping[str, Named], roles: Mapping[str, str]) -> Iterator[Path]:
    """Its path by names and, where it begins with one of the mailbox's own folders, the one that says so."""
    names: list[str] = []
    top = folder_id
    while folder_id in folders and len(names) < DEEPEST:
        names.insert(0, folders[folder_id].name.casefold())
        top, folder_id = folder_id, folders[folder_id].parent
    yield tuple(names)
    if top in roles:
        yield (roles[top], *names[1:])


def _is_meant(path: Path, wish: str) -> bool:
    parts = tuple(wish.casefold().split("/"))
    if parts[-1] == BELOW:
        return len(path) >= len(parts) and path[: len(parts) - 1] == parts[:-1]
    return path == parts


def _is_within(path: Path, wish: str) -> bool:
    """What is excluded is so with everything below it."""
    parts = tuple(wish.casefold().split("/"))
    return _is_meant(path, wish) or (parts[-1] != BELOW and path[: len(parts)] == parts)
