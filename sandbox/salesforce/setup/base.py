"""Finding what an administrator names."""

from sandbox.salesforce.core import Core
from sandbox.salesforce.dml import Dml
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.listviews import ListViews
from sandbox.salesforce.records import fold
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field


class SetupBase:
    def __init__(self, dml: Dml, list_views: ListViews, admin: Id) -> None:
        self._dml = dml
        self._list_views = list_views
        self._admin = admin

    @property
    def _core(self) -> Core:
        return self._dml.core

    def _shape(self, object_name: str) -> ObjectSchema:
        shape = self._core.schema.object(object_name)
        if shape is None:
            raise ValueError(f"the org has no object {object_name}")
        return shape

    def _field(self, object_name: str, field: str, *types: str) -> tuple[str, Field]:
        shape = self._shape(object_name)
        fact = shape.field(field)
        if fact is None or (types and fact.type not in types):
            kind = f" of type {' or '.join(types)}" if types else ""
            raise ValueError(f"{shape.name} has no field {field}{kind}")
        return shape.name, fact

    def _profile(self, name: str) -> Id:
        return self._named("Profile", name)

    def _user(self, username: str) -> Id:
        return self._named("User", username, "Username")

    def _principal(self, name: str) -> Id:
        """A user, a group or queue, or a role: whom records can be shared with and given to."""
        for kind, field in (("User", "Username"), ("Group", "DeveloperName"), ("UserRole", "DeveloperName")):
            found = self._find(kind, name, field)
            if found:
                return found
        raise ValueError(f"the org has no user, group or role {name}")

    def _named(self, object_name: str, name: str, field: str = "Name") -> Id:
        found = self._find(object_name, name, field)
        if found is None:
            raise ValueError(f"the org has no {object_name} {name}")
        return found

    def _find(self, object_name: str, name: str, field: str) -> Id | None:
        """By id or by name."""
        table = self._core.store.table(object_name)
        row = table.rows.get(normalise(name) or "")
        if row is not None:
            return str(row["Id"])
        named = (row["Id"] for row in table.rows.values() if fold(row.get(field)) == fold(name))
        return next(named, None)
