"""Who may see and edit what: field-level security, permissions on objects, View and Modify All, and sharing."""

from datetime import datetime
from typing import Any, Literal

from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row, Store
from sandbox.salesforce.sharing import MANAGED, OWN, Level, Sharing

EVERYBODY = ""
_ACTIVITIES = ("Task", "Event")
Permission = Literal["read", "create", "edit", "delete", "view_all", "modify_all"]
USUAL: frozenset[Permission] = frozenset(("read", "create", "edit", "delete"))
EVERYTHING: frozenset[Permission] = USUAL | {"view_all", "modify_all"}


class Access:
    sharing: Sharing
    """Given by the org once there are rows to share."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hidden: dict[str, set[tuple[str, str]]] = {}
        """(object, field) hidden from a user id, a profile id or EVERYBODY."""
        self._fixed: dict[str, set[tuple[str, str]]] = {}
        """The same for those that may be read and not written."""
        self._permissions: dict[tuple[Id, str], frozenset[Permission]] = {}
        """By profile and object, where an administrator has said something."""
        self._concealed: dict[Id, dict[Id, datetime]] = {}
        """User → rows out of his sight, each until that moment."""
        self.edits_sent_mail: set[Id] = set()
        """Users with the permission Update Email Messages; administrators have it anyway."""

    def user(self, user: Id) -> Row | None:
        return self._store.table("User").rows.get(user)

    def profile(self, user: Id) -> Row:
        row = self.user(user) or {}
        return self._store.table("Profile").rows.get(row.get("ProfileId", ""), {})

    def views_all(self, user: Id) -> bool:
        return bool(self.profile(user).get("PermissionsViewAllData"))

    def modifies_all(self, user: Id) -> bool:
        return bool(self.profile(user).get("PermissionsModifyAllData"))

    # -- fields

    def hide(self, object_name: str, field: str, whom: str) -> None:
        for name in _ACTIVITIES if object_name in _ACTIVITIES else (object_name,):
            self._hidden.setdefault(whom, set()).add((name, field))

    def show(self, object_name: str, field: str, whom: str) -> None:
        for name in _ACTIVITIES if object_name in _ACTIVITIES else (object_name,):
            self._hidden.get(whom, set()).discard((name, field))

    def fix(self, object_name: str, field: str, whom: str, *, fixed: bool) -> None:
        for name in _ACTIVITIES if object_name in _ACTIVITIES else (object_name,):
            facts = self._fixed.setdefault(whom, set())
            (facts.add if fixed else facts.discard)((name, field))

    def hides(self, user: Id, object_name: str, field: str) -> bool:
        said = bool(self._hidden) and self._says(self._hidden, user, object_name, field)
        return said and not self._grants(user, object_name, field, "PermissionsRead")

    def fixes(self, user: Id, object_name: str, field: str) -> bool:
        said = bool(self._fixed) and self._says(self._fixed, user, object_name, field)
        return said and not self._grants(user, object_name, field, "PermissionsEdit")

    def _grants(self, user: Id, object_name: str, field: str, right: str) -> bool:
        """Permission sets give what the profile does not, and take nothing away."""
        assigned = self._store.table("PermissionSetAssignment").rows.values()
        sets = {row["PermissionSetId"] for row in assigned if row.get("AssigneeId") == user}
        named = f"{object_name}.{field}"
        granted = self._store.table("FieldPermissions").rows.values() if sets else ()
        return any(row["ParentId"] in sets and row.get("Field") == named and row.get(right) for row in granted)

    def _says(self, facts: dict[str, set[tuple[str, str]]], user: Id, object_name: str, field: str) -> bool:
        profile = (self.user(user) or {}).get("ProfileId", EVERYBODY)
        return any((object_name, field) in facts.get(whom, ()) for whom in (EVERYBODY, user, profile))

    # -- objects

    def permit(self, profile: Id, object_name: str, allowed: frozenset[Permission]) -> None:
        self._permissions[profile, object_name] = allowed

    def allowed(self, user: Id, object_name: str) -> frozenset[Permission]:
        """What the profile permits on the object; nobody said anything: everything but to see and change all."""
        row = self.profile(user)
        if object_name in OWN:
            return EVERYTHING if row.get(OWN[object_name]) else USUAL
        if object_name == MANAGED and not row.get("PermissionsManageUsers"):
            return frozenset()
        if row.get("PermissionsModifyAllData"):
            return EVERYTHING
        said = self._permissions.get((row.get("Id", ""), object_name), USUAL)
        return said | {"read", "view_all"} if row.get("PermissionsViewAllData") else said

    def may(self, user: Id, object_name: str, permission: Permission) -> bool:
        return permission in self.allowed(user, object_name)

    # -- rows

    def conceal(self, record_id: Id, user: Id, until: datetime) -> None:
        """Nobody knows why; View All sees it none the less."""
        self._concealed.setdefault(user, {})[record_id] = until

    def reveal(self, now: datetime) -> None:
        """What was concealed until now is in sight again."""
        for user, rows in list(self._concealed.items()):
            self._concealed[user] = {row: until for row, until in rows.items() if until > now}
            if not self._concealed[user]:
                del self._concealed[user]

    def open_to_all(self, user: Id, object_name: str) -> bool:
        """No row of this object is kept from this user, so that rows need not be asked one by one."""
        allowed = self.allowed(user, object_name)
        if "read" not in allowed or "view_all" in allowed:
            return "read" in allowed
        return user not in self._concealed and self.sharing.open_to_all(object_name)

    def level(self, user: Id, object_name: str, row: Row) -> Level:
        allowed = self.allowed(user, object_name)
        if "modify_all" in allowed:
            return Level.ALL
        if "read" not in allowed:
            return Level.NONE
        floor = Level.READ if "view_all" in allowed else Level.NONE
        if row["Id"] in self._concealed.get(user, ()):
            return floor
        return max(self.sharing.level(user, object_name, row), floor)

    def can_see(self, user: Id, object_name: str, row: Row) -> bool:
        return self.level(user, object_name, row) >= Level.READ

    def can_edit(self, user: Id, object_name: str, row: Row) -> bool:
        return self.may(user, object_name, "edit") and self.level(user, object_name, row) >= Level.EDIT

    def can_delete(self, user: Id, object_name: str, row: Row) -> bool:
        return self.may(user, object_name, "delete") and self.level(user, object_name, row) >= Level.ALL

    def may_edit_sent_mail(self, user: Id) -> bool:
        return user in self.edits_sent_mail or self.modifies_all(user)


def whom(user: Id | None, profile: Id | None) -> Any:
    return user or profile or EVERYBODY
