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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crosstie.domain import reasons
from crosstie.domain.email import Email, Folder
from crosstie.domain.mailboxes import Removed, Seen
from crosstie.domain.operations import Note, Operation
from crosstie.domain.reasons import Reason
from crosstie.domain.states import ItemState
from crosstie.engine.case import Case, left_out
from crosstie.engine.facts import Facts, Needs
from crosstie.engine.grounds import Situation, participants_of
from crosstie.engine.requests import keeps_mark, requested, unsettled
from crosstie.engine.saves import save_or_join
from crosstie.rules.relevance import WHO_IS_ON_IT, auto_verdict, mark_verdict

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
        return left_out(case, verdict, situation, facts)
    return save_or_join(case, situation, facts)


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


def _moved(email: Email, state: ItemState) -> bool:
    return (email.version, email.folder, keeps_mark(email, state)) != (
        state.version,
        state.folder,
        state.marked,
    )
