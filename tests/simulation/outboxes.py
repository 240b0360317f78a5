"""Nobody is mailed because of a sync: the outbox of every world with a desk in it is looked through when its test
is over (conftest.py). A test in which people say that attendees may be told asks for `mail_is_wanted`.
"""

from sandbox.outbox import SentMail
from sandbox.world import World

_WORLDS: list[World] = []
"""Of the test that is running."""
_WANTED: list[bool] = []


def forget() -> None:
    _WORLDS.clear()
    _WANTED.clear()


def want() -> None:
    """Somebody says in this test that attendees may be told."""
    _WANTED.append(True)


def watch(world: World) -> None:
    if not any(one is world for one in _WORLDS):
        _WORLDS.append(world)


def mailed() -> list[str]:
    """What was sent though no person did it at the console, as a sentence each."""
    return [_told(mail) for world in _WORLDS for mail in world.outbox.mails if mail.face != "console"]


def unwanted() -> list[str]:
    return [] if _WANTED else mailed()


def _told(mail: SentMail) -> str:
    return f"{', '.join(mail.recipients)} got the {mail.reason} {mail.subject!r} because of {mail.cause}"
