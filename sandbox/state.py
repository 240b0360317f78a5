"""The world on disk, so that a demo goes on where it stopped.

The file is a Python pickle behind a line that names its format: it belongs to the one who runs the sandbox
and is as trustworthy as the place it lies in. A world written by another version of the sandbox is refused,
not guessed at. The request log is left out; its running number goes on.
"""

import os
import pickle
from datetime import timedelta
from pathlib import Path

from sandbox.clock import Clock, SystemClock
from sandbox.requestlog import RequestLog
from sandbox.world import World

FORMAT = b"crosstie-sandbox world 8\n"
SETTLED = timedelta(seconds=3)
"""A world is saved when nothing more has changed for this long."""


class UnreadableState(Exception):
    """The file holds no world that this version of the sandbox can take up; it is left untouched."""


def save(world: World, path: Path) -> None:
    """Whole or not at all: written beside and put in place."""
    with world.lock:
        log, world.requests = world.requests, RequestLog(count=world.requests.count)
        try:
            content = pickle.dumps(world, protocol=pickle.HIGHEST_PROTOCOL)
        finally:
            world.requests = log
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(FORMAT + content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def load(path: Path) -> World | None:
    """The saved world; None when there is no such file yet."""
    if not path.exists():
        return None
    content = path.read_bytes()
    if not content.startswith(FORMAT):
        raise UnreadableState(f"{path} is not a world of this sandbox. Move it away to start anew.")
    try:
        world = pickle.loads(content[len(FORMAT) :])  # noqa: S301 - the owner's own file, see above
    except Exception as error:
        message = f"{path} was written by another version of the sandbox. Move it away to start anew."
        raise UnreadableState(message) from error
    if not isinstance(world, World):
        raise UnreadableState(f"{path} holds no world. Move it away to start anew.")
    return world


class Keeper:
    """Saves a world when it has changed and come to rest."""

    def __init__(self, world: World, path: Path, clock: Clock | None = None) -> None:
        self._world = world
        self._path = path
        self._clock = clock or SystemClock()
        self._saved = world.changes
        self._seen = world.changes
        self._seen_at = self._clock.now()

    def save_if_settled(self) -> bool:
        """Whether it was saved now."""
        now = self._clock.now()
        if self._world.changes != self._seen:
            self._seen, self._seen_at = self._world.changes, now
        if self._seen == self._saved or now - self._seen_at < SETTLED:
            return False
        self.save()
        return True

    def save(self) -> None:
        changes = self._world.changes
        save(self._world, self._path)
        self._saved = changes
