"""Insert, update, upsert, delete: the steps every write goes through, whatever the object.

read and convert the fields -> the object's own rules -> before-automations -> required fields, references,
owner -> validation and duplicate rules -> unique keys -> stored -> the object's own consequences -> automations
"""

from collections.abc import Callable
from typing import Any

from sandbox.salesforce import errors
from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.values import coerce, show
from sandbox.salesforce.write import PLAIN, DuplicateRule, Rules, UpsertResult, ValidationRule, Write, WriteOptions
from sandbox.switches import declare

NAMES_HOLDER = declare(
    "salesforce.duplicate_names_holder",
    default=True,
    question="Does DUPLICATE_VALUE name the field and the row that holds the value, or say <unknown> for both?",
    source="field reports show both wordings",
)


MAX_DEPTH = 16
"""Writes inside writes inside writes, before the vendor takes it for endless."""


class Dml:
    def __init__(self, core: Core, rules: dict[str, Rules]) -> None:
        self.core = core
        self.rules = rules
        self.validation: dict[str, list[ValidationRule]] = {}
        self.duplicates: dict[str, list[DuplicateRule]] = {}
        self.automation: dict[tuple[str, str], list[Callable[[Id, dict[str, Any]], None]]] = {}
        self._depth = 0

    # -- the verbs

    def insert(self, user: Id, object_name: str, fields: dict[str, Any], options: WriteOptions = PLAIN) -> Id:
        shape = self.core.shape(object_name)
        if "c" not in shape.facts.verbs:
            raise SalesforceError(
                "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type {shape.name} does not support create"
            )
        with self.core.store.transaction():
            write = Write(self, user, shape, None, {}, options=options)
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
        if not self.core.access.can_edit(user, shape.name, old):
            raise errors.no_access()
        _refuse_modified(old, options)
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
        shape = self.core.shape_of(record_id)
        row = self.existing(shape, record_id)
        if "d" not in shape.facts.verbs:
            raise SalesforceError("CANNOT_DELETE_ENTITY", f"entity type {shape.name} does not support delete")
        if not self.core.access.can_edit(user, shape.name, row):
            raise errors.no_access()
        _refuse_modified(row, options)
        with self.core.store.transaction():
            gone: list[Id] = []
            self._remove(user, shape, row, gone)
            self.core.deleted_with[row["Id"]] = tuple(gone)
            rules = self.rules.get(shape.name)
            if rules is not None and rules.skips_bin(self.core):
                self.core.forget(row["Id"])
            if rules is not None:
                rules.removed(self.core, user, row)

    def undelete(self, user: Id, record_id: str) -> None:
        shape = self.core.shape_of(record_id)
        row = self.core.row(normalise(record_id))
        if row is None or not row.get("IsDeleted"):
            raise SalesforceError("UNDELETE_FAILED", "Entity is not in the recycle bin")
        with self.core.store.transaction():
            for one in self.core.deleted_with.pop(row["Id"], (row["Id"],)):
                back = self.core.row(one)
                if back is None:
                    continue
                of = self.core.shape_of(one)
                self._check_unique(of, dict(back), one)
                stamp = self.core.stamp(back)
                self.core.change(of.name, back, {"IsDeleted": None}, stamp=stamp, user=user)
        self.run_automation(shape.name, "after_update", user, row["Id"])

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
            if not (fact.createable if write.new else fact.updateable):
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
                self.check_reference(write.user, fact, item)
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
        if rules is not None:
            rules.prepare(write)
        self.run_automation(shape.name, "before", write.user, write.draft)
        self._check_required(write)
        for name in write.given:
            fact = shape.fields[name]
            if fact.type == "reference" and write.draft.get(name) and write.changed(name):
                self.check_reference(write.user, fact, write.draft[name])
        self._check_owner(write)
        self._check_customer_rules(write)
        self._check_unique(shape, write.draft, write.id)
        self._stamp(write)
        core.store.put(shape.name, {name: value for name, value in write.draft.items() if value is not None})
        if rules is not None:
            rules.saved(write)
        self.run_automation(shape.name, "after_insert" if write.new else "after_update", write.user, write.id)
        return write.id

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

    def _check_required(self, write: Write) -> None:
        missing = [
            fact.name
            for fact in write.shape.present()
            if not fact.nillable
            and (fact.createable or fact.updateable)
            and fact.type not in ("boolean", "id")
            and write.draft.get(fact.name) is None
        ]
        if missing:
            raise errors.required_missing(missing)

    def check_reference(self, user: Id, fact: Field, target: Id) -> None:
        shape = self.core.schema.object_by_prefix(target[:3])
        if shape is None or shape.name not in fact.to:
            raise errors.integrity(f"{fact.label}: id value of incorrect type: {target}", fact.name)
        row = self.core.row(target)
        if row is None:
            raise SalesforceError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=(fact.name,))
        if row.get("IsDeleted"):
            raise SalesforceError("ENTITY_IS_DELETED", "entity is deleted", fields=(fact.name,))
        if row.get("IsConverted"):
            raise SalesforceError(
                "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", fields=(fact.name,)
            )
        if not self.core.access.can_see(user, shape.name, row):
            raise SalesforceError(
                "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
                f"insufficient access rights on cross-reference id: {target[:15]}",
                fields=(fact.name,),
            )

    def _check_owner(self, write: Write) -> None:
        owner = self.core.row(write.draft.get("OwnerId"))
        if owner is None or not write.changed("OwnerId") or owner["Id"][:3] != "005":
            return
        if not owner.get("IsActive"):
            raise SalesforceError(
                "INACTIVE_OWNER_OR_USER",
                f"operation performed with inactive user [{owner['Id']}] as owner of {write.shape.name.lower()}",
            )

    def _check_customer_rules(self, write: Write) -> None:
        for rule in self.validation.get(write.shape.name, ()):
            if rule.predicate(write.draft):
                fields = (rule.field,) if rule.field else ()
                raise SalesforceError("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, fields=fields)
        if not write.new or write.options.allow_duplicates:
            return
        for duplicate in self.duplicates.get(write.shape.name, ()):
            self._check_duplicates(write, duplicate)

    def _check_duplicates(self, write: Write, rule: DuplicateRule) -> None:
        values = {name: write.draft.get(name) for name in rule.fields}
        if None in values.values():
            return
        matches = [
            row
            for row in self.core.store.table(write.shape.name).rows.values()
            if not row.get("IsDeleted") and all(row.get(name) == value for name, value in values.items())
        ]
        if matches:
            found = [{"record": {"attributes": {"type": write.shape.name}, "Id": row["Id"]}} for row in matches]
            result = {
                "allowSave": True,
                "duplicateRule": rule.name,
                "duplicateRuleEntityType": write.shape.name,
                "errorMessage": "Use one of these records?",
                "matchResults": [{"entityType": write.shape.name, "matchRecords": found, "success": True}],
            }
            raise SalesforceError(
                "DUPLICATES_DETECTED", "Use one of these records?", extra={"duplicateResult": result}
            )

    def _check_unique(self, shape: ObjectSchema, draft: dict[str, Any], own: Id) -> None:
        table = self.core.store.table(shape.name)
        for fact in shape.present():
            value = draft.get(fact.name) if fact.unique else None
            if value is None:
                continue
            for row in table.find(fact.name, value):
                if row["Id"] != own and not row.get("IsDeleted"):
                    raise self._duplicate(fact, row)

    def _duplicate(self, fact: Field, holder: Row) -> SalesforceError:
        if fact.name == "Username":
            return SalesforceError("DUPLICATE_USERNAME", "Duplicate Username.", fields=("Username",))
        if self.core.switches.on(NAMES_HOLDER):
            return errors.duplicate_value(fact.name, holder["Id"][:15])
        return errors.duplicate_value("<unknown>", "<unknown>")

    def _remove(self, user: Id, shape: ObjectSchema, row: Row, gone: list[Id]) -> None:
        """Into the bin, after what hangs on the row; `gone` collects every id that went, the row's own first."""
        record_id = row["Id"]
        gone.append(record_id)
        rules = self.rules.get(shape.name)
        for other in rules.goes_with(self.core, row) if rules is not None else ():
            companion = self.core.live(other)
            if companion is not None and other not in gone:
                self._remove(user, self.core.shape_of(other), companion, gone)
        for child in self.core.schema.children(shape.name):
            if child.field.on_delete == "keep":
                continue
            for held in self.core.pointing(child.object, child.field.name, record_id):
                self._let_go(user, child.object, child.field, held, gone)
        current = self.core.live(record_id)
        if current is not None:
            stamp = self.core.stamp(current)
            self.core.change(shape.name, current, {"IsDeleted": True}, stamp=stamp, user=user)
            self.core.bin.append((stamp, record_id))
        self.run_automation(shape.name, "after_delete", user, record_id)

    def _let_go(self, user: Id, object_name: str, fact: Field, row: Row, gone: list[Id]) -> None:
        if fact.on_delete == "restrict":
            raise SalesforceError(
                "DELETE_FAILED",
                "Your attempt to delete this record could not be completed because it is associated with "
                f"the following {object_name} records: {show(row.get('CaseNumber', row['Id']))}",
            )
        if fact.on_delete == "cascade":
            if row["Id"] not in gone:
                self._remove(user, self.core.shape(object_name), row, gone)
        elif row["Id"] not in gone:
            self.core.change(object_name, row, {fact.name: None}, stamp=self.core.stamp(row))

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


def _refuse_modified(row: Row, options: WriteOptions) -> None:
    since = options.unmodified_since
    if since is not None and row["SystemModstamp"] > since:
        raise SalesforceError("PRECONDITION_FAILED", "The record has been modified since the given time", 412)
