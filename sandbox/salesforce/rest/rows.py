"""One record at a time, by id or by external id."""

import hashlib
from datetime import datetime
from typing import Any

from sandbox.clock import as_http_date
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.rest import writes
from sandbox.salesforce.rest.exchange import Answer, Ask, flag, http_date
from sandbox.switches import declare

UPSERT_TELLS_NOTHING = declare(
    "salesforce.upsert_tells_nothing",
    default=False,
    question="Is an upsert that updates answered with 204 and no body (or with 200 and the row's id)?",
    source="design 5; the answer has had a body since v46",
)
ETAGS_FOR_ALL = declare(
    "salesforce.etags_for_all",
    default=False,
    question="Have rows of every object an ETag, with If-Match (or only those of Account)?",
    source="notes 4.4, recall",
)


def create(ask: Ask, object_name: str) -> Answer:
    record_id = writes.insert(ask, object_name, ask.fields | dict(ask.uploads))
    return _created(ask, object_name, record_id)


def read(ask: Ask, object_name: str, record_id: str) -> Answer:
    row = ask.org.get(ask.user, object_name, record_id, _wanted(ask))
    return _conditional(ask, object_name, record_id, row)


def change(ask: Ask, object_name: str, record_id: str) -> Answer:
    _check_etag(ask, object_name, record_id)
    writes.update(ask, object_name, record_id, ask.fields)
    return Answer(204)


def remove(ask: Ask, object_name: str, record_id: str) -> Answer:
    _check_object(ask, object_name, record_id)
    _check_etag(ask, object_name, record_id)
    writes.delete(ask, object_name, record_id)
    return Answer(204)


def read_by_key(ask: Ask, object_name: str, field: str, value: str) -> Answer:
    if _is_record(ask, object_name, field):
        return blob(ask, object_name, field, value)
    row = ask.org.get(ask.user, object_name, _one(ask, object_name, field, value), _wanted(ask))
    return Answer(200, row)


def remove_by_key(ask: Ask, object_name: str, field: str, value: str) -> Answer:
    writes.delete(ask, object_name, _one(ask, object_name, field, value))
    return Answer(204)


def upsert(ask: Ask, object_name: str, field: str, value: str) -> Answer:
    fields = ask.fields
    if field.lower() in {name.lower() for name in fields}:
        raise SalesforceError(
            "INVALID_FIELD", f"The {field} field should not be specified in the sobject data.", fields=(field,)
        )
    update_only = flag(ask.query.get("updateOnly"))
    result = writes.upsert(ask, object_name, field, value, fields, update_only=update_only)
    if not result.created and ask.world.switches.on(UPSERT_TELLS_NOTHING):
        return Answer(204)
    body = {"id": result.id, "success": True, "errors": [], "created": result.created}
    location = {"Location": f"{ask.base}/sobjects/{object_name}/{result.id}"} if result.created else {}
    return Answer(201 if result.created else 200, body, location)


def blob(ask: Ask, object_name: str, record_id: str, field: str) -> Answer:
    _check_object(ask, object_name, record_id)
    return Answer(200, ask.org.blob(ask.user, record_id, field))


def version_data(ask: Ask, record_id: str) -> Answer:
    return blob(ask, "ContentVersion", record_id, "VersionData")


def _created(ask: Ask, object_name: str, record_id: Id) -> Answer:
    body = {"id": record_id, "success": True, "errors": []}
    return Answer(201, body, {"Location": f"{ask.base}/sobjects/{object_name}/{record_id}"})


def _wanted(ask: Ask) -> list[str] | None:
    names = [name.strip() for name in ask.query.get("fields", "").split(",") if name.strip()]
    return names or None


def _conditional(ask: Ask, object_name: str, record_id: Id, row: dict[str, Any]) -> Answer:
    """Last-Modified always, ETag for Accounts only; 304 when the client has this row already."""
    stamp = _stamp(ask, object_name, record_id)
    modified = datetime.fromisoformat(stamp).replace(microsecond=0)
    headers = {"Last-Modified": as_http_date(modified)}
    etag = _etag(ask, object_name, record_id, stamp)
    if etag:
        headers["ETag"] = etag
    since = http_date(ask.headers.get("if-modified-since"))
    known = etag and etag in ask.headers.get("if-none-match", "")
    if known or (since is not None and modified <= since):
        return Answer(304, None, headers)
    return Answer(200, row, headers)


def _stamp(ask: Ask, object_name: str, record_id: Id) -> str:
    return str(ask.org.get(ask.user, object_name, record_id, ["SystemModstamp"])["SystemModstamp"])


def _etag(ask: Ask, object_name: str, record_id: Id, stamp: str) -> str:
    """Empty for every object but Account, the only one the vendor gives ETags for."""
    if object_name.lower() != "account" and not ask.world.switches.on(ETAGS_FOR_ALL):
        return ""
    return f'"{hashlib.sha256(f"{record_id}{stamp}".encode()).hexdigest()[:24]}"'


def _check_etag(ask: Ask, object_name: str, record_id: Id) -> None:
    wanted = ask.headers.get("if-match")
    current = _etag(ask, object_name, record_id, _stamp(ask, object_name, record_id)) if wanted else ""
    if wanted and current and current not in wanted:
        raise SalesforceError("PRECONDITION_FAILED", "The record has been modified since it was read.", 412)


def _check_object(ask: Ask, object_name: str, record_id: str) -> None:
    if ask.org.object_of(record_id).lower() != object_name.lower():
        raise SalesforceError("NOT_FOUND", "The requested resource does not exist", 404)


def _is_record(ask: Ask, object_name: str, text: str) -> bool:
    """`/sobjects/Attachment/00P.../Body` has the shape of a read by external id; the id tells them apart."""
    if len(text) not in (15, 18):
        return False
    try:
        return ask.org.object_of(text).lower() == object_name.lower()
    except SalesforceError:
        return False


def _one(ask: Ask, object_name: str, field: str, value: str) -> Id:
    found = ask.org.find_by_external_id(ask.user, object_name, field, value)
    if not found:
        message = f"Provided external ID field does not exist or is not accessible: {value}"
        raise SalesforceError("NOT_FOUND", message, 404)
    if len(found) > 1:
        matches = [f"{ask.base}/sobjects/{object_name}/{one}" for one in found]
        raise SalesforceError(
            "DUPLICATE_EXTERNAL_ID", f"{field}: several records", 300, extra={"matches": matches}
        )
    return found[0]
