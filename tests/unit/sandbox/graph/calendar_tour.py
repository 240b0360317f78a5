"""The part of the tour that walks past calendars and events."""

from typing import Any

from tests.unit.sandbox.graph.conftest import Office
from tests.unit.sandbox.graph.diary import WINDOW, changed, dates, event, made, weekly
from tests.unit.sandbox.graph.parts_tour import visit_attachments, visit_extensions

BEN = "/v1.0/users/ben@acme.test"
INVITED = [{"emailAddress": {"address": "ben@acme.test"}}]


def visit_calendars(office: Office) -> None:
    other = office.call("POST", "calendars", {"name": "Other"}).json()["id"]
    made(office, path=f"calendars/{other}/events")
    mine = f"calendars/{other}"
    for path in ("calendar", "calendars", mine, f"{mine}/events", "calendarGroups"):
        office.get(path)
    for path in (f"{mine}/calendarView?{WINDOW}", f"calendarView?{WINDOW}", "outlook/supportedTimeZones"):
        office.get(path)
    office.get("outlook/supportedTimeZones(TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana')")
    office.call("GET", f"calendars/{other}/events/$count")
    asked = {"schedules": ["ben@acme.test"], "startTime": event()["start"], "endTime": event()["end"]}
    for where in ("calendar", mine):
        office.call("POST", f"{where}/getSchedule", asked)
    group = office.get("calendarGroups")["value"][0]["id"]
    office.get(f"calendarGroups/{group}")
    office.get(f"calendarGroups/{group}/calendars")
    office.call("POST", f"calendarGroups/{group}/calendars", {"name": "Third"})
    office.call("PATCH", f"calendars/{other}", {"name": "Renamed", "color": "lightBlue"})
    office.call("PATCH", "calendar", {"color": "lightGreen"})
    inside = made(office, path=f"calendars/{other}/events")["id"]
    office.get(f"calendars/{other}/events/{inside}")
    office.call("PATCH", f"calendars/{other}/events/{inside}", {"subject": "x"})
    office.call("DELETE", f"calendars/{other}/events/{inside}")
    office.get(f"calendars/{office.get('calendar')['id']}/calendarView/delta?{WINDOW}")
    office.call("DELETE", f"calendars/{other}")


def visit_events(office: Office) -> None:
    place: dict[str, Any] = {"displayName": "Room", "coordinates": {"latitude": 52.5, "longitude": 13.4}}
    single = made(office, event(location=place, isOnlineMeeting=True))["id"]
    series = made(office, weekly())["id"]
    first = dates(office, series)[0]["id"]
    changed(office, first, {"subject": "Other"})
    office.get(f"events/{first}/calendar")
    for path in (f"events/{single}", f"events/{first}"):
        visit_attachments(office, path)
        visit_extensions(office, path)
    office.get("events?$expand=extensions")
    office.get(f"events/{series}?$expand=exceptionOccurrences" if _tells(office) else f"events/{series}")
    office.call("GET", "events/$count")
    feed = office.get(f"calendarView/delta?{WINDOW}")
    for action, body in (("dismissReminder", None), ("snoozeReminder", {"newReminderTime": event()["start"]})):
        office.call("POST", f"events/{single}/{action}", body)
    office.call("DELETE", f"events/{first}")
    office.call("POST", f"events/{single}/permanentDelete")
    office.get(feed.get("@odata.deltaLink") or feed["@odata.nextLink"])


def visit_meetings(office: Office) -> None:
    for action in ("accept", "tentativelyAccept", "decline"):
        made(office, event(attendees=INVITED))
        copy = office.get(f"{BEN}/events?$orderby=createdDateTime desc")["value"][0]["id"]
        office.call("POST", f"{BEN}/events/{copy}/{action}", {"comment": "x"})
    meeting = made(office, event(attendees=INVITED))["id"]
    office.call("POST", f"events/{meeting}/forward", {"toRecipients": INVITED})
    office.call("POST", f"events/{meeting}/cancel", {"comment": "x"})
    office.get(f"{BEN}/messages")


def _tells(office: Office) -> bool:
    return office.world.switches.turned.get("graph.series_tells_its_dates", True)
