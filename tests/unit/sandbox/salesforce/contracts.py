"""Reading the recorded describe answers: YAML files whose body is JSON in one of three quotations."""

import json
import re
from pathlib import Path
from typing import Any


def describe_of(path: Path) -> dict[str, Any]:
    text = path.read_text()
    body = text[text.index("string:") + len("string:") :].lstrip()
    quotations = {">": _folded, "'": _single, '"': _double}
    found = json.JSONDecoder(strict=False).raw_decode(quotations[body[0]](body))[0]
    assert isinstance(found, dict)
    return found


def _folded(body: str) -> str:
    return body[body.index("{") :]


def _single(body: str) -> str:
    return re.sub(r"\n\s*", " ", body[1:]).replace("''", "'")


def _double(body: str) -> str:
    joined = re.sub(r"\\\n\s*(\\(?= ))?", "", body[1:])
    joined = re.sub(r"\n\s*", " ", joined)
    end = re.search(r'(?<!\\)"', joined)
    assert end is not None
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), joined[: end.start()])
