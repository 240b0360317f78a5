"""From pairs to operations. Pure: nothing is asked here and nothing is written.

`table.py` says what follows from what is known of a pair; each verdict is carried out by one function below.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem
from crosstie.domain.keys import born_key, meeting_key
from crosstie.domain.links import Bond, Link, Side
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.reasons import reason
from crosstie.engine.mirror.begun import await_item, is_begun_again, item_may_come
from crosstie.engine.mirror.facts import MirrorFacts, Questions
from crosstie.engine.mirror.joined import carry
from crosstie.engine.mirror.leads import led
from crosstie.engine.mirror.lone import Alone, bring, made_again, save, save_again
from crosstie.engine.mirror.naming import has_own_name, own_name
from crosstie.engine.mirror.news import News, Situation, news
from crosstie.engine.mirror.parting import (
    comes_again,
    dismiss,
    finished,
    forget,
    give_away,
    is_being_withdrawn,
    keep,
    part,
    unmade,
    wait,
    withdraw_again,
)
from crosstie.engine.mirror.session import Pair
from crosstie.engine.mirror.table import Item, Record, Verdict, decide
from crosstie.engine.mirror.unheard import heard, later, may_come
from crosstie.engine.mirror.whole import Answer, Whole
from crosstie.engine.pacing import ISSUE_RETRY
from crosstie.rules.calendar.keeping import is_given_away
from crosstie.rules.calendar.leading import Turn

THERE = (Item.SAME, Item.MOVED)
MAY_COME_AGAIN = (Verdict.DELETE, Verdict.WITHDRAW, Verdict.KEEP)
PARTINGS = (Verdict.DELETE, Verdict.WITHDRAW, Verdict.PART, Verdict.CANCEL, Verdict.LEAVE)


@dataclass(frozen=True, slots=True)
class MirrorPlan:
    operations: tuple[Mirroring, ...]
    questions: Questions
    cells: tuple[tuple[Bond, Item, Record], ...] = ()
    """The situations that were decided about, for counting."""


def plan(pairs: Iterable[Pair], situation: Situation, facts: MirrorFacts) -> MirrorPlan:
    operations, questions, cells = [], [], []
    for one in pairs:
        leading = led(one, situation, facts)
        if isinstance(leading, Questions):
            questions.append(leading)
            continue
        stored = heard(one, situation, facts)
        pair = stored if leading is one else heard(leading, situation, facts)
        if isinstance(stored, Questions) or isinstance(pair, Questions):
            questions += [asked for asked in (stored, pair) if isinstance(asked, Questions)]
            continue
        found = news(pair, situation)
        cells.append((pair.bond, found.item, found.record))
        verdict = finished(decide(*cells[-1]).verdict, pair.link)
        answer = _answer(pair, stored.link, found, verdict, situation, facts)
        if isinstance(answer, Questions):
            questions.append(answer)
        elif operation := _of(pair, answer, stored.link, situation):
            operations.append(operation)
    return MirrorPlan(tuple(operations), Questions.union(questions), tuple(cells))


def _of(pair: Pair, answer: Mirroring | None, stored: Link | None, situation: Situation) -> Mirroring | None:
    """What is undone where it fails is what is stored, whoever leads now. What is not made again is awaited."""
    if stored and item_may_come(stored, situation.now) and not (answer and answer.writes):
        return await_item(stored, natural_of(pair, situation), situation.now)
    return answer if answer is None or answer.before is stored else replace(answer, before=stored)


def _answer(
    pair: Pair, stored: Link | None, found: News, verdict: Verdict, situation: Situation, facts: MirrorFacts
) -> Answer:
    natural, link = natural_of(pair, situation), pair.link
    alone = Alone(pair, natural, situation, facts)
    if verdict is Verdict.SAVE and pair.item:
        return _saved(alone, pair.item, found)
    if verdict is Verdict.BRING and pair.record:
        return bring(alone, pair.record)
    if link is None or stored is None:
        return _unseen(alone) if verdict is Verdict.WAIT else None
    if verdict is Verdict.FORGET:
        return forget(link, natural, situation)
    if verdict is Verdict.DISMISS:
        return dismiss(pair, link, natural, situation)
    if verdict is Verdict.WAIT:
        return wait(link, natural, situation)
    again = verdict in MAY_COME_AGAIN and comes_again(pair, link, verdict, situation)
    if again and not found.is_hidden_since(pair):
        return _again(pair, link, natural, situation, facts)
    if verdict is Verdict.KEEP:
        return keep(pair, link, natural, situation)
    if verdict in PARTINGS:
        return part(pair, link, verdict, natural, situation)
    if pair.item is None or pair.record is None:
        return None
    whole = Whole(natural, link, pair.item, pair.record, stored, pair.turn)
    return _kept(whole, found, situation, facts)


def _saved(alone: Alone, item: CalendarItem, found: News) -> Answer:
    link = alone.pair.link
    if link and is_being_withdrawn(link):
        return withdraw_again(link, item, alone.natural, alone.situation, moved=bool(found.edited))
    if link and is_begun_again(link) and found.item in THERE and not found.is_hidden_since(alone.pair):
        return save_again(alone, item)
    return save(alone, item)


def _unseen(alone: Alone) -> Mirroring:
    """The org's log names a record once, and nothing tells when it is shown again."""
    again = alone.situation.now + ISSUE_RETRY
    return alone.skip(reason(reasons.EVENT_HIDDEN), Side.CRM, again)


def _kept(whole: Whole, found: News, situation: Situation, facts: MirrorFacts) -> Answer:
    """Both halves are there, and are to be. What was edited of a copy that is not ours any more goes up before.
    Of an item that led nothing is said before the next one has taken over: it would not know what has moved.
    """
    if whole.turn is Turn.STEP_DOWN:
        return None
    if may_come(whole.link, situation.now):
        return later(whole.natural, whole.stored)
    given_away = is_given_away(whole.link, whole.item, whole.record, situation.info)
    if given_away and not found.edited:
        return give_away(whole.item, whole.link, whole.natural, situation)
    return carry(whole, found, situation, facts)


def _again(pair: Pair, link: Link, natural: str, situation: Situation, facts: MirrorFacts) -> Answer:
    """The half that is gone, made anew."""
    if pair.item:
        return save_again(Alone(pair, natural, situation, facts), pair.item)
    why = reason(reasons.EVENT_MADE_AGAIN)
    lone = replace(pair, link=unmade(link, why, situation), item_id="", gone=False)
    made = bring(Alone(lone, natural, situation, facts), pair.record) if pair.record else None
    if not isinstance(made, Mirroring):
        return made
    return replace(made_again(made) if made.to_item else made, before=link)


def natural_of(pair: Pair, situation: Situation) -> str:
    """A pair that was born in Salesforce keeps the name of its record, whatever its item is called by, until it is
    a meeting: colleagues know that by its own name.
    """
    link, item = pair.link, pair.item
    if item and link and has_own_name(item, link, situation.info):
        return own_name(item, situation.info)
    own = meeting_key(item.uid, item.original, f"{situation.info.address}/{item.item_id}") if item else ""
    if item and link and link.bond is Bond.JOINED and item.is_meeting and item.uid:
        return own
    if item is None or (link and link.is_born_in_crm):
        return born_key(pair.record_id or (link.record.record_id if link and link.record else ""))
    return own
