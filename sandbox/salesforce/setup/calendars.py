"""Calendars that are nobody's, and events that another product looks after."""

from typing import Literal

from sandbox.salesforce.ids import Id
from sandbox.salesforce.setup.base import SetupBase


class CalendarSetup(SetupBase):
    def calendar(self, name: str, kind: Literal["Public", "Resource"] = "Public", active: bool = True) -> Id:
        """A public calendar, which may own events, or a resource, which may be invited; a name that is there gets
        what is said of it now.
        """
        facts = {"Name": name, "Type": kind, "IsActive": active}
        core, known = self._core, self._find("Calendar", name, "Name")
        row = core.row(known)
        if row is None:
            return str(core.put_new("Calendar", facts, self._admin, core.now())["Id"])
        core.change("Calendar", row, facts, stamp=core.stamp(row), user=self._admin)
        return str(row["Id"])

    def client_managed(self, event: str) -> None:
        """The client of another synchronisation, such as the vendor's own, looks after this event from now on."""
        row = self._core.live(self._find("Event", event, "Subject"))
        if row is None:
            raise ValueError(f"the org has no event {event}")
        changes = {"IsClientManaged": True}
        self._core.change("Event", row, changes, stamp=self._core.stamp(row), user=self._admin)
