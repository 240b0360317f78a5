"""How often one may ask: a count a minute, over all web processes (store/purses.py)."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest

from crosstie.accounts import words
from crosstie.accounts.words import Phrase, Unacceptable
from crosstie.jobs import wiring
from crosstie.store import purses

WINDOW = 60
"""Seconds."""


def spend(
    what: str,
    whose: str,
    limit: int,
    *,
    window: timedelta = timedelta(seconds=WINDOW),
    said: Phrase = words.TOO_OFTEN,
) -> None:
    """Raises Unacceptable, with what is `said`, when `whose` did this `limit` times within the window."""
    if purses.spend(what, whose, wiring.get().clock.now(), window) > limit:
        raise Unacceptable(said)


def caller(request: HttpRequest) -> str:
    """The address a request comes from; with TLS, the last one that the proxy in front of us wrote down."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")) if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
