"""Why, of one item that somebody names: an e-mail by its id or Message-ID, a calendar item by its id."""

from collections.abc import Sequence
from dataclasses import dataclass

from crosstie.accounts import words
from crosstie.accounts.connection import mailboxes, orgs
from crosstie.accounts.sync import why as explaining
from crosstie.accounts.sync.why import Why
from crosstie.engine import sight
from crosstie.jobs import commands, wiring
from crosstie.jobs.commands import Explained
from crosstie.rules.leftovers import Leftover
from crosstie.store.models import Scope
from crosstie.store.sql import org_of


@dataclass(frozen=True, slots=True)
class Told:
    """Nothing of what the item says. `outcome` is empty where nothing was decided yet."""

    item_id: str
    message_id: str
    """Empty for a calendar item, and for what is not in the mailbox any more."""
    code: str
    outcome: str
    sentence: str
    record_url: str
    left_out: Sequence[Leftover] = ()


def why(scope: Scope, mailbox_id: int, wanted: str) -> list[Told]:
    """Of each copy of the e-mail; nothing where nobody has heard of it. Raises CrosstieError when the mailbox is
    out of reach.
    """
    found = [_of_mail(one) for one in commands.find(scope, mailbox_id, wanted)]
    return found or _of_item(scope, mailbox_id, wanted)


def _of_mail(one: Explained) -> Told:
    return Told(
        item_id=one.email.item_id,
        message_id=one.email.message_id or "",
        code=one.code,
        outcome=one.outcome,
        sentence=one.sentence,
        record_url=one.record_url,
        left_out=one.left_out,
    )


def _of_item(scope: Scope, mailbox_id: int, item_id: str) -> list[Told]:
    ports = wiring.get().ports(scope)
    said = explaining.why(ports.journal, ports.states, mailbox_id, [item_id])[item_id]
    if said.code == words.NEVER_SEEN.code:
        return []
    user_id = mailboxes.info(scope, mailbox_id).crm_user_id
    record = said.record.record_id if said.record else ""
    hidden = sight.hidden(ports, user_id, [record]) if record else frozenset()
    return [Told(item_id, "", said.code, said.outcome or "", said.sentence, _url(scope, said, hidden))]


def _url(scope: Scope, said: Why, hidden: frozenset[str]) -> str:
    if said.record is None or said.record.record_id in hidden:
        return ""
    return f"{orgs.get(org_of(scope)).details.instance_url}/{said.record.record_id}"
