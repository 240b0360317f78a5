"""What an item and an Event say, in the same words, so that the two can be held side by side."""

from datetime import date, datetime, timedelta

from sandbox.mailboxes.calendar.model import Appointment
from sandbox.salesforce.records import Row
from tests.simulation.calendar.ledger import FIELDS
from tests.simulation.calendar.office import label

WAYS = {"Free": "free", "Busy": "busy", "OutOfOffice": "oof"}
SHOWN_THERE = {"tentative": "busy", "workingElsewhere": "free"}
"""What Salesforce has no word of its own for."""
WHO_COMES = "[Crosstie:"
"""Begins the lines below a text that say who is on a meeting."""
DAY = timedelta(days=1)


def said_by_item(item: Appointment) -> dict[str, str]:
    details = item.details
    places = ", ".join(place.name for place in details.places)
    said = (
        details.subject,
        when(details.start, details.end),
        places,
        (details.text or "").strip(),
        SHOWN_THERE.get(details.show_as, details.show_as),
    )
    return dict(zip(FIELDS, said, strict=True))


def said_by_record(row: Row) -> dict[str, str]:
    start: date = row["StartDateTime"]
    end: date = row["EndDateTime"]
    if row["IsAllDayEvent"]:
        start = row["StartDateTime"].date()
        end = start + max(timedelta(minutes=row["DurationInMinutes"] or 0), DAY)
    shown = WAYS.get(str(row.get("ShowAs")), "busy")
    text = str(label(row, "Description")).partition(WHO_COMES)[0].strip()
    said = (str(row["Subject"]), when(start, end), str(label(row, "Location")), text, shown)
    return dict(zip(FIELDS, said, strict=True))


def when(start: datetime | date, end: datetime | date) -> str:
    return f"{start.isoformat()}/{end.isoformat()}"
