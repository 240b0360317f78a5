"""Browsers in which an operator has signed in before: guesses from elsewhere do not count against these.

OWASP's device cookies: https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from crosstie.domain.address import canonical
from crosstie.jobs import wiring

COOKIE = "__Host-crosstie-known" if settings.SESSION_COOKIE_SECURE else "crosstie-known"
LIFE = timedelta(days=180)
SALT = "crosstie.operator.known"


def of(request: HttpRequest, name: str) -> str:
    """What this browser is known by to the operator of that name; empty where it is not."""
    try:
        owner, nonce = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(nonce) if owner == canonical(name) else ""


def know(answer: HttpResponse, name: str) -> None:
    """From now on. The cookie lets nobody in: it is one that guesses are counted by."""
    value = signing.dumps([canonical(name), wiring.get().clock.token(16)], salt=SALT)
    answer.set_cookie(
        COOKIE,
        value,
        max_age=LIFE,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Strict",
    )
