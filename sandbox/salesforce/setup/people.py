"""Who people are in an org, what their profiles permit, what is shared with whom, and who gets new records."""

from collections.abc import Mapping, Sequence
from typing import Literal

from sandbox.salesforce.access import EVERYBODY, Permission
from sandbox.salesforce.customer.rules import AssignmentEntry
from sandbox.salesforce.formula.check import compiled
from sandbox.salesforce.ids import Id
from sandbox.salesforce.setup.base import SetupBase
from sandbox.salesforce.sharing import TOLD, Level, OrgDefault, SharingRule


class PeopleSetup(SetupBase):
    def profile(
        self, name: str, user_type: str = "Standard", view_all: bool = False, modify_all: bool = False
    ) -> Id:
        """A profile; its users have its user type, and only the type Standard may own records."""
        facts = {
            "Name": name,
            "UserType": user_type,
            "PermissionsApiEnabled": True,
            "PermissionsViewAllData": view_all or modify_all,
            "PermissionsModifyAllData": modify_all,
        }
        return str(self._core.put_new("Profile", facts, self._admin, self._core.now())["Id"])

    def object_permissions(self, profile: str, object: str, allowed: Sequence[Permission]) -> None:
        """All a profile may do with an object; view_all and modify_all hold whatever is shared."""
        self._core.access.permit(self._profile(profile), self._shape(object).name, frozenset(allowed))

    def field_permissions(
        self, object: str, field: str, allowed: Literal["none", "read", "edit"], profile: str | None = None
    ) -> None:
        """Field-level security of a profile, or of everybody: the field is not there, is read alone, or is as it
        was. Tasks and events share theirs.
        """
        name, fact = self._field(object, field)
        whom = self._profile(profile) if profile else EVERYBODY
        access = self._core.access
        (access.hide if allowed == "none" else access.show)(name, fact.name, whom)
        access.fix(name, fact.name, whom, fixed=allowed == "read")

    def role(self, name: str, parent: str | None = None, users: Sequence[str] = ()) -> Id:
        """A role; its users see and edit what users of roles below own."""
        fields = {"Name": name, "DeveloperName": name.replace(" ", "_")}
        above = {"ParentRoleId": self._named("UserRole", parent)} if parent else {}
        role = self._dml.insert(self._admin, "UserRole", fields | above)
        for user in users:
            self._dml.update(self._admin, "User", self._user(user), {"UserRoleId": role})
        return role

    def group(self, name: str, members: Sequence[str] = ()) -> Id:
        """A public group, to share with."""
        return self._group(name, "Regular", members)

    def queue(self, name: str, objects: Sequence[str], members: Sequence[str] = ()) -> Id:
        """A queue, which may own records of these objects; its members do with them what owners do."""
        for one in objects:
            owner = self._shape(one).field("OwnerId")
            if owner is None or "Group" not in owner.to:
                raise ValueError(f"queues cannot own {one} records")
        queue = self._group(name, "Queue", members)
        for one in objects:
            fields = {"QueueId": queue, "SobjectType": self._shape(one).name}
            self._dml.insert(self._admin, "QueueSobject", fields)
        return queue

    def _group(self, name: str, kind: str, members: Sequence[str]) -> Id:
        ids = [self._principal(member) for member in members]
        fields = {"Name": name, "DeveloperName": name.replace(" ", "_"), "Type": kind}
        group = self._dml.insert(self._admin, "Group", fields)
        for one in ids:
            self._dml.insert(self._admin, "GroupMember", {"GroupId": group, "UserOrGroupId": one})
        return group

    def sharing_rule(
        self, object: str, name: str, condition: str, to: str, level: Literal["read", "edit"] = "read"
    ) -> None:
        """Rows for which the formula is true are shared; a rule of that name is replaced."""
        shape = self._shape(object)
        formula = compiled(self._core, shape.name, condition)
        rule = SharingRule(name, shape.name, formula, self._principal(to), Level[level.upper()])
        rules = self._core.access.sharing.rules
        rules[:] = [*(one for one in rules if (one.object, one.name) != (shape.name, name)), rule]

    def org_defaults(self, defaults: Mapping[str, OrgDefault]) -> None:
        """Org-wide defaults by object. Like all sharing they take hold at once and move no SystemModstamp."""
        for object_name, default in defaults.items():
            shape = self._shape(object_name)
            if default == "parent" and shape.name not in ("Contact", "Task", "Event"):
                raise ValueError(f"{shape.name} has no parent that could control it")
            self._core.access.sharing.defaults[shape.name] = default
        told = {f"Default{name}Access": self._core.access.sharing.told(name) for name in TOLD}
        row = self._core.organization
        self._core.change("Organization", row, told, stamp=row["SystemModstamp"])

    def assignment_rule(
        self,
        object: str,
        name: str,
        entries: Sequence[Mapping[str, str]],
        default_owner: str | None = None,
    ) -> Id:
        """Who owns new leads or cases: the first entry whose formula is true (or that has none), else the default.

        An entry is `{"condition": formula, "owner": user or queue}`. The rule becomes the active one.
        """
        shape = self._shape(object)
        if shape.name not in ("Lead", "Case"):
            raise ValueError("assignment rules are for Lead and Case")
        found = []
        for entry in entries:
            condition = entry.get("condition", "")
            formula = compiled(self._core, shape.name, condition) if condition else None
            found.append(AssignmentEntry(formula, self._principal(entry.get("owner", ""))))
        if default_owner:
            found.append(AssignmentEntry(None, self._principal(default_owner)))
        core = self._core
        for row in list(core.store.table("AssignmentRule").rows.values()):
            if row.get("SobjectType") == shape.name and row.get("Active"):
                core.change("AssignmentRule", row, {"Active": False}, stamp=core.stamp(row))
        facts = {"Name": name, "SobjectType": shape.name, "Active": True}
        rule = str(core.put_new("AssignmentRule", facts, self._admin, core.now())["Id"])
        core.customer.assignment[rule] = tuple(found)
        return rule
