"""How Graph shows an event: one table of properties."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sandbox.graph import ids
from sandbox.graph.calendar.items import Item
from sandbox.graph.calendar.recurrence import recurrence_shape
from sandbox.graph.calendar.switches import UID_IS_TOLD
from sandbox.graph.calendar.times import shown_zone, zoned
from sandbox.graph.context import Context
from sandbox.graph.odata import Options
from sandbox.graph.shape import Shape, etag, instant, recipient
from sandbox.mailboxes.calendar.expand import to_local, to_utc
from sandbox.mailboxes.calendar.model import Answer, Attendee, Details, Place
from sandbox.mailboxes.calendar.uids import uid_on
from sandbox.mailboxes.text import clean_html, html_to_text, preview, text_to_html

Column = Callable[[Context, Item], Any]
NEVER = "0001-01-01T00:00:00Z"
"""What Graph shows for a moment that is not."""


def location(place: Place | None) -> Shape:
    """One that a client only named is its own unique id."""
    if place is None:
        empty: Shape = {"address": {}, "coordinates": {}}
        return {"displayName": "", "locationType": "default", "uniqueIdType": "unknown", **empty}
    shape: Shape = {"displayName": place.name, "locationType": place.kind}
    if place.address:
        shape |= {"locationEmailAddress": place.address}
    if place.uri:
        shape |= {"locationUri": place.uri}
    shape |= {"uniqueId": place.address or place.name, "uniqueIdType": "directory" if place.address else "private"}
    if place.street or place.coordinates:
        shape |= {"address": dict(place.street), "coordinates": dict(place.coordinates)}
    return shape


def status(answer: Answer) -> Shape:
    return {"response": answer.response, "time": instant(answer.at) if answer.at else NEVER}


def _attendee(context: Context, one: Attendee) -> Shape:
    shape: Shape = {"type": one.role, "status": status(one.answer), **(recipient(one.person) or {})}
    if one.proposed:
        start, end = (zoned(context, moment, "UTC") for moment in one.proposed)
        shape["proposedNewTime"] = {"start": start, "end": end}
    return shape


def plain_text(details: Details) -> str:
    if details.html is not None:
        return html_to_text(details.html)
    return "\r\n".join((details.text or "").splitlines())


def _body(context: Context, item: Item) -> Shape:
    """Exchange keeps the text of events as HTML and gives text only to who asks for it."""
    details = item.details
    if context.prefer.text_body:
        return {"contentType": "text", "content": plain_text(details)}
    if details.html is not None:
        return {"contentType": "html", "content": clean_html(details.html)}
    return {"contentType": "html", "content": text_to_html(details.text) if details.text else ""}


def _web_link(context: Context, item: Item) -> str:
    id_ = quote(item.id(context.mailbox, "default"), safe="")
    return f"https://outlook.office365.com/owa/?itemid={id_}&exvsurl=1&path=/calendar/item"


def _ical_uid(_: Context, item: Item) -> str:
    """Of one's own date of a series that one is not invited to, too."""
    day, alone = item.day, item.series.alone
    if alone is not None:
        day = to_local(alone, item.details.start_zone).date()
    return uid_on(item.series.uid, day) if day else item.series.uid


def _recurrence(_: Context, item: Item) -> Shape | None:
    rule = item.series.rule
    if rule is None or item.occurrence:
        return None
    return recurrence_shape(rule, to_local(item.series.details.start, rule.zone).date())


def _online(_: Context, item: Item) -> Shape | None:
    online = item.details.online
    return {"joinUrl": online.url, **online.facts} if online else None


def _original_start(item: Item) -> str | None:
    """An instant, of an all-day one too: its midnight where the series lives."""
    if item.occurrence is None:
        return None
    original, zone = item.occurrence.original, item.series.details.start_zone
    return instant(original if isinstance(original, datetime) else to_utc(to_local(original, zone), zone))


COLUMNS: dict[str, Column] = {
    "createdDateTime": lambda _, i: instant(i.series.created),
    "lastModifiedDateTime": lambda _, i: instant(modified(i)),
    "changeKey": lambda c, i: ids.change_key(c.mailbox, i.version),
    "categories": lambda _, i: list(i.details.categories),
    "transactionId": lambda _, i: i.series.transaction or None,
    "originalStartTimeZone": lambda _, i: shown_zone(i.details.start_zone),
    "originalEndTimeZone": lambda _, i: shown_zone(i.details.end_zone),
    "iCalUId": _ical_uid,
    "reminderMinutesBeforeStart": lambda _, i: i.details.reminder,
    "isReminderOn": lambda _, i: i.details.reminds,
    "hasAttachments": lambda _, i: any(not one.inline for one in i.details.attachments),
    "subject": lambda _, i: i.details.subject,
    "bodyPreview": lambda _, i: preview(plain_text(i.details)),
    "importance": lambda _, i: i.details.importance,
    "sensitivity": lambda _, i: i.details.sensitivity,
    "isAllDay": lambda _, i: i.details.all_day,
    "isCancelled": lambda _, i: i.details.cancelled,
    "isOrganizer": lambda _, i: i.series.is_organizer,
    "responseRequested": lambda _, i: i.details.wants_answers,
    "seriesMasterId": lambda c, i: i.master_id(c.mailbox, c.prefer.id_form),
    "showAs": lambda _, i: i.details.show_as,
    "type": lambda _, i: i.type,
    "webLink": _web_link,
    "onlineMeetingUrl": lambda _, _i: None,
    "isOnlineMeeting": lambda _, i: i.details.online is not None,
    "onlineMeetingProvider": lambda _, i: i.details.online.provider if i.details.online else "unknown",
    "allowNewTimeProposals": lambda _, i: i.details.takes_proposals,
    "isDraft": lambda _, i: i.series.is_draft,
    "hideAttendees": lambda _, i: i.details.hides_attendees,
    "responseStatus": lambda _, i: status(own_answer(i)),
    "body": _body,
    "start": lambda c, i: zoned(c, i.details.start, i.details.start_zone),
    "end": lambda c, i: zoned(c, i.details.end, i.details.end_zone),
    "location": lambda _, i: location(i.details.places[0] if i.details.places else None),
    "locations": lambda _, i: [location(one) for one in i.details.places],
    "recurrence": _recurrence,
    "attendees": lambda c, i: [_attendee(c, one) for one in i.details.attendees],
    "organizer": lambda _, i: recipient(i.series.organizer),
    "onlineMeeting": _online,
}
OF_OCCURRENCES: dict[str, Column] = {"originalStart": lambda _, i: _original_start(i)}
"""What singles and masters do not have."""
NEWER: dict[str, Column] = {
    "uid": lambda _, i: i.series.uid,
    "occurrenceId": lambda c, i: (
        ids.occurrence_id(str(i.master_id(c.mailbox, c.prefer.id_form)), i.day) if i.day else None
    ),
}
"""What the metadata of v1.0 does not have."""
EVENT_PROPERTIES = frozenset({"id", *COLUMNS, *OF_OCCURRENCES})


def modified(item: Item) -> Any:
    deviation = item.occurrence.deviation if item.occurrence else None
    return deviation.modified if deviation else item.series.modified


def own_answer(item: Item) -> Answer:
    """An organiser's is that, whether or not anybody is invited."""
    return Answer("organizer") if item.series.is_organizer else item.details.answer


def columns_of(context: Context, item: Item) -> Mapping[str, Column]:
    columns = COLUMNS | (OF_OCCURRENCES if item.occurrence else {})
    return columns | NEWER if context.world.switches.on(UID_IS_TOLD) else columns


def event_properties(context: Context) -> frozenset[str]:
    """The names `$select` may use."""
    return EVENT_PROPERTIES | frozenset(NEWER if context.world.switches.on(UID_IS_TOLD) else ())


def event_shape(context: Context, item: Item, options: Options, *, typed: bool = False, tag: str = "") -> Shape:
    """`typed`: delta names the type of every row."""
    wanted = options.select
    shape: Shape = {"@odata.type": "#microsoft.graph.event"} if typed else {}
    shape["@odata.etag"] = tag or etag(context.mailbox, item.version)
    shape["id"] = item.id(context.mailbox, context.prefer.id_form)
    chosen = columns_of(context, item).items()
    shape |= {name: read(context, item) for name, read in chosen if wanted is None or name in wanted}
    return shape


def thin_shape(context: Context, item: Item, more: Iterable[str] = ()) -> Shape:
    """Of a delta's occurrences no more than where they are; of exceptions what they changed, too."""
    names = ("seriesMasterId", "type", "start", "end", *more)
    return event_shape(context, item, Options(select=names), typed=True)
