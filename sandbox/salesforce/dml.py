"""Insert, update, upsert, delete: the steps every write goes through, whatever the object.

read and convert the fields -> the object's own rules -> before-automations -> required fields, references,
owner -> validation and duplicate rules -> unique keys -> stored -> the object's own consequences -> automations
"""

from collections.abc import Callable
from typing import Any

from sandbox.salesforce import calculated, errors, locks, removal
from sandbox.salesforce.checks import (
    check_object,
    check_reference,
    check_references,
    check_required,
    check_unique,
    refuse_access,
)
from sandbox.salesforce.core import Core
from sandbox.salesforce.customer import duplicates, owners, recordtypes, validation
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.values import coerce
from sandbox.salesforce.write import PLAIN, Rules, UpsertResult, Write, WriteOptions, refuse_modified
from sandbox.switches import declare

SAME_VALUES_MOVE_STAMP = declare(
    "salesforce.same_values_move_stamp",
    default=True,
    question="Does an update that changes no value move SystemModstamp and LastModifiedDate?",
    source="design 5: writes with an unchanged stamp; object reference is silent",
)

MAX_DEPTH = 16
"""Writes inside writes inside writes, before the vendor takes it for endless."""


class Dml:
    def __init__(self, core: Core, rules: dict[str, Rules]) -> None:
        self.core = core
        self.rules = rules
        self.automation: dict[tuple[str, str], list[Callable[[Id, dict[str, Any]], None]]] = {}
        self._depth = 0

    # -- the verbs

    def insert(self, user: Id, object_name: str, fields: dict[str, Any], options: WriteOptions = PLAIN) -> Id:
        shape = self.core.shape(object_name)
        if "c" not in shape.facts.verbs:
            raise SalesforceError(
                "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type {shape.name} does not support create"
            )
        check_object(self.core, user, shape, "create")
        with self.core.store.transaction():
            write = Write(self, user, shape, None, {}, options=options)
            write.draft |= self.core.currency_of_new(shape, user)
            self._read(write, fields)
            for fact in shape.present():
                if fact.default is not None and fact.name not in write.draft:
                    write.draft[fact.name] = fact.default
            return self._save(write)

    def update(
        self, user: Id, object_name: str, record_id: str, fields: dict[str, Any], options: WriteOptions = PLAIN
    ) -> Id:
        shape = self.core.shape(object_name)
        old = self.existing(shape, record_id)
        check_object(self.core, user, shape, "edit")
        if not self.core.access.can_edit(user, shape.name, old):
            raise refuse_access(self.core, user, shape, old)
        refuse_modified(old, options)
        with self.core.store.transaction():
            write = Write(self, user, shape, old, dict(old), options=options)
            self._read(write, fields)
            return self._save(write)

    def upsert(
        self,
        user: Id,
        object_name: str,
        key: str,
        value: Any,
        fields: dict[str, Any],
        options: WriteOptions = PLAIN,
    ) -> UpsertResult:
        shape = self.core.shape(object_name)
        fact = self.key_field(user, shape, key)
        if any(name.lower() == fact.name.lower() for name in fields):
            raise SalesforceError(
                "INVALID_FIELD", f"The {fact.name} field should not be specified in the sobject data."
            )
        matches = self.find(shape, fact, value)
        if len(matches) > 1:
            urls = [f"{shape.name}/{match}" for match in matches]
            raise SalesforceError(
                "DUPLICATE_EXTERNAL_ID", f"{fact.name}: more than one record found", 300, extra={"matches": urls}
            )
        if matches:
            return UpsertResult(self.update(user, shape.name, matches[0], fields, options), created=False)
        if options.update_only or fact.type == "id":
            raise errors.no_such_record()
        whole = {**fields, fact.name: value}
        return UpsertResult(self.insert(user, shape.name, whole, options), created=True)

    def delete(self, user: Id, record_id: str, options: WriteOptions = PLAIN) -> None:
        removal.delete(self, user, record_id, options)

    # -- finding

    def existing(self, shape: ObjectSchema, record_id: str) -> Row:
        whole = normalise(record_id)
        if whole is None:
            raise SalesforceError("MALFORMED_ID", f"malformed id {record_id}")
        row = self.core.store.table(shape.name).rows.get(whole)
        if row is None:
            raise errors.no_such_record()
        if row.get("IsDeleted"):
            raise errors.entity_is_deleted()
        return row

    def key_field(self, user: Id, shape: ObjectSchema, name: str) -> Field:
        fact = shape.field(name)
        hidden = fact is not None and self.core.access.hides(user, shape.name, fact.name)
        if fact is None or hidden or not (fact.id_lookup or fact.external_id):
            raise SalesforceError(
                "NOT_FOUND", f"Provided external ID field does not exist or is not accessible: {name}", 404
            )
        return fact

    def find(self, shape: ObjectSchema, fact: Field, value: Any) -> list[Id]:
        """Live rows whose key field has this value (given as text, for it may come out of a URL)."""
        wanted = coerce(fact, value, self.core.switches)
        if wanted is None:
            raise SalesforceError("MISSING_ARGUMENT", f"{fact.name} not specified", fields=(fact.name,))
        if fact.type == "id":
            rows = [row] if (row := self.core.live(wanted)) else []
        else:
            rows = self.core.store.table(shape.name).find(fact.name, wanted)
        return [str(row["Id"]) for row in rows if not row.get("IsDeleted")]

    # -- steps

    def _read(self, write: Write, fields: dict[str, Any]) -> None:
        """Take the client's fields into the draft, or say which of them may not be written."""
        refused = []
        for name, value in fields.items():
            if name == "attributes":
                continue
            if isinstance(value, dict):
                self._read_parent(write, name, value)
                continue
            fact = write.shape.field(name)
            if fact is None or self.core.access.hides(write.user, write.shape.name, fact.name):
                raise errors.no_such_column_on_write(name, write.shape.name)
            if fact.type == "id" and not write.new and normalise(value) == write.id:
                continue
            fixed = self.core.access.fixes(write.user, write.shape.name, fact.name)
            if fixed or not (fact.createable if write.new else fact.updateable):
                refused.append(fact.name)
                continue
            self._take(write, fact, value)
        if refused:
            raise errors.not_writable(refused)

    def _take(self, write: Write, fact: Field, value: Any) -> None:
        typed = coerce(fact, value, self.core.switches)
        write.given[fact.name] = typed
        if fact.type == "junctionidlist":
            write.lists[fact.name] = typed or []
            for item in write.lists[fact.name]:
                check_reference(self.core, write.user, fact, item)
        else:
            write.draft[fact.name] = typed

    def _read_parent(self, write: Write, relationship: str, value: dict[str, Any]) -> None:
        """`{"Account": {"Ext__c": "x"}}`: the parent named by its external id."""
        fact = write.shape.parent(relationship)
        keys = {name: key for name, key in value.items() if name not in ("attributes", "type")}
        if fact is None or len(keys) != 1:
            raise errors.no_such_column_on_write(relationship, write.shape.name)
        (name, key), target = next(iter(keys.items())), self.core.shape(fact.to[0])
        matches = self.find(target, self.key_field(write.user, target, name), key)
        if len(matches) != 1:
            raise SalesforceError(
                "INVALID_FIELD",
                f"Foreign key external ID: {key} not found for field {name} in entity {target.name}",
            )
        self._take(write, fact, matches[0])

    def _save(self, write: Write) -> Id:
        shape, core = write.shape, self.core
        rules = self.rules.get(shape.name)
        if write.new:
            write.draft["Id"] = core.ids.make(shape.prefix)
            if "OwnerId" in shape.fields:
                write.default("OwnerId", write.user)
        recordtypes.give(write)
        calculated.number(write)
        if rules is not None:
            rules.prepare(write)
        self.run_automation(shape.name, "before", write.user, write.draft)
        owners.assign(write)
        check_required(write)
        recordtypes.check(write)
        check_references(write)
        owners.check(write)
        validation.check(write)
        duplicates.check(write)
        check_unique(core, shape, write.draft, write.id)
        locks.check(core, write.user, shape, write.old, write.draft)
        if self._changes_nothing(write):
            return write.id
        self._stamp(write)
        core.store.put(shape.name, {name: value for name, value in write.draft.items() if value is not None})
        owners.follow(write)
        if rules is not None:
            rules.saved(write)
        self.run_automation(shape.name, "after_insert" if write.new else "after_update", write.user, write.id)
        return write.id

    def _changes_nothing(self, write: Write) -> bool:
        """The row stays as it is, its stamp too, and no automation hears of it."""
        if write.new or write.lists or self.core.switches.on(SAME_VALUES_MOVE_STAMP):
            return False
        return not write.changed(*write.draft)

    def _stamp(self, write: Write) -> None:
        stamp = self.core.stamp(write.old)
        system: dict[str, Any] = {
            "LastModifiedDate": stamp,
            "LastModifiedById": write.user,
            "SystemModstamp": stamp,
        }
        if write.new:
            system |= {"CreatedDate": stamp, "CreatedById": write.user}
        write.draft.update({name: value for name, value in system.items() if name in write.shape.fields})

    # -- the customer's automations

    def run_automation(self, object_name: str, when: str, user: Id, row: dict[str, Any] | Id) -> None:
        """Run flows; `row` is the draft for before, else the id of a stored row."""
        for function in self.automation.get((object_name, when), ()):
            seen = row if isinstance(row, dict) else dict(self.core.row(row) or {})
            if self._depth >= MAX_DEPTH:
                raise SalesforceError(
                    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"{object_name}: maximum trigger depth exceeded"
                )
            self._depth += 1
            try:
                function(user, seen)
            except SalesforceError as error:
                raise SalesforceError(
                    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
                    f"We can't save this record because a process of {object_name} failed. "
                    f"{error.code}: {error.message}",
                ) from error
            finally:
                self._depth -= 1
