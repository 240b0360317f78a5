"""Bugs planted in what keeps calendars."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from crosstie.domain.calendar import ChangeItem
from crosstie.domain.mailboxes import WriteResult
from crosstie.domain.settings import PrivateEvents
from crosstie.engine.mirror import act, begun, gather, guests, joined, lone, news, parting, plan, planning
from crosstie.engine.mirror.table import Record
from crosstie.mailboxes.graph.calendar.writes import CalendarWrites
from crosstie.ports.calendar import CalendarObservation
from crosstie.rules.calendar import coming, relevance
from crosstie.rules.calendar import ways as way_rules
from crosstie.rules.calendar.deletion import Fate, ItemFate, RecordFate
from crosstie.rules.calendar.window import Place
from crosstie.salesforce.changing import Changer
from crosstie.store.memory.journal import MemoryJournal
from crosstie.store.memory.world import MemoryOrg
from tests.simulation import planted
from tests.simulation.calendar.amid import (
    ANSWERED,
    DEAD_CURSORS,
    DEATHS_AT_WRITES,
    EDITED_AT_ONCE,
    EDITED_AT_THE_LAST_MOMENT,
    EDITED_HERE,
    ENTERED,
    ERASED,
    ERASED_WHEN_JUST_MADE,
    FAR_AWAY,
    MEETINGS_EDITED,
    OUT_OF_SIGHT,
    PUT_OFF,
    REFUSED,
    SECRETS,
    SERIES,
    SHARED_FROM_OUTSIDE,
    TWICE_IN_A_SECOND,
    UNKEYED,
)
from tests.simulation.campaign import CALENDAR
from tests.simulation.planted import always, crm, nothing, records_live_for_ever, unfenced

Planted = partial(planted.Planted, of=CALENDAR)


def _unconditional(there: Any) -> Any:
    def part(self: CalendarWrites, write: Any, before: Any) -> Any:
        return replace(there(self, write, before), headers={})

    return part


def _conflict_is_done(there: Any) -> Any:
    def result(self: CalendarWrites, write: Any, answer: Any) -> Any:
        found = there(self, write, answer)
        return replace(found, code="", version="") if found.code == "conflict" else found

    return result


def _told(**values: object) -> Callable[[Any], Any]:
    """The same rule, told other settings than those in force."""

    def make(there: Any) -> Any:
        def rule(item: Any, info: Any, *rest: Any, **options: Any) -> Any:
            return there(item, replace(info, settings=replace(info.settings, **values)), *rest, **options)

        return rule

    return make


def _as_seen(there: Any) -> Any:
    """Every version is believed, however young."""

    def version(_self: Any, record: Any) -> str:
        return str(record.modstamp.isoformat())

    return version


def _half_the_change(there: Any) -> Any:
    """What is written to a record, without its last column."""

    def update(self: Changer, updates: Any) -> Any:
        cut = [replace(one, fields=_cut(one.fields)) for one in updates]
        return there(self, cut)

    return update


def _cut(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "Location"}


def _first_of(there: Any) -> Any:
    """Of several writes to one calendar the first alone is carried out, and all are said to be."""

    def apply(self: CalendarWrites, writes: Any) -> Any:
        done = there(self, writes[:1])
        return [*done, *(replace(done[0], item_id=getattr(one, "item_id", "")) for one in writes[1:])]

    return apply


def _unmarked(there: Any) -> Any:
    """Categories are written to no item, and all is said to be done: whatever marks it, it is not marked."""

    def apply(self: CalendarWrites, writes: Any) -> Any:
        left = [_bare(one) for one in writes]
        sent = iter(there(self, [one for one in left if one]))
        return [next(sent) if one else WriteResult(of.item.item_id) for one, of in zip(left, writes, strict=True)]

    return apply


def _bare(write: Any) -> Any:
    """None where nothing is left of it."""
    if not isinstance(write, ChangeItem):
        return write
    fields = write.fields - {"categories"}
    return replace(write, fields=fields) if fields else None


def _deleted(there: Any) -> Any:
    def record(*args: Any) -> Any:
        found = there(*args)
        return Record.GONE if found is Record.HIDDEN else found

    return record


def _not_again(there: Any) -> Any:
    """It is looked at when it would have been."""

    def wait(link: Any, *rest: Any) -> Any:
        found = there(link, *rest)
        return found and replace(found, link=replace(found.link, recheck_at=link.recheck_at))

    return wait


def _as_told(_there: Any) -> Any:
    return lambda self, _known: self.told


_KEPT = Fate(RecordFate.KEEP, ItemFate.KEEP)
BUGS = (
    Planted("an item is never known by its token", gather, "join_born", nothing),
    Planted("deletes are not carried over", parting, "fate", always(_KEPT)),
    Planted("nothing comes down", way_rules, "down_rows", always(frozenset()), amid=ENTERED),
    Planted("guests are not kept", guests, "invited", always({})),
    Planted("who is on a meeting does not matter", relevance, "among", nothing, amid=MEETINGS_EDITED),
    Planted("what is taken out keeps its mark", parting, "unmarked", nothing),
    Planted("a saved item is not marked", CalendarWrites, "apply", _unmarked),
    Planted("a mark is not heard", lone, "is_request", always(False)),
    Planted("what was begun is not found again", begun, "_begun", always(())),
    Planted("a record is not remembered before it is made", lone, "begin_record", nothing),
    Planted("a mirror's write is not journalled first", MemoryJournal, "send", nothing),
    Planted("what is not shown passes for deleted", news, "_record", _deleted, amid=OUT_OF_SIGHT),
    Planted("what is not shown is not asked for again", plan, "wait", _not_again, amid=OUT_OF_SIGHT),
    Planted("what the log tells is no news", gather, "is_news", always(False), amid=ENTERED),
    Planted("only the first write to a calendar is sent", CalendarWrites, "apply", _first_of, amid=ENTERED),
    Planted("what nobody has answered is saved", relevance, "_unanswered", nothing),
    Planted("private events are saved", relevance, "_switches", _told(events_private=PrivateEvents.SAVE),
        amid=SECRETS),
    Planted("the window is not looked at", relevance, "place", always(Place.WITHIN), amid=FAR_AWAY),
    Planted("what a dead cursor did not tell is not looked for", gather, "take_unlisted", nothing,
        amid=DEAD_CURSORS),
    Planted("what has left the window stays", news, "is_within", always(True), amid=PUT_OFF),
    Planted("a withdrawal that was cut short is forgotten", plan, "withdraw_again", nothing,
        amid=(*DEATHS_AT_WRITES, *ERASED)),
    Planted("an item is not remembered before it is made", lone, "begin_item", nothing,
        amid=(*DEATHS_AT_WRITES, *ERASED_WHEN_JUST_MADE)),
    Planted("a calendar's lost lease is not noticed", MemoryOrg, "fence", unfenced),
    Planted("a day taken out of a series is not missed", CalendarObservation, "changes", _as_told, amid=SERIES),
    Planted("attendees are told without being asked about", way_rules, "held", nothing, amid=MEETINGS_EDITED),
    Planted("the window is not looked at on the way down", coming, "place", always(Place.WITHIN), amid=FAR_AWAY),
    Planted("two items of one meeting make a record each", planning, "_claim", lambda _: lambda _m, one, *_: one,
        amid=(*UNKEYED, *SHARED_FROM_OUTSIDE)),
    Planted("an event is written without If-Match", CalendarWrites, "_part", _unconditional,
        amid=EDITED_AT_THE_LAST_MOMENT),
    Planted("a failed write is done", act.Job, "stop", nothing, amid=REFUSED),
    Planted("a deleted Event lives for ever", crm(), "alive", records_live_for_ever,
        amid=(*DEATHS_AT_WRITES, *ERASED)),
    Planted("an event's conflict is taken for done", CalendarWrites, "_result", _conflict_is_done,
        amid=EDITED_AT_THE_LAST_MOMENT),
    Planted("two changes of one second are one", news.Situation, "version", _as_seen, amid=TWICE_IN_A_SECOND),
    Planted("a record may be made by what it says, and is not sought", gather, "join_made", nothing,
        amid=(*UNKEYED, *DEATHS_AT_WRITES)),
    Planted("a place is not written to Salesforce", Changer, "update", _half_the_change, amid=EDITED_HERE),
    Planted("what is overwritten is not kept", joined, "_lost", always({}), amid=EDITED_AT_ONCE),
    Planted("what became private still goes up", joined, "made_private", nothing, amid=SECRETS),
    Planted("whoever is first saves a colleague's meeting", relevance, "waits_for", nothing, amid=ANSWERED),
)  # fmt: skip
