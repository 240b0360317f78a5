"""A mail that is owed: it is in the store before anything is sent (jobs/mailing.py), in its reader's language."""

import zoneinfo
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.utils import translation

from crosstie.accounts.governance import settings
from crosstie.accounts.trouble.letters import Letter
from crosstie.domain.clock import Clock
from crosstie.domain.settings import Language
from crosstie.store.models import Mailbox, Notice, Person, Scope


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail goes to; the person is None for an address that an administrator named."""

    address: str
    person_id: int | None = None
    name: str = ""
    is_owner: bool = False
    """They are told of their own mailbox."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a mail is about, by which another one is known to be too much."""

    about: str
    cause: str
    stops: Sequence[int] = ()
    """Ids of the stops it tells of."""


def owe(scope: Scope, reader: Reader, matter: Matter, letter: Letter, host: str, clock: Clock) -> None:
    """`host` is whose name the Message-ID carries."""
    now = clock.now()
    Notice.of(scope).create(
        person_id=reader.person_id,
        address=reader.address,
        about=matter.about,
        cause=matter.cause,
        stops=list(matter.stops),
        subject=" ".join(letter.subject.split()),
        body=letter.body,
        message_id=f"<notice.{clock.token()}@{host}>",
        owed_at=now,
        due_at=now,
    )


def speaking_to(scope: Scope, reader: Reader) -> AbstractContextManager[None]:
    """In the language that they chose on the pages; else in the one that the tenant has set for all."""
    person = Person.of(scope).filter(pk=reader.person_id).first() if reader.person_id else None
    if person and person.language:
        return translation.override(person.language)
    spoken: Language = settings.get(scope, settings.EVERYBODY, "notices.language")
    return translation.override(spoken.value)


def zone(scope: Scope, person_id: int | None) -> zoneinfo.ZoneInfo:
    box = Mailbox.of(scope).filter(person_id=person_id).first() if person_id else None
    return zoneinfo.ZoneInfo(box.time_zone if box else "UTC")
