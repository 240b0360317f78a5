"""What an org is asked before it is worked with, and what came of it: codes and numbers, no sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    """Works, but somebody should know."""
    PROBLEM = "problem"
    """Does not work."""


class Right(StrEnum):
    """System permissions of Salesforce, by the vendor's own names."""

    API = "ApiEnabled"
    ACTIVITIES = "ActivitiesAccess"
    EDIT_TASKS = "EditTask"
    EDIT_EVENTS = "EditEvent"
    VIEW_ALL = "ViewAllData"
    MODIFY_ALL = "ModifyAllData"
    CUSTOMIZE = "CustomizeApplication"


@dataclass(frozen=True, slots=True)
class Rights:
    """What the user we act as may do in all of the org. What is in neither set is not granted."""

    granted: frozenset[Right]
    unseen: frozenset[Right] = frozenset()
    """The org does not say."""


@dataclass(frozen=True, slots=True)
class OrgAbout:
    name: str
    is_sandbox: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One answer; `values` fill the holes of its sentence (accounts/activation/preflight.py)."""

    code: str
    level: Level
    values: Mapping[str, str | int] = field(default_factory=dict)
