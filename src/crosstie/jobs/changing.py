"""A person changes settings of their own; what would be lost by it is said first."""

from collections.abc import Mapping, Sequence
from functools import partial

from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.governance import settings
from crosstie.accounts.governance.settings import Explanation
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import api_words
from crosstie.accounts.words import Unacceptable
from crosstie.jobs import wiring, withdrawing


def change(
    person: PersonInfo, given: Mapping[str, object], actor: Actor, *, take_away: bool
) -> Sequence[Explanation]:
    """Setting → its new value, or None to take the person's own away; all of them or none.

    Raises Refusals, or Unacceptable where items would be taken out of the calendar and that was not said to be
    meant (`take_away`).
    """
    scope, place = person.scope, settings.for_person(person.scope, person.person_id)
    put = partial(settings.put_several, scope, place, given, wiring.get().clock, actor)
    if withdrawing.DOWN in given and not take_away and person.mailbox_id is not None:
        own = [mailboxes.get(scope, person.mailbox_id)]
        if losing := withdrawing.losing(scope, [withdrawing.DOWN], put, own):
            raise Unacceptable(api_words.WOULD_TAKE_AWAY, count=losing)
    return put()
