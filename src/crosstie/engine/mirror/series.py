"""The mark of a series, which all its occurrences inherit: one that was marked by itself would be an exception."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, ChangeItem, Shape
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.records import RecordDraft
from crosstie.engine.mirror.lone import is_request
from crosstie.engine.mirror.session import Mirror

Items = Mapping[str, CalendarItem | None]


def wanted(mirror: Mirror) -> frozenset[str]:
    """Ids of the series at hand that a person marked, now or before."""
    before = {name for name, link in mirror.masters.items() if link.reason_code == reasons.EVENT_SERIES_MARK.code}
    now = {
        item.item_id
        for item in mirror.items.values()
        if item
        and item.shape is Shape.MASTER
        and is_request(item, mirror.masters.get(item.item_id), mirror.observation.baseline)
    }
    return frozenset(before | now)


def with_marks(operations: Sequence[Mirroring], items: Items) -> tuple[Mirroring, ...]:
    """The operations, with the mark of each series whose occurrences become records; its master is among them."""
    saved = {
        item.series_id
        for operation in operations
        if isinstance(operation.to_record, RecordDraft) and (item := items.get(operation.item_id))
    }
    return tuple(_marked(one, items) if one.item_id in saved else one for one in operations)


def _marked(operation: Mirroring, items: Items) -> Mirroring:
    item, link = items.get(operation.item_id), operation.link
    if item is None or link is None or item.shape is not Shape.MASTER or SALESFORCE_CATEGORY in item.categories:
        return operation
    marked = replace(item, categories=item.categories | {SALESFORCE_CATEGORY})
    write = ChangeItem(marked, frozenset({"categories"}))
    return replace(operation, link=replace(link, marked=True), to_item=write, news=True)
