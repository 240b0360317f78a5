"""Who says what of a setting: everybody's administrator, a profile's, the person; and what is in force then.

Twice: by the product's inheritance, which sessions are told, and by a rule of our own, which the oracle knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from crosstie.accounts.governance import layers, values
from crosstie.accounts.governance.layers import Layer, Stored
from crosstie.domain.settings import Level, Settings, catalogue

EVERYBODY = "everybody"
PROFILES = {"ada": "sales", "ben": "sales", "cleo": "office"}
OWN = frozenset({"mail_auto_save", "blocklist", "link_opportunities"})
"""What people set for themselves, too."""
DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class Word:
    value: Any
    locked: bool = False


@dataclass(slots=True)
class Offices:
    said: dict[str, dict[str, Word]] = field(default_factory=dict)
    """By place, then by attribute of Settings."""

    @classmethod
    def at_first(cls, settings: Settings) -> "Offices":
        """Everything is said for everybody."""
        given = ((one.name, getattr(settings, one.name)) for one in fields(settings))
        return cls({EVERYBODY: {name: Word(value) for name, value in given if value != getattr(DEFAULTS, name)}})

    def copy(self) -> "Offices":
        return Offices({place: dict(words) for place, words in self.said.items()})

    def say(self, place: str, name: str, word: Word | None) -> None:
        """None: says nothing any more."""
        words = self.said.setdefault(place, {})
        if word is None:
            words.pop(name, None)
        else:
            words[name] = word

    def is_locked_above(self, place: str, name: str) -> bool:
        """Whether nobody may say anything there."""
        above = () if place == EVERYBODY else (EVERYBODY, PROFILES.get(place, ""))
        return any(word.locked for higher in above if (word := self._word(higher, name)))

    def meant(self, person: str) -> Settings:
        """By our own rule: the nearest word counts, lists are joined, below a lock nobody is asked."""
        found: dict[str, Any] = {}
        for one in fields(DEFAULTS):
            for place in _places(person):
                word = self._word(place, one.name)
                if word is None:
                    continue
                before = found.get(one.name, ())
                is_list = isinstance(word.value, tuple)
                found[one.name] = tuple(dict.fromkeys((*before, *word.value))) if is_list else word.value
                if word.locked:
                    break
        return Settings(**found)

    def told(self, person: str) -> Settings:
        """By the product's."""
        levels = zip(Level, _places(person), strict=True)
        return layers.resolve([Layer(level, self._stored(place)) for level, place in levels])

    def _stored(self, place: str) -> dict[str, Stored]:
        names = {attribute: name for name, (attribute, _) in catalogue().items()}
        words = self.said.get(place, {}).items()
        return {names[name]: Stored(values.to_json(word.value), word.locked) for name, word in words}

    def _word(self, place: str, name: str) -> Word | None:
        return self.said.get(place, {}).get(name)


def _places(person: str) -> Sequence[str]:
    """From the highest level down."""
    return (EVERYBODY, PROFILES[person], person)
