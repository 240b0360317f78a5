"""What an administrator wants on saved mails and events: their way, what their categories mean, their thread."""

from collections.abc import Collection, Iterable, Iterator

from crosstie.domain.calendar import CalendarItem
from crosstie.domain.email import Direction, Email
from crosstie.domain.operations import Wish
from crosstie.domain.records import EVENT, TASK
from crosstie.domain.settings import Settings


def way_label(way: Direction, settings: Settings) -> str:
    return settings.outbound_label if way is Direction.OUTBOUND else settings.inbound_label


def subject_prefix(way: Direction, settings: Settings) -> str:
    label = way_label(way, settings)
    return f"{label}: " if settings.direction_in_subject and label else ""


def wishes(email: Email, way: Direction, object_name: str, settings: Settings) -> tuple[Wish, ...]:
    """By field, in the order of the settings. Several categories may mean one field: where it takes one value, the
    first counts.
    """
    found: dict[str, list[str]] = {}
    if settings.thread_field and object_name == TASK and email.conversation_id:
        found[settings.thread_field] = [email.conversation_id]
    if settings.direction_field and (label := way_label(way, settings)):
        found[settings.direction_field] = [label]
    return _wished(found, _meant(email.categories, object_name, settings))


def event_wishes(item: CalendarItem, settings: Settings) -> tuple[Wish, ...]:
    """What the categories of a calendar item mean in its Event."""
    return _wished({}, _meant(item.categories, EVENT, settings))


def event_defaults(settings: Settings) -> dict[str, str]:
    """Field → value that an administrator wants new Events to carry; the first counts."""
    given = (entry.partition("=") for entry in reversed(settings.events_defaults))
    return {field: value for field, _, value in given}


def _wished(found: dict[str, list[str]], meant: Iterable[tuple[str, str]]) -> tuple[Wish, ...]:
    for field, value in meant:
        found.setdefault(field, []).append(value)
    return tuple(Wish(field, tuple(values)) for field, values in found.items())


def _meant(categories: Collection[str], object_name: str, settings: Settings) -> Iterator[tuple[str, str]]:
    there = {category.casefold() for category in categories}
    for entry in settings.category_fields:
        category, _, meaning = entry.rpartition("->")
        name, _, value = meaning.partition("=")
        owner, _, field = name.partition(".")
        if category.casefold() in there and owner == object_name:
            yield field, value
