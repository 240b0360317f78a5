"""How far a user's access to one row goes, and every reason for it.

Owners, their managers, queues, org-wide defaults, shares with people and groups, sharing rules, parents, and what
an account owes to its children. None of it moves a SystemModstamp: who may see a row changes in silence.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from sandbox.salesforce.formula.parse import Formula
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row

if TYPE_CHECKING:
    from sandbox.salesforce.core import Core

OrgDefault = Literal["private", "read", "edit", "full", "parent"]
"""`full` lets everybody delete too: the vendor has it for campaigns only; here it is what an org starts with, so
that nobody is kept from anything before somebody has set sharing up. `parent`: as the account (contacts) or the
records an activity is about."""


class Level(IntEnum):
    NONE = 0
    READ = 1
    EDIT = 2
    ALL = 3
    """Deleting and transferring too."""


OWN_DEFAULTS: dict[OrgDefault, Level] = {
    "private": Level.NONE,
    "read": Level.READ,
    "edit": Level.EDIT,
    "full": Level.ALL,
    "parent": Level.NONE,
}
DETAILS = {
    "OpportunityContactRole": "OpportunityId",
    "TaskRelation": "TaskId",
    "EventRelation": "EventId",
    "EmailMessageRelation": "EmailMessageId",
}
"""Objects whose rows are seen with another row, whatever anybody set; custom details add theirs."""
OWN = {"LoginHistory": "PermissionsManageUsers", "OauthToken": "PermissionsCustomizeApplication"}
"""Objects whose rows are their user's, each with the permission that shows those of everybody (object reference):
to see all data is not enough.
"""
MANAGED = "UserLogin"
"""Wants Manage Users to be seen at all (object reference)."""
SHOWN: dict[OrgDefault, str] = {
    "private": "None",
    "read": "Read",
    "edit": "Edit",
    "full": "Edit",
    "parent": "ControlledByParent",
}
TOLD = ("Account", "Contact", "Opportunity", "Lead", "Case")
"""Objects whose default stands in a field of the organization."""
ACTIVITIES = ("Task", "Event")
ACCOUNT_CHILDREN = ("Contact", "Opportunity", "Case")
Judge = Callable[["Core", Formula, Id, str, Row], bool]


class SharingRule(NamedTuple):
    name: str
    object: str
    condition: Formula
    to: Id
    """A user, a group, a queue or a role."""
    level: Level


@dataclass(slots=True)
class Sharing:
    core: "Core"
    judge: Judge
    """Whether a rule's condition holds on a row."""
    defaults: dict[str, OrgDefault] = field(default_factory=dict)
    """What is not here is `full`."""
    shares: dict[Id, dict[Id, Level]] = field(default_factory=dict)
    """By record: with whom (user, group or role) it is shared by hand, and how far."""
    rules: list[SharingRule] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=lambda: dict(DETAILS))

    def default(self, object_name: str) -> OrgDefault:
        return self.defaults.get(object_name, "full")

    def told(self, object_name: str) -> str:
        """As Organization says it: leads and cases that everybody may edit are everybody's to transfer too."""
        default = self.default(object_name)
        transfers = object_name in ("Lead", "Case") and default in ("edit", "full")
        return "ReadEditTransfer" if transfers else SHOWN[default]

    def open_to_all(self, object_name: str) -> bool:
        """Everybody may read every row, so that rows need not be asked one by one."""
        if object_name in OWN:
            return False
        if object_name == "EmailMessage":
            return self.open_to_all("Task")
        if object_name in self.details:
            target = self.core.shape(object_name).fields[self.details[object_name]].to[0]
            return self.open_to_all(target)
        return object_name != "Event" and self.default(object_name) in ("read", "edit", "full")

    def level(self, user: Id, object_name: str, row: Row) -> Level:
        """What sharing alone gives; profiles may add to it and take from it."""
        if object_name in OWN:
            return Level.READ if row.get("UserId") == user else Level.NONE
        if object_name in self.details:
            return self._of(user, row.get(self.details[object_name]))
        if row.get("OwnerId") == user:
            return Level.ALL
        if object_name == "Event" and row.get("IsPrivate"):
            return Level.NONE
        if object_name == "EmailMessage":
            return self._of_message(user, row)
        if self.default(object_name) == "full" or self.owns(user, row):
            return Level.ALL
        return max(self._granted(user, object_name, row), default=Level.NONE)

    def owns(self, user: Id, row: Row) -> bool:
        """The owner, who stands above him, and the members of a queue that owns."""
        owner = row.get("OwnerId")
        if owner is None or owner == user:
            return owner == user
        if owner.startswith("00G"):
            return owner in self.principals(user)
        return self.above(user, owner)

    def _granted(self, user: Id, object_name: str, row: Row) -> Iterator[Level]:
        yield OWN_DEFAULTS[self.default(object_name)]
        shared = self.shares.get(row["Id"])
        principals = self.principals(user) if shared or self.rules else frozenset()
        yield from (level for whom, level in (shared or {}).items() if whom in principals)
        for rule in self.rules:
            if rule.object == object_name and rule.to in principals:
                yield rule.level if self.judge(self.core, rule.condition, user, object_name, row) else Level.NONE
        if object_name in ACTIVITIES:
            yield self._of_activity(user, object_name, row)
        elif self.default(object_name) == "parent":
            yield self._of(user, row.get("AccountId"))
        if object_name == "Account" and not self.open_to_all("Account"):
            yield self._owed_by_children(user, row)

    def _of(self, user: Id, record_id: Id | None) -> Level:
        """Access to another row, deleted or not, profiles included: a detail is as its master."""
        row = self.core.row(record_id)
        return Level.NONE if row is None else self.core.access.level(user, self.core.shape_of(row["Id"]).name, row)

    def _of_activity(self, user: Id, object_name: str, row: Row) -> Level:
        """What it is about can be read: then the activity can too; as far as that goes under `parent`."""
        about = [row.get("WhatId"), row.get("WhoId")]
        found = max((self._of(user, one) for one in about if one), default=Level.NONE)
        return found if self.default(object_name) == "parent" else min(found, Level.READ)

    def _of_message(self, user: Id, row: Row) -> Level:
        if row.get("CreatedById") == user:
            return Level.ALL
        task = self.core.row(row.get("ActivityId"))
        return Level.NONE if task is None else self.level(user, "Task", task)

    def _owed_by_children(self, user: Id, row: Row) -> Level:
        """Who owns a contact, a deal or a case of an account may read the account."""
        for name in ACCOUNT_CHILDREN:
            if any(self.owns(user, child) for child in self.core.pointing(name, "AccountId", row["Id"])):
                return Level.READ
        return Level.NONE

    # -- who is who

    def principals(self, user: Id) -> frozenset[Id]:
        """The user, the groups and queues he is in, and his role: what can be shared with."""
        found = {user}
        waiting = [user]
        while waiting:
            for row in self.core.pointing("GroupMember", "UserOrGroupId", waiting.pop()):
                if row["GroupId"] not in found:
                    found.add(row["GroupId"])
                    waiting.append(row["GroupId"])
        role = (self.core.access.user(user) or {}).get("UserRoleId")
        return frozenset(found | ({role} if role else set()))

    def above(self, user: Id, other: Id) -> bool:
        """This user's role stands above the other's in the hierarchy."""
        mine = (self.core.access.user(user) or {}).get("UserRoleId")
        role = (self.core.access.user(other) or {}).get("UserRoleId")
        seen: set[Id] = set()
        while mine and role and role not in seen:
            seen.add(role)
            role = (self.core.row(role) or {}).get("ParentRoleId")
            if role == mine:
                return True
        return False
