"""How often one may ask: a count a minute, over all web processes (store/purses.py)."""

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest

from crosstie.accounts import words
from crosstie.accounts.words import Phrase, Unacceptable
from crosstie.jobs import wiring
from crosstie.store import purses

WINDOW = 60
"""Seconds."""
SITE = 64
"""Bits of an IPv6 address: behind these whoever asks may have as many addresses as they like (RFC 4291)."""


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


def place(request: HttpRequest) -> str:
    """What the requests of one caller are counted by."""
    address = caller(request)
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, SITE), strict=False))
