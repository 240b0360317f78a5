"""JSON of answers. A description's, which is large and the same each time, is kept."""

import hashlib
import json
import marshal
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

ALIKE = 2
"""The last version of marshal that writes equal values alike, whoever else holds them."""


class Described(dict[str, Any]):
    """What an org says of its objects; nobody changes it, for others are given it too."""

    __slots__ = ("digest", "text")

    def __init__(self, body: Mapping[str, Any]) -> None:
        super().__init__(body)
        self.text = json.dumps(body)
        self.digest = hashlib.sha256(self.text.encode()).hexdigest()[:32]


def described(body: dict[str, Any]) -> Described:
    return _kept(marshal.dumps(body, ALIKE))


@lru_cache(maxsize=32)
def _kept(plain: bytes) -> Described:
    return Described(marshal.loads(plain))  # noqa: S302 - written a line above


def encoded(body: Any) -> str:
    if isinstance(body, Described):
        return body.text
    parts = body.get("compositeResponse") if isinstance(body, dict) else None
    if parts and any(isinstance(part["body"], Described) for part in parts):
        return f'{{"compositeResponse": [{", ".join(map(_of_part, parts))}]}}'
    return json.dumps(body)


def _of_part(part: Mapping[str, Any]) -> str:
    about = json.dumps({name: value for name, value in part.items() if name != "body"})
    return f'{{"body": {encoded(part["body"])}, {about[1:]}'
