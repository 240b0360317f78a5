"""The decision table for e-mails, on one page and without input or output.

seen again, nothing asked, nothing open .......... remember the version         (Note)
a draft that was sent, a mail that came back ..... decide anew
too old until a back-fill came to it ............. decide anew
marked before we came ............................ the automatic rules apply
newly marked, or of a thread that is wanted ...... save unless it cannot be     (rules.mark_verdict)
not marked ....................................... save unless a rule says no   (rules.auto_verdict)
to be saved, the record exists ................... point to it                  (Join)
to be saved, the record was deleted .............. automatic: never again       (Skip)
                                                   marked: the next generation  (Save)
to be saved once, a try has no answer or did half  keyed: the same key again    (Save)
                                                   unkeyed: wait, then look     (Skip, Save.look_up)
                                                   and not any more: the same   (Skip, Save.unwanted)
to be saved ...................................... create the record            (Save)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crosstie.domain import reasons
from crosstie.domain.email import Direction, Email, Folder
from crosstie.domain.keys import natural_key, record_key, variant_key
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY, MailboxInfo, MailboxWrite, Removed, Seen
from crosstie.domain.operations import Join, Note, Operation, Save, Skip, Stranger, Trigger
from crosstie.domain.reasons import Outcome, Reason, reason
from crosstie.domain.records import EMAIL_MESSAGE, TASK, Person, RecordRef
from crosstie.domain.settings import RecordChoice
from crosstie.domain.states import ItemState, SavedMail
from crosstie.domain.threads import Thread
from crosstie.engine.facts import Facts, Needs
from crosstie.engine.grounds import (
    Ground,
    Situation,
    awaited,
    by_name,
    by_people,
    participants_of,
    skip,
    unlinkable,
)
from crosstie.ports.crm import SETTLE_TIME
from crosstie.rules.deduplication import same_letter, same_mail
from crosstie.rules.direction import direction
from crosstie.rules.linking import Links, link
from crosstie.rules.participants import Participants
from crosstie.rules.relevance import WHO_IS_ON_IT, auto_verdict, mark_verdict
from crosstie.rules.resolving import strangers
from crosstie.rules.warnings import is_status
from crosstie.rules.wishes import subject_prefix, wishes

_BEGUN = (reasons.WAITS.code, reasons.UNCLEAR.code)
_TOO_OLD = (reasons.OLD.code, reasons.OLD_MARK.code)


@dataclass(frozen=True, slots=True)
class Plan:
    """Operations in the order of the items; complete when `needs` is empty."""

    operations: tuple[Operation, ...]
    needs: Needs


def plan(changes: Sequence[Seen | Removed], situation: Situation, facts: Facts) -> Plan:
    """What to do about the changes, or what must be known first. Ask again with the answers (planning.ROUNDS)."""
    decided = [_decide(change, situation, facts) for change in _last_of_each(changes)]
    return Plan(
        operations=tuple(one for one in decided if one is not None and not isinstance(one, Needs)),
        needs=Needs.union(one for one in decided if isinstance(one, Needs)),
    )


def _last_of_each(changes: Iterable[Seen | Removed]) -> Iterable[Seen | Removed]:
    """Vendors repeat items within a round; the last sighting counts, and a sighting outdoes a removal."""
    last: dict[str, Seen | Removed] = {}
    for change in changes:
        item_id = change.email.item_id if isinstance(change, Seen) else change.item_id
        if isinstance(change, Seen) or not isinstance(last.get(item_id), Seen):
            last[item_id] = change
    return last.values()


def _decide(change: Seen | Removed, situation: Situation, facts: Facts) -> Operation | Needs | None:
    if isinstance(change, Removed):
        return Note(change.item_id) if change.item_id in situation.states else None
    email = change.email
    state = situation.states.get(email.item_id)
    asked = requested(email, state, situation, facts)
    if state and not _open(state, email, situation, facts):
        if asked and unsettled(state.reason_code):
            return None
        if not asked:
            return Note(email.item_id, email) if _moved(email, state) else None
    thread = None if asked or email.folder is Folder.OTHER else facts.marked.get(email.conversation_id)
    verdict = mark_verdict(email) if asked or thread else _automatic(email, situation, facts)
    if isinstance(verdict, Needs):
        return verdict
    case = Case(email, asked, verdict, state, thread)
    if verdict and not _was_begun(email, situation) and verdict.code not in reasons.AWAITING:
        return _left_out(case, verdict, situation, facts)
    return _identify(case, situation, facts)


def _was_begun(email: Email, situation: Situation) -> bool:
    """Whether there may be a record of it: only the journal can tell, under the mail's key."""
    state = situation.states.get(email.item_id)
    if state is None:
        return email.item_id in situation.begun
    return state.record is not None or state.reason_code in _BEGUN


def _automatic(email: Email, situation: Situation, facts: Facts) -> Reason | Needs | None:
    """Where who is in Salesforce makes a difference, that is asked first."""
    participants = participants_of(email, situation, facts)
    verdict = auto_verdict(email, participants, situation.info, facts.outsiders(email.addresses))
    if verdict is None or verdict.kind not in WHO_IS_ON_IT:
        return verdict
    return facts.missing(Needs(people=situation.circle.undecided(participants))) or verdict


@dataclass(frozen=True, slots=True)
class Case:
    """One mail that is, or was, to be saved. A verdict speaks against it only while it has no record, and none
    that may be there: what was begun is finished.
    """

    email: Email
    asked: Trigger | None
    verdict: Reason | None
    state: ItemState | None
    thread: Thread | None = None
    """The one that asks for it, where no mark does."""

    @property
    def trigger(self) -> Trigger:
        return self.asked or (Trigger.THREAD if self.thread else Trigger.AUTO)

    @property
    def is_first(self) -> bool:
        """Its thread was marked at it."""
        return self.thread is not None and self.thread.item_id == self.email.item_id

    @property
    def anew(self) -> bool:
        """A person wants it, though it was taken out of Salesforce: by a mark, or just now by its thread's."""
        return self.asked is not None or (self.is_first and self.thread is not None and not self.thread.gathered)


def requested(email: Email, state: ItemState | None, situation: Situation, facts: Facts) -> Trigger | None:
    """The mark that newly asks for this mail, if any: present now and not before, and not set by us."""
    mark = mark_of(email)
    if mark is None:
        return None
    if state is None and email.item_id in situation.baseline and not _came_since(email, situation.info):
        return None
    moved_in = mark is Trigger.FOLDER and state is not None and state.folder is not Folder.DROP
    if state and state.marked and not moved_in:
        return None
    return None if mark is Trigger.CATEGORY and state is None and _inherits(email, facts) else mark


def _inherits(email: Email, facts: Facts) -> bool:
    """Programs give a reply the categories of what it answers: the receipt of a saved mail, or the mark of one
    that could not be saved, with what we told of that.
    """
    is_reply = email.conversation_id in facts.threads or any(map(is_status, email.categories))
    return email.folder is Folder.SENT and is_reply


def _came_since(email: Email, info: MailboxInfo) -> bool:
    """Nobody can have marked it before we came: the mailbox received it later."""
    return email.received_at is not None and email.received_at > info.activated_at


def mark_of(email: Email) -> Trigger | None:
    """The mark the mail carries; in folders other than ours a category means nothing."""
    if email.folder is Folder.DROP:
        return Trigger.FOLDER
    if SALESFORCE_CATEGORY in email.categories and email.folder is not Folder.OTHER:
        return Trigger.CATEGORY
    return None


def keeps_mark(email: Email, before: ItemState | None) -> bool:
    """Whether its mark is no news when it is met again: a category from before it was filed away does not
    become a request when it comes back.
    """
    stayed = before is not None and before.marked and SALESFORCE_CATEGORY in email.categories
    return stayed or mark_of(email) is not None


def _open(state: ItemState, email: Email, situation: Situation, facts: Facts) -> bool:
    """Whether the last answer may have changed: it was put off, or something it rests on moved."""
    reached = state.reason_code in _TOO_OLD and situation.info.reaches(email)
    if email.item_id in situation.rechecked or reached:
        return True
    moved = (email.version, email.folder) != (state.version, state.folder)
    wanted = state.record is None and email.conversation_id in facts.marked
    return moved and (unsettled(state.reason_code) or wanted or _outgrown(state, email))


def _outgrown(state: ItemState, email: Email) -> bool:
    """What spoke against it is over: the draft was sent, the mail came back from wherever it was filed."""
    if state.reason_code == reasons.DRAFT.code:
        return not email.is_draft
    return state.reason_code == reasons.ELSEWHERE.code and email.folder is not Folder.OTHER


def unsettled(reason_code: str) -> bool:
    """Whether the item is still to be saved, or a person has to act: its mark stays a request until then."""
    kind = reasons.KINDS.get(reason_code)
    return kind is not None and kind.outcome in (Outcome.WAITING, Outcome.ISSUE)


def _moved(email: Email, state: ItemState) -> bool:
    return (email.version, email.folder, keeps_mark(email, state)) != (
        state.version,
        state.folder,
        state.marked,
    )


def _left_out(
    case: Case, verdict: Reason, situation: Situation, facts: Facts, natural: str = ""
) -> Skip | Needs | None:
    """A skip; the many old mails of a listing leave no trace unless they carry a mark, or one was asked to be
    saved by a mark that is off again, and a session died over it.
    """
    if verdict.kind is reasons.OLD:
        item_id = case.email.item_id
        if mark_of(case.email):
            verdict = reason(reasons.OLD_MARK)
        elif case.state is None and item_id not in situation.baseline and item_id not in facts.said:
            return Needs(said=frozenset({item_id}))
        elif case.state is None and not facts.said.get(item_id):
            return None
    depends = verdict.kind in WHO_IS_ON_IT
    awaits = situation.circle.awaited(participants_of(case.email, situation, facts)) if depends else frozenset()
    return skip(case.email, natural, verdict, awaits, facts)


def _identify(case: Case, situation: Situation, facts: Facts) -> Operation | Needs | None:
    email = case.email
    if not email.message_id:
        if why := facts.unread.get(email.item_id):
            return Skip(email, "", why, trigger=case.trigger)
        if email.item_id not in facts.fingerprints:
            return Needs(fingerprints=frozenset({email.item_id}))
        email = email.with_fingerprint(facts.fingerprints[email.item_id])
    natural = natural_key(email)
    saved, first = facts.saved.get(natural), facts.claimed.get(natural)
    if not same_mail(email, saved, situation.same) if saved else first and not same_letter(email, first):
        natural = variant_key(email, natural)
    participants = participants_of(email, situation, facts)
    missing = facts.missing(_questions(email, participants, natural, facts.saved.get(natural)))
    if missing:
        return missing
    return _save_or_join(replace(case, email=email), natural, situation, facts)


def _questions(email: Email, participants: Participants, natural: str, saved: SavedMail | None) -> Needs:
    generation = saved.generation if saved else 0
    return Needs(
        people=email.addresses | participants.domains,
        saved=frozenset({natural}),
        unclear=frozenset({record_key(natural, generation), record_key(natural, generation + 1)}),
    )


def _save_or_join(case: Case, natural: str, situation: Situation, facts: Facts) -> Operation | Needs | None:
    saved = facts.saved[natural]
    if saved and not saved.deleted and (case.anew or saved.half):
        if saved.record.record_id not in facts.alive:
            return Needs(alive=frozenset({saved.record}))
        if facts.alive[saved.record.record_id] is False:
            saved = replace(saved, deleted=True)
    half = saved.record if saved and saved.half and not saved.deleted else None
    if saved and not saved.deleted and half is None:
        return _join(case, natural, saved, situation)
    generation = saved.generation + (half is None) if saved else 0
    begun = half is not None or facts.unclear.get(record_key(natural, generation)) is not None
    if case.verdict and not begun:
        return _left_out(case, case.verdict, situation, facts, natural)
    if saved and not case.anew and not begun:
        return Skip(case.email, natural, reason(reasons.DELETED))
    return _save(case, natural, generation, half, situation, facts)


def _join(case: Case, natural: str, saved: SavedMail, situation: Situation) -> Join:
    email = case.email
    ours = saved.origin == (situation.info.mailbox_id, email.item_id)
    kind = reasons.SAVED_SHARED
    if ours:
        kind = reasons.SAVED_THREAD if case.thread else reasons.SAVED_AUTO
    return Join(
        email,
        natural,
        record_key(natural, saved.generation),
        reason(kind, object=saved.record.object),
        record=saved.record,
        after=_receipt(email, situation),
        trigger=case.trigger,
    )


def _save(
    case: Case, natural: str, generation: int, half: RecordRef | None, situation: Situation, facts: Facts
) -> Operation | Needs:
    email = case.email
    key = record_key(natural, generation)
    participants = participants_of(email, situation, facts)
    links = link(email, participants, facts.known(email.addresses | participants.domains))
    known_by_thread = case.thread is not None and not case.is_first
    wants_nobody = known_by_thread or case.verdict is not None
    strangers = () if wants_nobody else _strangers(email, participants, links, situation, facts)
    lacks = unlinkable(links, participants, situation.info) if case.trigger is Trigger.AUTO else None
    awaits = frozenset[str]()
    if lacks and strangers and links.who is None:
        awaits = awaited(participants, lacks, situation)
        awaits -= facts.unseen(awaits)
    sent = facts.unclear.get(key)
    against = _against(case, natural, None if strangers else lacks, situation, facts)
    unwanted = against if isinstance(against, Skip) and (sent or half) else None
    ground = by_people(links, case.trigger, situation, facts) if unwanted or against is None else against
    if not isinstance(ground, Ground):
        return ground
    links = links.without(situation.info.settings.never_linked)
    unkeyed = not situation.capabilities.keyed
    if sent and (unkeyed or unwanted) and situation.now < sent + SETTLE_TIME:
        return Skip(email, natural, reason(reasons.UNCLEAR), trigger=case.trigger)
    chosen, way = record_object(situation), direction(email, situation.info.own_addresses)
    return Save(
        email=email,
        natural=natural,
        key=key,
        generation=generation,
        object=chosen,
        trigger=case.trigger,
        direction=way,
        prefix=subject_prefix(way, situation.info.settings),
        wishes=wishes(email, way, chosen, situation.info.settings),
        reason=_why_saved(case.trigger, ground, strangers, chosen),
        people=links.people,
        strangers=strangers,
        awaits=unwanted.awaits if unwanted else awaits,
        known=unwanted.known if unwanted else facts.outsiders(awaits),
        who=links.who,
        what_id=ground.what_id,
        order=ground.order,
        named=ground.named,
        begun=bool(sent),
        look_up=(bool(sent) and unkeyed) or unwanted is not None,
        unwanted=unwanted.reason if unwanted else None,
        there=half.record_id if half and unkeyed and half.object == chosen else "",
        after=_receipt(email, situation),
    )


def _against(
    case: Case, natural: str, lacks: Reason | None, situation: Situation, facts: Facts
) -> Ground | Skip | Needs | None:
    """What speaks against saving it as a skip, if anything does, or the record it names, which outdoes that."""
    if case.verdict:
        left_out = _left_out(case, case.verdict, situation, facts, natural)
        return left_out or Skip(case.email, natural, case.verdict)
    return by_name(case.email, natural, lacks, situation, facts) if lacks else None


def _strangers(
    email: Email, participants: Participants, links: Links, situation: Situation, facts: Facts
) -> tuple[Stranger, ...]:
    """Somebody who is there and whom the user may not see is no stranger: nobody is made twice."""
    settings, known = situation.info.settings, facts.all_known(email.addresses | participants.domains)
    return strangers(email, participants, situation.circle, known, links, settings)


def relinked(
    save: Save, situation: Situation, facts: Facts, made: Mapping[str, tuple[Person, ...]]
) -> Save | Needs:
    """The save with those linked too who were made, or found, since it was planned."""
    email, participants = save.email, participants_of(save.email, situation, facts)
    known = facts.known(email.addresses | participants.domains)
    links = link(email, participants, {**known, **made})
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
    participants = participants_of(save.email, situation, facts)
    links = link(save.email, participants, facts.known(save.email.addresses | participants.domains))
    return unlinkable(links, participants, situation.info) is None


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
