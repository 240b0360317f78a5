"""Deactivation. Sessions take what came from Salesforce out of the calendar first, for as long as that takes and
whoever dies over it; when there is nothing left to do the mailbox is switched off, and access to it goes last.
"""

from django.db import transaction

from crosstie.accounts import audit, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.connection import connections, mailboxes
from crosstie.accounts.sync import status
from crosstie.accounts.sync.status import State
from crosstie.accounts.words import Answer, Unacceptable, answer
from crosstie.domain.clock import Clock
from crosstie.ports.vault import Vault
from crosstie.store.models import Mailbox, Scope

HINDERED = (State.NO_LICENSE, State.PROFILE_OFF, State.NEEDS_CONSENT, State.SUSPENDED)
"""No session can begin, so nothing can be taken out of the calendar."""
SESSION = Actor("session")
"""Who ends what somebody began."""


def against(scope: Scope, mailbox_id: int, clock: Clock) -> Answer | None:
    """Why it cannot be begun, if so."""
    with transaction.atomic():
        return _against(_locked(scope, mailbox_id), clock)


def begin(scope: Scope, mailbox_id: int, clock: Clock, actor: Actor = SYSTEM) -> Answer:
    """Nothing more is saved from now on; the next session, which is due at once, begins to tidy up."""
    now = clock.now()
    with transaction.atomic():
        if refusal := _against(_locked(scope, mailbox_id), clock):
            return refusal
        Mailbox.of(scope).filter(pk=mailbox_id).update(leaving_since=now, paused=False, due_at=now)
        audit.record(scope, Deed(now, actor, "mailbox.leave", f"mailbox {mailbox_id}"))
    return answer(words.LEAVING_BEGUN)


def finish(scope: Scope, mailbox_id: int, vault: Vault, clock: Clock) -> bool:
    """Its sessions have nothing left to do. False where it was activated again meanwhile, or is off or gone."""
    with transaction.atomic():
        row = _found(scope, mailbox_id)
        if row is None or row.leaving_since is None:
            return False
        _off(scope, mailbox_id, vault, clock, SESSION)
    return True


def at_once(scope: Scope, mailbox_id: int, vault: Vault, clock: Clock, actor: Actor = SYSTEM) -> Answer:
    """Switch it off as it is: nothing is taken out of its calendar."""
    with transaction.atomic():
        row = _locked(scope, mailbox_id)
        _off(scope, mailbox_id, vault, clock, actor)
    return answer(words.DEACTIVATED, address=row.address)


def _against(row: Mailbox, clock: Clock) -> Answer | None:
    found = status.state_of(row, clock.now())
    if found.state is State.DISABLED:
        return answer(words.DEACTIVATED_BEFORE, ok=False, address=row.address)
    if found.state in HINDERED:
        return answer(words.LEAVING_HINDERED, ok=False, why=found.sentence)
    return answer(words.LEAVING_ALREADY, ok=False) if row.leaving_since else None


def _off(scope: Scope, mailbox_id: int, vault: Vault, clock: Clock, actor: Actor) -> None:
    mailboxes.deactivate(scope, mailbox_id, clock, actor)
    connections.forget(scope, mailbox_id, vault, clock, actor)


def _locked(scope: Scope, mailbox_id: int) -> Mailbox:
    row = _found(scope, mailbox_id)
    if row is None:
        raise Unacceptable(words.MAILBOX_UNKNOWN)
    return row


def _found(scope: Scope, mailbox_id: int) -> Mailbox | None:
    rows = Mailbox.of(scope).select_related("person__license", "person__profile", "org")
    return rows.select_for_update(no_key=True, of=("self",)).filter(pk=mailbox_id).first()
