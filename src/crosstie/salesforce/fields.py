"""Our fields in an org: made through the Tooling API, and shown to the user we act as by a permission set.

A field that comes by an API is in nobody's profile, not even the administrator's.
https://developer.salesforce.com/docs/atlas.en-us.api_tooling.meta/api_tooling/tooling_api_objects_customfield.htm
https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_fieldpermissions.htm
"""

from collections.abc import Mapping, Sequence
from typing import Any

from crosstie.domain.errors import CrosstieError, Retry
from crosstie.salesforce import soql
from crosstie.salesforce.client import Client, problem_of, query_part, rows
from crosstie.salesforce.errors import parse

KIND = "fields"
"""What the meter calls it."""
SET = "Crosstie_Integration"
EXISTS = ("DUPLICATE_DEVELOPER_NAME", "DUPLICATE_VALUE")
"""Somebody was quicker, or it was there and could not be seen."""


def create(client: Client, full_name: str, metadata: Mapping[str, Any]) -> bool:
    """False where there is a field of that name already. Raises what the org says to it."""
    body = {"FullName": full_name, "Metadata": dict(metadata)}
    status, answer = client.write(KIND, "/tooling/sobjects/CustomField", body)
    return _done(status, answer)


def permission_set(client: Client, label: str, description: str) -> str:
    """The id of ours, which is made where there is none."""
    found = _ids(client, "PermissionSet", soql.equal("Name", SET))
    if found:
        return found[0]
    values = {"Name": SET, "Label": label, "Description": description}
    status, answer = client.write(KIND, "/sobjects/PermissionSet", values)
    if status != 201:
        raise problem_of(status, answer)
    return _id(answer)


def assign(client: Client, set_id: str, user_id: str) -> bool:
    """False where the user has the permission set already."""
    given = soql.every((soql.equal("PermissionSetId", set_id), soql.equal("AssigneeId", user_id)))
    if _ids(client, "PermissionSetAssignment", given):
        return False
    values = {"PermissionSetId": set_id, "AssigneeId": user_id}
    return _done(*client.write(KIND, "/sobjects/PermissionSetAssignment", values))


def grant(client: Client, set_id: str, object_name: str, field: str) -> bool:
    """Reading and writing; False where the permission set has the field already."""
    values = {
        "ParentId": set_id,
        "SobjectType": object_name,
        "Field": f"{object_name}.{field}",
        "PermissionsRead": True,
        "PermissionsEdit": True,
    }
    return _done(*client.write(KIND, "/sobjects/FieldPermissions", values))


def _done(status: int, answer: Any) -> bool:
    if status == 201:
        return True
    if any(error.code in EXISTS for error in parse(answer)):
        return False
    raise _problem(status, answer)


def _problem(status: int, answer: Any) -> CrosstieError:
    return problem_of(status, answer)


def _ids(client: Client, object_name: str, where: soql.Condition) -> Sequence[str]:
    question = soql.Select(object_name, ("Id",), where, limit=1)
    (answer,), _ = client.composite(KIND, [query_part(soql.render(question))])
    return [str(row["Id"]) for row in rows(answer)]


def _id(answer: Any) -> str:
    found = answer.get("id") if isinstance(answer, Mapping) else None
    if not isinstance(found, str):
        raise Retry("CRM-ANSWER", "a record without an id")
    return found
