"""Mail: the newest e-mails of the person's mailbox, each with what became of it. Nothing of this page is kept."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Answer, Unacceptable
from crosstie.domain.address import Address
from crosstie.domain.email import Direction
from crosstie.domain.errors import CrosstieError
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.jobs import commands
from crosstie.jobs.commands import Explained
from crosstie.rules.direction import direction
from crosstie.rules.participants import Circle
from crosstie.rules.relevance import mark_verdict
from crosstie.store.models import Scope
from crosstie.web import limits
from crosstie.web.listing import BADGES, LOOKS, NAMED, SEARCHED, SHOWN, listing, name_of
from crosstie.web.visits import Visit, tell, visited


@dataclass(frozen=True, slots=True)
class Row:
    mail: Explained
    sent: bool
    people: str
    """Who it is from or, when the person sent it, to."""
    more: int
    badge: str
    tone: str
    threadable: bool
    """All mails of its thread may be wanted."""
    blockable: bool
    """Somebody outside sent it."""


Act = Callable[[Scope, int, str, Actor], Answer]


@require_POST
@visited
def unsave(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take the mail `item` out of Salesforce."""
    return _done(request, visit, commands.unsave)


@require_POST
@visited
def mark_thread(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Have all mails saved of the thread of `item`."""
    return _done(request, visit, commands.mark_thread)


@require_POST
@visited
def stop_thread(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _done(request, visit, commands.stop_thread)


def _done(request: HttpRequest, visit: Visit, act: Act) -> HttpResponse:
    try:
        limits.spend("mail", str(visit.person.person_id), LOOKS)
        item_id = request.POST.get("item", "")
        said = act(visit.mailbox.scope, visit.mailbox.mailbox_id, item_id, visit.actor)
    except Unacceptable as refusal:
        said = Answer(False, refusal.code, refusal.sentence)
    except CrosstieError as error:
        said = Answer(False, error.code, advice.for_error(error))
    tell(request, said)
    return redirect("mail")


@require_safe
@visited
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    return listing(request, visit, "mail", _rows)


def _rows(visit: Visit, show: str) -> list[Row]:
    scope, mailbox_id = visit.mailbox.scope, visit.mailbox.mailbox_id
    info = mailboxes.info(scope, mailbox_id)
    found = commands.latest(scope, mailbox_id, SEARCHED if show else SHOWN)
    return [_row(mail, info) for mail in found if show in ("", mail.outcome)][:SHOWN]


def _row(mail: Explained, info: MailboxInfo) -> Row:
    sent = direction(mail.email, info.own_addresses) is Direction.OUTBOUND
    people = mail.email.recipients if sent else tuple(filter(None, (mail.email.sender,)))
    badge, tone = BADGES.get(mail.outcome, BADGES[""])
    named = ", ".join(map(name_of, people[:NAMED])) if len(people) > 1 else "".join(map(_whole, people))
    threadable = info.saves_threads and not mail.in_thread and mark_verdict(mail.email) is None
    outside = not sent and mail.email.sender is not None and not Circle.of(info).is_colleague(mail.email.sender)
    return Row(mail, sent, named, max(0, len(people) - NAMED), str(badge), tone, threadable, outside)


def _whole(address: Address) -> str:
    """Names are what anybody likes to be called; rules go by the address."""
    named = address.name and address.name.casefold() != address.email
    return f"{address.name} <{address.email}>" if named else address.email
