"""What this org offers: its describes, asked for together, remembered for hours."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crosstie.domain.clock import Clock
from crosstie.domain.errors import Fatal, Refused, Retry
from crosstie.domain.records import ACCOUNT, CONTACT, EMAIL_MESSAGE, EVENT, KEY_FIELD, LEAD, TASK, USER, FieldKind
from crosstie.ports.crm import CrmCapabilities
from crosstie.salesforce import errors
from crosstie.salesforce.client import Client, Part, PartAnswer, query_part
from crosstie.transport import integer

CONTENT_VERSION = "ContentVersion"
LINK = "ContentDocumentLink"
"""Puts a file on a record."""
DESCRIBED = (EMAIL_MESSAGE, TASK, EVENT, CONTACT, LEAD, ACCOUNT, USER, CONTENT_VERSION)
ACCESS = {CONTACT: "DefaultContactAccess", LEAD: "DefaultLeadAccess", ACCOUNT: "DefaultAccountAccess"}
"""Whose records are linked → the field of Organization that says what everybody may do with them."""
ABOUT_ALL = "SELECT DefaultContactAccess, DefaultLeadAccess, DefaultAccountAccess FROM Organization"
WRITTEN = frozenset((EMAIL_MESSAGE, TASK, EVENT, CONTENT_VERSION))
MIRRORED = (EVENT,)
"""Objects whose records are kept like items of a mailbox."""
EVENT_PEOPLE = "EventWhoIds"
KEPT = timedelta(hours=4)
OWN_PREFIX = "Crosstie_"
"""Of the custom fields of `salesforce-package/`."""
_TEXTS = ("string", "textarea", "email", "phone", "url", "picklist", "multipicklist", "combobox")


@dataclass(frozen=True, slots=True)
class FieldInfo:
    type: str
    length: int
    createable: bool
    unique: bool
    choices: tuple[str, ...] = ()
    """Active values of a picklist."""
    updateable: bool = False
    decimals: int = 0
    filterable: bool = False
    defaulted: bool = False
    """A new record has a value there although nobody gave one."""

    @property
    def kind(self) -> FieldKind:
        return FieldKind(self.type, self.length, self.decimals, self.filterable)


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    createable: bool
    fields: Mapping[str, FieldInfo]
    lists: frozenset[str] = frozenset()
    """JunctionIdLists such as TaskWhoIds: a describe names them with the child relationship, not as fields."""
    updateable: bool = False
    deletable: bool = False

    def keyed(self) -> bool:
        key = self.fields.get(KEY_FIELD)
        return key is not None and key.unique and key.createable


@dataclass(frozen=True, slots=True)
class Schema:
    """The described objects; one that the org lacks or hides is absent."""

    objects: Mapping[str, ObjectInfo]
    private: frozenset[str] = frozenset()
    """Objects whose records not everybody may read; those that the org does not tell of are among them."""

    def keyed(self, object_name: str) -> bool:
        found = self.objects.get(object_name)
        return found is not None and found.keyed()

    def takes(self, object_name: str, field_name: str) -> bool:
        """Whether a new record may carry the field; of objects not described, any standard field."""
        found = self.objects.get(object_name)
        if found is None:
            return not field_name.endswith(("__c", "__pc"))
        info = found.fields.get(field_name)
        return field_name in found.lists or (info is not None and info.createable)

    def changes(self, object_name: str, field_name: str) -> bool:
        """Whether a record that is there takes the field; an object that was not described takes none."""
        found = self.objects.get(object_name, _NOTHING)
        info = found.fields.get(field_name)
        return field_name in found.lists or (info is not None and info.updateable)

    def shows(self, object_name: str, field_name: str) -> bool:
        """Whether we may read the field, as far as the object was described."""
        found = self.objects.get(object_name, _NOTHING)
        return field_name in found.fields or field_name in found.lists

    def type(self, object_name: str, field_name: str) -> str:
        """Empty where the field is not known."""
        found = self.objects.get(object_name, _NOTHING).fields.get(field_name)
        return found.type if found else ""

    def length(self, object_name: str, field_name: str) -> int:
        """The longest text the field takes; 0 where there is no limit that we know of."""
        found = self.objects.get(object_name, _NOTHING).fields.get(field_name)
        return found.length if found and found.type in _TEXTS else 0

    def capabilities(self) -> CrmCapabilities:
        task, event = (self.objects.get(name, _NOTHING) for name in (TASK, EVENT))
        return CrmCapabilities(
            enhanced_email=self.objects.get(EMAIL_MESSAGE, _NOTHING).createable,
            keyed=self.keyed(TASK) and (self.keyed(EMAIL_MESSAGE) or EMAIL_MESSAGE not in self.objects),
            many_people="TaskWhoIds" in task.lists or "TaskWhoIds" in task.fields,
            email_fields={name: self._emails(name) for name in (CONTACT, LEAD, USER)},
            custom_fields=frozenset(
                f"{name}.{field_name}"
                for name, info in self.objects.items()
                for field_name, described in info.fields.items()
                if field_name.startswith(OWN_PREFIX) and field_name.endswith("__c") and described.createable
            ),
            lengths={
                f"{name}.{field_name}": described.length
                for name, info in self.objects.items()
                for field_name, described in info.fields.items()
                if name in WRITTEN and described.length and described.createable and described.type in _TEXTS
            },
            keyed_events=self.keyed(EVENT),
            many_people_on_events=EVENT_PEOPLE in event.lists or EVENT_PEOPLE in event.fields,
            writable={name: self._writable(name) for name in MIRRORED},
            fields={name: self._kinds(name) for name in MIRRORED},
            private=self.private,
            files=self.objects.get(CONTENT_VERSION, _NOTHING).createable,
        )

    def _writable(self, name: str) -> frozenset[str]:
        found = self.objects.get(name, _NOTHING)
        return found.lists | {field_name for field_name, info in found.fields.items() if info.updateable}

    def _kinds(self, name: str) -> Mapping[str, FieldKind]:
        return {field_name: info.kind for field_name, info in self.objects.get(name, _NOTHING).fields.items()}

    def _emails(self, name: str) -> tuple[str, ...]:
        fields = self.objects.get(name, _NOTHING).fields
        return tuple(sorted(field_name for field_name, info in fields.items() if info.type == "email"))


_NOTHING = ObjectInfo(createable=False, fields={})


@dataclass(slots=True)
class SchemaCache:
    """The schema of one org as one identity sees it."""

    client: Client
    clock: Clock
    _schema: Schema | None = None
    _asked_at: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def get(self, *, stale: Schema | None = None) -> Schema:
        """`stale`: the schema that was just found to be wrong; it is asked for anew unless that was done since."""
        now = self.clock.now()
        with self._lock:
            old = self._asked_at is None or now - self._asked_at >= KEPT
            if self._schema is None or old or self._schema is stale:
                self._schema, self._asked_at = _describe(self.client), now
            return self._schema


def fields_of(client: Client, object_name: str) -> frozenset[str]:
    """Names of the fields we may see of one object; none when there is no such object."""
    (answer,), _ = client.composite("describe", [Part(f"/sobjects/{object_name}/describe")])
    info = _object(answer)
    return frozenset(info.fields) if info else frozenset()


def _describe(client: Client) -> Schema:
    """What is said to be missing is asked for once more: much depends on it, and for hours."""
    found: dict[str, ObjectInfo] = {}
    private = frozenset(ACCESS)
    for attempt in range(2):
        wanted = [name for name in DESCRIBED if name not in found]
        if wanted:
            parts = [Part(f"/sobjects/{name}/describe") for name in wanted]
            about_all = [] if attempt else [query_part(ABOUT_ALL)]
            answers, _ = client.composite("describe", [*parts, *about_all])
            private = private if attempt else _private(answers[-1])
            infos = ((name, _object(answer)) for name, answer in zip(wanted, answers, strict=False))
            found |= {name: info for name, info in infos if info is not None}
    return Schema(found, private)


def _private(answer: PartAnswer) -> frozenset[str]:
    """By the org's own word; a Contact may be as private as its Account."""
    listed = answer.body.get("records") if isinstance(answer.body, Mapping) else None
    row = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], Mapping) else {}
    told = {name: str(row.get(field_name) or "") for name, field_name in ACCESS.items()}
    told[CONTACT] = told[ACCOUNT] if told[CONTACT].startswith("ControlledBy") else told[CONTACT]
    return frozenset(name for name, access in told.items() if not access.startswith(("Read", "Edit")))


def _object(answer: PartAnswer) -> ObjectInfo | None:
    """None for an object that is not there for us; raises for what may pass."""
    if not answer.ok:
        failure = errors.of_call(answer.status, answer.errors)
        missing = answer.status in (403, 404) or any(error.code == "INVALID_TYPE" for error in answer.errors)
        if missing and isinstance(failure, Refused | Fatal):
            return None
        raise failure
    described = answer.body.get("fields") if isinstance(answer.body, Mapping) else None
    if not described or not isinstance(described, list) or not all(map(_is_field, described)):
        raise Retry("CRM-ANSWER", "a description without fields")
    fields = {item["name"]: _field(item) for item in described}
    may = {name: answer.body.get(name) is True for name in ("createable", "updateable", "deletable")}
    return ObjectInfo(fields=fields, lists=_lists(answer.body), **may)


def _lists(body: Mapping[str, Any]) -> frozenset[str]:
    listed = body.get("childRelationships")
    relationships = (one for one in listed if isinstance(one, Mapping)) if isinstance(listed, list) else ()
    named = (one.get("junctionIdListNames") for one in relationships)
    return frozenset(str(name) for names in named if isinstance(names, list) for name in names)


def _is_field(item: Any) -> bool:
    return isinstance(item, Mapping) and isinstance(item.get("name"), str)


def _field(item: Mapping[str, Any]) -> FieldInfo:
    return FieldInfo(
        type=str(item.get("type", "")),
        length=integer(item.get("length")) or 0,
        createable=item.get("createable") is True,
        unique=item.get("unique") is True,
        choices=tuple(_choices(item.get("picklistValues"))),
        updateable=item.get("updateable") is True,
        decimals=integer(item.get("scale")) or 0,
        filterable=item.get("filterable") is True,
        defaulted=item.get("defaultedOnCreate") is True,
    )


def _choices(listed: Any) -> Iterator[str]:
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, Mapping) and one.get("active") is True and isinstance(one.get("value"), str):
            yield one["value"]
