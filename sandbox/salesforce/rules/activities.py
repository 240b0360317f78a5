"""What tasks and events share: the people and the record they are about, and the rows that say so."""

from dataclasses import dataclass
from typing import Any

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError, integrity
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.write import Write
from sandbox.switches import declare

LEAD_EXCLUDES_WHAT = declare(
    "salesforce.lead_excludes_what",
    default=True,
    question="Is an activity of a lead refused when it is related to a record too?",
    source="notes 4.8, recall",
)
LEAD_STANDS_ALONE = declare(
    "salesforce.lead_stands_alone",
    default=True,
    question="Is an activity refused whose people are a lead and others?",
    source="notes 4.8, recall",
)
ARCHIVED_IS_READ_ONLY = declare(
    "salesforce.archived_is_read_only",
    default=True,
    question="Is an update of an archived activity refused?",
    source="notes 4.8, recall",
)

LEAD, CONTACT, ACCOUNT, OPPORTUNITY = "00Q", "003", "001", "006"
MAX_WHOS = 50
NOT_MODELLED = "FUNCTIONALITY_NOT_ENABLED"
"""The code of what a real org does and this sandbox does not yet: a clear refusal instead of a wrong answer."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Where one kind of activity keeps its relations."""

    relation: str
    key: str
    whos: str


TASK = Activity("TaskRelation", "TaskId", "TaskWhoIds")
EVENT = Activity("EventRelation", "EventId", "EventWhoIds")


def prepare_people(write: Write, kind: Activity) -> None:
    """Bring WhoId and the list of people in line, refuse what cannot be combined, derive AccountId."""
    draft = write.draft
    whos = write.lists.get(kind.whos)
    if whos is not None:
        whos = _in_line(write, whos)
        write.lists[kind.whos] = whos
        draft["WhoId"] = whos[0] if whos else None
    elif write.changed("WhoId"):
        write.lists[kind.whos] = _primary_replaced(write, kind)
    draft.pop(kind.whos, None)
    _refuse_mixtures(write, write.lists.get(kind.whos) or [], kind)
    if write.new or write.changed("WhoId", "WhatId"):
        draft["AccountId"] = account_of(write.core, draft.get("WhatId"), draft.get("WhoId"))


def _in_line(write: Write, whos: list[Id]) -> list[Id]:
    primary = write.given.get("WhoId")
    return [primary, *(who for who in whos if who != primary)] if primary else whos


def _primary_replaced(write: Write, kind: Activity) -> list[Id]:
    """WhoId alone was set: it takes the place of the old first person, the others stay."""
    old = write.old or {}
    others = [] if write.new else [who for who in whos_of(write.core, kind, old["Id"]) if who != old.get("WhoId")]
    primary = write.draft.get("WhoId")
    if primary is None:
        return others[:0]
    return [primary, *(who for who in others if who != primary)]


def _refuse_mixtures(write: Write, whos: list[Id], kind: Activity) -> None:
    on, draft = write.core.switches.on, write.draft
    leads = [who for who in whos if who[:3] == LEAD]
    if leads and len(whos) > 1 and on(LEAD_STANDS_ALONE):
        raise integrity("You can relate an activity to one lead or to contacts, not to both.", kind.whos)
    if len(whos) > MAX_WHOS:
        raise integrity(f"You can relate an activity to at most {MAX_WHOS} contacts.", kind.whos)
    if draft.get("WhatId") and (draft.get("WhoId") or "").startswith(LEAD) and on(LEAD_EXCLUDES_WHAT):
        raise integrity("Related To ID: a value is not allowed when the Name is a lead.", "WhatId")


def account_of(core: Core, what: Id | None, who: Id | None) -> Id | None:
    """The account an activity counts for: that of its account or deal; for other records its contact's."""
    record = core.row(what)
    if record is not None and record["Id"].startswith(ACCOUNT):
        return str(record["Id"])
    source = record if record is not None and record["Id"].startswith(OPPORTUNITY) else None
    if source is None and who is not None and who.startswith(CONTACT):
        source = core.row(who)
    account = source.get("AccountId") if source is not None else None
    return account if isinstance(account, str) else None


def whos_of(core: Core, kind: Activity, activity: Id) -> list[Id]:
    """The people of an activity in the order they were related, the first one first."""
    rows = core.pointing(kind.relation, kind.key, activity)
    return [row["RelationId"] for row in rows if not row.get("IsWhat") and not _only_invited(row)]


def _only_invited(row: Row) -> bool:
    return bool(row.get("IsInvitee")) and not row.get("IsParent")


def save_relations(write: Write, kind: Activity) -> None:
    """Make the relation rows say what WhoId, WhatId and the list say; a row that still fits stays."""
    if not write.core.features.shared_activities:
        return
    whos = write.lists.get(kind.whos)
    if whos is not None:
        _save_whos(write, kind, whos)
    if write.changed("WhatId"):
        _save_what(write, kind)


def _save_whos(write: Write, kind: Activity, whos: list[Id]) -> None:
    core = write.core
    for row in core.pointing(kind.relation, kind.key, write.id):
        if not row.get("IsWhat") and not _only_invited(row) and row["RelationId"] not in whos:
            drop(core, kind, row, write.user)
    held = whos_of(core, kind, write.id)
    for who in whos:
        if who not in held:
            add(core, kind, write.id, who, write.user)


def _save_what(write: Write, kind: Activity) -> None:
    core, what = write.core, write.draft.get("WhatId")
    for row in core.pointing(kind.relation, kind.key, write.id):
        if row.get("IsWhat") and row["RelationId"] != what:
            drop(core, kind, row, write.user)
    if what and what_of(core, kind, write.id) is None:
        add(core, kind, write.id, what, write.user, is_what=True)


def what_of(core: Core, kind: Activity, activity: Id) -> Id | None:
    rows = core.pointing(kind.relation, kind.key, activity)
    return next((row["RelationId"] for row in rows if row.get("IsWhat")), None)


def add(core: Core, kind: Activity, activity: Id, relation: Id, user: Id, *, is_what: bool = False) -> None:
    """Who is invited already keeps his one row, which then says both."""
    for row in core.pointing(kind.relation, kind.key, activity):
        if row["RelationId"] == relation and _only_invited(row):
            core.change(kind.relation, row, {"IsParent": True}, stamp=core.stamp(row), user=user)
            return
    values: dict[str, Any] = {kind.key: activity, "RelationId": relation, "IsWhat": is_what}
    values["AccountId"] = account_of(core, relation if is_what else None, None if is_what else relation)
    if kind is EVENT:
        values["IsParent"] = True
    core.put_new(kind.relation, values, user, core.stamp())


def drop(core: Core, kind: Activity, row: Row, user: Id) -> None:
    """A relation taken away leaves no row behind, unless the person stays invited."""
    if row.get("IsInvitee"):
        core.change(kind.relation, row, {"IsParent": False}, stamp=core.stamp(row), user=user)
    else:
        core.forget(row["Id"])


def follow_relations(core: Core, kind: Activity, activity: Id, user: Id) -> None:
    """After a relation row was written or deleted by itself: the activity says what its rows say.

    The next person takes the place of the first one when that one is gone.
    """
    row = core.live(activity)
    if row is None:
        return
    whos, what = whos_of(core, kind, activity), what_of(core, kind, activity)
    who = row.get("WhoId") if row.get("WhoId") in whos else next(iter(whos), None)
    now = {"WhoId": who, "WhatId": what, "WhoCount": len(whos), "WhatCount": 1 if what else 0}
    if any(row.get(name) != value for name, value in now.items()):
        now["AccountId"] = account_of(core, what, who)
        core.change(core.shape_of(activity).name, row, now, stamp=core.stamp(row), user=user)


def refuse_archived(write: Write) -> None:
    if write.old is not None and write.old.get("IsArchived") and write.core.switches.on(ARCHIVED_IS_READ_ONLY):
        raise SalesforceError("ENTITY_IS_ARCHIVED", "entity is archived")


def count_relations(write: Write, kind: Activity) -> None:
    """WhoCount and WhatCount follow the relation rows."""
    if write.core.features.shared_activities:
        counts = {
            "WhoCount": len(whos_of(write.core, kind, write.id)),
            "WhatCount": 1 if write.draft.get("WhatId") else 0,
        }
        stored = write.core.row(write.id)
        if stored is not None and any(stored.get(name) != value for name, value in counts.items()):
            write.core.change(write.shape.name, stored, counts)
