"""Who may see and edit what: field-level security, org-wide defaults, shares, View and Modify All Data."""

from typing import Any

from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row, Store

EVERYBODY = ""
_ACTIVITIES = ("Task", "Event")


class Access:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._hidden: dict[str, set[tuple[str, str]]] = {}
        """(object, field) hidden from a user id, a profile id or EVERYBODY."""
        self._private: set[str] = set()
        self._shares: dict[Id, set[Id]] = {}
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

    def hides(self, user: Id, object_name: str, field: str) -> bool:
        if not self._hidden:
            return False
        profile = (self.user(user) or {}).get("ProfileId", EVERYBODY)
        fact = (object_name, field)
        return any(fact in self._hidden.get(whom, ()) for whom in (EVERYBODY, user, profile))

    # -- rows

    def set_private(self, object_name: str, *, private: bool) -> None:
        (self._private.add if private else self._private.discard)(object_name)

    def share(self, record_id: Id, user: Id) -> None:
        self._shares.setdefault(record_id, set()).add(user)

    def unshare(self, record_id: Id, user: Id) -> None:
        self._shares.get(record_id, set()).discard(user)

    def open_to_all(self, user: Id, object_name: str) -> bool:
        """No row of this object is kept from this user, so that rows need not be asked one by one."""
        if self.views_all(user):
            return True
        if object_name == "EmailMessage":
            return "Task" not in self._private
        return object_name != "Event" and object_name not in self._private

    def can_see(self, user: Id, object_name: str, row: Row) -> bool:
        if self.open_to_all(user, object_name) or self._owns(user, row):
            return True
        if object_name == "EmailMessage":
            task = self._store.table("Task").rows.get(row.get("ActivityId", ""))
            return row.get("CreatedById") == user or (task is not None and self.can_see(user, "Task", task))
        if object_name == "Event" and row.get("IsPrivate"):
            return False
        return object_name not in self._private

    def can_edit(self, user: Id, object_name: str, row: Row) -> bool:
        return self.modifies_all(user) or self.can_see(user, object_name, row)

    def _owns(self, user: Id, row: Row) -> bool:
        return row.get("OwnerId") == user or user in self._shares.get(row["Id"], ())

    def may_edit_sent_mail(self, user: Id) -> bool:
        return user in self.edits_sent_mail or self.modifies_all(user)


def whom(user: Id | None, profile: Id | None) -> Any:
    return user or profile or EVERYBODY
