"""Every setting once: name, default, who may set it, the names other products give it.

Resolved global → profile → user; `Settings` is the result a session works with.
"""

from dataclasses import dataclass, fields
from functools import cache

from crosstie.domain.settings.access import AccessSettings
from crosstie.domain.settings.access import MailboxWay as MailboxWay
from crosstie.domain.settings.base import Level as Level
from crosstie.domain.settings.base import SettingInfo as SettingInfo
from crosstie.domain.settings.events import EventWay as EventWay
from crosstie.domain.settings.events import MeetingUpdates as MeetingUpdates
from crosstie.domain.settings.events import PrivateEvents as PrivateEvents
from crosstie.domain.settings.events import Wins as Wins
from crosstie.domain.settings.mail import AutoTrackMode as AutoTrackMode
from crosstie.domain.settings.mail import MailWay as MailWay
from crosstie.domain.settings.mail import RecordChoice as RecordChoice
from crosstie.domain.settings.mail import Resolving as Resolving
from crosstie.domain.settings.notices import Language as Language


@dataclass(frozen=True, slots=True)
class Settings(AccessSettings):
    """All of them."""


@cache
def catalogue() -> dict[str, tuple[str, SettingInfo]]:
    """Setting name → (attribute of `Settings`, what is known about it)."""
    return {f.metadata["info"].name: (f.name, f.metadata["info"]) for f in fields(Settings)}
