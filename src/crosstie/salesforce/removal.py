"""Taking a saved mail out of the org, at the word of a person who may delete it there."""

from collections.abc import Mapping, Sequence
from typing import Any

from crosstie.domain.errors import Unclear
from crosstie.domain.records import EMAIL_MESSAGE, KEY_FIELD, TASK, RecordRef
from crosstie.ports.crm import Removal
from crosstie.salesforce import access, errors, lookup
from crosstie.salesforce.client import Client, problem_of
from crosstie.salesforce.describe import CONTENT_VERSION, LINK, Schema
from crosstie.salesforce.errors import Fate
from crosstie.salesforce.publishing import related_field
from crosstie.salesforce.queries import fetch, selects

MOST = 199
"""Files that go with a record in its own call of at most 200 ids."""
_USER_PREFIX = "005"
_GONE = ("ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY")


def remove(client: Client, schema: Schema, record: RecordRef, user_id: str) -> Removal:
    """The record, and the files that we wrote and that hang on nothing else: all of it, or the record alone where
    a file stands in the way. Raises Unclear when nobody knows.
    """
    claim = (user_id, record.record_id)
    if not access.granted(client, "remove", {claim}, access.DELETE):
        gone = lookup.alive(client, [record]).get(record.record_id) is False
        return Removal.DONE if gone else Removal.FORBIDDEN
    files = _files(client, schema, record)[:MOST]
    result = _delete(client, [record.record_id, *files])
    if files and any(errors.fate(one) is Fate.HALTED for one in errors.parse(result)):
        result = _delete(client, [record.record_id])
    return _outcome(result)


def _delete(client: Client, ids: Sequence[str]) -> Mapping[str, Any]:
    """What became of the first; none goes without the others."""
    path = f"/composite/sobjects?ids={','.join(ids)}&allOrNone=true"
    status, body = client.write("remove", path, None, "DELETE")
    if status != 200:
        raise problem_of(status, body)
    if not isinstance(body, list) or not body or not isinstance(body[0], Mapping):
        raise Unclear("CRM-ANSWER")
    return body[0]


def _outcome(result: Mapping[str, Any]) -> Removal:
    if result.get("success") is True:
        return Removal.DONE
    return Removal.DONE if any(one.code in _GONE for one in errors.parse(result)) else Removal.REFUSED


def _files(client: Client, schema: Schema, record: RecordRef) -> list[str]:
    """Documents that carry our key, and that are linked to this record, to what it is about and to Users alone."""
    if record.object not in (EMAIL_MESSAGE, TASK) or not schema.keyed(CONTENT_VERSION):
        return []
    about = related_field(record.object)
    queries = selects(LINK, ("ContentDocumentId",), "LinkedEntityId", [record.record_id])
    here = fetch(client, "remove", [*queries, *selects(record.object, (about,), "Id", [record.record_id])])
    documents = sorted({str(row["ContentDocumentId"]) for row in here if "ContentDocumentId" in row})
    if not documents:
        return []
    expected = {record.record_id, *(str(row[about]) for row in here if row.get(about))}
    ours = _ours(client, documents)
    links = selects(LINK, ("ContentDocumentId", "LinkedEntityId"), "ContentDocumentId", ours)
    shared = {
        str(row["ContentDocumentId"])
        for row in (fetch(client, "remove", links) if ours else ())
        if str(row["LinkedEntityId"]) not in expected and not str(row["LinkedEntityId"]).startswith(_USER_PREFIX)
    }
    return [document for document in ours if document not in shared]


def _ours(client: Client, documents: Sequence[str]) -> list[str]:
    versions = selects(CONTENT_VERSION, ("ContentDocumentId", KEY_FIELD), "ContentDocumentId", documents)
    return sorted({str(row["ContentDocumentId"]) for row in fetch(client, "remove", versions) if row[KEY_FIELD]})
