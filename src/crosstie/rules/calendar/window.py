"""The days in which events are kept in step. They slide: an event enters them and leaves them by itself."""

from datetime import datetime, timedelta
from enum import StrEnum

from crosstie.domain.calendar import When
from crosstie.domain.settings import Settings
from crosstie.mapping.event.time import begins, ends


class Place(StrEnum):
    PAST = "past"
    WITHIN = "within"
    AHEAD = "ahead"


def place(when: When, settings: Settings, now: datetime) -> Place:
    """It enters when its start comes near enough, and leaves when its end is too long ago."""
    if ends(when) < now - timedelta(days=settings.events_days_back):
        return Place.PAST
    if begins(when) > now + timedelta(days=settings.events_days_ahead):
        return Place.AHEAD
    return Place.WITHIN


def is_within(when: When, settings: Settings, now: datetime) -> bool:
    return place(when, settings, now) is Place.WITHIN


def next_look(when: When, settings: Settings, now: datetime) -> datetime | None:
    """The first moment at which its place is another one; None when it has left for good."""
    here = place(when, settings, now)
    if here is Place.AHEAD:
        return begins(when) - timedelta(days=settings.events_days_ahead)
    if here is Place.WITHIN:
        return ends(when) + timedelta(days=settings.events_days_back) + timedelta(seconds=1)
    return None
