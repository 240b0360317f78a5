"""Mend: what stands still, what to do about it, and the button that does it. Mails lead here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts import words
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.trouble import advice, mending
from crosstie.accounts.trouble.mending import Trouble
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.errors import CrosstieError
from crosstie.jobs import mending as acts
from crosstie.mailboxes.graph.sign_in import SignIn
from crosstie.store.models import Role
from crosstie.web import limits, mailbox_sign_in
from crosstie.web.visits import Visit, signed_in, tell, visited

ERRAND = "mend"
"""What somebody is sent to their mailbox's vendor for (web/mailbox_sign_in.py)."""
Act = Callable[[Trouble, Actor], Answer]
PAGE = 20
"""Troubles on a page."""
TRIES = 10
"""In a minute by one person: each asks a vendor."""


@dataclass(frozen=True, slots=True)
class Card:
    """A trouble as its reader may act on it."""

    name: str
    trouble: Trouble
    may: bool
    sign_in: bool
    org_sign_in: bool
    secret: bool


Allowed = Callable[[Card], bool]


@require_safe
@signed_in
def page(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    mine, number = _mine(person), _number(request.GET.get("page", ""))
    found = [*([mine] if mine else []), *_others(person, mine)]
    context = {
        "person": person,
        "mailbox": _mailbox(person),
        "cards": [card(one, person, is_mine=one is mine) for one in found[number * PAGE : (number + 1) * PAGE]],
        "number": number,
        "before": number - 1,
        "next": number + 1 if len(found) > (number + 1) * PAGE else 0,
        "here": "mend",
    }
    return render(request, "crosstie/mend.html", context)


def card(trouble: Trouble, person: PersonInfo, *, is_mine: bool) -> Card:
    administers = person.role == Role.PLATFORM_ADMIN or (
        person.role == Role.PROFILE_ADMIN and trouble.mailbox_id is not None
    )
    return Card(
        name=name_of(trouble),
        trouble=trouble,
        may=administers or (is_mine and trouble.by_sign_in),
        sign_in=is_mine and trouble.by_sign_in,
        org_sign_in=person.role == Role.PLATFORM_ADMIN and trouble.by_org_sign_in,
        secret=person.role == Role.PLATFORM_ADMIN and trouble.by_secret,
    )


@require_POST
@signed_in
def again(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    return _act(request, person, acts.again, lambda card: card.may)


@require_POST
@signed_in
def secret(request: HttpRequest, person: PersonInfo) -> HttpResponse:
    given = request.POST.get("secret", "")
    return _act(
        request,
        person,
        lambda trouble, actor: acts.keep_secret(trouble, given, actor),
        lambda card: card.secret,
    )


@require_POST
@visited
def sign_in(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A page that leads on to the mailbox's vendor."""
    try:
        limits.spend("mend", str(visit.person.person_id), TRIES)
        begun = acts.begin_sign_in(visit.mailbox, mailbox_sign_in.redirect_uri())
    except Unacceptable as refusal:
        return refused(request, refusal.sentence)
    except CrosstieError as error:
        return refused(request, advice.for_error(error))
    return mailbox_sign_in.leave(request, begun, visit.person, ERRAND)


def finish(person: PersonInfo, begun: SignIn, given: tuple[str, str]) -> Answer:
    """Raises Unacceptable and CrosstieError."""
    ref = mailboxes.of_person(person.scope, person.person_id)
    actor = Actor("web", person.person_id)
    return acts.finish_sign_in(ref, begun, given, mailbox_sign_in.redirect_uri(), actor)


def back(request: HttpRequest, _person: PersonInfo, said: Answer) -> HttpResponse:
    tell(request, said)
    return redirect("general" if said.ok else "mend")


def _act(request: HttpRequest, person: PersonInfo, act: Act, allowed: Allowed) -> HttpResponse:
    try:
        limits.spend("mend", str(person.person_id), TRIES)
        trouble = named(request.POST.get("trouble", ""), person, allowed)
        said = act(trouble, Actor("web", person.person_id))
    except Unacceptable as refusal:
        return refused(request, refusal.sentence)
    except CrosstieError as error:
        return refused(request, advice.for_error(error))
    tell(request, said)
    return redirect("general" if person.mailbox_id else "mend")


def named(wanted: str, person: PersonInfo, allowed: Allowed) -> Trouble:
    """One of those that the page shows, with a button that is allowed: nothing else can be meant."""
    mine = _mine(person)
    for one in (*([mine] if mine else []), *_others(person, mine)):
        if name_of(one) == wanted:
            if not allowed(card(one, person, is_mine=one is mine)):
                raise Unacceptable(words.NOT_ADMIN)
            return one
    raise Unacceptable(words.MEND_NOTHING)


def name_of(trouble: Trouble) -> str:
    return f"box-{trouble.mailbox_id}" if trouble.mailbox_id else f"org-{trouble.scope.org_id}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _mine(person: PersonInfo) -> Trouble | None:
    ref = _mailbox(person)
    return mending.of_mailbox(ref.scope, ref.mailbox_id) if ref else None


def _mailbox(person: PersonInfo) -> MailboxRef | None:
    return mailboxes.of_person(person.scope, person.person_id) if person.mailbox_id else None


def _others(person: PersonInfo, mine: Trouble | None) -> Sequence[Trouble]:
    found = mending.of_tenant(person.scope, person.role, person.profile)
    return [one for one in found if mine is None or name_of(one) != name_of(mine)]


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    tell(request, Answer(ok=False, code="", sentence=sentence))
    return redirect("mend")
