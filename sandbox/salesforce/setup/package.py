"""SFDX source deployed into an org: objects, fields, record types, validation, matching and duplicate rules."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from sandbox.salesforce import calculated
from sandbox.salesforce.customer.rules import DuplicateRule, Matching, OnDuplicate
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.schema.objects import object_facts
from sandbox.salesforce.schema.package import BadMetadata, Element, custom_fields, dependency, parse
from sandbox.salesforce.setup.rules import RulesSetup

ABOUT = (
    ("Task", "WhatId"),
    ("Event", "WhatId"),
    ("TaskRelation", "RelationId"),
    ("EventRelation", "RelationId"),
    ("EmailMessage", "RelatedToId"),
)
"""References that may point at a custom object with activities."""
ANYTHING = (("ContentDocumentLink", "LinkedEntityId"), ("ContentVersion", "FirstPublishLocationId"))
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class PackageSetup(RulesSetup):
    def package(self, folder: str) -> list[str]:
        """SFDX source below a folder of this machine; answers what was made. Raises BadMetadata (a ValueError)."""
        root = Path(folder)
        if not root.is_dir():
            raise ValueError(f"there is no folder {folder}")
        steps: Sequence[Callable[[Path], Iterator[str]]] = (
            self._objects, self._fields, self._record_types, self._validation_rules, self._duplicate_rules,
        )  # fmt: skip
        return [made for step in steps for made in step(root)]

    # -- objects and fields

    def _objects(self, root: Path) -> Iterator[str]:
        for path, element in _read(root, "objects/*__c/*.object-meta.xml"):
            name = path.parent.name
            with _named(path):
                made = object_facts(name, element, self._next_prefix())
            if self._core.schema.object(name) is not None:
                continue
            self._core.add_object(made.facts)
            for owner, field in (*(ABOUT if made.activities else ()), *ANYTHING):
                self._point_at(owner, field, name)
            if made.default is not None:
                self._core.access.sharing.defaults[name] = made.default  # type: ignore[assignment]
            yield name

    def _next_prefix(self) -> str:
        used = {shape.prefix for shape in self._core.schema.objects.values()}
        number = next(n for n in range(62**2) if f"a{_DIGITS[n // 62]}{_DIGITS[n % 62]}" not in used)
        return f"a{_DIGITS[number // 62]}{_DIGITS[number % 62]}"

    def _point_at(self, owner: str, field: str, name: str) -> None:
        fact = self._core.schema.objects[owner].fields[field]
        self._core.replace_field(owner, replace(fact, to=(*fact.to, name)))

    def _fields(self, root: Path) -> Iterator[str]:
        formulas: list[tuple[Path, str, Field]] = []
        for path, object_name, fact in custom_fields(root):
            with _named(path):
                self._add_field(object_name, fact)
                if fact.formula:
                    formulas.append((path, object_name, fact))
                self._add_dependency(object_name, fact, path)
            yield f"{object_name}.{fact.name}"
        for path, object_name, fact in formulas:
            with _named(path):
                calculated.add_formula(self._core, object_name, fact)

    def _add_field(self, object_name: str, fact: Field) -> None:
        self._core.add_field(object_name, fact)
        if fact.master:
            sharing, shape = self._core.access.sharing, self._core.schema.objects[object_name]
            sharing.details.setdefault(object_name, fact.name)
            shape.remove("OwnerId")

    def _add_dependency(self, object_name: str, fact: Field, path: Path) -> None:
        found = dependency(parse(path.read_bytes()))
        if found is not None:
            self.dependency(object_name, fact.name, *found)

    # -- rules

    def _record_types(self, root: Path) -> Iterator[str]:
        for path, element in _read(root, "objects/*/recordTypes/*.recordType-meta.xml"):
            owner, name = path.parent.parent.name, element.get("fullName")
            offered = {
                unquote(part.get("picklist")): [
                    unquote(value.get("fullName")) for value in part.children if value.name == "values"
                ]
                for part in element.children
                if part.name == "picklistValues"
            }
            with _named(path):
                person = owner == "PersonAccount"
                target = "Account" if person else owner
                record_type = self.record_type(target, name, element.get("label"), offered, person)
                if not element.flag("active"):
                    self._dml.update(self._admin, "RecordType", record_type, {"IsActive": False})
            yield f"{owner}.{name}"

    def _validation_rules(self, root: Path) -> Iterator[str]:
        for path, element in _read(root, "objects/*/validationRules/*.validationRule-meta.xml"):
            owner, name = path.parent.parent.name, element.get("fullName")
            if not element.flag("active"):
                continue
            field = element.get("errorDisplayField") or None
            with _named(path):
                self.validation_rule(
                    owner, element.get("errorConditionFormula"), element.get("errorMessage"), field, name
                )
            yield f"{owner}.{name}"

    def _duplicate_rules(self, root: Path) -> Iterator[str]:
        matching = {
            f"{path.name.partition('.')[0]}.{rule.get('fullName')}": rule
            for path, element in _read(root, "matchingRules/*.matchingRule-meta.xml")
            for rule in element.children
            if rule.name == "matchingRules"
        }
        for path, element in _read(root, "duplicateRules/*.duplicateRule-meta.xml"):
            owner, name = path.name.split(".")[:2]
            if not element.flag("isActive"):
                continue
            with _named(path):
                found = tuple(
                    self._matching(owner, part, matching)
                    for part in element.children
                    if part.name == "duplicateRuleMatchRules"
                )
                rule = DuplicateRule(
                    name,
                    found,
                    _action(element, "Insert"),
                    _action(element, "Update"),
                    element.get("alertText") or DuplicateRule("", ()).message,
                )
                self._core.customer.duplicates.setdefault(self._shape(owner).name, []).append(rule)
            yield f"{owner}.{name}"

    def _matching(self, owner: str, part: Element, known: dict[str, Element]) -> Matching:
        target, name = part.get("matchRuleSObjectType"), part.get("matchingRule")
        rule = known.get(f"{target}.{name}")
        if rule is None:
            raise BadMetadata(f"the matching rule {name} of {target} is not in the package")
        if rule.get("booleanFilter"):
            raise BadMetadata(f"the matching rule {name}: a booleanFilter is not modelled")
        mapping = part.child("objectMapping") or Element("")
        theirs = {
            one.get("outputField"): one.get("inputField")
            for one in mapping.children
            if one.name == "mappingFields"
        }
        pairs = []
        for item in (one for one in rule.children if one.name == "matchingRuleItems"):
            field = item.get("fieldName")
            if item.get("matchingMethod") != "Exact":
                raise BadMetadata(f"the matching rule {name}: only the method Exact is modelled")
            own = theirs.get(field, field)
            self._field(owner, own)
            self._field(target, field)
            pairs.append((own, field))
        return Matching(name, self._shape(target).name, tuple(pairs))


def _action(element: Element, operation: str) -> OnDuplicate:
    """Block; or allow, and then what is done besides."""
    if element.get(f"actionOn{operation}") == "Block":
        return "block"
    done = {one.text.strip() for one in element.children if one.name == f"operationsOn{operation}"}
    if "Alert" in done:
        return "alert"
    return "report" if "Report" in done else "ignore"


def _read(root: Path, pattern: str) -> Iterator[tuple[Path, Element]]:
    for path in sorted(root.rglob(pattern)):
        with _named(path):
            element = parse(path.read_bytes())
        yield path, element


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """What is wrong with a file is told with its name."""
    try:
        yield
    except ValueError as error:
        raise BadMetadata(f"{path}: {error}") from error
