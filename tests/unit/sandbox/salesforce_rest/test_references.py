"""`@{reference.path}` in the parts of a composite."""

from typing import Any

import pytest

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.references import names_in, resolve

ANSWERS: dict[str, Any] = {
    "mail": {"id": "02s000000000001AAA", "success": True, "errors": []},
    "found": {"totalSize": 2, "records": [{"Id": "003A", "Account": {"Id": "001A"}}, {"Id": "003B"}]},
    "rows": [{"id": "00T1", "success": True}, {"id": "00T2", "success": True}],
}


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ("@{mail.id}", "02s000000000001AAA"),
        ("@{found.records[0].Id}", "003A"),
        ("@{found.records[1].Id}", "003B"),
        ("@{found.records[0].Account.Id}", "001A"),
        ("@{rows[1].id}", "00T2"),
        ("@{found.totalSize}", 2),
        ("@{mail.success}", True),
        ("seen @{found.totalSize} times: @{mail.success}", "seen 2 times: true"),
        ("/sobjects/Task/@{rows[0].id}?fields=Id", "/sobjects/Task/00T1?fields=Id"),
        ({"RelationId": "@{found.records[0].Id}", "n": 1}, {"RelationId": "003A", "n": 1}),
        ([{"a": ["@{mail.id}", None]}], [{"a": ["02s000000000001AAA", None]}]),
        ("no reference, only @ and {braces}", "no reference, only @ and {braces}"),
        (7, 7),
        (None, None),
    ],
)
def test_values_come_from_earlier_answers(value: Any, resolved: Any) -> None:
    assert resolve(value, ANSWERS) == resolved


@pytest.mark.parametrize(
    ("value", "blamed"),
    [
        ("@{nobody.id}", "No value for nobody.id found in nobody"),
        ("@{mail.name}", "No value for mail.name found in mail"),
        ("@{found.records[2].Id}", "No value for found.records[2].Id found in found"),
        ("@{mail[0].id}", "No value for mail[0].id found in mail"),
        ("@{rows.id}", "No value for rows.id found in rows"),
        ("@{found.records}", "No value for found.records found in found"),
        ("@{found.records[1].Account.Id}", "No value for found.records[1].Account.Id found in found"),
        ("@{mail..id}", "No value for mail..id found"),
        ("@{}", "No value for  found"),
    ],
)
def test_a_reference_to_nothing_is_refused(value: str, blamed: str) -> None:
    with pytest.raises(SalesforceError) as refused:
        resolve({"field": value}, ANSWERS)
    assert refused.value.code == "PROCESSING_HALTED"
    assert refused.value.message == f"Invalid reference specified. {blamed}"


def test_names_in_any_depth() -> None:
    value = ["/x/@{a.id}/@{b[0].id}", {"k": [{"l": "@{c}"}]}, 5, None]
    assert names_in(value) == {"a", "b", "c"}
