"""What a field table is: rows of field, room and rule, and the losses they declare."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from crosstie.domain.records import Value

S = TypeVar("S")


class Org(Protocol):
    """What a mapping must know of an org; the capabilities of `ports/crm.py` say it."""

    @property
    def many_people(self) -> bool: ...

    @property
    def files(self) -> bool: ...

    @property
    def lengths(self) -> Mapping[str, int]: ...


@dataclass(frozen=True, slots=True)
class Field(Generic[S]):
    """`take` answers with the value for a source in the room given: UTF-16 units, 0 where length means nothing."""

    name: str
    take: Callable[[S, int], Value]
    room: int = 0
    """The standard length; an org that reports another one for the field is believed."""
    loss: str = ""
    """What of the item does not survive, as a sentence for the docs."""


@dataclass(frozen=True, slots=True)
class Loss:
    object: str
    field: str
    room: int
    sentence: str


def filled(object_name: str, table: Sequence[Field[S]], source: S, lengths: Mapping[str, int]) -> dict[str, Value]:
    """Field name → value, without those that have nothing to say; False and 0 say something."""
    values = {
        field.name: field.take(source, lengths.get(f"{object_name}.{field.name}", field.room)) for field in table
    }
    return {name: value for name, value in values.items() if value is not None and value not in ("", ())}


def declared(object_name: str, table: Sequence[Field[S]]) -> Iterator[Loss]:
    for field in table:
        if field.loss:
            yield Loss(object_name, field.name, field.room, field.loss)
