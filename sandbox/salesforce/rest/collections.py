"""sObject collections: up to 200 records in one call, each with its own outcome."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest import writes
from sandbox.salesforce.rest.exchange import Answer, Ask, flag
from sandbox.salesforce.rest.together import kept_if_good
from sandbox.switches import declare

MOST_RECORDS = 200
MOST_READ = 2000
MOST_CHUNKS = 10
FEW_CHUNKS = declare(
    "salesforce.collections_few_chunks",
    default=True,
    question="Is a collection refused whose objects change more than ten times from one record to the next?",
    source="notes 4.4, recall",
)
ROLLED_BACK = SalesforceError(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
)

Record = dict[str, Any]
Result = dict[str, Any]
T = TypeVar("T")


def create(ask: Ask) -> Answer:
    records = _records(ask)
    types = _types(records)

    def one(record: Record) -> Result:
        return _success(writes.insert(ask, _type(record), _fields(record)))

    return _each(ask, records, one, types, flag(ask.body.get("allOrNone")))


def change(ask: Ask) -> Answer:
    records = _records(ask)
    types = _types(records)

    def one(record: Record) -> Result:
        fields = _fields(record)
        record_id = _taken(fields, "id")
        if not record_id:
            raise SalesforceError("MISSING_ARGUMENT", "Id not specified in an update call")
        writes.update(ask, _type(record), record_id, fields)
        return _success(record_id)

    return _each(ask, records, one, types, flag(ask.body.get("allOrNone")))


def upsert(ask: Ask, object_name: str, field: str) -> Answer:
    """One type only, the one in the address. The same key twice in one call fails for both."""
    records = _records(ask)
    keys = Counter(_key(record, field) for record in records)

    def one(record: Record) -> Result:
        fields = _fields(record)
        value = _taken(fields, field.lower())
        if value is not None and keys[str(value)] > 1:
            message = f"Duplicate external id specified: {value}"
            raise SalesforceError("DUPLICATE_VALUE", message, fields=(field,))
        if value is None and field.lower() != "id":
            raise SalesforceError("MISSING_ARGUMENT", f"{field} not specified")
        if value is None:
            return _success(writes.insert(ask, object_name, fields), created=True)
        result = writes.upsert(ask, object_name, field, value, fields)
        return _success(result.id, created=result.created)

    return _each(ask, records, one, [object_name], flag(ask.body.get("allOrNone")))


def remove(ask: Ask) -> Answer:
    ids = _ids(ask.query.get("ids", ""))
    _check_number(len(ids), MOST_RECORDS)

    def one(record_id: str) -> Result:
        writes.delete(ask, ask.org.object_of(record_id), record_id)
        return _success(record_id)

    return _each(ask, ids, one, _prefixes(ids), flag(ask.query.get("allOrNone")))


def read(ask: Ask, object_name: str) -> Answer:
    """Rows in the order of the ids; null for one that is not there."""
    return _read(ask, object_name, _ids(ask.query.get("ids", "")), ask.query.get("fields", "").split(","))


def read_many(ask: Ask, object_name: str) -> Answer:
    """The same with ids and fields in the body, and room for 2,000 ids."""
    body = ask.body if isinstance(ask.body, dict) else {}
    ids, fields = body.get("ids"), body.get("fields")
    if not isinstance(ids, list) or not isinstance(fields, list):
        raise SalesforceError("JSON_PARSER_ERROR", "ids and fields are required, each a list")
    return _read(ask, object_name, ids, fields)


def _read(ask: Ask, object_name: str, ids: list[str], fields: list[str]) -> Answer:
    _check_number(len(ids), MOST_READ)
    wanted = [name.strip() for name in fields if name.strip()]
    if not wanted:
        raise SalesforceError("MISSING_ARGUMENT", "fields is required")
    ask.org.describe(ask.user, object_name)

    def one(record_id: str) -> Record | None:
        try:
            return ask.org.get(ask.user, object_name, record_id, wanted)
        except SalesforceError as error:
            if error.status == 404 or error.code == "MALFORMED_ID":
                return None
            raise

    return Answer(200, [one(record_id) for record_id in ids])


def _each(
    ask: Ask, items: Sequence[T], act: Callable[[T], Result], types: Sequence[str], all_or_none: bool
) -> Answer:
    if ask.world.switches.on(FEW_CHUNKS):
        _check_chunks(types)
    if not all_or_none:
        return Answer(200, [_outcome(act, item) for item in items])

    def together() -> tuple[list[Result], bool]:
        results = [_outcome(act, item) for item in items]
        return results, all(result["success"] for result in results)

    results, good = kept_if_good(ask.org, together)
    if not good:
        results = [_failure(ROLLED_BACK) if result["success"] else result for result in results]
    return Answer(200, results)


def _outcome(act: Callable[[T], Result], item: T) -> Result:
    try:
        return act(item)
    except SalesforceError as error:
        return _failure(error)


def _success(record_id: str, *, created: bool | None = None) -> Result:
    result: Result = {"id": record_id, "success": True, "errors": []}
    return result if created is None else result | {"created": created}


def _failure(error: SalesforceError) -> Result:
    if error.status == 300:
        error = SalesforceError("DUPLICATE_EXTERNAL_ID", error.message, fields=error.fields)
    return {"success": False, "errors": error.collection_errors()}


def _records(ask: Ask) -> list[Record]:
    records = ask.body.get("records") if isinstance(ask.body, dict) else None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise SalesforceError("JSON_PARSER_ERROR", "records is required, a list of objects")
    _check_number(len(records), MOST_RECORDS)
    return records


def _check_number(number: int, most: int) -> None:
    if number > most:
        message = f"record limit reached. cannot submit more than {most} records into this call"
        raise SalesforceError("EXCEEDED_ID_LIMIT", message)
    if number == 0:
        raise SalesforceError("MISSING_ARGUMENT", "at least one record is required")


def _check_chunks(types: Sequence[str]) -> None:
    chunks = sum(1 for before, one in zip(("", *types), types, strict=False) if one != before)
    if chunks > MOST_CHUNKS:
        message = (
            f"Cannot have more than {MOST_CHUNKS} chunks in a single operation. "
            "Please rearrange the data to reduce chunking."
        )
        raise SalesforceError("LIMIT_EXCEEDED", message)


def _types(records: Sequence[Record]) -> list[str]:
    return [_type(record).lower() for record in records]


def _type(record: Record) -> str:
    attributes = record.get("attributes")
    name = attributes.get("type") if isinstance(attributes, dict) else None
    if not isinstance(name, str) or not name:
        raise SalesforceError("INVALID_TYPE", "each record needs attributes with its type")
    return name


def _fields(record: Record) -> Record:
    return {name: value for name, value in record.items() if name != "attributes"}


def _taken(fields: Record, name: str) -> Any:
    """The value under that name whatever its case, taken out of `fields`."""
    key = next((key for key in fields if key.lower() == name), None)
    return fields.pop(key) if key is not None else None


def _key(record: Record, field: str) -> str:
    return str(_taken(dict(record), field.lower()))


def _ids(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _prefixes(ids: Sequence[str]) -> list[str]:
    return [one[:3] for one in ids]
