"""What an administrator wants on saved mails: which way they went, what their categories mean, their thread."""

from crosstie.domain.email import Direction, Email
from crosstie.domain.operations import Wish
from crosstie.domain.records import TASK
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
    there = {category.casefold() for category in email.categories}
    for entry in settings.category_fields:
        category, _, meaning = entry.rpartition("->")
        name, _, value = meaning.partition("=")
        owner, _, field = name.partition(".")
        if category.casefold() in there and owner == object_name:
            found.setdefault(field, []).append(value)
    return tuple(Wish(field, tuple(values)) for field, values in found.items())
