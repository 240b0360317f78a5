"""What changed in the main calendar: its change stream, and what that leaves open, by id."""

import logging
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from crosstie.domain.calendar import Absent, CalendarItem, Present, Shape
from crosstie.domain.errors import CursorDead, Gone, NeedsConsent, Refused
from crosstie.domain.mailboxes import Cursor, Span
from crosstie.mailboxes.graph.calendar import translate
from crosstie.mailboxes.graph.calendar.presence import Presence
from crosstie.mailboxes.graph.calendar.rounds import DEAD, CalendarRound, Window, calendar_page, link_of
from crosstie.mailboxes.graph.client import GraphClient, Part
from crosstie.mailboxes.graph.errors import NO_MAILBOX_CODES, Answer
from crosstie.mailboxes.graph.rounds import advance, restart
from crosstie.mailboxes.graph.translate import Row, is_id, segment, text
from crosstie.ports.calendar import CalendarObservation

log = logging.getLogger(__name__)

PAGE = 200
"""Events of one page: they come with their texts, occurrences without."""
LONGEST_CALL = 400
"""Round trips of one call."""
NO_ACCESS = "GRAPH-NO-CALENDAR-ACCESS"
"""Mail may be read all the same: rights are granted one by one."""
Rows = dict[str, Row | None]
"""By id, the last of a round; None: removed."""


@dataclass(slots=True)
class CalendarChanges:
    client: GraphClient
    early: dict[str, Answer] = field(default_factory=dict)
    """Link → its page, fetched along with something else."""
    shown: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    """What the change stream of this session showed, and what it does not show any more."""
    anew: bool = False
    """The stream began again: what it does not show may have been removed."""

    # What rides along in another's batch

    def parts(self, cursors: Mapping[str, Cursor]) -> list[Part]:
        """The page to come, where there is a link to it."""
        link = link_of(cursors)
        return [calendar_page(link, PAGE)] if link else []

    def take(self, parts: Sequence[Part], answers: Sequence[Answer]) -> None:
        """A page that came early; a refusal is heard when the calendar's own turn has come."""
        self.early |= {part.url: answer for part, answer in zip(parts, answers, strict=True) if answer.ok}

    # Its own turn

    def observe(self, cursors: Mapping[str, Cursor], window: Span, *, limit: int) -> CalendarObservation:
        fresh = Window.around(window, self.client.clock.now(), self.client.mailbox_id)
        one = CalendarRound.resume(self.client.root, cursors, fresh, window)
        before = cursors.get(one.name)
        try:
            self._read(one, limit)
            listed = frozenset(one.listed) if one.old else None
            old = self._end_of_old(one) if one.done and one.old else {}
            told, series = self._settle({**old, **one.last})
            self.anew = self.anew or one.anew
        except NeedsConsent as refused:
            if refused.code != "GRAPH-ACCESS-DENIED":
                raise
            log.warning("%s mailbox=%s", NO_ACCESS, self.client.mailbox_id)
            return CalendarObservation((), (), trouble=NO_ACCESS)
        return CalendarObservation(
            told=told,
            cursors=(one.cursor(before),),
            series=series,
            baseline=frozenset(one.last) if one.baseline else frozenset(),
            more=one.open,
            listed=listed,
            begins=one.begins,
            anew=one.anew and one.done and before is not None,
            trouble=one.trouble if one.given_up else "",
        )

    def items(self, item_ids: Iterable[str], doubted: Set[str] = frozenset()) -> dict[str, CalendarItem]:
        """The present state of these events; those that are gone, or no valid ids, are left out."""
        rows = self._rows(item_ids)
        masters = {text(row, "seriesMasterId") for row in rows.values() if translate.is_instance(row)}
        whole = rows | self._rows(masters - rows.keys())
        doubted = doubted | {text(row, "seriesMasterId") for one, row in rows.items() if one in doubted}
        gone = Presence(self.client).deleted(row for one, row in whole.items() if self._doubts(one, row, doubted))
        found = {}
        for item_id, row in rows.items():
            series_id = text(row, "seriesMasterId") if translate.is_instance(row) else item_id
            if series_id in whole and series_id not in gone:
                found[item_id] = translate.item(row, whole[series_id] if series_id != item_id else None)
        return found

    def _read(self, one: CalendarRound, limit: int) -> None:
        for _ in range(LONGEST_CALL):
            if not one.open or len(one.last) >= limit:
                return
            self._take(one, self._ask(one.page(min(PAGE, max(1, limit)))))

    def _ask(self, part: Part) -> Answer:
        return self.early.pop(part.url, None) or self.client.ask(part)

    def _take(self, one: CalendarRound, answer: Answer) -> None:
        if answer.ok:
            advance(self.client, one, answer)
        elif answer.cursor_dead and not one.at_start:
            restart(self.client, one, "GRAPH-CURSOR-DEAD")
        elif answer.status in (400, 404, 414) and not answer.codes & NO_MAILBOX_CODES and not one.at_start:
            restart(self.client, one, "GRAPH-CURSOR-REFUSED")
        else:
            self.client.raise_for(answer)

    def _end_of_old(self, one: CalendarRound) -> Rows:
        """What the window before has to tell, now that all of the new one was listed. From here on it is not asked
        any more; where it is dead, whatever was deleted before the listing has to be found by id.
        """
        if one.old == DEAD:
            one.old, one.anew = "", True
            return {}
        last = CalendarRound(
            name=one.name, owner=one.owner, baseline=False, root=one.root, fresh=one.fresh, link=one.old
        )
        one.old = ""
        self.early.clear()
        try:
            for _ in range(LONGEST_CALL):
                if last.open and not last.restarts:
                    self._take(last, self._ask(last.page(PAGE)))
        except (CursorDead, Gone, Refused):
            last.anew = True
        one.anew = one.anew or last.anew or not last.done
        return last.last

    def _settle(self, rows: Rows) -> tuple[tuple[Present | Absent, ...], dict[str, frozenset[str]]]:
        """One change an id; and of each series that was told, or removed, the items that there are.

        Occurrences are thin: they are completed from their series. An exception that shows its own changes alone
        does not say which day it belongs to, and is asked for.
        """
        shown = {item_id: row for item_id, row in rows.items() if row is not None}
        self.shown |= shown.keys()
        self.removed |= rows.keys() - shown.keys()
        instances = {item_id: row for item_id, row in shown.items() if translate.is_instance(row)}
        partial = [item_id for item_id, row in shown.items() if not _can_do(row)]
        masters = {text(row, "seriesMasterId") for row in instances.values()} - shown.keys()
        fetched = self._rows({*partial, *masters})
        whole = shown | fetched
        told: list[Present | Absent] = []
        series: dict[str, set[str]] = {
            item_id: set() for item_id, row in rows.items() if row is None or _is_master(row)
        }
        for item_id in rows:
            row, master_id = whole.get(item_id), text(instances.get(item_id, {}), "seriesMasterId")
            lost = item_id in partial and item_id not in fetched
            if row is None or lost or (master_id and master_id not in whole):
                told.append(Absent(item_id))
                continue
            told.append(Present(translate.item(row, whole.get(master_id))))
            if master_id in series:
                series[master_id].add(item_id)
        return tuple(told), {series_id: frozenset(there) for series_id, there in series.items()}

    def _doubts(self, item_id: str, row: Row, doubted: Set[str]) -> bool:
        """Whether a single event or a series may lie in Deleted Items though it is found."""
        lost = item_id in self.removed or ((self.anew or item_id in doubted) and item_id not in self.shown)
        return lost and not translate.is_instance(row)

    def _rows(self, item_ids: Iterable[str]) -> dict[str, Row]:
        root, query = self.client.root, translate.query()
        urls = {one: f"{root}/events/{segment(one)}?{query}" for one in item_ids if is_id(one)}
        return self.client.present(
            {one: Part("GET", url, prefer=translate.TEXT_BODY) for one, url in urls.items()}
        )


def _is_master(row: Row) -> bool:
    return translate.shape(row) is Shape.MASTER


def _can_do(row: Row) -> bool:
    """Whether it says all, or what it leaves out is its series' to say."""
    return translate.shape(row) is Shape.OCCURRENCE or translate.is_whole(row)
