"""The sessions that were."""

from typing import Annotated

from ninja import Query, Router

from crosstie.accounts.sync import sessions as accounts
from crosstie.accounts.sync.sessions import SessionInfo
from crosstie.accounts.trouble import advice
from crosstie.web.api.gate import Asked, resource
from crosstie.web.api.shapes import SessionShape, SessionsShape

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(pattern="^[0-9]{1,18}$", description="next of the answer before.")]


@resource(router, "GET", "/sessions", SessionsShape, refusals=(409,))
def sessions(request: Asked, limit: Limit = 25, cursor: Cursor = None) -> SessionsShape:
    """Sessions that ended, the newest first, of the last ninety days: times, counts and codes."""
    mailbox = request.auth.mailbox
    before = int(cursor) if cursor else None
    found = accounts.recent(mailbox.scope, mailbox.mailbox_id, limit + 1, before)
    shown = found[:limit]
    return SessionsShape(
        sessions=[_shape(one) for one in shown], next=str(shown[-1].number) if len(found) > limit else None
    )


def _shape(one: SessionInfo) -> SessionShape:
    return SessionShape(
        started_at=one.started_at,
        ended_at=one.ended_at,
        counts=dict(one.counts),
        error_code=one.error_code or None,
        advice=advice.for_code(one.error_code) or None,
    )
