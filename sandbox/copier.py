"""Another product that copies appointments between calendars and an org, and knows of nobody else's pairs.

What it has not copied yet it takes for new: an appointment becomes an Event of its person, an Event an
appointment, its own copies excepted. Two such products double everything at each of their rounds.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sandbox.mailboxes.calendar.model import Appointment, Details
from sandbox.salesforce import rival
from sandbox.salesforce.records import Row
from sandbox.salesforce.switches import RIVAL_COPIES_EVENTS

if TYPE_CHECKING:
    from sandbox.mailboxes.model import Mailbox
    from sandbox.salesforce.org import Org
    from sandbox.world import World

MOST = 50
"""Of a person's in one round, in each direction."""
TOLD = ("Subject", "StartDateTime", "EndDateTime")


def run(world: "World", org: "Org") -> None:
    """If it is on and its time has come, for everybody who has a mailbox and is a user."""
    now, mischief = org.core.clock.now(), org.mischief
    if not world.switches.on(RIVAL_COPIES_EVENTS):
        return
    if mischief.copies_due is not None and now < mischief.copies_due:
        return
    mischief.copies_due = now + rival.EVERY
    before, mischief.acting = mischief.acting, True
    try:
        for box in world.mailboxes.mailboxes:
            user = _user(org, box.address)
            if user:
                _copy(world, org, box, user)
    finally:
        mischief.acting = before


def _user(org: "Org", address: str) -> str:
    rows = org.core.store.table("User").rows.values()
    return next((str(row["Id"]) for row in rows if row.get("Email") == address and row.get("IsActive")), "")


def _copy(world: "World", org: "Org", box: "Mailbox", user: str) -> None:
    """What was there when it began its round."""
    copied = org.mischief.copied
    items = [one for one in box.appointments.values() if _is_open(world, one) and _named(box, one) not in copied]
    records = [row for row in org.core.store.table("Event").rows.values() if _is_theirs(world, row, user)]
    for item in items[:MOST]:
        details = item.details
        told = {
            "Subject": details.subject,
            "StartDateTime": _moment(details.start),
            "EndDateTime": _moment(details.end),
        }
        record = org.dml.insert(rival.user(org), "Event", {**told, "OwnerId": user})
        copied |= {_named(box, item), record}
    for row in [one for one in records if one["Id"] not in copied][:MOST]:
        details = Details(
            subject=str(row.get("Subject") or ""), start=row["StartDateTime"], end=row["EndDateTime"]
        )
        item = world.mailboxes.meetings.create(box, details)
        copied |= {_named(box, item), row["Id"]}


def _named(box: "Mailbox", item: Appointment) -> str:
    return f"{box.address}/{item.number}"


def _is_open(world: "World", item: Appointment) -> bool:
    start = item.details.start
    return bool(item.calendar) and item.rule is None and isinstance(start, datetime) and start > world.clock.now()


def _is_theirs(world: "World", row: Row, user: str) -> bool:
    if row.get("OwnerId") != user or row.get("IsDeleted") or row.get("IsChild") or row.get("IsAllDayEvent"):
        return False
    return (
        all(isinstance(row.get(name), datetime) for name in TOLD[1:]) and row["StartDateTime"] > world.clock.now()
    )


def _moment(value: datetime | date) -> Any:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"
