"""Seeded damage to bytes, texts and JSON values."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

ODD_TEXTS = (
    "", " ", "\x00", "\ud800", "\ufffe", "\u202e", "null", "NaN", "-1", "0", "1e999", "9" * 30, "9" * 5000,
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "2026-02-30T25:61:61Z",
    "2026-11-16T09:00:00.0000000", "W/\"x\"", "\u0661\u0662", "²", "../..", "http://[::1",
    "https://example.com:99999/", "//evil.test/x", "a" * 10_000, "'; DELETE", "<b>", "&#xD800;", "%00%ff",
    "\r\nX: y", "İ", "=?utf-8?b?gA?=", "Integer 0x0E08", "true", "{}", "[]",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**400, -(10**400), 0.5, 1e308, float("inf"), float("nan"),
    [], {}, [[]], [None], {"": None}, [{}], [1, "a", None], {"value": {}}, {"code": []}, {"error": "x"},
)  # fmt: skip
LONGEST = 64_000
"""Bytes or characters of one input; larger ones have tests of their own."""


def mutated_bytes(data: bytes, dice: Random, words: Sequence[bytes], others: Sequence[bytes]) -> bytes:
    """A few changes, one after the other."""
    for _ in range(dice.choice((1, 1, 1, 2, 3, 6, 12))):
        data = dice.choice(_BYTE_CHANGES)(data, dice, words, others)[:LONGEST]
    return data


def _flip(data: bytes, dice: Random, _words: Sequence[bytes], _others: Sequence[bytes]) -> bytes:
    if not data:
        return data
    at = dice.randrange(len(data))
    return data[:at] + bytes((dice.randrange(256),)) + data[at + 1 :]


def _cut(data: bytes, dice: Random, _words: Sequence[bytes], _others: Sequence[bytes]) -> bytes:
    start, end = _span(data, dice)
    return data[:start] + data[end:]


def _end(data: bytes, dice: Random, _words: Sequence[bytes], _others: Sequence[bytes]) -> bytes:
    return data[: dice.randint(0, len(data))]


def _repeat(data: bytes, dice: Random, _words: Sequence[bytes], _others: Sequence[bytes]) -> bytes:
    start, end = _span(data, dice)
    return data[:end] + data[start:end] * dice.choice((1, 1, 2, 10, 300)) + data[end:]


def _insert(data: bytes, dice: Random, words: Sequence[bytes], _others: Sequence[bytes]) -> bytes:
    at = dice.randint(0, len(data))
    return data[:at] + dice.choice(words) * dice.choice((1, 1, 1, 2, 50)) + data[at:]


def _replace(data: bytes, dice: Random, words: Sequence[bytes], _others: Sequence[bytes]) -> bytes:
    """One word of the format by another, where it stands."""
    old = dice.choice(words)
    return data.replace(old, dice.choice(words), dice.choice((1, -1))) if old else data


def _splice(data: bytes, dice: Random, _words: Sequence[bytes], others: Sequence[bytes]) -> bytes:
    other = dice.choice(others)
    start, end = _span(other, dice)
    at = dice.randint(0, len(data))
    return data[:at] + other[start:end] + data[at:]


def _noise(data: bytes, dice: Random, _words: Sequence[bytes], _others: Sequence[bytes]) -> bytes:
    at = dice.randint(0, len(data))
    return data[:at] + dice.randbytes(dice.choice((1, 2, 4, 40))) + data[at:]


def _lines(data: bytes, dice: Random, _words: Sequence[bytes], _others: Sequence[bytes]) -> bytes:
    """Two lines change places."""
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return data
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


_BYTE_CHANGES: tuple[Callable[[bytes, Random, Sequence[bytes], Sequence[bytes]], bytes], ...] = (
    _flip, _cut, _end, _repeat, _insert, _insert, _replace, _replace, _splice, _noise, _lines,
)  # fmt: skip


def _span(data: bytes, dice: Random) -> tuple[int, int]:
    start = dice.randint(0, len(data))
    return start, min(len(data), start + dice.choice((1, 4, 16, 64, 256, 2048)))


def mutated_json(value: Any, dice: Random) -> Any:
    """The value with some of its parts replaced, left out, doubled, moved or renamed."""
    for _ in range(dice.choice((1, 1, 1, 2, 4, 10))):
        value = _changed(value, dice, depth=0)
    return value


def _changed(value: Any, dice: Random, depth: int) -> Any:
    """Down a random path; every level may be the one that is hit."""
    if depth > 12 or not isinstance(value, dict | list) or not value or dice.random() < 0.15:
        return _odd(value, dice)
    if isinstance(value, list):
        at = dice.randrange(len(value))
        kept = list(value)
        if dice.random() < 0.1:
            return kept[:at] if dice.random() < 0.5 else kept + [kept[at]] * dice.choice((1, 30))
        kept[at] = _changed(kept[at], dice, depth + 1)
        return kept
    name = dice.choice(list(value))
    chance = dice.random()
    if chance < 0.08:
        return {key: one for key, one in value.items() if key != name}
    if chance < 0.12:
        return {(key + "X" if key == name else key): one for key, one in value.items()}
    return {**value, name: _changed(value[name], dice, depth + 1)}


def _odd(value: Any, dice: Random) -> Any:
    chance = dice.random()
    if isinstance(value, str) and chance < 0.4:
        return mutated_text(value, dice)
    if isinstance(value, int) and not isinstance(value, bool) and chance < 0.3:
        return dice.choice((value + 1, -value, value * 10**9, hex(value), value % 7 / 2))
    if chance < 0.7:
        return dice.choice(ODD_VALUES)
    if chance < 0.9:
        return dice.choice(ODD_TEXTS)
    return _nested(dice) if chance < 0.93 else random_json(dice)


def _nested(dice: Random) -> Any:
    value: Any = None
    for _ in range(dice.choice((5, 50, 400))):
        value = [value] if dice.random() < 0.5 else {"error": value}
    return value


def random_json(dice: Random, depth: int = 0) -> Any:
    chance = dice.random()
    if depth > 4 or chance < 0.4:
        return dice.choice(ODD_VALUES)
    if chance < 0.6:
        return dice.choice(ODD_TEXTS)
    if chance < 0.8:
        return [random_json(dice, depth + 1) for _ in range(dice.randrange(4))]
    return {dice.choice(_NAMES): random_json(dice, depth + 1) for _ in range(dice.randrange(5))}


_NAMES = (
    "id", "value", "error", "code", "message", "body", "status", "headers", "responses", "records",
    "fields", "errors", "graphs", "compositeResponse", "access_token", "@odata.nextLink",
    "@odata.deltaLink", "emailAddress", "", "name",
)  # fmt: skip


def mutated_text(text: str, dice: Random) -> str:
    chance = dice.random()
    at = dice.randint(0, len(text))
    if chance < 0.3:
        return text[:at] + dice.choice(ODD_TEXTS) + text[at:]
    if chance < 0.5:
        return text[:at]
    if chance < 0.7:
        return text[:at] + text[at + dice.choice((1, 5)) :]
    if chance < 0.85:
        return text[:at] + chr(dice.choice((dice.randrange(256), dice.randrange(0x110000)))) + text[at:]
    return text * dice.choice((2, 50)) if len(text) < 1000 else text[::-1]


def as_bytes(value: Any) -> bytes:
    """JSON as vendors might send it: numbers without end, halves of letters."""
    return json.dumps(value).encode()
