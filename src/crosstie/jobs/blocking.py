"""*Block sender and undo*: the sender goes on the blocklist, and what was made for the mail is taken out again.

The mail's own record goes last. Whatever happens in between, its mail still shows it, and asking again goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from crosstie.accounts import audit, checks, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.connection import mailboxes, orgs
from crosstie.accounts.governance import blocklist
from crosstie.accounts.governance.layers import Place
from crosstie.accounts.sync import why as explaining
from crosstie.accounts.words import LEVEL_WORDS, Answer, Unacceptable, answer
from crosstie.domain.email import Direction, Email
from crosstie.domain.errors import Unclear
from crosstie.domain.keys import person_key
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.records import RecordRef
from crosstie.domain.speech import say
from crosstie.engine.ports import Ports
from crosstie.jobs import commands, wiring
from crosstie.ports.crm import Made, Removal
from crosstie.rules.direction import direction
from crosstie.rules.participants import Circle, free_mail_domains
from crosstie.rules.resolving import MOST
from crosstie.store.models import Scope
from crosstie.store.sql import org_of


@dataclass(frozen=True, slots=True)
class Fate:
    """A record that was made, and whether it would be taken out; the sentence says why not."""

    object: str
    record_id: str
    record_url: str
    goes: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """`entries` may be blocked: the sender's address, and its domain where that is a company's; the first is
    proposed. `listed` is on the list already.
    """

    email: Email
    entries: tuple[str, ...]
    level: str
    listed: str
    listed_by: str
    """As `blocklist.Entry.source` has it."""
    records: tuple[Fate, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    info: MailboxInfo
    email: Email
    record: RecordRef
    made: tuple[Made, ...]


def preview(scope: Scope, mailbox_id: int, item_id: str, place: Place) -> Proposal:
    """Nothing is changed. Raises Unacceptable where there is nothing to block or to undo."""
    found = _find(scope, wiring.get().ports(scope), mailbox_id, item_id)
    entries = _entries(found.email)
    listed = {one.text: one.source for one in blocklist.show(scope, place).entries}
    there = next((entry for entry in entries if entry in listed), "")
    org = orgs.get(org_of(scope))
    own = Fate(*_named(org, found.record), goes=True, sentence=answer(words.WOULD_GO).sentence)
    return Proposal(
        email=found.email,
        entries=entries,
        level=say(LEVEL_WORDS[place.level]),
        listed=there,
        listed_by=listed.get(there, ""),
        records=(own, *(_fate(org, one) for one in found.made)),
    )


def block(scope: Scope, mailbox_id: int, item_id: str, entry: str, place: Place, actor: Actor = SYSTEM) -> Answer:
    """`entry` is one of those proposed; empty: the first."""
    house = wiring.get()
    ports = house.ports(scope)
    found = _find(scope, ports, mailbox_id, item_id)
    entries = _entries(found.email)
    chosen = entry.strip().casefold() or entries[0]
    if chosen not in entries:
        raise Unacceptable(words.NOT_ITS_SENDER, value=entry)
    details = {"record": found.record.record_id, "object": found.record.object}
    audit.record(scope, Deed(house.clock.now(), actor, "mail.block-sender", f"mailbox {mailbox_id}", details))
    said = [blocklist.add(scope, place, chosen, house.clock, actor)]
    for one in found.made:
        said.append(_take_out(scope, ports, found.info, one, actor))
        if said[-1].code == words.REMOVAL_UNCLEAR.code:
            return _joined(said)
    return _joined([*said, commands.unsave(scope, mailbox_id, item_id, actor)])


def _find(scope: Scope, ports: Ports, mailbox_id: int, item_id: str) -> _Found:
    info = mailboxes.info(scope, mailboxes.get(scope, mailbox_id).mailbox_id)
    email = ports.mailboxes.open(info.mailbox_id, info.folders).envelopes([item_id]).get(item_id)
    record = explaining.why(ports.journal, ports.states, mailbox_id, [item_id])[item_id].record
    if email is None or record is None:
        raise Unacceptable(words.NOTHING_TO_REMOVE)
    circle = Circle.of(info)
    sent = direction(email, info.own_addresses) is Direction.OUTBOUND
    if email.sender is None or sent or circle.is_colleague(email.sender):
        raise Unacceptable(words.SENDER_OURS)
    keys = list(_keys(email, circle))
    made = ports.crm.made(keys, record) if keys else {}
    return _Found(info, email, record, tuple(made[key] for key in keys if key in made))


def _keys(email: Email, circle: Circle) -> Iterator[str]:
    """Of all for whom a record may have been made with this mail."""
    outside = [address for address in email.participants if not circle.is_colleague(address)]
    return (person_key(address.email) for address in outside[: MOST * 2])


def _entries(email: Email) -> tuple[str, ...]:
    assert email.sender is not None
    address, domain = email.sender.email, email.sender.domain
    try:
        whole = () if domain in free_mail_domains() else (checks.address_or_domain(domain),)
    except Unacceptable:
        whole = ()
    return (address, *whole)


def _fate(org: orgs.OrgInfo, one: Made) -> Fate:
    against = _against(one)
    said = against or answer(words.WOULD_GO)
    return Fate(*_named(org, one.record), goes=against is None, sentence=said.sentence)


def _against(one: Made) -> Answer | None:
    kind = one.record.object
    if one.hanging:
        return answer(words.STAYS_USED, ok=False, object=kind, others=", ".join(one.hanging))
    return answer(words.STAYS_CHANGED, ok=False, object=kind) if one.changed else None


def _named(org: orgs.OrgInfo, record: RecordRef) -> tuple[str, str, str]:
    return record.object, record.record_id, f"{org.details.instance_url}/{record.record_id}"


def _take_out(scope: Scope, ports: Ports, info: MailboxInfo, one: Made, actor: Actor) -> Answer:
    if against := _against(one):
        return against
    details = {"record": one.record.record_id, "object": one.record.object}
    audit.record(scope, Deed(ports.clock.now(), actor, "person.remove", f"mailbox {info.mailbox_id}", details))
    try:
        removal = ports.crm.remove(one.record, info.crm_user_id)
    except Unclear:
        return answer(words.REMOVAL_UNCLEAR, ok=False)
    phrase = {
        Removal.DONE: words.PERSON_REMOVED,
        Removal.FORBIDDEN: words.PERSON_FORBIDDEN,
        Removal.REFUSED: words.PERSON_REFUSED,
    }[removal]
    return answer(phrase, ok=removal is Removal.DONE, object=one.record.object)


def _joined(said: list[Answer]) -> Answer:
    """What stays by our own rule is no failure: the preview says so."""
    last = said[-1]
    return Answer(last.ok, last.code, " ".join(one.sentence for one in said))
