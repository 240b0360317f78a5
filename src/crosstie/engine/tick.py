"""The org loop: one metered call reads what changed for everybody, whatever the number of users.

The fast set is read each tick, the slow set with every sixth. Watermarks are made of the org's own clock and
overlap, because a long transaction shows its rows later than the time they carry.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crosstie.domain.address import canonical, website_domain
from crosstie.domain.errors import CrosstieError, Throttled
from crosstie.domain.records import (
    ACCOUNT,
    CONTACT,
    EVENT,
    LEAD,
    OPPORTUNITY,
    USER,
    USER_LOGIN,
    Opportunity,
    Person,
    RecordChange,
)
from crosstie.engine.ports import Ports
from crosstie.ports.crm import ChangePage, CrmCapabilities, Watch
from crosstie.ports.states import Watermark

EVENT_RELATION = "EventRelation"
FAST = (EVENT, "Task", LEAD, CONTACT, EVENT_RELATION)
"""In the order of reading, which is no snapshot: who is converted between two queries is both, never nobody."""
SLOW = (USER, ACCOUNT, OPPORTUNITY, "OpportunityContactRole", "EmailMessage")
DIRECTORY = (LEAD, CONTACT, USER)
READ_WHOLE = (*DIRECTORY, ACCOUNT, OPPORTUNITY)
"""What was there before the org was connected counts as well."""
SLOW_EVERY = 6
FROZEN_EVERY = 5
"""Slow sets. In the last of so many, who is frozen is read in the place of `STANDS_BACK`: a call holds five."""
STANDS_BACK = "OpportunityContactRole"
OVERLAP = timedelta(minutes=10)
PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(minutes=16)
"""After a tick that failed; doubled with each further one."""
CALLS_A_TICK = 200
"""A first reading or a mass change takes several calls; what is left after these is the next tick's."""
PATTERN = "3"
"""GroupEventType of the row that stands for a series; its occurrences are rows of their own."""
BEGINNING = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class TickReport:
    calls: int
    new_rows: int
    complete: bool


def tick(ports: Ports) -> TickReport:
    """Read the org's changes into the log and the directory; wakes the mailboxes they concern."""
    known = ports.states.watermarks()
    slow = _slow_set(ports.states.tick_number())
    objects = FAST + tuple(name for name in (*SLOW, USER_LOGIN) if name in slow or _half_read(known.get(name)))
    first = not was_read(known)
    if first:
        objects = READ_WHOLE
    capabilities = ports.crm.capabilities()
    calls = new_rows = 0
    open_watches = [_watch(name, known.get(name), capabilities) for name in objects]
    while open_watches and calls < CALLS_A_TICK:
        now_asked, later = open_watches[:5], open_watches[5:]
        answer = ports.crm.changes(now_asked)
        calls += 1
        asked = list(zip(now_asked, answer.pages, strict=True))
        marks = [_watermark(watch, page, answer.server_time) for watch, page in asked]
        behind = [_behind(watch, page) for watch, page in asked if not page.complete]
        open_watches = _in_turn(behind, marks, later)
        if first and not open_watches:
            marks += _starting_marks(known, answer.server_time)
        changes = [change for page in answer.pages for change in page.changes]
        directory = _people(changes, capabilities) | _accounts(changes)
        new_rows += ports.states.record_changes(
            list(_logged(changes)),
            directory,
            marks,
            opportunities=_opportunities(changes),
            users=_users(changes),
            frozen=_frozen(changes),
        )
    return TickReport(calls, new_rows, complete=not open_watches)


def _slow_set(number: int) -> Collection[str]:
    turn, amid = divmod(number, SLOW_EVERY)
    if amid:
        return ()
    if turn % FROZEN_EVERY != FROZEN_EVERY - 1:
        return SLOW
    return {*SLOW, USER_LOGIN} - {STANDS_BACK}


def was_read(known: Collection[str]) -> bool:
    """Whether the directory was read once from its beginning to its end: before that nobody can be told apart
    from a stranger, and no session begins.
    """
    return all(name in known for name in (*FAST, *SLOW))


def read_until(known: Mapping[str, Watermark], name: str) -> datetime:
    """When all that there was of an object was read last, by the org's clock."""
    mark = known[name]
    return mark.modstamp if mark.record_id else mark.modstamp + OVERLAP


def is_torn(known: Mapping[str, Watermark]) -> bool:
    """Whether what decides about mails is read by halves: between two pages a converted Lead may be gone and
    its Contact not yet there, and a mail would be linked to nobody for good.
    """
    return any(_half_read(known.get(name)) for name in READ_WHOLE)


def _half_read(mark: Watermark | None) -> bool:
    """A worker died, or the calls of a tick were used up, between two pages: mail waits for these people."""
    return mark is not None and bool(mark.record_id)


def after_failure(error: CrosstieError, failures: int, now: datetime) -> datetime:
    """When the org is asked again, after so many ticks in a row that failed; the vendor's own wish comes first."""
    pause: timedelta = min(PAUSE * 2 ** min(failures, 10), LONGEST_PAUSE)
    wished = error.until if isinstance(error, Throttled) else None
    return max(now + pause, wished) if wished else now + pause


def _watch(name: str, mark: Watermark | None, capabilities: CrmCapabilities) -> Watch:
    """A field that was not asked for before, such as a new one for a second address, is asked of all records of
    which all are read.
    """
    fields = _fields(name, capabilities)
    if mark is None or (name in READ_WHOLE and not set(fields) <= set(mark.fields)):
        return Watch(name, BEGINNING, fields=fields)
    return Watch(name, mark.modstamp, mark.record_id, fields)


def _fields(name: str, capabilities: CrmCapabilities) -> tuple[str, ...]:
    emails = tuple(capabilities.email_fields.get(name, ()))
    extra = {
        CONTACT: ("AccountId", "CreatedDate"),
        LEAD: ("IsConverted", "CreatedDate"),
        USER: ("IsActive", "CreatedDate"),
        USER_LOGIN: ("UserId", "IsFrozen"),
        ACCOUNT: ("Website", "CreatedDate"),
        OPPORTUNITY: ("AccountId", "IsClosed", "CloseDate", "LastModifiedDate", "CreatedDate"),
        EVENT: ("IsChild", "GroupEventType", "IsRecurrence"),
        EVENT_RELATION: ("EventId", "Event.OwnerId", "Event.IsDeleted"),
    }
    return emails + extra.get(name, ())


def _in_turn(behind: Sequence[Watch], marks: Sequence[Watermark], later: Sequence[Watch]) -> list[Watch]:
    """With each further page of Leads go the Contacts, though they were read to their end: as in the order of
    reading, who is converted meanwhile is never nobody.
    """
    people = [watch for watch in behind if watch.object in (LEAD, CONTACT)]
    if [watch.object for watch in people] == [LEAD]:
        people += [Watch(CONTACT, one.modstamp, fields=one.fields) for one in marks if one.object == CONTACT]
    return [*people, *later, *(watch for watch in behind if watch not in people)]


def _behind(watch: Watch, page: ChangePage) -> Watch:
    last = page.changes[-1]
    return Watch(watch.object, last.modstamp, last.record_id, watch.fields)


def _watermark(watch: Watch, page: ChangePage, server_time: datetime) -> Watermark:
    """Complete: everything older than the overlap is known. Else: as far as the last row."""
    if page.complete or not page.changes:
        return Watermark(page.object, server_time - OVERLAP, fields=watch.fields)
    last = page.changes[-1]
    return Watermark(page.object, last.modstamp, last.record_id, watch.fields)


def _starting_marks(known: Collection[str], server_time: datetime) -> list[Watermark]:
    """Activities that were there before the first session are not changes."""
    fresh = [name for name in (*FAST, *SLOW) if name not in READ_WHOLE and name not in known]
    return [Watermark(name, server_time - OVERLAP) for name in fresh]


def _logged(changes: Iterable[RecordChange]) -> Iterator[RecordChange]:
    """What is somebody's to look at: appointments, and those whose people or answers changed, once a moment."""
    touched: dict[tuple[str, datetime], RecordChange] = {}
    for change in changes:
        if change.object == EVENT_RELATION:
            event_id = change.fields.get("EventId")
            if isinstance(event_id, str) and _has_event(change):
                owner = str(change.fields.get("Event.OwnerId") or "")
                touched.setdefault(
                    (event_id, change.modstamp), RecordChange(EVENT, event_id, change.modstamp, False, owner)
                )
        elif change.object != USER_LOGIN and (change.object != EVENT or _is_appointment(change)):
            yield change
    yield from touched.values()


def _is_appointment(change: RecordChange) -> bool:
    """An invited user's copy follows the organiser's row, and the row of a series its occurrences."""
    fields = change.fields
    return not (fields.get("IsChild") or fields.get("IsRecurrence") or fields.get("GroupEventType") == PATTERN)


def _has_event(change: RecordChange) -> bool:
    """A deleted Event takes its relations along, and its own row says so: they must not say that it lives."""
    gone = change.fields.get("Event.IsDeleted")
    return gone is False if change.deleted else gone is not True


def _people(
    changes: Iterable[RecordChange], capabilities: CrmCapabilities
) -> dict[str, tuple[frozenset[str], Person | None]]:
    """Record id → its addresses and the person; None for one that is deleted, converted or inactive."""
    return {
        change.record_id: (_addresses(change.fields, capabilities.email_fields[change.object]), _person(change))
        for change in changes
        if change.object in DIRECTORY
    }


def _addresses(fields: Mapping[str, object], names: Sequence[str]) -> frozenset[str]:
    values = (fields.get(name) for name in names)
    return frozenset(canonical(value) for value in values if isinstance(value, str) and value.strip())


def _person(change: RecordChange) -> Person | None:
    fields = change.fields
    if change.deleted or fields.get("IsConverted") is True or fields.get("IsActive") is False:
        return None
    created = fields.get("CreatedDate")
    account = fields.get("AccountId")
    return Person(
        object=change.object,
        record_id=change.record_id,
        account_id=account if isinstance(account, str) else "",
        created_at=created if isinstance(created, datetime) else None,
    )


def _accounts(changes: Iterable[RecordChange]) -> dict[str, tuple[frozenset[str], Person | None]]:
    """Record id → the domain of its website, and the Account as the directory has it."""
    return {
        change.record_id: (_domains(change.fields.get("Website")), _account(change))
        for change in changes
        if change.object == ACCOUNT
    }


def _domains(website: object) -> frozenset[str]:
    found = website_domain(website) if isinstance(website, str) else ""
    return frozenset({found}) if found else frozenset()


def _account(change: RecordChange) -> Person | None:
    created = change.fields.get("CreatedDate")
    known_since = created if isinstance(created, datetime) else None
    return None if change.deleted else Person(ACCOUNT, change.record_id, change.record_id, known_since)


def _users(changes: Iterable[RecordChange]) -> dict[str, bool]:
    """User id → whether they are active, as far as we may see that."""
    users = (change for change in changes if change.object == USER)
    return {one.record_id: not one.deleted and one.fields.get("IsActive") is not False for one in users}


def _frozen(changes: Iterable[RecordChange]) -> dict[str, bool]:
    """User id → whether they are frozen: they are active, and cannot sign in."""
    logins = (change.fields for change in changes if change.object == USER_LOGIN)
    return {str(one["UserId"]): one.get("IsFrozen") is True for one in logins if one.get("UserId")}


def _opportunities(changes: Iterable[RecordChange]) -> dict[str, Opportunity | None]:
    """Record id → the open Opportunity; None for one that is closed, deleted or without an Account."""
    return {change.record_id: _opportunity(change) for change in changes if change.object == OPPORTUNITY}


def _opportunity(change: RecordChange) -> Opportunity | None:
    """Of one whose fields are kept from us nothing is known, so nothing is related to it."""
    fields = change.fields
    account, closes_on = fields.get("AccountId"), _day(fields.get("CloseDate"))
    modified, created = fields.get("LastModifiedDate"), fields.get("CreatedDate")
    if change.deleted or fields.get("IsClosed") is not False or not isinstance(account, str) or closes_on is None:
        return None
    if not isinstance(modified, datetime) or not isinstance(created, datetime):
        return None
    return Opportunity(change.record_id, account, change.owner_id, closes_on, modified, created)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
