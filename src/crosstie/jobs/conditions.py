"""Whether an org's fields can be what a setting wants of them: asked of the org before the setting is kept."""

from dataclasses import replace

from crosstie.accounts import words
from crosstie.accounts.connection import orgs
from crosstie.accounts.governance import values
from crosstie.accounts.words import Unacceptable
from crosstie.domain.errors import CrosstieError
from crosstie.domain.records import EVENT
from crosstie.domain.settings import Settings
from crosstie.jobs import wiring
from crosstie.rules.calendar.conditions import judged
from crosstie.store.models import Scope

CONDITIONS = "events.unsync-conditions"


def check(scope: Scope, name: str, given: object) -> None:
    """Raises Unacceptable where an org of the tenant cannot compare what the setting of that name would compare.
    Of an org that is out of reach nothing is known; its sessions tell.
    """
    _, info = values.known(name)
    if info.name != CONDITIONS:
        return
    wanted = replace(Settings(), events_unsync=values.parse(info, given))
    for org in orgs.of_tenant(scope):
        try:
            fields = wiring.get().ports(org.scope).crm.capabilities().fields.get(EVENT, {})
        except CrosstieError:
            continue
        if unusable := judged(wanted, fields).unusable:
            raise Unacceptable(
                words.CONDITION_BAD, fields=", ".join(unusable), org=org.details.label or org.org_id
            )
