"""JSON of answers. A description's, which is large and the same each time, is kept."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any


class Described(dict[str, Any]):
    """What an org says of its objects; nobody changes it, for others are given it too."""

    __slots__ = ("digest", "text")

    def __init__(self, text: str) -> None:
        super().__init__(json.loads(text))
        self.text = text
        self.digest = hashlib.sha256(text.encode()).hexdigest()[:32]


def described(body: Mapping[str, Any]) -> Described:
    return _kept(json.dumps(body))


_kept = lru_cache(maxsize=32)(Described)


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
