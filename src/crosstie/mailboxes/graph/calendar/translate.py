"""Graph's event resource → our words. https://learn.microsoft.com/graph/api/resources/event"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from crosstie.domain.calendar import Answer, Attendee, CalendarItem, Part, Sensitivity, Shape, ShowAs, When
from crosstie.domain.errors import Retry
from crosstie.domain.meetings import canonical_uid
from crosstie.mailboxes.graph import translate
from crosstie.mailboxes.graph.calendar.recurrence import rule, zone_of
from crosstie.mailboxes.graph.calendar.zones import NO_ZONE, seen_in, to_iana
from crosstie.mailboxes.graph.errors import GARBLED
from crosstie.mailboxes.graph.translate import Row, text

TEXT_BODY = 'outlook.body-content-type="text"'
"""Preferred of every reading: Exchange turns HTML into the text that Outlook would show."""
FIELDS = (
    "id", "changeKey", "type", "seriesMasterId", "iCalUId", "transactionId", "createdDateTime", "subject", "body",
    "start", "end", "isAllDay", "originalStart", "originalStartTimeZone", "location", "showAs", "sensitivity",
    "isReminderOn", "reminderMinutesBeforeStart", "categories", "organizer", "isOrganizer", "attendees",
    "responseStatus", "isCancelled", "isDraft", "recurrence", "webLink",
)  # fmt: skip
"""What has to be asked for by name where an event is asked for by its id."""
OWN = frozenset({"id", "changeKey", "@odata.etag", "type", "start", "end", "originalStart", "webLink"})
"""What an occurrence never has of its series."""
SHAPES = {
    "singleinstance": Shape.SINGLE, "seriesmaster": Shape.MASTER, "occurrence": Shape.OCCURRENCE,
    "exception": Shape.EXCEPTION,
}  # fmt: skip
SHOWN = {
    "free": ShowAs.FREE, "tentative": ShowAs.TENTATIVE, "busy": ShowAs.BUSY, "oof": ShowAs.AWAY,
    "workingelsewhere": ShowAs.ELSEWHERE,
}  # fmt: skip
_CLOCK = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:")
_MIDDLE = "5"
"""Between the years of which nothing can be said, the early ones and the late."""
LONGEST_REMINDER = 10 * 366 * 24 * 60
"""Minutes; nobody is reminded of anything so long before."""
_SENSITIVITIES = {one.value: one for one in Sensitivity}
_PARTS = {one.value: one for one in Part}
_ANSWERS = {
    "organizer": Answer.ORGANIZER, "accepted": Answer.ACCEPTED, "tentativelyaccepted": Answer.TENTATIVE,
    "declined": Answer.DECLINED,
}  # fmt: skip


def query() -> str:
    """The option that fetches all that makes an item, without the question mark."""
    return "$select=" + ",".join(FIELDS)


def shape(row: Row) -> Shape:
    return SHAPES.get(text(row, "type").casefold(), Shape.SINGLE)


def is_instance(row: Row) -> bool:
    return shape(row) in (Shape.OCCURRENCE, Shape.EXCEPTION)


def is_whole(row: Row) -> bool:
    """A change stream tells of occurrences little more than when they are, of exceptions what they changed; and
    its bodies may be HTML whatever was preferred, of which Exchange alone makes the text that it makes elsewhere.
    """
    told = {"iCalUId", "isAllDay", "subject"} <= row.keys() and not translate.body(row)[0]
    return told and (not is_instance(row) or "originalStart" in row)


def item(row: Row, master: Row | None = None) -> CalendarItem:
    """`master` is the series of an occurrence. Raises Retry for an event that does not say when it is."""
    series = master or {}
    whole = {**{name: value for name, value in series.items() if name not in OWN}, **row}
    when = _when(whole)
    return CalendarItem(
        item_id=text(row, "id"),
        version=translate.version(row),
        when=when,
        uid=canonical_uid(text(series, "iCalUId") or text(whole, "iCalUId")),
        shape=shape(row),
        series_id=text(row, "seriesMasterId"),
        original=_original(row, when, zone_of(series) if series else when.zone),
        subject=text(whole, "subject"),
        text=plain(whole),
        location=text(_object(whole, "location"), "displayName"),
        show_as=SHOWN.get(text(whole, "showAs").casefold(), ShowAs.BUSY),
        sensitivity=_SENSITIVITIES.get(text(whole, "sensitivity").casefold(), Sensitivity.NORMAL),
        reminder=_reminder(whole),
        categories=translate.categories(whole),
        organizer=translate.address(whole.get("organizer")),
        is_organizer=whole.get("isOrganizer") is not False,
        attendees=tuple(_attendees(whole)),
        answer=_answer(_object(whole, "responseStatus")),
        cancelled=whole.get("isCancelled") is True,
        is_draft=whole.get("isDraft") is True,
        created_at=translate.moment(whole.get("createdDateTime")),
        rule=rule(series or row, all_day=when.all_day),
        token="" if is_instance(row) else text(whole, "transactionId"),
        web_link=link if (link := text(row, "webLink")).startswith("https://") else "",
    )


def plain(row: Row) -> str:
    """The body's text, by lines, without the blanks around it; of HTML too, where text was never to be had."""
    html, found = translate.body(row)
    if html:
        body = LexborHTMLParser(html).body
        found = body.text(separator="\n", strip=True) if body else ""
    return "\n".join(line.rstrip() for line in found.splitlines()).strip()


def _when(row: Row) -> When:
    zone = to_iana(text(row, "originalStartTimeZone")) or NO_ZONE
    start, end = _moment(row.get("start")), _moment(row.get("end"))
    if start is None or end is None:
        raise Retry(GARBLED, "an event without its time")
    if row.get("isAllDay") is True:
        first, last = _day(start, zone), _day(end, zone)
        return When(first, max(last, first + timedelta(days=1)), zone)
    return When(start, max(start, end), zone)


def _moment(value: Any) -> datetime | None:
    """A dateTimeTimeZone; its time has no offset, and the zone is the one preferred, else UTC."""
    if not isinstance(value, Mapping):
        return None
    found, zone = translate.moment(value.get("dateTime")), to_iana(text(value, "timeZone"))
    if found is None:
        return _beyond(text(value, "dateTime"))
    if zone in (NO_ZONE, ""):
        return found
    return found.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _beyond(clock: str) -> datetime | None:
    """The end of time on that side: damaged events are at Exchange's first day, and are no reason to read none."""
    if not _CLOCK.match(clock):
        return None
    return translate.NEVER if clock < _MIDDLE else translate.FOREVER


def _day(moment: datetime, zone: str) -> date:
    """Of a midnight, told as that of every zone, by some servers as the one of its own: the nearest, where clocks
    leave it out or its zone is not known.
    """
    if moment.hour == moment.minute == 0:
        return moment.date()
    return (seen_in(moment, zone) + timedelta(hours=12)).date()


def _original(row: Row, when: When, zone: str) -> date | None:
    """The day an occurrence belongs to; one that is where its series has it tells nothing but its start."""
    if not is_instance(row):
        return None
    told = translate.moment(row.get("originalStart"))
    if told is None:
        return seen_in(when.start, zone).date() if isinstance(when.start, datetime) else when.start
    return _day(told, zone) if when.all_day else seen_in(told, zone).date()


def _reminder(row: Row) -> timedelta | None:
    minutes = row.get("reminderMinutesBeforeStart")
    if row.get("isReminderOn") is not True or not isinstance(minutes, int) or isinstance(minutes, bool):
        return None
    return timedelta(minutes=minutes) if abs(minutes) <= LONGEST_REMINDER else None


def _attendees(row: Row) -> list[Attendee]:
    found = []
    for one in translate.rows(row.get("attendees")):
        address = translate.address(one)
        if address is not None:
            part = _PARTS.get(text(one, "type").casefold(), Part.REQUIRED)
            found.append(Attendee(address, part, _answer(_object(one, "status"))))
    return found


def _answer(status: Row) -> Answer:
    return _ANSWERS.get(text(status, "response").casefold(), Answer.NONE)


def _object(row: Row, name: str) -> Row:
    found = row.get(name)
    return found if isinstance(found, Mapping) else {}
