"""Events: start, end and duration, all-day, private; their people and their invitees."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import integrity, not_writable, required_missing
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.rules import activities, invitees, series
from sandbox.salesforce.rules.activities import EVENT
from sandbox.salesforce.rules.base import NoRules
from sandbox.salesforce.rules.tasks import refuse_second_relation
from sandbox.salesforce.write import Write
from sandbox.switches import declare

RELATIONS_SKIP_BIN = declare(
    "salesforce.event_relations_skip_bin",
    default=True,
    question="Does an EventRelation deleted by itself vanish at once, so that queryAll never shows the deletion?",
    source="object reference says so of TaskRelation; of EventRelation older and newer pages differ",
)
END_IS_LAST_DAY = declare(
    "salesforce.all_day_end_is_last_day",
    default=True,
    question="Is the end of an all-day event its last day: does one day start and end alike (or the day after)?",
    source="object reference: the end is at midnight UTC, and both lengths must add up",
)
CLIENT_MANAGED_IS_GUARDED = declare(
    "salesforce.client_managed_is_guarded",
    default=True,
    question="Are changes of subject, time, place or people refused of an event that another client manages?",
    source="notes 4.8: only noncritical fields may be edited; which those are is recall",
)
CRITICAL = frozenset((
    "Subject", "Location", "Description", "StartDateTime", "EndDateTime", "ActivityDate", "ActivityDateTime",
    "DurationInMinutes", "IsAllDayEvent", "IsPrivate", "ShowAs", "OwnerId", *invitees.STATUSES,
))  # fmt: skip
"""What the client that manages an event says of it."""
DAY = 1440
"""Minutes."""
LONGEST = 14 * DAY


class EventRules(NoRules):
    def prepare(self, write: Write) -> None:
        activities.refuse_archived(write)
        _refuse_client_managed(write)
        invitees.refuse_changes(write)
        series.prepare(write)
        write.default("EventSubtype", "Event")
        activities.prepare_people(write, EVENT)
        draft = write.draft
        for name in invitees.STATUSES:
            draft.pop(name, None)
        if draft.get("IsPrivate") and (draft.get("WhoId") or draft.get("WhatId")):
            raise integrity("Private events cannot be related to other records.", "IsPrivate")
        if draft.get("IsAllDayEvent"):
            _all_day(write)
        else:
            _timed(write)
        _refuse_length(write)
        series.check(write)

    def saved(self, write: Write) -> None:
        activities.save_relations(write, EVENT)
        activities.count_relations(write, EVENT)
        invitees.save_lists(write)
        invitees.carry_over(write.core, write.id, write.draft, write.user)
        invitees.hand_over(write)
        series.saved(write)

    def goes_with(self, core: Core, row: Row) -> Iterable[Id]:
        """Invited users lose their events with the organiser's; occurrences go with their pattern."""
        return [*invitees.children_of(core, row["Id"]), *series.goes_with(core, row)]

    def removed(self, core: Core, user: Id, row: Row) -> None:
        if row.get("IsChild"):
            invitees.copy_deleted(core, row, user)


def _refuse_client_managed(write: Write) -> None:
    old = write.old or {}
    if not old.get("IsClientManaged") or not write.core.switches.on(CLIENT_MANAGED_IS_GUARDED):
        return
    lists = [name for name in write.lists if name in CRITICAL]
    refused = [name for name in write.given if name in CRITICAL and name not in lists and write.changed(name)]
    if refused or lists:
        raise not_writable([*refused, *lists])


def _start(write: Write) -> datetime | None:
    """The start the client means: StartDateTime and ActivityDateTime are two names for it."""
    given, draft = write.given, write.draft
    start, activity = given.get("StartDateTime"), given.get("ActivityDateTime")
    if start and activity and start != activity:
        raise integrity("StartDateTime and ActivityDateTime must be the same.", "ActivityDateTime")
    found = start or activity or draft.get("StartDateTime")
    return found if isinstance(found, datetime) else None


def _timed(write: Write) -> None:
    draft, given = write.draft, write.given
    start = _start(write)
    if start is None:
        raise required_missing(["ActivityDateTime", "DurationInMinutes"])
    if given.get("ActivityDate") and given["ActivityDate"] != start.date():
        raise integrity("ActivityDate must be the date of StartDateTime.", "ActivityDate")
    end, duration = _end_and_duration(write, start)
    draft |= {
        "StartDateTime": start,
        "ActivityDateTime": start,
        "ActivityDate": start.date(),
        "EndDateTime": end,
        "EndDate": end.date(),
        "DurationInMinutes": duration,
    }


def _end_and_duration(write: Write, start: datetime) -> tuple[datetime, int]:
    """Either gives the other; both must agree. A start moved alone keeps its duration."""
    end, duration = write.given.get("EndDateTime"), write.given.get("DurationInMinutes")
    if end is None and duration is None:
        duration = write.draft.get("DurationInMinutes")
    if end is None and duration is None:
        raise required_missing(["DurationInMinutes"])
    if end is None:
        assert isinstance(duration, int)
        if duration < 0:
            raise integrity("Duration: must not be negative.", "DurationInMinutes")
        return start + timedelta(minutes=duration), duration
    length = int((end - start).total_seconds() // 60)
    if length < 0:
        raise integrity("The end must not be before the start.", "EndDateTime")
    if duration is not None and duration != length:
        raise integrity("DurationInMinutes must fit StartDateTime and EndDateTime.", "DurationInMinutes")
    return end, length


def _all_day(write: Write) -> None:
    """Dates at 00:00 UTC; where EndDateTime is the last day, one day starts and ends alike."""
    draft, given = write.draft, write.given
    first = _first_day(write)
    if first is None:
        raise required_missing(["ActivityDate"])
    end, duration = given.get("EndDateTime"), given.get("DurationInMinutes")
    if end is None and duration is None and not write.changed("IsAllDayEvent"):
        duration = draft.get("DurationInMinutes")
    days, beyond = 1, 0 if write.core.switches.on(END_IS_LAST_DAY) else 1
    if end is not None:
        days = (end.date() - first).days + 1 - beyond
    elif duration is not None:
        days = max(1, -(-duration // DAY))
    if days < 1:
        raise integrity("The end must not be before the start.", "EndDateTime")
    if end is not None and duration is not None and duration != days * DAY:
        raise integrity("DurationInMinutes must fit StartDateTime and EndDateTime.", "DurationInMinutes")
    last = first + timedelta(days=days - 1)
    draft |= {
        "StartDateTime": _midnight(first),
        "ActivityDateTime": None,
        "ActivityDate": first,
        "EndDateTime": _midnight(last + timedelta(days=beyond)),
        "EndDate": last,
        "DurationInMinutes": days * DAY,
    }


def _first_day(write: Write) -> date | None:
    start = write.given.get("StartDateTime") or write.given.get("ActivityDateTime")
    day = write.given.get("ActivityDate")
    if start and day and start.date() != day:
        raise integrity("ActivityDate must be the date of StartDateTime.", "ActivityDate")
    if start or day:
        return start.date() if start else day
    stored = write.draft.get("ActivityDate")
    return stored if isinstance(stored, date) else None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _refuse_length(write: Write) -> None:
    duration = write.draft["DurationInMinutes"]
    field = "EndDateTime" if "EndDateTime" in write.given else "DurationInMinutes"
    if duration > LONGEST:
        raise integrity("Event duration: an event cannot last longer than 14 days.", field)
    if duration > DAY and not write.core.features.multiday_events:
        raise integrity("Event duration: an event cannot last longer than 24 hours.", field)


class EventRelationRules(NoRules):
    def prepare(self, write: Write) -> None:
        refuse_second_relation(write, "EventId")
        draft = write.draft
        if write.new:
            invitees.check(write)
        if write.core.features.shared_activities and write.new:
            said = {"IsInvitee", "IsParent", "IsWhat"} & set(write.given)
            draft["IsInvitee"] = draft.get("IsInvitee") if said else True
        if draft.get("IsInvitee") or not write.core.features.shared_activities:
            write.default("Status", "New")
        if write.changed("Status") and draft.get("Status") in ("Accepted", "Declined"):
            write.default("RespondedDate", write.core.now())

    def saved(self, write: Write) -> None:
        if write.core.features.shared_activities:
            activities.follow_relations(write.core, EVENT, write.draft["EventId"], write.user)
        invitees.follow(write.core, write.draft["EventId"], write.user)

    def skips_bin(self, core: Core) -> bool:
        return core.switches.on(RELATIONS_SKIP_BIN)

    def removed(self, core: Core, user: Id, row: Row) -> None:
        if core.features.shared_activities:
            activities.follow_relations(core, EVENT, row["EventId"], user)
        invitees.follow(core, row["EventId"], user)
