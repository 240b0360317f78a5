"""How often one may ask: a count a minute, in this process's memory. Each web process counts for itself."""

from django.core.cache import cache
from django.http import HttpRequest

from crosstie.accounts import words
from crosstie.accounts.words import Unacceptable

WINDOW = 60
"""Seconds."""


def spend(what: str, whose: str, limit: int) -> None:
    """Raises Unacceptable when `whose` did this `limit` times within the window."""
    key = f"limit:{what}:{whose}"
    if cache.add(key, 1, WINDOW):
        return
    try:
        count = cache.incr(key)
    except ValueError:  # the window ended between the two
        return
    if count > limit:
        raise Unacceptable(words.TOO_OFTEN)


def caller(request: HttpRequest) -> str:
    """The address that the connection, or the proxy in front of us, comes from."""
    return str(request.META.get("REMOTE_ADDR", ""))
