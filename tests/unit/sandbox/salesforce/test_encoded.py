"""What is kept of a description is what would be written anew."""

import json
from typing import Any

import pytest

from sandbox.salesforce.rest.encoded import described, encoded

BODY = {"fields": [1, None, True, 'ü"x'], "urls": {"describe": 1.5}}


def part(body: Any) -> dict[str, Any]:
    return {"body": body, "httpHeaders": {"ETag": '"x"'}, "httpStatusCode": 200, "referenceId": "p0"}


def test_equal_descriptions_are_one() -> None:
    assert described(BODY) == BODY
    assert described(dict(BODY)) is described(BODY)
    assert described(BODY | {"urls": {}}).digest != described(BODY).digest


@pytest.mark.parametrize(
    "body",
    [
        described(BODY),
        {"compositeResponse": [part(described(BODY)), part(None), part([described(BODY)])]},
        {"compositeResponse": [part([])]},
        {"compositeResponse": []},
        [described(BODY)],
        "text",
    ],
)
def test_an_answer_is_the_same_whether_kept_or_not(body: Any) -> None:
    assert encoded(body) == json.dumps(body)
