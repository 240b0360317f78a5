"""People invited to an event: a user gets an event of his own, which follows the organiser's; others get none."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError, integrity, not_writable
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.write import Write
from sandbox.switches import declare

NEW_OWNER_STAYS_INVITED = declare(
    "salesforce.new_owner_stays_invited",
    default=False,
    question="Does an invited user who becomes an event's owner keep his invitation and his own copy?",
    source="object reference: the organizer is not invited; it is silent on who becomes it",
)
DELETED_COPY_DECLINES = declare(
    "salesforce.deleted_copy_declines",
    default=True,
    question="Has an invited user who deletes his copy of an event declined (or is he not invited any more)?",
    source="help pages speak of removing the event from one's calendar",
)
INACTIVE_GUESTS_ARE_REFUSED = declare(
    "salesforce.inactive_guests_are_refused",
    default=True,
    question="Is the invitation of a user who is not active any more refused?",
    source="recall; the reference says of owners alone that they must be active",
)
USER, CALENDAR = "005", "023"
GROUP, ALONE, SERIES = "1", "0", "3"
STATUSES = {
    "AcceptedEventInviteeIds": ("Accepted",),
    "DeclinedEventInviteeIds": ("Declined",),
    "UndecidedEventInviteeIds": ("New",),
}
"""Lists of an event's invitees, by the status of their relations."""
REMINDER = ("ReminderDateTime", "IsReminderSet")
"""All an invitee may change about his event."""
COPIED = (
    "Subject", "Location", "IsAllDayEvent", "ActivityDateTime", "ActivityDate", "StartDateTime", "EndDateTime",
    "EndDate", "DurationInMinutes", "Description", "ShowAs", "IsPrivate", "EventSubtype", "WhoId", "WhatId",
    "AccountId",
)  # fmt: skip


def refuse_changes(write: Write) -> None:
    """An invitee's event takes a reminder, and nothing else from anybody but the organiser's event."""
    if write.old is not None and write.old.get("IsChild"):
        refused = [name for name in write.given if name not in REMINDER]
        if refused:
            raise not_writable(refused)


def check(write: Write) -> None:
    """One invitation on its way in."""
    event = write.core.live(write.draft.get("EventId")) or {}
    person = write.draft.get("RelationId") or ""
    if event.get("IsChild"):
        raise integrity("People are invited to the organizer's event.", "EventId")
    _check_guest(write.core, event, person, "RelationId")
    if person.startswith((USER, CALENDAR)) and (write.draft.get("IsParent") or write.draft.get("IsWhat")):
        raise integrity("A user or resource can only be an invitee.", "RelationId")


def _check_guest(core: Core, event: Mapping[str, Any], person: Id, field: str) -> None:
    if person.startswith(USER) and person == event.get("OwnerId"):
        raise integrity("The organizer cannot be invited.", field)
    user = core.row(person) if person.startswith(USER) else None
    refuses = core.switches.on(INACTIVE_GUESTS_ARE_REFUSED)
    if refuses and user is not None and not user.get("IsActive"):
        raise SalesforceError(
            "INACTIVE_OWNER_OR_USER", f"operation performed with inactive user [{person}]", fields=(field,)
        )
    calendar = core.row(person) if person.startswith(CALENDAR) else None
    if calendar is not None and not (calendar.get("IsActive") and calendar.get("Type") == "Resource"):
        raise integrity("Only an active resource can be invited.", field)


def invited(core: Core, event: Id) -> list[Row]:
    """Invitations of an event; without Shared Activities every relation is one."""
    rows = core.pointing("EventRelation", "EventId", event)
    return [row for row in rows if row.get("IsInvitee") or not core.features.shared_activities]


def follow(core: Core, event: Id, user: Id) -> None:
    """After an invitation came or went: invited users' events are made and taken away, and the event says so.

    The row of a series stands for no appointment: its occurrences have guests.
    """
    row = core.live(event)
    if row is None or row.get("IsRecurrence") or row.get("GroupEventType") == SERIES:
        return
    invitations = invited(core, event)
    children = core.child_events.setdefault(event, {})
    users = {one["RelationId"] for one in invitations if one["RelationId"].startswith(USER)}
    for person in sorted(users):
        if person not in children:
            children[person] = _child(core, row, person, user)
    for person, child in list(children.items()):
        if person not in users:
            del children[person]
            _withdraw(core, child, user)
    kind = {"IsGroupEvent": bool(invitations), "GroupEventType": GROUP if invitations else ALONE}
    if any(row.get(name) != value for name, value in kind.items()):
        core.change("Event", row, kind, stamp=core.stamp(row), user=user)


def _child(core: Core, event: Row, person: Id, user: Id) -> Id:
    values: dict[str, Any] = {name: event.get(name) for name in COPIED}
    values |= {"OwnerId": person, "IsChild": True, "IsGroupEvent": True, "GroupEventType": GROUP}
    return str(core.put_new("Event", values, user, core.stamp())["Id"])


def _withdraw(core: Core, child: Id, user: Id) -> None:
    row = core.live(child)
    if row is not None:
        stamp = core.stamp(row)
        core.change("Event", row, {"IsDeleted": True}, stamp=stamp, user=user)
        core.bin.append((stamp, child))


def children_of(core: Core, event: Id) -> Iterator[Id]:
    return (child for child in core.child_events.get(event, {}).values() if core.live(child) is not None)


def carry_over(core: Core, event: Id, says: Mapping[str, Any], user: Id) -> None:
    """What the organiser's event says now, the invitees' events say too."""
    for child in children_of(core, event):
        row = core.live(child) or {}
        changes = {name: says.get(name) for name in COPIED if row.get(name) != says.get(name)}
        if changes:
            core.change("Event", row, changes, stamp=core.stamp(row), user=user)


def copy_guests(core: Core, pattern: Id, occurrence: Id, user: Id) -> None:
    """Who is invited to a series is invited to each of its occurrences."""
    for row in invited(core, pattern):
        known = core.pointing("EventRelation", "EventId", occurrence)
        same = next((one for one in known if one["RelationId"] == row["RelationId"]), None)
        facts = {name: row.get(name) for name in ("Status", "RespondedDate", "IsInvitee") if name in row}
        if same is not None:
            core.change("EventRelation", same, facts, stamp=core.stamp(same), user=user)
        else:
            whom = {"EventId": occurrence, "RelationId": row["RelationId"]}
            core.put_new("EventRelation", facts | whom, user, core.stamp())
    follow(core, occurrence, user)


def hand_over(write: Write) -> None:
    """Whoever owns the event now is its organiser, and not his own guest."""
    if write.new or not write.changed("OwnerId") or write.core.switches.on(NEW_OWNER_STAYS_INVITED):
        return
    own = [row for row in invited(write.core, write.id) if row["RelationId"] == write.draft["OwnerId"]]
    for row in own:
        write.core.forget(row["Id"])
    if own:
        follow(write.core, write.id, write.user)


def copy_deleted(core: Core, copy: Row, user: Id) -> None:
    """An invited user's event was deleted by itself; the organiser's stays."""
    owned = (event for event, children in core.child_events.items() if copy["Id"] in children.values())
    event = next(owned, "")
    rows = [row for row in invited(core, event) if row["RelationId"] == copy["OwnerId"]] if event else []
    for row in rows:
        if core.switches.on(DELETED_COPY_DECLINES):
            answer = {"Status": "Declined", "RespondedDate": core.now()}
            core.change("EventRelation", row, answer, stamp=core.stamp(row), user=user)
        else:
            core.forget(row["Id"])
            follow(core, event, user)


def save_lists(write: Write) -> None:
    """The lists of an event's body: who is in one is invited with its status, who is left out of it is not."""
    core, changed = write.core, False
    for name, statuses in STATUSES.items():
        wanted = write.lists.get(name)
        if wanted is None:
            continue
        changed = True
        rows = {row["RelationId"]: row for row in core.pointing("EventRelation", "EventId", write.id)}
        for person, row in rows.items():
            if row.get("Status") in statuses and person not in wanted:
                _uninvite(core, row, write.user)
        for person in wanted:
            _check_guest(core, write.draft, person, name)
            _invite(write, rows.get(person), person, statuses[0])
    if changed:
        follow(core, write.id, write.user)


def _uninvite(core: Core, row: Row, user: Id) -> None:
    if row.get("IsParent"):
        core.change("EventRelation", row, {"IsInvitee": False, "Status": None}, stamp=core.stamp(row), user=user)
    else:
        core.forget(row["Id"])


def _invite(write: Write, row: Row | None, person: Id, status: str) -> None:
    core = write.core
    facts: dict[str, Any] = {"Status": status, "RespondedDate": None if status == "New" else core.now()}
    if core.features.shared_activities:
        facts["IsInvitee"] = True
    if row is None:
        core.put_new(
            "EventRelation", facts | {"EventId": write.id, "RelationId": person}, write.user, core.stamp()
        )
    elif row.get("Status") != status:
        core.change("EventRelation", row, facts, stamp=core.stamp(row), user=write.user)
