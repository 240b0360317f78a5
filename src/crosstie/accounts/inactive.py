"""Mailboxes whose owner's Salesforce user is switched off there: nothing can be written in their name.

The tick reads who is active with its slow set (engine/tick.py), so that nobody asks for it. What is known of it
lies in the store and keeps sessions off; here it becomes a stop with its reason, which ends with the first session
after that.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef

from crosstie.accounts import stops
from crosstie.domain.stopping import USER_INACTIVE
from crosstie.store.models import InactiveUser, Mailbox, MailboxState, Scope
from crosstie.store.models.scope import ScopedQuerySet


def mailboxes(scope: Scope) -> frozenset[int]:
    """Of the org, or of all of a tenant."""
    return frozenset(_rows(scope).values_list("pk", flat=True))


def note(scope: Scope, now: datetime) -> list[int]:
    """Mailboxes of the org that stand still from now on; nobody waits for one that is paused, off or left."""
    waiting = _rows(scope).filter(paused=False, leaving_since=None).exclude(state=MailboxState.DISABLED)
    known = stops.with_code(scope, USER_INACTIVE)
    found = sorted(set(waiting.values_list("pk", flat=True)) - known)
    stops.begin(scope, dict.fromkeys(found, USER_INACTIVE), now)
    return found


def _rows(scope: Scope) -> ScopedQuerySet[Mailbox]:
    """Ids may be those of two orgs: a sandbox has its users from where it was copied."""
    theirs = InactiveUser.of(scope).filter(org_id=OuterRef("org_id"), record_id=OuterRef("person__crm_user_id"))
    return Mailbox.of(scope).filter(Exists(theirs))
