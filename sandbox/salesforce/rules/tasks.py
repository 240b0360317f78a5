"""Tasks: closed or not, and their people."""

from collections.abc import Iterable

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import duplicate_value
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.rules import activities, taskseries
from sandbox.salesforce.rules.activities import TASK
from sandbox.salesforce.rules.base import NoRules
from sandbox.salesforce.write import Write

CLOSED = frozenset({"Completed"})
HIGH = frozenset({"High"})


class TaskRules(NoRules):
    def prepare(self, write: Write) -> None:
        activities.refuse_archived(write)
        draft = write.draft
        taskseries.prepare(write)
        write.default("TaskSubtype", "Task")
        activities.prepare_people(write, TASK)
        draft["IsClosed"] = draft.get("Status") in CLOSED
        draft["IsHighPriority"] = draft.get("Priority") in HIGH
        if not draft["IsClosed"]:
            draft["CompletedDateTime"] = None
        elif write.changed("IsClosed"):
            draft["CompletedDateTime"] = write.core.now()

    def saved(self, write: Write) -> None:
        activities.save_relations(write, TASK)
        activities.count_relations(write, TASK)
        taskseries.saved(write)

    def goes_with(self, core: Core, row: Row) -> Iterable[Id]:
        """What a series has still to be done goes with it; what is done stays."""
        rows = (core.live(one) for one in core.series.get(row["Id"], ()))
        return [one["Id"] for one in rows if one is not None and not one.get("IsClosed")]


class TaskRelationRules(NoRules):
    def prepare(self, write: Write) -> None:
        refuse_second_relation(write, "TaskId")

    def saved(self, write: Write) -> None:
        activities.follow_relations(write.core, TASK, write.draft["TaskId"], write.user)

    def skips_bin(self, core: Core) -> bool:
        """The object reference says so, and that queryAll is no way to see such deletions."""
        return True

    def removed(self, core: Core, user: Id, row: Row) -> None:
        activities.follow_relations(core, TASK, row["TaskId"], user)


def refuse_second_relation(write: Write, key: str) -> None:
    """A person or record is related to an activity once."""
    activity, relation = write.draft.get(key), write.draft.get("RelationId")
    if not write.new or activity is None:
        return
    for row in write.core.pointing(write.shape.name, key, activity):
        if row["RelationId"] == relation and row["Id"] != write.id:
            raise duplicate_value("RelationId", row["Id"][:15])
