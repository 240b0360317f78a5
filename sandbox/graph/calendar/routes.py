"""Every address of calendars and events. Events are reached below any calendar too (see `face.normalise_path`)."""

from sandbox.graph import attachments, extensions, uploads
from sandbox.graph.calendar import answers, calendars, delta, events, schedule, views, zones
from sandbox.graph.context import CALENDAR_READ, CALENDAR_WRITE, USER_READ, mailbox_route

_CALENDAR = "/calendars/<calendar>"
_EVENT = "/events/<event>"
_IN = f"{_CALENDAR}{_EVENT}"
_EXTENSION = f"{_EVENT}/extensions/<extension>"
_ATTACHMENT = f"{_EVENT}/attachments/<attachment>"
_GROUP = "/calendarGroups/<group>"

ROUTES = (
    mailbox_route("calendars.list", "GET", "/calendars", CALENDAR_READ, calendars.list_calendars),
    mailbox_route("calendars.create", "POST", "/calendars", CALENDAR_WRITE, calendars.create_calendar),
    mailbox_route("calendars.default", "GET", "/calendar", CALENDAR_READ, calendars.get_default),
    mailbox_route("calendars.update_default", "PATCH", "/calendar", CALENDAR_WRITE, calendars.update_calendar),
    mailbox_route("calendars.get", "GET", _CALENDAR, CALENDAR_READ, calendars.get_calendar),
    mailbox_route("calendars.update", "PATCH", _CALENDAR, CALENDAR_WRITE, calendars.update_calendar),
    mailbox_route("calendars.delete", "DELETE", _CALENDAR, CALENDAR_WRITE, calendars.delete_calendar),
    mailbox_route("calendar_groups.list", "GET", "/calendarGroups", CALENDAR_READ, calendars.list_groups),
    mailbox_route("calendar_groups.get", "GET", _GROUP, CALENDAR_READ, calendars.get_group),
    mailbox_route(
        "calendar_groups.calendars", "GET", f"{_GROUP}/calendars", CALENDAR_READ, calendars.list_calendars
    ),
    mailbox_route(
        "calendar_groups.create_in", "POST", f"{_GROUP}/calendars", CALENDAR_WRITE, calendars.create_calendar
    ),
    mailbox_route("calendar.schedule", "POST", "/calendar/getSchedule", CALENDAR_READ, schedule.get_schedule),
    mailbox_route(
        "calendar.schedule_of", "POST", f"{_CALENDAR}/getSchedule", CALENDAR_READ, schedule.get_schedule
    ),
    mailbox_route("events.list", "GET", "/events", CALENDAR_READ, events.list_all),
    mailbox_route("events.list_in", "GET", f"{_CALENDAR}/events", CALENDAR_READ, events.list_in),
    mailbox_route("events.count", "GET", "/events/$count", CALENDAR_READ, events.count),
    mailbox_route("events.count_in", "GET", f"{_CALENDAR}/events/$count", CALENDAR_READ, events.count),
    mailbox_route("events.create", "POST", "/events", CALENDAR_WRITE, events.create),
    mailbox_route("events.create_in", "POST", f"{_CALENDAR}/events", CALENDAR_WRITE, events.create),
    mailbox_route("events.get", "GET", _EVENT, CALENDAR_READ, events.get),
    mailbox_route("events.update", "PATCH", _EVENT, CALENDAR_WRITE, events.update),
    mailbox_route("events.delete", "DELETE", _EVENT, CALENDAR_WRITE, events.delete),
    mailbox_route("events.get_in", "GET", _IN, CALENDAR_READ, events.get),
    mailbox_route("events.update_in", "PATCH", _IN, CALENDAR_WRITE, events.update),
    mailbox_route("events.delete_in", "DELETE", _IN, CALENDAR_WRITE, events.delete),
    mailbox_route("events.delta_of_all", "GET", "/events/delta", CALENDAR_READ, delta.refuse_unbounded_delta),
    mailbox_route("events.calendar", "GET", f"{_EVENT}/calendar", CALENDAR_READ, calendars.get_of_event),
    mailbox_route("events.instances", "GET", f"{_EVENT}/instances", CALENDAR_READ, views.instances),
    mailbox_route("calendar.view", "GET", "/calendarView", CALENDAR_READ, views.view),
    mailbox_route("calendar.view_of", "GET", f"{_CALENDAR}/calendarView", CALENDAR_READ, views.view_of),
    mailbox_route("calendar.delta", "GET", "/calendarView/delta", CALENDAR_READ, delta.view_delta),
    mailbox_route(
        "calendar.delta_of", "GET", f"{_CALENDAR}/calendarView/delta", CALENDAR_READ, delta.view_delta
    ),
    mailbox_route("events.accept", "POST", f"{_EVENT}/accept", CALENDAR_WRITE, answers.accept),
    mailbox_route(
        "events.tentatively_accept", "POST", f"{_EVENT}/tentativelyAccept", CALENDAR_WRITE,
        answers.tentatively_accept,
    ),
    mailbox_route("events.decline", "POST", f"{_EVENT}/decline", CALENDAR_WRITE, answers.decline),
    mailbox_route("events.cancel", "POST", f"{_EVENT}/cancel", CALENDAR_WRITE, answers.cancel),
    mailbox_route("events.forward", "POST", f"{_EVENT}/forward", CALENDAR_WRITE, answers.forward),
    mailbox_route("events.purge", "POST", f"{_EVENT}/permanentDelete", CALENDAR_WRITE, answers.purge),
    mailbox_route(
        "events.dismiss", "POST", f"{_EVENT}/dismissReminder", CALENDAR_WRITE, answers.dismiss_reminder
    ),
    mailbox_route("events.snooze", "POST", f"{_EVENT}/snoozeReminder", CALENDAR_WRITE, answers.snooze_reminder),
    mailbox_route("extensions.of_event", "GET", f"{_EVENT}/extensions", CALENDAR_READ, extensions.list_extensions),
    mailbox_route(
        "extensions.create_event", "POST", f"{_EVENT}/extensions", CALENDAR_WRITE, extensions.create_extension
    ),
    mailbox_route("extensions.get_event", "GET", _EXTENSION, CALENDAR_READ, extensions.get_extension),
    mailbox_route("extensions.update_event", "PATCH", _EXTENSION, CALENDAR_WRITE, extensions.update_extension),
    mailbox_route("extensions.delete_event", "DELETE", _EXTENSION, CALENDAR_WRITE, extensions.delete_extension),
    mailbox_route(
        "events.attachments", "GET", f"{_EVENT}/attachments", CALENDAR_READ, attachments.list_attachments
    ),
    mailbox_route(
        "events.attach", "POST", f"{_EVENT}/attachments", CALENDAR_WRITE, attachments.add_attachment
    ),
    mailbox_route(
        "events.upload", "POST", f"{_EVENT}/attachments/createUploadSession", CALENDAR_WRITE,
        uploads.create_session,
    ),
    mailbox_route("events.attachment", "GET", _ATTACHMENT, CALENDAR_READ, attachments.get_attachment),
    mailbox_route("events.detach", "DELETE", _ATTACHMENT, CALENDAR_WRITE, attachments.delete_attachment),
    mailbox_route(
        "events.attachment_value", "GET", f"{_ATTACHMENT}/$value", CALENDAR_READ, attachments.get_attachment_value
    ),
    mailbox_route(
        "calendar.time_zones", "GET", "/outlook/supportedTimeZones", USER_READ, zones.list_zones
    ),
    mailbox_route(
        "calendar.time_zones_by", "GET", "/outlook/supportedTimeZones/<standard>", USER_READ, zones.list_zones
    ),
)  # fmt: skip
