"""Which other products keep mailboxes and the org in step as we do: two at once make duplicates and conflicts.

A known one is told by its name, its package's fields or the Events that Salesforce marks as its own. One that
nobody knows is told by what it does: it changes what we wrote, from an app that signs in again and again. Whoever
merely reads, or writes records of its own, is nobody's concern: backups, warehouses and diallers are never named.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from crosstie.domain.products import Edited, Finding, OrgLook, Sign, SignedIn, namespace
from crosstie.domain.speech import noted

AGAIN = 20
"""Sign-ins of a week by which an app is a machine: three a day, week-ends too."""
MANY = 3
"""Records of ours that a User has changed, below which it may be a person who mends something."""


@dataclass(frozen=True, slots=True)
class Product:
    """One that is known to keep mailboxes and Salesforce in step."""

    code: str
    name: str
    apps: str = ""
    """A pattern of the names under which it signs in or holds tokens, in small letters."""
    namespaces: frozenset[str] = frozenset()
    where: str = ""
    """Where in Salesforce's Setup to look."""
    disable: str = ""


_APPS = noted("Setup, App Manager and Connected Apps OAuth Usage")
_INSTALLED = noted("Setup, Installed Packages, App Manager and Connected Apps OAuth Usage")
_SWITCH_OFF = noted("Switch its calendar and e-mail sync off in its own settings, then block its app there.")
KNOWN = (
    Product(
        "einstein-activity-capture",
        noted("Einstein Activity Capture or Lightning Sync"),
        where=noted("Setup, Einstein Activity Capture, Settings; Setup, Outlook Integration and Sync"),
        disable=noted("Take the people whose mailboxes Crosstie keeps out of its configurations."),
    ),
    Product(
        "salesforce-inbox",
        "Salesforce Inbox",
        r"salesforce ?inbox.*|salesforceiq.*",
        where=noted("Setup, Inbox, Setup Assistant; Setup, Connected Apps OAuth Usage"),
        disable=noted("Take its permission set from people whose mailboxes Crosstie keeps; block SalesforceIQ."),
    ),
    Product(
        "salesforce-for-outlook",
        "Salesforce for Outlook",
        r"salesforce for outlook.*",
        where=noted("Setup, Outlook Configurations; Setup, Login History"),
        disable=noted("Set the sync direction of events, contacts and tasks to *Don't sync* everywhere."),
    ),
    Product("groove", "Groove", r"groove( |$).*", frozenset({"DaScoopComposer"}), _INSTALLED, _SWITCH_OFF),
    Product(
        "cirrus-insight", "Cirrus Insight", r"cirrus ?insight.*", frozenset({"cirrusadv"}), _INSTALLED, _SWITCH_OFF
    ),
    Product(
        "revenue-grid",
        "Revenue Grid (Revenue Inbox)",
        r"revenue ?(inbox|grid).*",
        frozenset({"REVGRD"}),
        _INSTALLED,
        _SWITCH_OFF,
    ),
    Product("riva", "Riva", r"riva( |$).*", where=_APPS, disable=_SWITCH_OFF),
    Product("outreach", "Outreach", r"outreach( |$).*", where=_APPS, disable=_SWITCH_OFF),
    Product("salesloft", "Salesloft", r"sales ?loft.*", frozenset({"SalesLoft1"}), _INSTALLED, _SWITCH_OFF),
)
UNKNOWN = Product(
    "",
    noted("Another product"),
    where=noted("Setup, App Manager, Connected Apps OAuth Usage and Login History"),
    disable=noted(
        "Ask whoever looks after it whether it moves e-mails or appointments. If it does, switch that off, or "
        "block it under Connected Apps OAuth Usage."
    ),
)
BY_CODE: Mapping[str, Product] = {product.code: product for product in (*KNOWN, UNKNOWN)}
PEOPLES = re.compile(r"browser|crosstie|salesforce for (ios|android).*|salesforce mobile.*|salesforce cli.*")
"""Names of what people themselves use, and ours."""


def findings(look: OrgLook) -> tuple[Finding, ...]:
    """Each product once for each sign, the surest signs first."""
    filling = tuple(_filling(look))
    changing = _changing(look, {one.user_id for one in filling})
    return (*_managed(look), *filling, *_signing_in(look), *_holding(look), *changing)


def _managed(look: OrgLook) -> Iterator[Finding]:
    if look.managed:
        yield Finding("einstein-activity-capture", Sign.MANAGES, look.managed)


def _filling(look: OrgLook) -> Iterator[Finding]:
    """By whom, is told by who has changed most of these records last, and by what signs in most as that User."""
    for package in sorted({namespace(field) for one in look.edited for field in one.filled}):
        counts = {one.user_id: _marked(one, package) for one in look.edited}
        for one in look.edited:
            counts[one.user_id] = max(counts[one.user_id], _marked(one, package))
        user = max(counts, key=lambda one: counts[one])
        if sum(counts.values()) >= MANY:
            app = next((one.app for one in _machines(look, user)), "")
            yield Finding(_packaged(package) or _named(app), Sign.FILLS, sum(counts.values()), app, user, package)


def _signing_in(look: OrgLook) -> Iterator[Finding]:
    """Of the known ones: every person may sign in by such an app, so all its sign-ins are counted together."""
    times = Counter[str]()
    apps: dict[str, str] = {}
    for one in look.signed_in:
        if product := _named(one.app):
            times[product] += one.times
            apps.setdefault(product, one.app)
    for product, count in times.items():
        yield Finding(product, Sign.SIGNS_IN, count, apps[product])


def _holding(look: OrgLook) -> Iterator[Finding]:
    signed_in = {_named(one.app) for one in look.signed_in}
    for one in look.held:
        if (product := _named(one.app)) and product not in signed_in:
            yield Finding(product, Sign.HOLDS, one.users, one.app)


def _changing(look: OrgLook, told: Collection[str]) -> Iterator[Finding]:
    """Nobody knows it: what it does tells, and both halves of that are needed."""
    records = Counter[str]()
    for one in look.edited:
        records[one.user_id] += one.records
    for user, count in records.items():
        again = [one for one in _machines(look, user) if one.times >= AGAIN and not _named(one.app)]
        if again and count >= MANY and user not in told:
            yield Finding("", Sign.CHANGES, count, again[0].app, user)


def _marked(edited: Edited, package: str) -> int:
    """Records with a value in the field of that package which most of them have."""
    return max((count for field, count in edited.filled.items() if namespace(field) == package), default=0)


def _machines(look: OrgLook, user: str) -> list[SignedIn]:
    """What signs in as that User and is not made for people, the busiest first."""
    theirs = [one for one in look.signed_in if one.user_id == user and not PEOPLES.fullmatch(one.app.casefold())]
    return sorted(theirs, key=lambda one: -one.times)


def _named(app: str) -> str:
    name = app.strip().casefold()
    return next((one.code for one in KNOWN if one.apps and re.fullmatch(one.apps, name)), "")


def _packaged(package: str) -> str:
    return next((one.code for one in KNOWN if package in one.namespaces), "")
