"""The tables of field facts, and the schema of one org made of them and of its custom fields."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from sandbox.salesforce.schema import activities, identity, mail, people, persons, sales, setup
from sandbox.salesforce.schema.facts import Field, SObject, f

STANDARD: tuple[SObject, ...] = (
    setup.ORGANIZATION,
    setup.PROFILE,
    setup.USER_ROLE,
    people.USER,
    setup.GROUP,
    setup.GROUP_MEMBER,
    setup.QUEUE_OBJECT,
    setup.ASSIGNMENT_RULE,
    setup.USER_RECORD_ACCESS,
    setup.USER_PERMISSION_ACCESS,
    setup.PERMISSION_SET,
    setup.PERMISSION_SET_ASSIGNMENT,
    setup.FIELD_PERMISSIONS,
    setup.RECORD_TYPE,
    setup.LIST_VIEW,
    setup.CURRENCY_TYPE,
    identity.CONNECTED_APPLICATION,
    identity.OAUTH_TOKEN,
    identity.USER_LOGIN,
    identity.LOGIN_HISTORY,
    sales.ACCOUNT,
    people.CONTACT,
    people.LEAD,
    sales.OPPORTUNITY,
    sales.OPPORTUNITY_CONTACT_ROLE,
    sales.CASE,
    activities.CALENDAR,
    activities.TASK,
    activities.TASK_RELATION,
    activities.EVENT,
    activities.EVENT_RELATION,
    mail.EMAIL_MESSAGE,
    mail.EMAIL_MESSAGE_RELATION,
    mail.CONTENT_DOCUMENT,
    mail.CONTENT_VERSION,
    mail.CONTENT_DOCUMENT_LINK,
)

LEFT_OUT: dict[str, tuple[str, ...]] = {
    "Account": ("DandbCompanyId", "OperatingHoursId"),
    "Contact": ("IndividualId",),
    "Lead": ("DandbCompanyId", "IndividualId"),
    "Opportunity": (
        "CampaignId",
        "Pricebook2Id",
        "LastAmountChangedHistoryId",
        "LastCloseDateChangedHistoryId",
    ),
    "Case": ("AssetId",),
}
"""Recorded fields that point at objects the sandbox has none of."""


CURRENCY = f("CurrencyIsoCode", "picklist", 3, "NcufsgD", label="Currency ISO Code", feature="multi_currency")
USERS_CURRENCY = f("DefaultCurrencyIsoCode", "picklist", 3, label="Default Currency", feature="multi_currency")
WITH_CURRENCY = {
    "User": (CURRENCY, USERS_CURRENCY),
    **dict.fromkeys(("Account", "Contact", "Lead", "Opportunity", "Case", "Task", "Event"), (CURRENCY,)),
}
"""What objects gain where an org has several currencies. [recall]"""


def gained(object_name: str) -> tuple[Field, ...]:
    """What an object has besides, once a feature is on."""
    return (*WITH_CURRENCY.get(object_name, ()), *persons.FIELDS.get(object_name, ()))


class HasFeature(Protocol):
    def has(self, feature: str | None) -> bool: ...


@dataclass(frozen=True, slots=True)
class Child:
    """A way down: rows of `object` whose `field` points here."""

    object: str
    field: Field


@dataclass(slots=True)
class ObjectSchema:
    """One object as this org has it. Look-ups by name ignore case, as the vendor's do."""

    facts: SObject
    fields: dict[str, Field]
    features: HasFeature
    _folded: dict[str, Field] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._folded = {name.lower(): item for name, item in self.fields.items()}

    @property
    def name(self) -> str:
        return self.facts.name

    @property
    def prefix(self) -> str:
        return self.facts.prefix

    @property
    def label(self) -> str:
        return self.facts.label or self.facts.name

    def add(self, item: Field) -> None:
        self.fields[item.name] = item
        self._folded[item.name.lower()] = item

    def remove(self, name: str) -> None:
        self.fields.pop(name, None)
        self._folded.pop(name.lower(), None)

    def field(self, name: str) -> Field | None:
        found = self._folded.get(name.lower())
        return found if found is not None and self.features.has(found.feature) else None

    def present(self) -> Iterator[Field]:
        return (item for item in self.fields.values() if self.features.has(item.feature))

    def parent(self, relationship: str) -> Field | None:
        """The reference field behind a way up."""
        wanted = relationship.lower()
        for item in self.present():
            if item.type == "reference" and item.rel is not None and item.rel.lower() == wanted:
                return item
        return None

    @property
    def name_field(self) -> Field | None:
        return next((item for item in self.fields.values() if item.is_name), None)


class Schema:
    """The objects of one org."""

    def __init__(self, features: HasFeature) -> None:
        self.features = features
        self.objects = {
            facts.name: ObjectSchema(
                facts, {item.name: item for item in (*facts.fields, *gained(facts.name))}, features
            )
            for facts in STANDARD
        }
        self._folded = {name.lower(): name for name in self.objects}
        self._prefixes = {item.prefix: name for name, item in self.objects.items()}

    def add(self, facts: SObject) -> ObjectSchema:
        item = ObjectSchema(facts, {fact.name: fact for fact in facts.fields}, self.features)
        self.objects[facts.name] = item
        self._folded[facts.name.lower()] = facts.name
        self._prefixes[facts.prefix] = facts.name
        return item

    def object(self, name: str) -> ObjectSchema | None:
        """None when there is no such object, or the feature that brings it is off."""
        known = self._folded.get(name.lower())
        if known is None:
            return None
        found = self.objects[known]
        return found if self.features.has(found.facts.feature) else None

    def object_by_prefix(self, prefix: str) -> ObjectSchema | None:
        name = self._prefixes.get(prefix)
        return self.object(name) if name else None

    def present(self) -> Iterator[ObjectSchema]:
        return (item for item in self.objects.values() if self.features.has(item.facts.feature))

    def children(self, name: str) -> Iterator[Child]:
        """Every field of every object that may point at rows of this one."""
        for item in self.present():
            for fact in item.fields.values():
                if fact.type == "reference" and name in fact.to and self.features.has(fact.feature):
                    yield Child(item.name, fact)

    def child(self, name: str, relationship: str) -> Child | None:
        wanted = relationship.lower()
        for child in self.children(name):
            if child.field.kids is not None and child.field.kids.lower() == wanted:
                return child
        return None
