"""Rules that writes have to pass, and what fields and record types take."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from sandbox.salesforce.customer.recordtypes import of_object
from sandbox.salesforce.customer.rules import (
    Dependency,
    DuplicateRule,
    Matching,
    OnDuplicate,
    RecordTypeUse,
    ValidationRule,
)
from sandbox.salesforce.formula.check import compiled, leads_to
from sandbox.salesforce.ids import Id
from sandbox.salesforce.setup.base import SetupBase

Feature = Literal["enhanced_email", "shared_activities", "multiday_events", "query_all_files"]
PICKLISTS = ("picklist", "multipicklist")


class RulesSetup(SetupBase):
    def validation_rule(
        self, object: str, condition: str, message: str, field: str | None = None, name: str = ""
    ) -> str:
        """Writes for which the formula is true are refused. A rule of the same name is replaced."""
        shape = self._shape(object)
        where = self._field(object, field)[1].name if field else None
        formula = compiled(self._core, shape.name, condition)
        rules = self._core.customer.validation.setdefault(shape.name, [])
        rule = ValidationRule(name or f"Rule_{len(rules) + 1}", formula, message, where)
        rules[:] = [*(one for one in rules if one.name != rule.name), rule]
        return rule.name

    def remove_validation_rule(self, object: str, name: str) -> None:
        rules = self._core.customer.validation.get(self._shape(object).name, [])
        if name not in [rule.name for rule in rules]:
            raise ValueError(f"{object} has no validation rule {name}")
        rules[:] = [rule for rule in rules if rule.name != name]

    def duplicate_rule(
        self,
        object: str,
        fields: Sequence[str],
        name: str = "",
        against: Mapping[str, Sequence[str]] | None = None,
        on_insert: OnDuplicate = "alert",
        on_update: OnDuplicate = "ignore",
        message: str = "Use one of these records?",
    ) -> str:
        """Records whose fields are all equal are duplicates, of this object and of those in `against`.

        `{"Lead": ["Email"]}` compares, in their order, the fields with those of leads. A field may be a path
        such as Account.Name. A rule of the same name is replaced.
        """
        shape = self._shape(object)
        if not fields:
            raise ValueError("a duplicate rule compares at least one field")
        matchings = []
        for other, theirs in {shape.name: fields, **(against or {})}.items():
            target = self._shape(other)
            if len(theirs) != len(fields):
                raise ValueError(f"{other}: {len(fields)} fields are compared, not {len(theirs)}")
            pairs = tuple(zip(fields, theirs, strict=True))
            for own, their in pairs:
                leads_to(self._core, shape, own.split("."))
                leads_to(self._core, target, their.split("."))
            matchings.append(Matching(f"{name or '_'.join(fields)}_Match_{target.name}", target.name, pairs))
        rules = self._core.customer.duplicates.setdefault(shape.name, [])
        rule = DuplicateRule(name or "_".join(fields), tuple(matchings), on_insert, on_update, message)
        rules[:] = [*(one for one in rules if one.name != rule.name), rule]
        return rule.name

    def remove_duplicate_rule(self, object: str, name: str) -> None:
        rules = self._core.customer.duplicates.get(self._shape(object).name, [])
        if name not in [rule.name for rule in rules]:
            raise ValueError(f"{object} has no duplicate rule {name}")
        rules[:] = [rule for rule in rules if rule.name != name]

    def required(self, object: str, field: str, required: bool = True) -> None:
        """A custom field that every write must leave filled; standard fields are required on pages only."""
        owner, fact = self._field(object, field)
        if not fact.custom or fact.type == "boolean":
            raise ValueError(f"{owner}.{fact.name}: only custom fields that can be empty can be required")
        flags = fact.flags.replace("N", "") + ("" if required else "N")
        self._core.replace_field(owner, replace(fact, flags=flags))

    def picklist(
        self,
        object: str,
        field: str,
        values: Sequence[str],
        restricted: bool = False,
        default: str | None = None,
    ) -> None:
        """The values of a picklist, and whether the API takes others too."""
        owner, fact = self._field(object, field, *PICKLISTS)
        if default is not None and default not in values:
            raise ValueError(f"the default {default} is not among the values")
        flags = fact.flags.replace("R", "") + ("R" if restricted else "")
        self._core.replace_field(owner, replace(fact, values=tuple(values), default=default, flags=flags))

    def dependency(self, object: str, field: str, controller: str, allowed: Mapping[str, Sequence[str]]) -> None:
        """What each value of the controlling field allows; asked of API writes as a switch says."""
        owner, fact = self._field(object, field, *PICKLISTS)
        _, controlling = self._field(object, controller, "picklist", "boolean")
        known = {value: tuple(values) for value, values in allowed.items()}
        stray = {one for values in known.values() for one in values} - set(fact.values)
        if stray:
            raise ValueError(f"{', '.join(sorted(stray))}: no value of {fact.name}")
        self._core.customer.dependencies[owner, fact.name] = Dependency(controlling.name, known)

    def record_type(
        self,
        object: str,
        developer_name: str,
        label: str = "",
        picklists: Mapping[str, Sequence[str]] | None = None,
        person: bool = False,
    ) -> Id:
        """A record type; `picklists` says which values it offers where that is not all of them.

        `person` makes the accounts of this record type persons; the org must have person accounts.
        """
        if person and (object != "Account" or not self._core.features.person_accounts):
            raise ValueError("a record type of persons is one of Account, where the org has person accounts")
        shape = self._shape(object)
        offered = {self._field(object, name, *PICKLISTS)[1]: tuple(v) for name, v in (picklists or {}).items()}
        for fact, values in offered.items():
            stray = set(values) - set(fact.values)
            if stray:
                raise ValueError(f"{', '.join(sorted(stray))}: no value of {fact.name}")
        fields = {"Name": label or developer_name, "DeveloperName": developer_name, "SobjectType": shape.name}
        kind = {"IsPersonType": True} if person else {}
        record_type = self._dml.insert(self._admin, "RecordType", fields | kind)
        for fact, values in offered.items():
            self._core.customer.record_type_values[record_type, fact.name] = values
        return record_type

    def feature(self, name: Feature, on: bool) -> None:
        """What the org has switched on: without Enhanced Email no e-mail messages, and so on."""
        setattr(self._core.features, name, on)

    def person_accounts(self) -> Id:
        """Accounts may be persons from now on, for good; answers the first record type of persons."""
        features = self._core.features
        if features.person_accounts:
            raise ValueError("the org has person accounts already")
        features.person_accounts = True
        _, company = self._field("Lead", "Company")
        self._core.replace_field("Lead", replace(company, flags=f"N{company.flags}"))
        return self.record_type("Account", "PersonAccount", "Person Account", person=True)

    def record_type_use(
        self, object: str, profile: str, available: Sequence[str], default: str | None = None
    ) -> None:
        """Which record types (by DeveloperName) a profile may use, and which its new records get."""
        shape = self._shape(object)
        ids = {row["DeveloperName"]: row["Id"] for row in of_object(self._core, shape.name)}
        unknown = {*available, *([default] if default else [])} - set(ids)
        if unknown:
            raise ValueError(f"{shape.name} has no record type {', '.join(sorted(unknown))}")
        chosen = frozenset(ids[name] for name in available) | ({ids[default]} if default else set())
        use = RecordTypeUse(chosen, ids[default] if default else None)
        self._core.customer.record_types[self._profile(profile), shape.name] = use
