"""What spam filters on a mail's way said about it.

Only a verdict against the mail counts: who forges one leaves out a mail of their own, who forges praise gains
nothing.
"""

import re
from collections.abc import Callable, Mapping

LEAST_LEVEL = 5
"""From this spam confidence level on Exchange calls a mail spam; the scale is -1 to 9."""
AGAINST = frozenset({"BLK", "SKB", "SKS", "SPM"})
"""Spam filtering verdicts of Microsoft 365: a sender that is blocked, by a person or the organization, a mail that
a rule or the filter itself took for spam (learn.microsoft.com, Anti-spam message headers).
"""
_VERDICT = re.compile(r"(?:^|;)\s*SFV:\s*(\w+)", re.IGNORECASE)
_LEVEL = re.compile(r"-?[0-9]{1,2}")


def is_level(level: int | None) -> bool:
    return level is not None and level >= LEAST_LEVEL


def stamped(headers: str) -> bool:
    """Whether any of the header lines (`Name: value`, unfolded) says spam."""
    return any(_against(line) for line in headers.splitlines())


def _against(line: str) -> bool:
    name, _, value = line.partition(":")
    judge = _JUDGES.get(name.strip().casefold())
    return judge is not None and judge(value.strip())


def _exchange_level(value: str) -> bool:
    return is_level(int(value)) if _LEVEL.fullmatch(value) else False


def _forefront(value: str) -> bool:
    found = _VERDICT.search(value)
    return found is not None and found.group(1).upper() in AGAINST


def _yes(value: str) -> bool:
    """`YES` alone or, as in X-Spam-Status, with figures behind it."""
    return re.split(r"[\s,;]", value, maxsplit=1)[0].casefold() in ("yes", "true")


_JUDGES: Mapping[str, Callable[[str], bool]] = {
    "x-ms-exchange-organization-scl": _exchange_level,
    "x-forefront-antispam-report": _forefront,
    "x-spam-flag": _yes,
    "x-spam-status": _yes,
}
