"""What happens in somebody's calendar, and what became of each item: for a page, fetched live and kept nowhere."""

from dataclasses import dataclass
from datetime import timedelta

from crosstie.accounts.connection import mailboxes, orgs
from crosstie.accounts.sync import why as explaining
from crosstie.domain.calendar import CalendarItem
from crosstie.domain.mailboxes import Span
from crosstie.engine import sight
from crosstie.jobs import wiring
from crosstie.store.models import Scope
from crosstie.store.sql import org_of


@dataclass(frozen=True, slots=True)
class Appointment:
    """A calendar item as its owner sees it. `outcome` is empty where nothing was decided yet."""

    item: CalendarItem
    code: str
    outcome: str
    sentence: str
    record_url: str


def agenda(scope: Scope, mailbox_id: int, limit: int) -> list[Appointment]:
    """What happens from yesterday on, as far as events are kept. Raises CrosstieError when it is out of reach."""
    house = wiring.get()
    ports, info = house.ports(scope), mailboxes.info(scope, mailboxes.get(scope, mailbox_id).mailbox_id)
    now = house.clock.now()
    days = Span(now - timedelta(days=1), now + timedelta(days=info.settings.events_days_ahead))
    items = ports.mailboxes.open(info.mailbox_id, info.folders).calendar().coming(days, limit)
    said = explaining.why(ports.journal, ports.states, mailbox_id, [item.item_id for item in items])
    hidden = sight.hidden(ports, info.crm_user_id, [why.record.record_id for why in said.values() if why.record])
    return [_of(item, said[item.item_id], hidden, orgs.get(org_of(scope)).details.instance_url) for item in items]


def _of(item: CalendarItem, why: explaining.Why, hidden: frozenset[str], home: str) -> Appointment:
    record = why.record.record_id if why.record and why.record.record_id not in hidden else ""
    url = f"{home}/{record}" if record else ""
    return Appointment(item, why.code, why.outcome or "", why.sentence, url)
