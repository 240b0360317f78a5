"""Fields and objects that an org turned out to keep from us although we asked: not asked for again for hours."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosstie.domain.clock import Clock

REMEMBERED = timedelta(hours=4)


@dataclass(slots=True)
class Hidden:
    """Per object the names of fields; `*` is the object itself."""

    clock: Clock
    _names: dict[str, tuple[datetime, frozenset[str]]] = field(default_factory=dict)

    def of(self, object_name: str) -> frozenset[str]:
        learned, names = self._names.get(object_name, (None, frozenset()))
        still = learned is not None and self.clock.now() - learned < REMEMBERED
        return names if still else frozenset()

    def learn(self, object_name: str, names: frozenset[str]) -> None:
        self._names[object_name] = (self.clock.now(), self.of(object_name) | names)
