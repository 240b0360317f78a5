"""What every part of an org works with: clock, schema, rows, access; and writes that ask no rules."""

import random
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import Clock
from sandbox.salesforce.access import Access
from sandbox.salesforce.customer import Customer
from sandbox.salesforce.errors import SalesforceError, not_found
from sandbox.salesforce.formula.parse import Formula
from sandbox.salesforce.ids import Id, IdMaker, normalise
from sandbox.salesforce.locks import Locks
from sandbox.salesforce.records import Row, Store, Table
from sandbox.salesforce.schema import ObjectSchema, Schema, persons
from sandbox.salesforce.schema.facts import Field, SObject
from sandbox.salesforce.schema.package import coordinates
from sandbox.switches import Switches, declare

LATE_COMMIT = declare(
    "salesforce.late_commit",
    default=False,
    question="Does a long transaction show up minutes after the SystemModstamp its rows carry?",
    source="notes 4.3: modstamps are taken at the start of a transaction",
)
LATEST_COMMIT = 240
"""Seconds by which a late commit trails its stamps at most."""
BIN_DAYS = 15
MOST_EXTERNAL_IDS = 25
MOST_CUSTOM_FIELDS = {"EmailMessage": 50}
MOST_CUSTOM = 500
"""Custom fields of any other object, in an Enterprise Edition."""


@dataclass(slots=True)
class Features:
    """What this org has switched on in its set-up."""

    enhanced_email: bool = True
    shared_activities: bool = True
    multiday_events: bool = True
    person_accounts: bool = False
    query_all_files: bool = False
    """Everybody may query ContentDocumentLink without naming a file or a record."""
    multi_currency: bool = False
    """Rows have a currency of their own; CurrencyType has the rates."""
    corporate_currency: str = "EUR"

    def has(self, feature: str | None) -> bool:
        return feature is None or bool(getattr(self, feature))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is at work, and by which door: `com/salesforce/api/rest/67.0;client=Acme`."""

    user: Id = ""
    origin: str = ""


class Core:
    def __init__(self, clock: Clock, dice: random.Random, switches: Switches, features: Features) -> None:
        self.clock = clock
        self.dice = dice
        self.switches = switches
        self.features = features
        self.schema = Schema(features)
        self.store = Store()
        self.ids = IdMaker(dice)
        self.access = Access(self.store)
        self.customer = Customer()
        self.locks = Locks()
        self.series: dict[Id, list[Id]] = {}
        """Occurrences of a series of events, by its pattern's row."""
        self.child_events: dict[Id, dict[Id, Id]] = {}
        """Events of invited users, by the organiser's event and the user."""
        self.formulas: dict[tuple[str, str], Formula] = {}
        """By object and calculated field."""
        self.numbers: dict[tuple[str, str], int] = {}
        """The last automatic number given, by object and field."""
        self.actor = Actor()
        self.bin: deque[tuple[datetime, Id]] = deque()
        """Deleted rows, oldest first."""
        self.purged: dict[str, datetime] = {}
        """When a row of an object was last taken out of the recycle bin before its time."""
        self.deleted_with: dict[Id, tuple[Id, ...]] = {}
        """What went into the bin together with a row, to come back with it."""
        self.seen: dict[tuple[Id, Id], dict[str, datetime]] = {}
        """When a user last looked at a row (LastViewedDate) or at one that names it (LastReferencedDate)."""
        for item in self.schema.objects.values():
            self._add_table(item)

    def _add_table(self, item: ObjectSchema) -> None:
        table = self.store.tables[item.name] = Table(item.name)
        for fact in item.fields.values():
            if fact.indexed and fact.type != "id":
                table.add_index(fact.name, exact=exact(fact))

    def add_object(self, facts: SObject) -> None:
        self._add_table(self.schema.add(facts))

    def add_field(self, object_name: str, fact: Field) -> None:
        item = self.schema.objects.get(object_name)
        if item is None:
            raise ValueError(f"field {fact.name}: the sandbox has no object {object_name}")
        custom = [one for one in item.present() if one.custom and one.name != fact.name]
        if fact.external_id and sum(one.external_id for one in custom) >= MOST_EXTERNAL_IDS:
            raise ValueError(f"{object_name} has {MOST_EXTERNAL_IDS} external ids already")
        if fact.custom and len(custom) >= MOST_CUSTOM_FIELDS.get(object_name, MOST_CUSTOM):
            raise ValueError(f"{object_name} has {len(custom)} custom fields already")
        unknown = [name for name in fact.to if name not in self.schema.objects]
        if unknown:
            raise ValueError(f"field {object_name}.{fact.name} points at {unknown[0]}, which the sandbox has not")
        item.add(fact)
        for part in coordinates(fact) if fact.type == "location" else ():
            item.add(part)
        if fact.indexed:
            self.store.table(object_name).add_index(fact.name, exact=exact(fact))
        if object_name == "Contact" and fact.custom and not fact.formula and not fact.auto_number:
            self.schema.objects["Account"].add(persons.of_contact(fact))

    def replace_field(self, object_name: str, fact: Field) -> None:
        """Another fact of the same name: what a customer changed about a field that is there."""
        self.schema.objects[object_name].add(fact)

    # -- time

    def now(self) -> datetime:
        """Server time as it is stored: whole seconds."""
        return self.clock.now().replace(microsecond=0)

    def stamp(self, old: Row | None = None) -> datetime:
        """The SystemModstamp of a write that ends now; it never runs behind the row's last one."""
        now = self.now()
        if self.switches.on(LATE_COMMIT) and self.dice.random() < 0.5:
            begun = now - timedelta(seconds=self.dice.randrange(1, LATEST_COMMIT))
            floor = old.get("SystemModstamp") if old else None
            return max(begun, floor) if floor else begun
        return now

    # -- looking up

    @property
    def organization(self) -> Row:
        """The org's own row."""
        return next(iter(self.store.table("Organization").rows.values()), {})

    def shape(self, object_name: str) -> ObjectSchema:
        found = self.schema.object(object_name)
        if found is None:
            raise not_found()
        return found

    def shape_of(self, record_id: str) -> ObjectSchema:
        """The object a record id belongs to."""
        whole = normalise(record_id)
        found = self.schema.object_by_prefix(whole[:3]) if whole else None
        if found is None:
            raise SalesforceError("MALFORMED_ID", f"malformed id {record_id}")
        return found

    def row(self, record_id: Id | None) -> Row | None:
        """Any row of that id, deleted ones included."""
        if record_id is None:
            return None
        shape = self.schema.object_by_prefix(record_id[:3])
        return self.store.table(shape.name).rows.get(record_id) if shape else None

    def live(self, record_id: Id | None) -> Row | None:
        row = self.row(record_id)
        return None if row is None or row.get("IsDeleted") else row

    def pointing(self, object_name: str, field: str, record_id: Id) -> list[Row]:
        """Live rows whose reference field holds this id."""
        rows = self.store.table(object_name).find(field, record_id)
        return [row for row in rows if not row.get("IsDeleted")]

    # -- writes that ask no rules: the vendor's own doing

    def put_new(self, object_name: str, values: dict[str, Any], user: Id, stamp: datetime) -> Row:
        shape = self.schema.objects[object_name]
        system: dict[str, Any] = {
            "CreatedDate": stamp,
            "CreatedById": user,
            "LastModifiedDate": stamp,
            "LastModifiedById": user,
            "SystemModstamp": stamp,
        }
        row: dict[str, Any] = {"Id": self.ids.make(shape.prefix)}
        row |= {name: value for name, value in system.items() if name in shape.fields}
        row |= self.currency_of_new(shape, user)
        row |= {name: value for name, value in values.items() if value is not None}
        self.store.put(object_name, row)
        return row

    def currency_of_new(self, shape: ObjectSchema, user: Id) -> dict[str, str]:
        """A new row is in its maker's currency, unless it says otherwise; nothing where the org has only one."""
        if not self.features.multi_currency or "CurrencyIsoCode" not in shape.fields:
            return {}
        own = (self.access.user(user) or {}).get("DefaultCurrencyIsoCode")
        return {"CurrencyIsoCode": own or self.features.corporate_currency}

    def change(
        self,
        object_name: str,
        row: Row,
        changes: dict[str, Any],
        *,
        stamp: datetime | None = None,
        user: Id | None = None,
    ) -> Row:
        """None takes a value away. `stamp` moves SystemModstamp, with `user` LastModified too."""
        fields = self.schema.objects[object_name].fields
        after = {**row, **changes}
        if stamp is not None:
            after["SystemModstamp"] = stamp
            if user is not None and "LastModifiedDate" in fields:
                after |= {"LastModifiedDate": stamp, "LastModifiedById": user}
        after = {name: value for name, value in after.items() if value is not None}
        self.store.put(object_name, after)
        return after

    def forget(self, record_id: Id) -> None:
        """Take a row out of existence."""
        self.store.remove(self.shape_of(record_id).name, record_id)

    def expire_bin(self) -> None:
        """Rows leave the recycle bin for good after 15 days."""
        limit = self.now() - timedelta(days=BIN_DAYS)
        while self.bin and self.bin[0][0] < limit:
            deleted_at, record_id = self.bin.popleft()
            row = self.row(record_id)
            if row is not None and row.get("IsDeleted") and row["SystemModstamp"] <= limit >= deleted_at:
                self.forget(record_id)


def exact(fact: Field) -> bool:
    """Values of this field are told apart by case."""
    return fact.type in ("id", "reference") or fact.case_sensitive
