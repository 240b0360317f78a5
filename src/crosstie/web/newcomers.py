"""Somebody whom Salesforce has proven and who is nobody here yet: ids alone, for as long as a sign-in may take."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from crosstie.accounts import words
from crosstie.accounts.connection import orgs
from crosstie.accounts.connection.orgs import OrgInfo
from crosstie.accounts.sign_in.signing_in import Stranger
from crosstie.accounts.words import Unacceptable
from crosstie.jobs import wiring

NEWCOMER = "newcomer"
"""The session's key."""
PATIENCE = timedelta(minutes=10)


def keep(request: HttpRequest, stranger: Stranger) -> None:
    """In a session with a new key: whoever knew the old one learns nothing of this."""
    request.session.flush()
    request.session[NEWCOMER] = {
        "org": stranger.org.org_id,
        "user": stranger.crm_user_id,
        "at": wiring.get().clock.now().isoformat(),
    }


def of(request: HttpRequest) -> tuple[OrgInfo, str]:
    """Their org and their user there. Raises Unacceptable where nobody came, or it was long ago."""
    kept: dict[str, Any] | None = request.session.get(NEWCOMER)
    if kept is None or wiring.get().clock.now() - datetime.fromisoformat(kept["at"]) > PATIENCE:
        raise Unacceptable(words.SIGN_IN_STALE)
    return orgs.get(kept["org"]), str(kept["user"])


def is_here(request: HttpRequest) -> bool:
    try:
        of(request)
    except Unacceptable:
        return False
    return True
