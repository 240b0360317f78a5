"""The judge itself must be able to condemn."""

from typing import Any

import pytest

from tests.unit.sandbox.graph.conftest import CSDL
from tests.unit.sandbox.graph.csdl import metadata

pytestmark = pytest.mark.shared
CONTEXT = "http://localhost/v1.0/$metadata#users('x')/"


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("messages", {"id": 5}),
        ("messages", {"id": None}),
        ("messages", {"id": "1", "subjct": "typo"}),
        ("messages", {"id": "1", "importance": "urgent"}),
        ("messages", {"id": "1", "receivedDateTime": "yesterday"}),
        ("messages", {"id": "1", "toRecipients": [{"emailAddress": {"mail": "a@b.test"}}]}),
        ("messages", {"id": "1", "@odata.type": "#microsoft.graph.mailFolder"}),
        ("messages", {"id": "1", "@removed": {"reason": "deleted"}, "subject": "x"}),
        ("mailFolders", {"id": "1", "totalItemCount": "7"}),
        ("messages('y')/attachments", {"@odata.type": "#microsoft.graph.fileAttachment", "contentBytes": "%"}),
    ],
)
def test_faults_are_found(name: str, row: dict[str, Any]) -> None:
    judge = metadata(CSDL)
    assert list(judge.faults({"@odata.context": CONTEXT + name, "value": [row]}))
    assert list(judge.faults({"@odata.context": f"{CONTEXT}{name}/$entity", **row}))


def test_answers_without_context_or_code_are_faulty() -> None:
    judge = metadata(CSDL)
    assert list(judge.faults({"value": []}))
    assert list(judge.faults({"error": {"message": "no code"}}))


def test_a_good_row_passes() -> None:
    row = {"@odata.etag": 'W/"x"', "id": "1", "subject": None, "isRead": False, "categories": ["a"]}
    assert list(metadata(CSDL).faults({"@odata.context": CONTEXT + "messages(subject)", "value": [row]})) == []
