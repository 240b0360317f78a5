"""Records of people that were made for mails, and what speaks against taking them out of the org again."""

from collections.abc import Mapping, Sequence

from crosstie.domain.records import CONTACT, EMAIL_MESSAGE, KEY_FIELD, LEAD, TASK, RecordRef
from crosstie.ports.crm import Made
from crosstie.salesforce import soql
from crosstie.salesforce.client import Client
from crosstie.salesforce.describe import Schema
from crosstie.salesforce.queries import Row, fetch, selects

_STAMPS = ("CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById")
_TASK_OF = "ActivityId"
"""The Task that Salesforce makes beside an EmailMessage."""
RELATION, RELATED_MAIL = "EmailMessageRelation", "EmailMessageId"
_OF_BOTH = (
    (TASK, "WhoId"),
    ("TaskRelation", "RelationId"),
    ("Event", "WhoId"),
    ("EventRelation", "RelationId"),
    (RELATION, "RelationId"),
    ("ContentDocumentLink", "LinkedEntityId"),
)
HANGING: Mapping[str, tuple[tuple[str, str], ...]] = {
    LEAD: (*_OF_BOTH, ("CampaignMember", "LeadId")),
    CONTACT: (
        *_OF_BOTH,
        ("CampaignMember", "ContactId"),
        ("OpportunityContactRole", "ContactId"),
        ("Case", "ContactId"),
        (CONTACT, "ReportsToId"),
    ),
}
"""Kinds of records by which a Lead or Contact is used, and the field that names it."""


def made(client: Client, schema: Schema, keys: Sequence[str], besides: RecordRef) -> dict[str, Made]:
    """Key → the record made with it, if it is there. What names it because of the mail `besides` is left aside."""
    queries = [
        query
        for name in (LEAD, CONTACT)
        if schema.shows(name, KEY_FIELD)
        for query in selects(name, ("Id", KEY_FIELD, *_STAMPS), KEY_FIELD, keys)
    ]
    own = selects(EMAIL_MESSAGE, ("Id", _TASK_OF), "Id", [besides.record_id] * (besides.object == EMAIL_MESSAGE))
    rows = fetch(client, "made", [*queries, *own]) if queries else []
    people = [row for row in rows if row.get(KEY_FIELD)]
    tasks = [str(row[_TASK_OF]) for row in rows if row.get(_TASK_OF)]
    hanging = _hanging(client, people, [besides.record_id, *tasks])
    return {
        str(row[KEY_FIELD]): Made(
            RecordRef(_kind(row), str(row["Id"])), _changed(row), hanging.get(str(row["Id"]), ())
        )
        for row in people
    }


def _hanging(client: Client, people: Sequence[Row], aside: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Person → kinds of records that use it."""
    asked = [
        (_question(kind, field, name, people, aside), kind, field)
        for name in HANGING
        if any(_kind(row) == name for row in people)
        for kind, field in HANGING[name]
    ]
    found: dict[str, dict[str, None]] = {}
    for row in fetch(client, "made", [query for query, _, _ in asked]) if asked else ():
        for _, kind, field in asked:
            if field in row and _is_a(row, kind):
                found.setdefault(str(row[field]), {})[kind] = None
    return {person: tuple(kinds) for person, kinds in found.items()}


def _question(kind: str, field: str, name: str, people: Sequence[Row], aside: Sequence[str]) -> soql.Select:
    ids = [str(row["Id"]) for row in people if _kind(row) == name]
    own = {TASK: "Id", "TaskRelation": "TaskId", RELATION: RELATED_MAIL}.get(kind)
    left_aside = [soql.none_of(own, aside)] if own else []
    return soql.Select(kind, ("Id", field), soql.every([soql.one_of(field, ids), *left_aside]))


def _is_a(row: Row, kind: str) -> bool:
    attributes = row.get("attributes")
    return isinstance(attributes, Mapping) and attributes.get("type") == kind


def _kind(row: Row) -> str:
    return LEAD if _is_a(row, LEAD) else CONTACT


def _changed(row: Row) -> bool:
    """By anybody, ourselves included: who made it has not been back since."""
    made, changed = ((row[f"{verb}Date"], row[f"{verb}ById"]) for verb in ("Created", "LastModified"))
    return bool(made != changed)
