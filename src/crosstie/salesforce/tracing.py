"""Who somebody is in Salesforce this moment: by address or key, past merges and conversions, deleted or not."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from crosstie.domain.address import canonical
from crosstie.domain.records import ACCOUNT, CONTACT, KEY_FIELD, LEAD, Person
from crosstie.ports.crm import Sought, Traced
from crosstie.salesforce import soql
from crosstie.salesforce.client import Client
from crosstie.salesforce.describe import Schema
from crosstie.salesforce.queries import Row, fetch, selects, split_conditions
from crosstie.salesforce.values import from_row, parse_moment

CREATED_BY_SYNC = "Crosstie_Created_By_Sync__c"
OBJECTS = (CONTACT, LEAD)
_PREFIXES = {"003": CONTACT, "00Q": LEAD}
IS_PERSON, _CONTACT_OF = "IsPersonAccount", "PersonContactId"
_ACCOUNT = "001"
_SUCCESSORS = ("MasterRecordId", "ConvertedContactId")
"""Of a record that was merged, of a Lead that was converted."""


def trace(client: Client, schema: Schema, sought: Sequence[Sought]) -> list[Traced]:
    emails = schema.capabilities().email_fields
    if not all(emails[name] for name in OBJECTS if name in schema.objects):
        return [Traced(blind=True) for _ in sought]
    queries = [
        soql.Select(name, _fields(schema, name, emails[name]), soql.any_of(some), ("CreatedDate", "Id"))
        for name in OBJECTS
        if name in schema.objects
        for some in split_conditions([_is_it(schema, name, emails[name], one) for one in sought])
    ]
    rows = fetch(client, "trace", queries, deleted_too=True)
    found = [[row for row in rows if _matches(row, emails, one)] for one in sought]
    followed = persons(client, schema, sorted({heir for some in found for heir in _heirs(some)}))
    return [_traced(some, followed) for some in found]


def persons(client: Client, schema: Schema, record_ids: Sequence[str]) -> dict[str, Person]:
    """Id, as it was asked for → the live Contact or Lead, of a Person Account its Contact."""
    queries = [
        query
        for name in OBJECTS
        if name in schema.objects
        for query in selects(
            name, _fields(schema, name, ()), "Id", [one for one in record_ids if _of(one) == name]
        )
    ]
    if has_persons(schema):
        ids = [one for one in record_ids if one.startswith(_ACCOUNT)]
        queries += selects(ACCOUNT, ("Id", _CONTACT_OF), "Id", ids)
    live = {str(row["Id"])[:15]: person for row in fetch(client, "trace", queries) if (person := _person(row))}
    return {record_id: live[record_id[:15]] for record_id in record_ids if record_id[:15] in live}


def has_persons(schema: Schema) -> bool:
    return schema.shows(ACCOUNT, IS_PERSON)


def person_type(client: Client, schema: Schema) -> str:
    """The first record type of persons that is in use."""
    if not has_persons(schema):
        return ""
    is_one = (soql.equal("SobjectType", ACCOUNT), soql.equal("IsPersonType", True), soql.equal("IsActive", True))
    rows = fetch(
        client, "trace", [soql.Select("RecordType", ("Id",), soql.every(is_one), ("CreatedDate", "Id"), 1)]
    )
    return str(rows[0]["Id"]) if rows else ""


def _of(record_id: str) -> str:
    return _PREFIXES.get(record_id[:3], "")


def _fields(schema: Schema, name: str, emails: Sequence[str]) -> list[str]:
    wanted = ("IsDeleted", "CreatedDate", "AccountId", "IsConverted", *_SUCCESSORS, KEY_FIELD, CREATED_BY_SYNC)
    return ["Id", *(one for one in (*wanted, *emails) if schema.shows(name, one))]


def _is_it(schema: Schema, name: str, emails: Sequence[str], one: Sought) -> soql.Condition:
    keys = [soql.equal(KEY_FIELD, one.key)] if schema.shows(name, KEY_FIELD) else []
    return soql.any_of([*(soql.equal(field, one.email) for field in emails), *keys])


def _matches(row: Row, emails: Mapping[str, Sequence[str]], one: Sought) -> bool:
    values = (from_row(row, field) for field in emails.get(_of(str(row["Id"])), ()))
    has_address = any(canonical(value) == one.email for value in values if isinstance(value, str))
    return has_address or from_row(row, KEY_FIELD) == one.key


def _traced(rows: Sequence[Row], followed: Mapping[str, Person]) -> Traced:
    """A record that a person deleted says something only where it was ours, and nobody else has the address."""
    people = [person for row in rows if (person := _person(row))]
    people = people or [followed[heir] for heir in _heirs(rows) if heir in followed]
    ours = [row for row in rows if row.get(KEY_FIELD) or row.get(CREATED_BY_SYNC) is True]
    return Traced(tuple(dict.fromkeys(people)), deleted=not people and bool(ours))


def _heirs(rows: Iterable[Row]) -> list[str]:
    gone = [row for row in rows if _person(row) is None]
    return [str(row[name]) for row in gone for name in _SUCCESSORS if row.get(name)]


def _person(row: Row) -> Person | None:
    if _CONTACT_OF in row:
        contact = row[_CONTACT_OF]
        return Person(CONTACT, str(contact), str(row["Id"])) if contact else None
    if row.get("IsDeleted") is True or row.get("IsConverted") is True:
        return None
    account, created = row.get("AccountId"), row.get("CreatedDate")
    since: datetime | None = parse_moment(created) if isinstance(created, str) else None
    return Person(_of(str(row["Id"])), str(row["Id"]), str(account or ""), since)
