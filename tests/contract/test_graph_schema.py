"""The judge is judged: it must see what is wrong, else its silence means nothing."""

import json
from typing import Any

import pytest

from tests.contract.graph_schema import GraphSchema

pytestmark = pytest.mark.shared

MESSAGE = "/users/ada/messages/A%2FB="


@pytest.fixture(scope="module")
def schema() -> GraphSchema:
    return GraphSchema.load()


def problems(schema: GraphSchema, method: str, path: str, body: Any, query: str = "") -> list[str]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
    return schema.judge([(method, f"/v1.0{path}", query, raw)]).problems


def batch(*requests: dict[str, Any]) -> dict[str, Any]:
    return {"requests": list(requests)}


def part(number: int, method: str = "GET", url: str = "/me/messages", **more: Any) -> dict[str, Any]:
    return {"id": str(number), "method": method, "url": url, **more}


JSON = {"Content-Type": "application/json"}

GOOD = [
    ("PATCH", MESSAGE, {"categories": ["Salesforce"]}, ""),
    ("POST", f"{MESSAGE}/move", {"destinationId": "inbox"}, ""),
    ("POST", "/users/ada/mailFolders", {"displayName": "X"}, ""),
    ("POST", "/me/outlook/masterCategories", {"displayName": "X", "color": "preset7"}, ""),
    ("GET", "/users/ada/mailFolders('inbox')/messages/delta", None, "$select=id,subject,changeKey"),
    ("GET", "/users/ada/mailFolders/F/messages/microsoft.graph.delta()", None, "$deltatoken=x"),
    ("GET", MESSAGE, None, "$expand=singleValueExtendedProperties($filter=id eq 'x')"),
    ("GET", f"{MESSAGE}/attachments/T/$value", None, ""),
    ("GET", "/me/mailboxSettings", None, "$select=timeZone"),
    ("POST", "/$batch", batch(part(1), part(2)), ""),
    ("POST", "/$batch", batch(part(1), part(2, dependsOn=["1"]), part(3, dependsOn=["2"])), ""),
    ("POST", "/$batch", batch(part(1, "PATCH", MESSAGE, body={"isRead": True}, headers=JSON)), ""),
]

BAD = [
    ("PATCH", MESSAGE, {"category": ["x"]}, ""),
    ("PATCH", MESSAGE, {"categories": "x"}, ""),
    ("PATCH", MESSAGE, {"categories": [1]}, ""),
    ("PATCH", MESSAGE, {"isRead": "true"}, ""),
    ("PATCH", MESSAGE, {"importance": "urgent"}, ""),
    ("PATCH", MESSAGE, {"toRecipients": [{"emailAddress": {"mail": "x"}}]}, ""),
    ("PATCH", MESSAGE, {"sentDateTime": "tomorrow"}, ""),
    ("PATCH", MESSAGE, {"conversationIndex": "%%%"}, ""),
    ("PATCH", MESSAGE, [], ""),
    ("PATCH", MESSAGE, b"{", ""),
    ("POST", f"{MESSAGE}/move", {"folder": "inbox"}, ""),
    ("POST", f"{MESSAGE}/move", {}, ""),
    ("POST", f"{MESSAGE}/move", {"destinationId": None}, ""),
    ("POST", "/me/outlook/masterCategories", {"displayName": "X", "color": "blue"}, ""),
    ("GET", MESSAGE, None, "$select=sensitivity"),
    ("GET", MESSAGE, None, "$expand=categories"),
    ("GET", MESSAGE, None, "$orderby=received"),
    ("GET", "/users/ada/letters", None, ""),
    ("GET", "/me/mailboxSettings", None, "$select=zone"),
    ("GET", "/me/displayName/length", None, ""),
    ("GET", "/organization", None, ""),
    ("POST", "/$batch", batch(), ""),
    ("POST", "/$batch", batch(*(part(number) for number in range(21))), ""),
    ("POST", "/$batch", batch(part(1), part(1)), ""),
    ("POST", "/$batch", batch(part(1), part(2), part(3, dependsOn=["1"])), ""),
    ("POST", "/$batch", batch(part(1), part(2, dependsOn=["1"]), part(3)), ""),
    ("POST", "/$batch", batch(part(1, "PATCH", MESSAGE, body={"isRead": True})), ""),
    ("POST", "/$batch", batch(part(1, "PATCH", MESSAGE, body={"read": True}, headers=JSON)), ""),
    ("POST", "/$batch", batch(part(1, url="https://graph.microsoft.com/v1.0/me/messages")), ""),
]


@pytest.mark.parametrize(("method", "path", "body", "query"), GOOD)
def test_what_the_schema_allows(schema: GraphSchema, method: str, path: str, body: Any, query: str) -> None:
    assert problems(schema, method, path, body, query) == []


@pytest.mark.parametrize(("method", "path", "body", "query"), BAD)
def test_what_the_schema_forbids(schema: GraphSchema, method: str, path: str, body: Any, query: str) -> None:
    assert problems(schema, method, path, body, query)


def test_the_report_counts(schema: GraphSchema) -> None:
    body = json.dumps(batch(part(1), part(2, "PATCH", MESSAGE, body={"isRead": True}, headers=JSON))).encode()
    report = schema.judge([("POST", "/v1.0/$batch", "", body), ("GET", "/v1.0/me/messages", "$top=3", b"")])
    assert str(report) == "2 Graph bodies (1 × PATCH message, 1 × POST $batch), 1 queries, 0 problems"
