"""Items, records and an org that stores them, out of the short forms that the case tables use.

The org is the sandbox's: what Salesforce does to a value when it keeps it is judged there.
"""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crosstie.domain.address import Address
from crosstie.domain.calendar import Answer, Attendee, CalendarItem, Part, Sensitivity, ShowAs, When
from crosstie.domain.records import EVENT, Record, RecordDraft, RecordRef, Value
from sandbox.clock import ManualClock
from sandbox.salesforce.org import Org
from sandbox.switches import Switch, Switches
from tests.places import ROOT

START = datetime(2026, 6, 10, 12, tzinfo=UTC)
ZONE = "Europe/Berlin"
CHOICES: dict[str, Any] = {"show_as": ShowAs, "sensitivity": Sensitivity, "answer": Answer}


def when(text: str, zone: str = ZONE) -> When:
    """`2026-06-15T09:00/10:00` in UTC, or the first and the last of its days, `2026-06-15/2026-06-16`."""
    start, _, end = text.partition("/")
    if "T" not in start:
        return When(date.fromisoformat(start), date.fromisoformat(end or start) + timedelta(days=1), zone)
    day = start.partition("T")[0]
    return When(_moment(start), _moment(end if "T" in end else f"{day}T{end}"), zone)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def attendee(short: str) -> Attendee:
    """`joe@customer.test`, then its part and answer, each after a colon."""
    address, part, answer = (*short.split(":"), "", "")[:3]
    return Attendee(Address.of(address), Part(part or "required"), Answer(answer or "none"))


def item(**short: Any) -> CalendarItem:
    """`when` and `attendees` in their short forms, `organizer` an address, `reminder` in minutes."""
    fields: dict[str, Any] = {"when": when("2026-06-15T09:00/10:00"), "subject": "Plan", "uid": "uid1"}
    for name, value in short.items():
        if name == "when":
            fields[name] = when(value)
        elif name == "attendees":
            fields[name] = tuple(map(attendee, value.split()))
        elif name == "organizer":
            fields |= {"organizer": Address.of(value), "is_organizer": value.startswith("ann@")}
        elif name == "reminder":
            fields[name] = None if value is None else timedelta(minutes=value)
        else:
            fields[name] = CHOICES.get(name, lambda plain: plain)(value)
    return replace(CalendarItem("i1", "v1", when("2026-06-15T09:00/10:00")), **fields)


class Store:
    """An org as one Event after the other sees it, with Ann in it, who may do everything.

    `keyed`: it has our fields; what it has not got is left out, as the connector does. `turned`: doubts that are
    answered otherwise than is usual.
    """

    def __init__(self, *turned: Switch, keyed: bool = True) -> None:
        self.keyed = keyed
        switches = Switches({one.name: not one.default for one in turned})
        self.org = Org(ManualClock(START), random.Random(7), name="Acme", switches=switches)
        if keyed:
            self.org.load_package(ROOT / "salesforce-package")
        self.org.features.multiday_events = True
        profile = self.org.profiles["System Administrator"]
        self.ann = self.org.add_user("ann@north.test", "Ann", "Archer", ProfileId=profile)

    def made(self, draft: RecordDraft) -> Record:
        assert draft.object == EVENT
        return self.read(self.org.insert(self.ann, EVENT, self._sent(dict(draft.fields))))

    def entered(self, **fields: Any) -> Record:
        """What a person in Salesforce entered."""
        plain = {"StartDateTime": "2026-06-15T09:00:00Z", "DurationInMinutes": 60, "Subject": "Plan"}
        return self.read(self.org.insert(self.ann, EVENT, plain | fields))

    def changed(self, record: Record, columns: dict[str, Value]) -> Record:
        if columns:
            self.org.update(self.ann, EVENT, record.ref.record_id, self._sent(columns))
        return self.read(record.ref.record_id)

    def read(self, record_id: str) -> Record:
        return Record(RecordRef(EVENT, record_id), START, self.org.get(self.ann, EVENT, record_id))

    def _sent(self, columns: dict[str, Value]) -> dict[str, Any]:
        """As JSON has it."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in columns.items()
            if self.keyed or not name.endswith("__c")
        }
