"""Who may use which address: one table, asked before any view. An address that is not in it is nobody's.

What of a tenant's a person may then see or change is decided where it is read, by the scope of the store.
"""

import logging
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from crosstie.accounts import audit
from crosstie.store.models import Role
from crosstie.web import limits, visits


class Who(IntEnum):
    """Each may what those before may."""

    ANYBODY = 0
    USER = 1
    PROFILE_ADMIN = 2
    PLATFORM_ADMIN = 3


RANKS: Mapping[str, Who] = {
    Role.USER: Who.USER,
    Role.PROFILE_ADMIN: Who.PROFILE_ADMIN,
    Role.PLATFORM_ADMIN: Who.PLATFORM_ADMIN,
}
ADDRESSES: Mapping[Who, tuple[str, ...]] = {
    Who.ANYBODY: (
        "api:openapi",
        "api:me", "api:sync", "api:force-sync", "api:pause-sync", "api:start-sync",  # each asks for a token itself
        "api:get-settings", "api:change-settings", "api:issues", "api:retry-issue", "api:why", "api:sessions",
        "health",
        "language",
        "mailbox-sign-in-callback",  # who allows it for everybody at Microsoft may be nobody here
        "push",  # proves itself by its word
        "operator",
        "operator-code",
        "operator-password",
        "operator-welcome",
        "register", "register-begin", "register-letter",
        "register-account", "register-create",  # who comes is proven by Salesforce, and nobody here yet
        "sign-in",
        "sign-in-begin",
        "sign-in-callback",
        "sign-in-microsoft",
        "sign-in-microsoft-callback",
        "sign-in-google",
        "sign-in-google-callback",
        "sign-out",
    ),
    Who.USER: (
        "general", "strip", "force", "pause", "start", "emails", "threads",
        "backfill", "backfill-start", "backfill-pause", "backfill-resume",
        "issues", "issues-list", "issues-retry", "issues-approve", "issues-decide", "issues-copies",
        "linking", "linking-keep",
        "blocklist", "blocklist-add", "blocklist-remove",
        "mail", "mail-unsave", "mail-block", "mail-block-do", "mail-thread", "mail-thread-stop",
        "calendar", "events", "events-leaving", "events-leave",
        "connectivity", "connectivity-log", "connectivity-stay", "disconnect", "disconnect-do",
        "mend", "mend-again", "mend-secret", "mend-salesforce", "mend-sign-in",
        "activation", "activation-connect", "activation-prove", "activation-later", "activation-letter",
        "register-mailbox", "register-connect", "register-without",
        "register-data", "register-count", "register-keep", "register-finish",
        "sign-ins", "sign-ins-end",
        "tokens", "tokens-make", "tokens-revoke",
    ),
    Who.PROFILE_ADMIN: (),
    Who.PLATFORM_ADMIN: (
        "activate", "activate-begin", "activate-run", "activate-progress", "activate-start", "activate-again",
        "activate-cancel", "activate-registration", "activate-confirm", "activate-remove",
        "audit", "audit-csv",
        "connections", "connections-progress", "connections-salesforce", "connections-certificate",
        "connections-check", "connections-look", "connections-microsoft", "connections-mailbox",
        "connections-fields",
        "products", "products-look",
    ),
}  # fmt: skip
TABLE: Mapping[str, Who] = {name: who for who, names in ADDRESSES.items() for name in names}
"""Name of an address in urls.py → the least role that may use it."""
POLLED = frozenset({"strip", "issues-list", "activate-progress", "register-count", "connections-progress"})
"""Asked by a page that nobody need be looking at: no sign that its reader is there."""
_log = logging.getLogger("crosstie.web.access")


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        audit.calls_from(limits.caller(request))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """None: the view may answer."""
        name = request.resolver_match.view_name if request.resolver_match else None
        least = TABLE.get(name or "")
        if least is None:
            _log.error("an address is in no row of the table", extra={"address": name})
            raise Http404
        if least is Who.ANYBODY:
            return None
        person = visits.arrive(request, active=name not in POLLED)
        if person is None:
            return _private(visits.to_sign_in(request))
        if RANKS[person.role] < least:
            return _private(render(request, "403.html", {"person": person}, status=403))
        return None


def _private(answer: HttpResponse) -> HttpResponse:
    add_never_cache_headers(answer)
    return answer
