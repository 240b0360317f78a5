"""Is it there already, and is it still there: records found by key, by ordinary fields, by id."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosstie.domain.records import EVENT, KEY_FIELD, USER, RecordDraft, RecordRef, Value
from crosstie.salesforce import soql
from crosstie.salesforce.client import Client
from crosstie.salesforce.describe import Schema
from crosstie.salesforce.packing import as_stored
from crosstie.salesforce.queries import Row, fetch, selects, split_conditions
from crosstie.salesforce.values import from_row, parse_moment

NO_COPY = ("IsChild", False)
"""What an invited user has of somebody else's event agrees with it, and is no record of its own."""


def find(
    client: Client, schema: Schema, drafts: Sequence[RecordDraft], *, deleted_too: bool = False
) -> dict[str, str]:
    """Draft key → record id; by key where the object has our key field, else by the draft's `lookup`."""
    keyed: dict[str, list[str]] = defaultdict(list)
    plain: dict[tuple[str, tuple[str, ...]], list[RecordDraft]] = defaultdict(list)
    for draft in drafts:
        if schema.keyed(draft.object):
            keyed[draft.object].append(draft.key)
        elif draft.lookup:
            plain[draft.object, tuple(sorted(draft.lookup))].append(draft)
    found = by_key(client, keyed, deleted_too=deleted_too)
    for (object_name, fields), alike in plain.items():
        found |= _by_fields(client, schema, object_name, fields, alike)
    return found


def by_key(client: Client, keys: Mapping[str, Iterable[str]], *, deleted_too: bool = False) -> dict[str, str]:
    """Object → keys; answers key → id of the live record that holds it, else of one that did."""
    names = ("Id", KEY_FIELD, "IsDeleted") if deleted_too else ("Id", KEY_FIELD)
    queries = [
        query
        for object_name, wanted in keys.items()
        for query in selects(object_name, names, KEY_FIELD, tuple(wanted))
    ]
    found = fetch(client, "find", queries, deleted_too=deleted_too)
    found.sort(key=lambda row: row.get("IsDeleted") is not True)  # the live one has the last word
    return {str(row[KEY_FIELD]): str(row["Id"]) for row in found}


@dataclass(frozen=True, slots=True)
class Holder:
    """The live record that holds a key, and when it says it happened."""

    record_id: str
    moment: datetime | None = None


def holders(client: Client, schema: Schema, drafts: Sequence[RecordDraft]) -> dict[str, Holder]:
    """Key → the record that holds it, of an org with keys."""
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for draft in drafts:
        told_by = draft.told_by if schema.shows(draft.object, draft.told_by) else ""
        keys[draft.object, told_by].append(draft.key)
    found = {}
    for (object_name, told_by), wanted in keys.items():
        names = ("Id", KEY_FIELD, told_by) if told_by else ("Id", KEY_FIELD)
        for row in fetch(client, "find", selects(object_name, names, KEY_FIELD, tuple(wanted))):
            said = row.get(told_by)
            moment = parse_moment(said) if isinstance(said, str) else None
            found[str(row[KEY_FIELD])] = Holder(str(row["Id"]), moment)
    return found


def alive(client: Client, records: Sequence[RecordRef]) -> dict[str, bool]:
    """Recycled rows are asked for too; an id that is in no answer is gone for good or invisible: left out."""
    ids: dict[str, list[str]] = defaultdict(list)
    for record in records:
        ids[record.object].append(record.record_id)
    queries = [
        query
        for object_name, wanted in ids.items()
        for query in selects(object_name, _life_fields(object_name), "Id", wanted)
    ]
    rows = fetch(client, "alive", queries, deleted_too=True)
    states = {str(row["Id"])[:15]: row.get("IsDeleted") is not True for row in rows}
    return {
        record.record_id: states[record.record_id[:15]] for record in records if record.record_id[:15] in states
    }


def _life_fields(object_name: str) -> tuple[str, ...]:
    return ("Id",) if object_name == USER else ("Id", "IsDeleted")


def _by_fields(
    client: Client, schema: Schema, object_name: str, fields: Sequence[str], drafts: Sequence[RecordDraft]
) -> dict[str, str]:
    """The oldest record that agrees in all fields, each record for one draft only."""
    wanted = {
        draft.key: {name: as_stored(object_name, name, draft.lookup[name], schema) for name in fields}
        for draft in drafts
    }
    conditions = [soql.every(_agrees(name, value) for name, value in values.items()) for values in wanted.values()]
    aside = [soql.equal(*NO_COPY)] if object_name == EVENT else []
    queries = [
        soql.Select(
            object_name,
            ("Id", "CreatedDate", *fields),
            soql.every([soql.any_of(some), *aside]),
            ("CreatedDate", "Id"),
        )
        for some in split_conditions(conditions)
    ]
    rows = fetch(client, "find", queries)
    found: dict[str, str] = {}
    for key, values in wanted.items():
        free = (row for row in rows if str(row["Id"]) not in found.values())
        match = next((row for row in free if _is_match(row, values)), None)
        if match is not None:
            found[key] = str(match["Id"])
    return found


def _agrees(field: str, value: Value) -> soql.Condition:
    """Moments agree within their second: whether the vendor keeps, cuts or rounds fractions is not known."""
    if not isinstance(value, datetime):
        return soql.equal(field, value)
    second = value.replace(microsecond=0)
    return soql.every((soql.at_least(field, second), soql.at_most(field, second + timedelta(seconds=1))))


def _is_match(row: Row, values: Mapping[str, Value]) -> bool:
    return all(_same(from_row(row, name), value) for name, value in values.items())


def _same(stored: Value, wanted: Value) -> bool:
    """As SOQL compares: without regard to case; stored texts are trimmed."""
    if isinstance(stored, str) and isinstance(wanted, str):
        return stored.strip().casefold() == wanted.strip().casefold()
    if isinstance(wanted, datetime):
        moment = parse_moment(stored) if isinstance(stored, str) else stored
        return isinstance(moment, datetime) and abs(moment - wanted) <= timedelta(seconds=1)
    if wanted in (None, "") and stored in (None, ""):
        return True
    return stored == wanted or str(stored) == str(wanted)
