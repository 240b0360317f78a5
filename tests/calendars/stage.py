"""A calendar that is kept in step, all that can be saved of it, and what Salesforce has then."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from crosstie.domain.settings.events import PrivateEvents
from tests.calendars.icaljs import Date
from tests.simulation.access import HOST
from tests.simulation.desk import CALENDAR, Desk
from tests.simulation.house import House, Make

__all__ = ("HOST", "ZONE", "opened", "rows")

ZONE = "Europe/Berlin"
SETTINGS = replace(
    CALENDAR,
    events_unanswered=True,
    events_save_unlinked=True,
    events_internal=True,
    events_private=PrivateEvents.SAVE,
)


def opened(now: datetime) -> Desk:
    """Whoever sits there is in `ZONE`."""
    house = House(Make(settings=SETTINGS, syncing=("ada",), start=now))
    house.box("ada").time_zone = ZONE
    house.round()
    return Desk(house)


def rows(desk: Desk) -> Iterator[Date]:
    for event in desk.events("DurationInMinutes"):
        start = event["StartDateTime"]
        end = start + timedelta(minutes=event["DurationInMinutes"])
        if event["IsAllDayEvent"]:
            start, end = start.date(), end.date()
        yield Date(start, end, event["Subject"], event["Location"] or "")
