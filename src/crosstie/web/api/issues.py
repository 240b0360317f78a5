"""What needs the person, and trying it again."""

from typing import Annotated

from ninja import Path, Router

from crosstie.domain.links import Side
from crosstie.jobs import commands, guarding, live
from crosstie.jobs.commands import Problem
from crosstie.jobs.guarding import HeldBack
from crosstie.web.api.gate import Asked, resource
from crosstie.web.api.problems import of_answer
from crosstie.web.api.shapes import LONGEST, DoneShape, HeldShape, IssueShape, IssuesShape
from crosstie.web.issues import LOOKS

router = Router()
ItemId = Annotated[str, Path(min_length=1, max_length=LONGEST)]


@resource(router, "GET", "/issues", IssuesShape, refusals=(409,))
def issues(request: Asked) -> IssuesShape:
    """What was refused, the newest first, and before it whatever keeps all of the mailbox from being synchronized.

    Nothing of what the items say; their addresses lead there.
    """
    request.auth.spend("issues", LOOKS)
    mailbox, until = request.auth.mailbox, live.deadline()
    found = commands.problems(mailbox.scope, mailbox.mailbox_id, until)
    held = guarding.held_back(mailbox.scope, mailbox.mailbox_id, until)
    return IssuesShape(issues=[_issue(one) for one in found], held=[_held(one) for one in held])


@resource(router, "POST", "/issues/{path:item_id}/retry", DoneShape, acts=True, refusals=(404, 409))
def retry_issue(request: Asked, item_id: ItemId) -> DoneShape:
    """Try one again now, by its id."""
    request.auth.spend("issues", LOOKS)
    mailbox = request.auth.mailbox
    said = commands.retry(mailbox.scope, mailbox.mailbox_id, [item_id], request.auth.actor)
    if not said.ok:
        raise of_answer(said)
    return DoneShape(code=said.code, sentence=said.sentence)


def _issue(one: Problem) -> IssueShape:
    shown = one.email or one.event
    return IssueShape(
        id=one.item_id or None,
        kind=one.kind.value if one.item_id else "sync",
        code=one.code,
        source=one.source,
        sentence=one.sentence,
        advice=one.advice,
        first_at=one.first_at,
        last_at=one.last_at,
        message_id=one.email.message_id or None if one.email else None,
        mailbox_url=shown.web_link or None if shown else None,
        record_url=one.record_url or None,
    )


def _held(one: HeldBack) -> HeldShape:
    return HeldShape(
        code=one.held.code,
        side="salesforce" if one.held.side is Side.CRM else "calendar",
        events=one.held.count,
        first_at=one.held.first_at,
        last_at=one.held.last_at,
    )
