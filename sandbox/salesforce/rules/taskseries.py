"""Tasks that come again: on the days of a series, or some days after the last one was due or done."""

from datetime import datetime, time, timedelta
from typing import Any

from sandbox.salesforce.errors import integrity, required_missing
from sandbox.salesforce.ids import Id
from sandbox.salesforce.rules import activities
from sandbox.salesforce.rules.activities import TASK
from sandbox.salesforce.rules.recurrence import check_classic, classic_days
from sandbox.salesforce.write import Write

AFTER_DUE, AFTER_TODAY, DONE = (
    "RecurrenceRegenerateAfterDueDate",
    "RecurrenceRegenerateAfterToday",
    "RecurrenceRegenerated",
)
AGAIN = ("RecurrenceRegeneratedType", "RecurrenceInterval")
"""What the next one keeps of the one before it."""
OWN = ("Id", "ActivityDate", "CompletedDateTime", "IsClosed", "Status", "ReminderDateTime", "IsReminderSet")


def prepare(write: Write) -> None:
    draft, old = write.draft, write.old or {}
    if old.get("IsRecurrence") and write.changed("Status"):
        raise integrity("Status: a series has none to change; its tasks have.", "Status")
    if draft.get("RecurrenceRegeneratedType") not in (None, DONE):
        if draft.get("IsRecurrence"):
            raise integrity("A task comes again in one way.", "RecurrenceRegeneratedType")
        if draft.get("RecurrenceInterval") is None:
            raise required_missing(["RecurrenceInterval"])
    if write.new and draft.get("IsRecurrence"):
        check_classic(draft, "RecurrenceStartDateOnly", "RecurrenceEndDateOnly")
        draft["RecurrenceActivityId"] = write.id
        draft["ActivityDate"] = draft["RecurrenceStartDateOnly"]


def saved(write: Write) -> None:
    draft, core = write.draft, write.core
    if write.new and draft.get("IsRecurrence"):
        start = datetime.combine(draft["RecurrenceStartDateOnly"], time())
        days = list(classic_days(draft, start))
        if not days:
            raise integrity("The series has no task.", "RecurrenceStartDateOnly")
        core.series[write.id] = [
            _next(write, {"ActivityDate": day.date(), "RecurrenceActivityId": write.id}) for day in days
        ]
    elif draft.get("IsClosed") and write.changed("IsClosed"):
        _again(write)


def _again(write: Write) -> None:
    """A task that was done brings the next one."""
    draft, core = write.draft, write.core
    kind = draft.get("RecurrenceRegeneratedType")
    if kind not in (AFTER_DUE, AFTER_TODAY):
        return
    begins = draft.get("ActivityDate") if kind == AFTER_DUE else None
    due = (begins or core.now().date()) + timedelta(days=int(draft["RecurrenceInterval"]))
    core.change("Task", core.live(write.id) or draft, {"RecurrenceRegeneratedType": DONE})
    _next(write, {"ActivityDate": due, **{name: draft[name] for name in AGAIN}})


def _next(write: Write, facts: dict[str, Any]) -> Id:
    core, draft, fields = write.core, write.draft, write.shape.fields
    kept = {
        name: value
        for name, value in draft.items()
        if name not in OWN and not name.startswith("Recurrence") and name != "IsRecurrence"
        and name in fields and not fields[name].custom
    }  # fmt: skip
    row = core.put_new("Task", kept | {"Status": "Not Started"} | facts, write.user, draft["SystemModstamp"])
    if core.features.shared_activities:
        for field in ("WhoId", "WhatId"):
            if draft.get(field):
                activities.add(core, TASK, row["Id"], draft[field], write.user, is_what=field == "WhatId")
    return str(row["Id"])
