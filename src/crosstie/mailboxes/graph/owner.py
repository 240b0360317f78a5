"""Whose mailbox it is that a token opens, and whether all of it that is needed can be opened.

https://learn.microsoft.com/graph/api/user-get
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crosstie.domain.address import canonical
from crosstie.domain.errors import Retry
from crosstie.mailboxes.graph.calendar.zones import NO_ZONE, to_iana
from crosstie.mailboxes.graph.errors import GARBLED, Answer, translate

SMTP = "smtp:"
"""How a proxy address begins that is one of e-mail."""
_PARTS = (
    "/calendar?$select=id",
    "?$select=mail,userPrincipalName,proxyAddresses",
    "/mailboxSettings?$select=timeZone",
)


@dataclass(frozen=True, slots=True)
class Owner:
    """`address` is what Graph knows the mailbox by; the others are all that its mail may be sent to."""

    address: str
    others: tuple[str, ...]
    time_zone: str
    """IANA name."""
    may_calendar: bool
    """Whether the calendar can be opened as well."""

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset({self.address, *self.others})


def look(ask: Callable[[str], Answer], root: str, now: datetime, known: str = "") -> Owner:
    """`root` is the path of the mailbox (`/me`). Raises what Graph refuses. Where it is `known` whose mailbox it
    is, the app may be refused what is not e-mail.
    """
    _good(ask(f"{root}/mailFolders/inbox?$select=id"), now)
    calendar, who, settings = (_good(ask(f"{root}{part}"), now, lenient=bool(known)) for part in _PARTS)
    address = who.get("userPrincipalName", known)
    if not isinstance(address, str) or "@" not in address:
        raise Retry(GARBLED, "a user without a name")
    own = canonical(known or address)
    others = _others(own, [address, who.get("mail")], who.get("proxyAddresses"))
    return Owner(own, others, to_iana(str(settings.get("timeZone"))) or NO_ZONE, may_calendar=bool(calendar))


def _others(own: str, names: list[object], proxies: object) -> tuple[str, ...]:
    listed = proxies if isinstance(proxies, list) else []
    aliases = [one[len(SMTP) :] for one in listed if isinstance(one, str) and one.casefold().startswith(SMTP)]
    found = {canonical(one) for one in (*names, *aliases) if isinstance(one, str) and "@" in one}
    return tuple(sorted(found - {own}))


def _good(answer: Answer, now: datetime, *, lenient: bool = False) -> Mapping[str, Any]:
    if answer.status == 403 and lenient:
        return {}
    if not answer.ok:
        raise translate(answer, now)
    return answer.json
