"""Record ids: 15 case-sensitive characters, or 18 with a suffix that survives case-folding."""

import random
import re

Id = str
"""A record id in its 18-character form unless a docstring says otherwise."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")
_COUNTER_DIGITS = 9


def suffix(id15: str) -> str:
    """One character for each five: its bits say which of them are capital letters."""
    return "".join(
        _SUFFIX[sum(1 << bit for bit, letter in enumerate(id15[start : start + 5]) if "A" <= letter <= "Z")]
        for start in (0, 5, 10)
    )


def normalise(value: object) -> Id | None:
    """The 18-character form of a well-formed id, else None. A suffix that does not fit is malformed."""
    if not isinstance(value, str) or not _SHAPE.fullmatch(value):
        return None
    whole = value[:15] + suffix(value[:15])
    return whole if len(value) == 15 or whole == value else None


class IdMaker:
    """Hands out ids that grow; `pod` is two characters the whole org shares."""

    def __init__(self, dice: random.Random) -> None:
        self.pod = "".join(dice.choice(_DIGITS) for _ in range(2))
        self._next: dict[str, int] = {}
        self._dice = dice

    def make(self, prefix: str) -> Id:
        number = self._next.get(prefix)
        if number is None:
            number = self._dice.randrange(62**5, 62**6)
        self._next[prefix] = number + 1
        id15 = f"{prefix}{self.pod}0{_base62(number)}"
        return id15 + suffix(id15)


def _base62(number: int) -> str:
    digits = []
    for _ in range(_COUNTER_DIGITS):
        number, rest = divmod(number, 62)
        digits.append(_DIGITS[rest])
    return "".join(reversed(digits))
