"""Global → profile → user: which level says what, and what is in force."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crosstie.accounts.governance import entries, values
from crosstie.domain.settings import Level, SettingInfo, Settings, catalogue

if TYPE_CHECKING:
    from crosstie.store.models import Scope


@dataclass(frozen=True, slots=True)
class Stored:
    value: Any
    """As JSON has it."""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """What one level says. Names that are not in the catalogue (any more) are left aside."""

    level: Level
    stored: Mapping[str, Stored] = field(default_factory=dict)

    def says(self, name: str) -> object:
        """As JSON has it; None where this level says nothing."""
        return self.stored[name].value if name in self.stored else None

    def locks(self, name: str) -> bool:
        return name in self.stored and self.stored[name].locked


@dataclass(frozen=True, slots=True)
class InForce:
    """A setting's value, the levels it comes from (none: the default), and the level that locked it, if any."""

    value: Any
    origins: tuple[Level, ...] = ()
    locked_by: Level | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Whose settings: a person's, a profile's, or the whole tenant's."""

    profile_id: int | None = None
    person_id: int | None = None

    @property
    def level(self) -> Level:
        if self.person_id:
            return Level.USER
        return Level.PROFILE if self.profile_id else Level.GLOBAL


def in_force(info: SettingInfo, layers: Iterable[Layer]) -> InForce:
    """The lowest level wins, lists are joined, and below a locked value nobody is asked."""
    if info.name in entries.TOGETHER:
        found = entries.combine(layers)
        return InForce(found.value(info.name), found.origins.get(info.name, ()), found.locked.get(info.name))
    value: Any = values.default(info)
    origins: tuple[Level, ...] = ()
    for layer in layers:
        stored = layer.stored.get(info.name)
        if stored is None:
            continue
        own = values.from_json(info, stored.value)
        value = tuple(dict.fromkeys((*value, *own))) if info.additive else own
        origins = (*origins, layer.level) if info.additive else (layer.level,)
        if stored.locked:
            return InForce(value, origins, layer.level)
    return InForce(value, origins)


def above(layers: Sequence[Layer], level: Level) -> Sequence[Layer]:
    return layers[: list(Level).index(level)]


def resolve(layers: Sequence[Layer]) -> Settings:
    found = {attribute: in_force(info, layers).value for attribute, info in catalogue().values()}
    return Settings(**found)


def read(scope: "Scope", place: Place) -> list[Layer]:
    """The layers that bear on a place, highest first, in one statement. All else here needs no database."""
    from django.db.models import Q

    from crosstie.store.models import Scope, SettingValue

    wanted = Q(level=Level.GLOBAL)
    if place.profile_id:
        wanted |= Q(level=Level.PROFILE, profile_id=place.profile_id)
    if place.person_id:
        wanted |= Q(level=Level.USER, person_id=place.person_id)
    stored: dict[Level, dict[str, Stored]] = {level: {} for level in Level}
    for row in SettingValue.of(Scope(scope.tenant_id)).filter(wanted):
        stored[Level(row.level)][row.name] = Stored(row.value, row.locked)
    return [Layer(level, stored[level]) for level in Level]
