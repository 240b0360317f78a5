"""How often one may ask: a count a minute, in this process's memory. Each web process counts for itself."""

from django.conf import settings
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
    """The address a request comes from; with TLS, the last one that the proxy in front of us wrote down."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")) if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
