"""Records of e-mails that something else made: found by Message-ID, and given our key."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from crosstie.domain.keys import normal_message_id
from crosstie.domain.records import EMAIL_MESSAGE, KEY_FIELD, TASK, RecordRef
from crosstie.ports.crm import Recorded
from crosstie.salesforce import soql
from crosstie.salesforce.client import Client, problem_of
from crosstie.salesforce.describe import Schema
from crosstie.salesforce.packing import COLLECTION
from crosstie.salesforce.queries import Row, fetch, selects
from crosstie.salesforce.values import parse_moment, same_id

IDENTIFIER = "MessageIdentifier"
LONGEST = 765
"""Characters of EmailMessage.MessageIdentifier; a longer one is on no record."""


def recorded(
    client: Client, schema: Schema, message_ids: Sequence[str], task_fields: Sequence[str]
) -> list[Recorded]:
    """Products differ in whether they write the angle brackets; both are asked for."""
    plain = dict.fromkeys(map(normal_message_id, message_ids))
    forms = [form for one in plain if 0 < len(one) < LONGEST - 2 for form in (f"<{one}>", one)]
    queries = list(_queries(schema, forms, task_fields)) if forms else []
    found = [_recorded(row, task_fields) for row in fetch(client, "recorded", queries)] if queries else []
    return sorted(found, key=lambda one: (one.created_at, one.record.record_id))


def stamp(client: Client, schema: Schema, keys: Mapping[RecordRef, str]) -> frozenset[str]:
    """One that may not be written, or whose key another record holds, is left out of the answer."""
    wanted = [(record, key) for record, key in keys.items() if schema.keyed(record.object)]
    stamped: set[str] = set()
    for start in range(0, len(wanted), COLLECTION):
        some = wanted[start : start + COLLECTION]
        rows = [
            {"attributes": {"type": record.object}, "id": record.record_id, KEY_FIELD: key} for record, key in some
        ]
        status, body = client.write("stamp", "/composite/sobjects", {"allOrNone": False, "records": rows}, "PATCH")
        if status != 200 or not isinstance(body, list):
            raise problem_of(status, body)
        done = [str(one.get("id")) for one in body if isinstance(one, Mapping) and one.get("success") is True]
        stamped |= {
            record.record_id for record, _ in some if any(same_id(record.record_id, other) for other in done)
        }
    return frozenset(stamped)


def _queries(schema: Schema, forms: Sequence[str], task_fields: Sequence[str]) -> Iterator[soql.Select]:
    if schema.shows(EMAIL_MESSAGE, IDENTIFIER):
        names = ("Id", IDENTIFIER, "FromAddress", "MessageDate", "CreatedDate")
        yield from selects(EMAIL_MESSAGE, (*names, *_key(schema, EMAIL_MESSAGE)), IDENTIFIER, forms)
    for field in dict.fromkeys(task_fields):
        if schema.shows(TASK, field):
            told = ("Id", field, "ActivityDate", "CreatedDate")
            yield from selects(TASK, (*told, *_key(schema, TASK)), field, forms)


def _key(schema: Schema, object_name: str) -> tuple[str, ...]:
    return (KEY_FIELD,) if schema.shows(object_name, KEY_FIELD) else ()


def _recorded(row: Row, task_fields: Sequence[str]) -> Recorded:
    created = parse_moment(row["CreatedDate"])
    key = str(row.get(KEY_FIELD) or "")
    if IDENTIFIER in row:
        said = row["MessageDate"]
        return Recorded(
            normal_message_id(str(row[IDENTIFIER])),
            RecordRef(EMAIL_MESSAGE, str(row["Id"])),
            created,
            sender=str(row["FromAddress"] or ""),
            at=parse_moment(said) if isinstance(said, str) else None,
            key=key,
        )
    named = next(str(row[name]) for name in task_fields if row.get(name))
    day = row["ActivityDate"]
    return Recorded(
        normal_message_id(named),
        RecordRef(TASK, str(row["Id"])),
        created,
        day=date.fromisoformat(day) if isinstance(day, str) else None,
        key=key,
    )
