"""Mailboxes whose owner's Salesforce user is switched off there: nothing can be written in their name.

The tick reads who is active with its slow set (engine/tick.py), so that nobody asks for it. What is known of it
lies in the store and keeps sessions off; here it becomes a stop with its reason, which ends with the first session
after that.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef

from crosstie.accounts.trouble import stops
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


def user(org: str, record_id: str) -> Exists:
    """In a query whose fields of these names say which user: whether they are switched off.

    Ids may be those of two orgs: a sandbox has its users from where it was copied.
    """
    return Exists(InactiveUser.everywhere().filter(org_id=OuterRef(org), record_id=OuterRef(record_id)))


def is_off(org_id: int | None, record_id: str) -> bool:
    """Whether this user is."""
    return org_id is not None and InactiveUser.everywhere().filter(org_id=org_id, record_id=record_id).exists()


def _rows(scope: Scope) -> ScopedQuerySet[Mailbox]:
    return Mailbox.of(scope).filter(user("org_id", "person__crm_user_id"))
