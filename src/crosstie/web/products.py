"""Other products that keep mailboxes in step: which, by what sign, where to look, how to switch them off."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts.activation import products
from crosstie.accounts.activation.products import UNSEEN, Looked
from crosstie.accounts.connection import orgs
from crosstie.accounts.connection.orgs import OrgInfo
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Unacceptable
from crosstie.domain.errors import CrosstieError
from crosstie.domain.products import Finding
from crosstie.domain.speech import say
from crosstie.jobs import products as looks
from crosstie.rules.products import KNOWN
from crosstie.store.models import Role
from crosstie.web import limits
from crosstie.web.visits import signed_in

LOOKS = 3
"""In a minute by one person: each asks every org of the customer."""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    sign: str
    where: str
    disable: str


@dataclass(frozen=True, slots=True)
class Card:
    name: str
    looked: Looked | None
    lines: Sequence[Line]
    unseen: Sequence[str]
    trouble: str = ""


@require_safe
@signed_in
def page(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """What was found last; no org is asked."""
    return _shown(request, person, [_card(one, products.kept(one.scope)) for one in orgs.of_tenant(person.scope)])


@require_POST
@signed_in
def look(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    """What there is now, with the names of the apps, which are shown once and not kept."""
    found = orgs.of_tenant(person.scope)
    try:
        limits.spend("products", str(person.person_id), LOOKS)
    except Unacceptable as refusal:
        cards = [_card(one, products.kept(one.scope)) for one in found]
        return _shown(request, person, cards, refusal.sentence, status=429)
    return _shown(request, person, [_looked(one) for one in found], now=True)


def found_for(person: PersonInfo) -> int | None:
    """How many findings an administrator has; None for anybody else."""
    if person.role != Role.PLATFORM_ADMIN:
        return None
    looked = [products.kept(one.scope) for one in orgs.of_tenant(person.scope)]
    return sum(len(one.findings) for one in looked if one)


def _looked(org: OrgInfo) -> Card:
    try:
        return _card(org, looks.look(org.scope))
    except CrosstieError as error:
        return _card(org, products.kept(org.scope), advice.for_error(error))


def _card(org: OrgInfo, looked: Looked | None, trouble: str = "") -> Card:
    lines = [_line(one) for one in looked.findings] if looked else []
    unseen = [say(UNSEEN[one]) for one in looked.unseen] if looked else []
    return Card(org.details.label or org.details.crm_org_id, looked, lines, unseen, trouble)


def _line(finding: Finding) -> Line:
    about = products.product(finding)
    return Line(say(about.name), products.sentence(finding), say(about.where), say(about.disable))


def _shown(
    request: HttpRequest,
    person: PersonInfo,
    cards: Sequence[Card],
    trouble: str = "",
    *,
    now: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "person": person,
        "cards": cards,
        "trouble": trouble,
        "now": now,
        "known": [say(one.name) for one in KNOWN],
        "here": "products",
    }
    return render(request, "crosstie/products.html", context, status=status)
