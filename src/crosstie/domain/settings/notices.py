"""Settings of what people are told by mail."""

from dataclasses import dataclass
from enum import StrEnum

from crosstie.domain.settings.base import Level, setting
from crosstie.domain.settings.events import EventSettings


class Language(StrEnum):
    """Those that the pages are in."""

    ENGLISH = "en"
    GERMAN = "de"


@dataclass(frozen=True, slots=True)
class NoticeSettings(EventSettings):
    notices_owner: bool = setting(
        True,
        "notices.owner",
        "Write to you when sync of your mailbox was suspended and you can mend it; else administrators are "
        "written to instead.",
    )
    notices_admin: bool = setting(
        True,
        "notices.admin",
        "Write to you, if you are an administrator, when sync was suspended and its owner cannot mend it or is "
        "not written to.",
    )
    notices_addresses: tuple[str, ...] = setting(
        (),
        "notices.addresses",
        "Addresses that mails to administrators go to as well, such as a help desk's.",
        lowest=Level.GLOBAL,
    )
    notices_language: Language = setting(
        Language.ENGLISH,
        "notices.language",
        "The language of mails to those who have not chosen one on the pages: en or de.",
        lowest=Level.GLOBAL,
    )
