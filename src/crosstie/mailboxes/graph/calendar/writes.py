"""Writes to events. Every change and delete is conditional; nothing here is ever sent to anybody by what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import quote

from crosstie.domain.calendar import ChangeItem, CreateItem, DeleteItem, ItemWrite, When
from crosstie.domain.errors import Retry
from crosstie.domain.mailboxes import WriteResult
from crosstie.mailboxes.graph.calendar import translate
from crosstie.mailboxes.graph.calendar.drafts import KEY, changed_event, check_fields, new_event
from crosstie.mailboxes.graph.client import BATCH, GraphClient, Part
from crosstie.mailboxes.graph.errors import Answer, is_gone
from crosstie.mailboxes.graph.translate import PROPERTIES, Row, if_match, rows, same_version, segment, version
from crosstie.mailboxes.graph.writes import CONFLICT, GONE, LATER, REFUSED, Results, carried_out, result, waves

Numbered = Sequence[tuple[int, ItemWrite]]
BEFORE_TEXT = "$select=id,changeKey,body,onlineMeeting,onlineMeetingUrl"
BEFORE_DELETE = "$select=id,changeKey,isOrganizer,attendees"
_FOUND = "$select=id,changeKey,subject,isAllDay,start,end"


@dataclass(slots=True)
class CalendarWrites:
    """A batch for twenty, and one before it where a text is written or something is deleted: what is kept of the
    old body, and whether anybody would be told, is looked at first.
    """

    client: GraphClient

    def apply(self, writes: Sequence[ItemWrite]) -> list[WriteResult]:
        _check(writes)

        def run(wave: Sequence[int], results: Results) -> None:
            current = [(n, _following(n, writes, results)) for n in wave]
            for start in range(0, len(current), BATCH):
                self._apply_chunk(current[start : start + BATCH], results)

        return carried_out(waves([_name(write) for write in writes]), [_item_id(write) for write in writes], run)

    def _apply_chunk(self, chunk: Numbered, results: Results) -> None:
        """Writes of different items."""
        before = self._look(chunk, results)
        ready = [(n, write) for n, write in chunk if n not in results]
        answers = self.client.batch([self._part(write, before.get(n, {})) for n, write in ready])
        repeated: list[int] = []
        for (n, write), answer in zip(ready, answers, strict=True):
            if isinstance(write, CreateItem) and answer.status == 409:
                repeated.append(n)
            else:
                results[n] = self._result(write, answer)
        self._find([(n, write) for n, write in ready if n in repeated], results)

    def _look(self, chunk: Numbered, results: Results) -> Mapping[int, Row]:
        """By place, what is there of items whose text is written, or that are deleted. Those that changed since,
        and those whose attendees would be told, are among the results.
        """
        asked = [(n, write, query) for n, write in chunk if (query := _first(write))]
        parts = [Part("GET", f"{self._url(_item_id(write))}?{query}") for _, write, query in asked]
        found: dict[int, Row] = {}
        for (n, write, _), answer in zip(asked, self.client.batch(parts), strict=True):
            refusal = self._refusal(write, answer)
            if refusal:
                results[n] = WriteResult(_item_id(write), code=refusal)
            else:
                found[n] = answer.entity
        return found

    def _refusal(self, write: ItemWrite, answer: Answer) -> str:
        if is_gone(answer):
            return GONE
        self.client.raise_for(answer)
        if not same_version(version(answer.entity), _version(write)):
            return CONFLICT
        told = answer.json.get("isOrganizer") is not False and rows(answer.json.get("attendees"))
        return REFUSED if isinstance(write, DeleteItem) and told else ""

    def _part(self, write: ItemWrite, before: Row) -> Part:
        prefer = translate.TEXT_BODY
        if isinstance(write, CreateItem):
            body = new_event(write.item, write.token)
            return Part("POST", f"{self.client.root}/events", body, prefer=prefer)
        url, headers = self._url(_item_id(write)), {"If-Match": if_match(_version(write))}
        if isinstance(write, DeleteItem):
            return Part("DELETE", url, headers=headers)
        return Part("PATCH", url, changed_event(write.item, write.fields, before), headers, prefer=prefer)

    def _url(self, item_id: str) -> str:
        return f"{self.client.root}/events/{segment(item_id)}"

    def _result(self, write: ItemWrite, answer: Answer) -> WriteResult:
        if isinstance(write, CreateItem) and answer.ok:
            return _created(write, answer.entity)
        done = result(self.client, _item_id(write), _version(write), answer)
        return replace(done, version="") if isinstance(write, DeleteItem) else done

    def _find(self, chunk: Numbered, results: Results) -> None:
        """What an earlier try created: Graph refuses a second of its kind, or answers with the first."""
        creates = [(n, write) for n, write in chunk if isinstance(write, CreateItem)]
        parts = [Part("GET", f"{self.client.root}/events?{_by_token(write.token)}") for _, write in creates]
        for (n, write), answer in zip(creates, self.client.batch(parts), strict=True):
            self.client.raise_for(answer)
            found = next(iter(answer.listed), None)
            results[n] = _created(write, found) if found else WriteResult("", code=LATER)


def _created(write: CreateItem, event: Row) -> WriteResult:
    """Without its version where it is not as it is wanted: then it was created before, for something else."""
    item_id = str(event["id"])
    try:
        made = translate.item(event)
    except Retry:  # some servers answer a write with no more than an id
        return WriteResult(item_id, version(event))
    same = made.subject.split() == write.item.subject.split() and _minutes(made.when) == _minutes(write.item.when)
    return WriteResult(item_id, version(event) if same else "")


def _minutes(when: When) -> list[date]:
    """Start and end as finely as every server keeps them."""
    return [
        one.replace(second=0, microsecond=0) if isinstance(one, datetime) else one
        for one in (when.start, when.end)
    ]


def _by_token(token: str) -> str:
    literal = token.replace("'", "''")
    condition = f"{PROPERTIES}/Any(ep: ep/id eq '{KEY}' and ep/value eq '{literal}')"
    return f"$filter={quote(condition)}&{_FOUND}"


def _check(writes: Sequence[ItemWrite]) -> None:
    """Raises Fatal before anything of them is sent."""
    for write in writes:
        if isinstance(write, CreateItem):
            new_event(write.item, write.token)
        elif isinstance(write, ChangeItem):
            check_fields(write.fields)


def _name(write: ItemWrite) -> str:
    """What tells the item apart, of one that has no id yet too."""
    return f"new {write.token}" if isinstance(write, CreateItem) else _item_id(write)


def _item_id(write: ItemWrite) -> str:
    return write.item_id if isinstance(write, DeleteItem) else write.item.item_id


def _version(write: ItemWrite) -> str:
    return write.version if isinstance(write, DeleteItem) else write.item.version


def _first(write: ItemWrite) -> str:
    """The query for what has to be known before; empty where nothing has."""
    if isinstance(write, DeleteItem):
        return BEFORE_DELETE
    return BEFORE_TEXT if isinstance(write, ChangeItem) and "text" in write.fields else ""


def _following(n: int, writes: Sequence[ItemWrite], results: Results) -> ItemWrite:
    """An item's later write is conditional on what its earlier one left."""
    write = writes[n]
    for place, before in enumerate(writes[:n]):
        done = results.get(place)
        same = _name(before) == _name(write) and _version(before) == _version(writes[n])
        if not same or not done or not done.applied:
            continue
        if isinstance(write, DeleteItem):
            write = replace(write, version=done.version)
        elif isinstance(write, ChangeItem):
            write = replace(write, item=replace(write.item, version=done.version))
    return write
