"""One mail that the decision table is about, and what becomes of it where something speaks against saving it."""

from dataclasses import dataclass

from crosstie.domain import reasons
from crosstie.domain.email import Email
from crosstie.domain.operations import Skip, Trigger
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.states import ItemState
from crosstie.domain.threads import Thread
from crosstie.engine.facts import Facts, Needs
from crosstie.engine.grounds import Situation, participants_of, skip
from crosstie.engine.requests import mark_of
from crosstie.rules.relevance import WHO_IS_ON_IT


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
    def makes_nobody(self) -> bool:
        """It is linked to who is there already: nobody is made for what a thread brings along, nor for what is
        not wanted any more.
        """
        return self.verdict is not None or (self.thread is not None and not self.is_first)

    @property
    def anew(self) -> bool:
        """A person wants it, though it was taken out of Salesforce: by a mark, or just now by its thread's."""
        return self.asked is not None or (self.is_first and self.thread is not None and not self.thread.gathered)


def left_out(
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
