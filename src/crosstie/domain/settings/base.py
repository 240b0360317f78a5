"""What a setting is, and on which levels it may be set."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    GLOBAL = "global"
    PROFILE = "profile"
    USER = "user"


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """`additive` lists are joined over the levels; every other value of a lower level replaces."""

    name: str
    help: str
    aliases: tuple[str, ...] = ()
    lowest: Level = Level.USER
    additive: bool = False
    minimum: int | None = None
    maximum: int | None = None


def setting(default: Any, name: str, help: str, **options: Any) -> Any:
    return field(default=default, metadata={"info": SettingInfo(name, help, **options)})
