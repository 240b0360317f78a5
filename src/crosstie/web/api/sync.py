"""How the mailbox is doing, and force, pause and start."""

from collections.abc import Callable

from ninja import Router

from crosstie.accounts import words
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.sync import status
from crosstie.accounts.sync.status import LastSession, Status
from crosstie.accounts.words import Answer
from crosstie.jobs import commands, wiring
from crosstie.store.models import Scope
from crosstie.web.api.gate import Asked, resource
from crosstie.web.api.problems import of_answer
from crosstie.web.api.shapes import LastShape, SyncDoneShape, SyncShape

router = Router()
Command = Callable[[Scope, int, Actor], Answer]


@resource(router, "GET", "/sync", SyncShape, refusals=(409,))
def sync(request: Asked) -> SyncShape:
    """The state of the mailbox, its last session and its next one."""
    return _shape(request.auth.mailbox)


@resource(router, "POST", "/sync/force", SyncDoneShape, acts=True, refusals=(409,))
def force_sync(request: Asked) -> SyncDoneShape:
    """Start a session now.

    Once a minute at most, and not while one runs.
    """
    return _act(request, commands.force)


@resource(router, "POST", "/sync/pause", SyncDoneShape, acts=True, refusals=(409,))
def pause_sync(request: Asked) -> SyncDoneShape:
    """Stop saving automatically until somebody starts it again.

    Paused already is as good as paused.
    """
    return _act(request, commands.pause, words.PAUSED_ALREADY.code)


@resource(router, "POST", "/sync/start", SyncDoneShape, acts=True, refusals=(409,))
def start_sync(request: Asked) -> SyncDoneShape:
    """Go on after a pause; what came meanwhile is caught up with at once.

    Running already is as good as started.
    """
    return _act(request, commands.resume, words.RUNS_ALREADY.code)


def _act(request: Asked, command: Command, as_good: str = "") -> SyncDoneShape:
    mailbox = request.auth.mailbox
    said = command(mailbox.scope, mailbox.mailbox_id, request.auth.actor)
    if not said.ok and said.code != as_good:
        raise of_answer(said)
    return SyncDoneShape(code=said.code, sentence=said.sentence, sync=_shape(mailbox))


def _shape(mailbox: MailboxRef) -> SyncShape:
    found: Status = status.status(mailbox.scope, mailbox.mailbox_id, wiring.get().clock.now())
    return SyncShape(
        state=found.state,
        code=found.code,
        sentence=found.sentence,
        running_since=found.running_since,
        next_at=found.next_at,
        interval_seconds=int(found.interval.total_seconds()),
        failures=found.failures,
        last=_last(found.last, found.last_sentence) if found.last else None,
    )


def _last(last: LastSession, sentence: str) -> LastShape:
    return LastShape(
        started_at=last.started_at,
        ended_at=last.ended_at,
        counts=dict(last.counts),
        error_code=last.error_code or None,
        sentence=sentence,
    )
