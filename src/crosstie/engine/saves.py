"""Of one mail: which record is its own, and the operation that makes it or points to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from crosstie.domain import reasons
from crosstie.domain.email import Direction, Email, Folder
from crosstie.domain.keys import natural_key, record_key, variant_key
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY, MailboxWrite
from crosstie.domain.operations import Join, Operation, Save, Skip, Stranger, Trigger
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import EMAIL_MESSAGE, TASK, Person, RecordRef
from crosstie.domain.settings import RecordChoice
from crosstie.domain.states import SavedMail
from crosstie.engine.case import Case, left_out
from crosstie.engine.facts import Facts, Needs
from crosstie.engine.grounds import Ground, Situation, awaited, by_name, by_people, participants_of, unlinkable
from crosstie.ports.crm import SETTLE_TIME
from crosstie.rules.deduplication import same_letter, same_mail
from crosstie.rules.direction import direction
from crosstie.rules.linking import Links, link
from crosstie.rules.resolving import strangers
from crosstie.rules.wishes import subject_prefix, wishes

NOBODY: Mapping[str, tuple[Person, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the record of a mail is, or is to be: its key, and what is there by now."""

    natural: str
    generation: int = 0
    whole: SavedMail | None = None
    half: RecordRef | None = None
    """It is there, and not all of it."""
    sent: datetime | None = None
    """When a try began of which nothing was heard."""
    was_deleted: bool = False
    """The one before it, in Salesforce."""

    @property
    def key(self) -> str:
        return record_key(self.natural, self.generation)

    @property
    def is_begun(self) -> bool:
        return self.half is not None or self.sent is not None


def save_or_join(case: Case, situation: Situation, facts: Facts) -> Operation | Needs | None:
    found = _identified(case, facts)
    return _decided(found, situation, facts) if isinstance(found, Case) else found


def _decided(case: Case, situation: Situation, facts: Facts) -> Operation | Needs | None:
    slot = _slot(case, situation, facts)
    if isinstance(slot, Needs):
        return slot
    if slot.whole:
        return _join(case, slot, slot.whole, situation)
    if case.verdict and not slot.is_begun:
        return left_out(case, case.verdict, situation, facts, slot.natural)
    if slot.was_deleted and not slot.is_begun and not case.anew:
        return Skip(case.email, slot.natural, reason(reasons.DELETED))
    return _save(case, slot, situation, facts)


def _identified(case: Case, facts: Facts) -> Case | Skip | Needs:
    """What has no Message-ID is known by what it says."""
    email = case.email
    if email.message_id:
        return case
    if why := facts.unread.get(email.item_id):
        return Skip(email, "", why, trigger=case.trigger)
    if email.item_id not in facts.fingerprints:
        return Needs(fingerprints=frozenset({email.item_id}))
    return replace(case, email=email.with_fingerprint(facts.fingerprints[email.item_id]))


def _slot(case: Case, situation: Situation, facts: Facts) -> Slot | Needs:
    natural = _natural(case.email, situation, facts)
    if missing := facts.missing(_questions(case.email, natural, situation, facts)):
        return missing
    saved = facts.saved[natural]
    if saved is None:
        return Slot(natural, sent=facts.unclear.get(record_key(natural)))
    deleted = saved.deleted
    if not deleted and (case.anew or saved.half):
        if saved.record.record_id not in facts.alive:
            return Needs(alive=frozenset({saved.record}))
        deleted = facts.alive[saved.record.record_id] is False
    if not deleted and not saved.half:
        return Slot(natural, saved.generation, whole=saved)
    slot = Slot(natural, saved.generation + deleted, half=None if deleted else saved.record, was_deleted=deleted)
    return replace(slot, sent=facts.unclear.get(slot.key))


def _natural(email: Email, situation: Situation, facts: Facts) -> str:
    """Another one where another letter has this Message-ID."""
    natural = natural_key(email)
    saved, first = facts.saved.get(natural), facts.claimed.get(natural)
    if saved:
        is_another = not same_mail(email, saved, situation.same)
    else:
        is_another = first is not None and not same_letter(email, first)
    return variant_key(email, natural) if is_another else natural


def _questions(email: Email, natural: str, situation: Situation, facts: Facts) -> Needs:
    saved = facts.saved.get(natural)
    generation = saved.generation if saved else 0
    return Needs(
        people=email.addresses | participants_of(email, situation, facts).domains,
        saved=frozenset({natural}),
        unclear=frozenset({record_key(natural, generation), record_key(natural, generation + 1)}),
    )


def _join(case: Case, slot: Slot, saved: SavedMail, situation: Situation) -> Join:
    email = case.email
    ours = saved.origin == (situation.info.mailbox_id, email.item_id)
    kind = reasons.SAVED_SHARED
    if ours:
        kind = reasons.SAVED_THREAD if case.thread else reasons.SAVED_AUTO
    return Join(
        email,
        slot.natural,
        slot.key,
        reason(kind, object=saved.record.object),
        record=saved.record,
        after=_receipt(email, situation),
        trigger=case.trigger,
    )


def _save(case: Case, slot: Slot, situation: Situation, facts: Facts) -> Operation | Needs:
    links = _links(case.email, situation, facts)
    made = () if case.makes_nobody else _strangers(case.email, links, situation, facts)
    lacks = _lacks(case.email, links, situation, facts) if case.trigger is Trigger.AUTO else None
    against = _against(case, slot, None if made else lacks, situation, facts)
    unwanted = against if isinstance(against, Skip) and slot.is_begun else None
    ground = by_people(links, case.trigger, situation, facts) if unwanted or against is None else against
    if not isinstance(ground, Ground):
        return ground
    if _may_be_written_still(slot, situation, looks=unwanted is not None):
        return Skip(case.email, slot.natural, reason(reasons.UNCLEAR), trigger=case.trigger)
    save = _drafted(case, slot, links.without(situation.info.settings.never_linked), ground, made, situation)
    if unwanted:  # it may be there already: that is looked for first, and what is not there is left out
        return replace(save, awaits=unwanted.awaits, known=unwanted.known, look_up=True, unwanted=unwanted.reason)
    may_wait = made and links.who is None
    awaits = _awaits(case.email, lacks, situation, facts) if lacks and may_wait else frozenset[str]()
    return replace(save, awaits=awaits, known=facts.outsiders(awaits))


def _may_be_written_still(slot: Slot, situation: Situation, *, looks: bool) -> bool:
    """What is looked for is looked for when Salesforce must be done with it."""
    looks |= not situation.capabilities.keyed
    return looks and slot.sent is not None and situation.now < slot.sent + SETTLE_TIME


def _drafted(
    case: Case, slot: Slot, links: Links, ground: Ground, made: tuple[Stranger, ...], situation: Situation
) -> Save:
    email, settings = case.email, situation.info.settings
    unkeyed = not situation.capabilities.keyed
    chosen, way = record_object(situation), direction(email, situation.info.own_addresses)
    half = slot.half if unkeyed and slot.half and slot.half.object == chosen else None
    return Save(
        email=email,
        natural=slot.natural,
        key=slot.key,
        generation=slot.generation,
        object=chosen,
        trigger=case.trigger,
        direction=way,
        prefix=subject_prefix(way, settings),
        wishes=wishes(email, way, chosen, settings),
        reason=_why_saved(case.trigger, ground, made, chosen),
        people=links.people,
        strangers=made,
        who=links.who,
        what_id=ground.what_id,
        order=ground.order,
        named=ground.named,
        begun=slot.sent is not None,
        look_up=slot.sent is not None and unkeyed,
        there=half.record_id if half else "",
        after=_receipt(email, situation),
    )


def _links(
    email: Email, situation: Situation, facts: Facts, more: Mapping[str, tuple[Person, ...]] = NOBODY
) -> Links:
    participants = participants_of(email, situation, facts)
    return link(email, participants, {**facts.known(email.addresses | participants.domains), **more})


def _lacks(email: Email, links: Links, situation: Situation, facts: Facts) -> Reason | None:
    return unlinkable(links, participants_of(email, situation, facts), situation.info)


def _awaits(email: Email, lacks: Reason, situation: Situation, facts: Facts) -> frozenset[str]:
    awaits = awaited(participants_of(email, situation, facts), lacks, situation)
    return awaits - facts.unseen(awaits)


def _against(
    case: Case, slot: Slot, lacks: Reason | None, situation: Situation, facts: Facts
) -> Ground | Skip | Needs | None:
    """What speaks against saving it as a skip, if anything does, or the record it names, which outdoes that."""
    if case.verdict:
        skipped = left_out(case, case.verdict, situation, facts, slot.natural)
        return skipped or Skip(case.email, slot.natural, case.verdict)
    return by_name(case.email, slot.natural, lacks, situation, facts) if lacks else None


def _strangers(email: Email, links: Links, situation: Situation, facts: Facts) -> tuple[Stranger, ...]:
    """Somebody who is there and whom the user may not see is no stranger: nobody is made twice."""
    participants, settings = participants_of(email, situation, facts), situation.info.settings
    known = facts.all_known(email.addresses | participants.domains)
    return strangers(email, participants, situation.circle, known, links, settings)


def relinked(
    save: Save, situation: Situation, facts: Facts, made: Mapping[str, tuple[Person, ...]]
) -> Save | Needs:
    """The save with those linked too who were made, or found, since it was planned."""
    links = _links(save.email, situation, facts, made)
    shown = links.without(situation.info.settings.never_linked)
    if save.who is not None:  # what it is related to was chosen with somebody known on it
        return replace(save, people=shown.people)
    ground = by_people(links, save.trigger, situation, facts)
    if isinstance(ground, Needs):
        return ground
    return replace(save, people=shown.people, who=shown.who, what_id=ground.what_id, order=ground.order)


def stands_alone(save: Save, situation: Situation, facts: Facts) -> bool:
    """Whether the mail would be saved if nobody could be made for it."""
    if save.trigger is not Trigger.AUTO:
        return True
    return _lacks(save.email, _links(save.email, situation, facts), situation, facts) is None


def why_saved(save: Save) -> Reason:
    """The reason of a save that needed nobody to be made."""
    ground = Ground(save.what_id, save.order, opportunity=save.what_id != save.order)
    return _why_saved(save.trigger, ground, (), save.object)


def _why_saved(trigger: Trigger, ground: Ground, made: Sequence[Stranger], chosen: str) -> Reason:
    if made:
        return reason(reasons.SAVED_NEW, object=chosen, made=made[0].object)
    if trigger is Trigger.THREAD:
        return reason(reasons.SAVED_THREAD, object=chosen)
    if trigger.by_hand:
        return reason(reasons.SAVED_MARK, object=chosen)
    if ground.named:
        return reason(reasons.SAVED_MENTIONED, object=chosen)
    return reason(reasons.SAVED_OPPORTUNITY if ground.opportunity else reasons.SAVED_AUTO, object=chosen)


def record_object(situation: Situation) -> str:
    choice = situation.info.settings.mail_record
    if choice is RecordChoice.AUTO:
        return EMAIL_MESSAGE if situation.capabilities.enhanced_email else TASK
    return EMAIL_MESSAGE if choice is RecordChoice.EMAIL_MESSAGE else TASK


def _receipt(email: Email, situation: Situation) -> MailboxWrite | None:
    """The category that says *saved*, and the way back out of the drop folder."""
    back = None
    if email.folder is Folder.DROP:
        outbound = direction(email, situation.info.own_addresses) is Direction.OUTBOUND
        back = Folder.SENT if outbound else Folder.INBOX
    missing = SALESFORCE_CATEGORY not in email.categories
    if not missing and back is None:
        return None
    return MailboxWrite(
        email.item_id,
        email.version,
        email.categories,
        add=frozenset({SALESFORCE_CATEGORY}) if missing else frozenset(),
        move_to=back,
    )
