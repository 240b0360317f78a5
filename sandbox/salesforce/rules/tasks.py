"""Tasks: closed or not, and their people."""

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError, duplicate_value
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.rules import activities
from sandbox.salesforce.rules.activities import NOT_MODELLED, TASK
from sandbox.salesforce.rules.base import NoRules
from sandbox.salesforce.write import Write

CLOSED = frozenset({"Completed"})
HIGH = frozenset({"High"})


class TaskRules(NoRules):
    def prepare(self, write: Write) -> None:
        activities.refuse_archived(write)
        draft = write.draft
        if draft.get("IsRecurrence"):
            raise SalesforceError(NOT_MODELLED, "Recurring tasks are not modelled.", fields=("IsRecurrence",))
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
