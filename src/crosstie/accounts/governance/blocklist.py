"""The blocklist entry by entry, as pages and commands show and change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.db import transaction

from crosstie.accounts import words
from crosstie.accounts.audit import SYSTEM, Actor
from crosstie.accounts.governance import entries, layers, settings, values
from crosstie.accounts.governance.entries import LISTED, PINNED, REMOVED, Combined
from crosstie.accounts.governance.layers import Layer, Place
from crosstie.accounts.words import LEVEL_WORDS, Answer, Unacceptable, answer
from crosstie.domain.clock import Clock
from crosstie.domain.settings import Level
from crosstie.domain.speech import say
from crosstie.rules.participants import free_mail_domains
from crosstie.store.models import Scope, Tenant


@dataclass(frozen=True, slots=True)
class Entry:
    """`source` is the level that listed it, or `internal` or `free-mail`, which count by themselves; `removable`:
    by the one who is looking.
    """

    text: str
    source: str
    pinned_by: Level | None = None
    removed_by: Level | None = None
    removable: bool = False


@dataclass(frozen=True, slots=True)
class Blocklist:
    """`entries` count, `removed` were taken off. Free mail services are too many to list."""

    entries: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    free_mail: bool


@dataclass(frozen=True, slots=True)
class _View:
    """What a place has, and what it may do about it."""

    level: Level
    found: Combined
    above: Combined
    """Without what the place itself says."""
    own: Layer
    internal: tuple[str, ...]
    free_mail: bool

    @classmethod
    def of(cls, scope: Scope, place: Place) -> Self:
        read = layers.read(scope, place)
        settings_found = layers.resolve(read)
        domains = Tenant.objects.values_list("own_domains", flat=True).get(pk=scope.tenant_id)
        return cls(
            level=place.level,
            found=entries.combine(read),
            above=entries.combine(layers.above(read, place.level)),
            own=next(layer for layer in read if layer.level is place.level),
            internal=tuple(dict.fromkeys((*settings_found.internal_domains, *domains))),
            free_mail=settings_found.exclude_free_mail,
        )

    def says(self, name: str) -> Sequence[str]:
        """What the place itself says of one of the lists."""
        said = self.own.says(name)
        return tuple(map(str, said)) if isinstance(said, list) else ()

    def built_in(self, entry: str) -> str:
        """The kind of an entry that counts without being listed."""
        if entry in self.internal:
            return "internal"
        return "free-mail" if self.free_mail and entry in free_mail_domains() else ""

    def refusal(self, entry: str) -> Unacceptable | None:
        """Why this level cannot take it off; None: it can."""
        counts = entry in self.found.listed or (self.built_in(entry) and entry not in self.found.removed)
        if not counts:
            return Unacceptable(words.NOT_LISTED, entry=entry)
        if self.found.listed.get(entry) is self.level and not self.built_in(entry):
            return None
        return entries.stays(self.above, entry, self.level)


def show(scope: Scope, place: Place) -> Blocklist:
    """As it is in force for a person, a profile or everybody, the organization's own domains included."""
    view = _View.of(scope, place)
    sources = {text: level.value for text, level in view.found.listed.items()}
    sources |= {text: "internal" for text in view.internal if text not in sources | view.found.removed}
    counting = [
        Entry(text, source, view.found.pinned.get(text), removable=view.refusal(text) is None)
        for text, source in sources.items()
    ]
    removed = [Entry(text, view.built_in(text), removed_by=by) for text, by in view.found.removed.items()]
    return Blocklist(tuple(counting), tuple(removed), view.free_mail)


def add(scope: Scope, place: Place, text: str, clock: Clock, actor: Actor = SYSTEM) -> Answer:
    """List an entry at this place, or put back what was taken off here."""
    entry = _parsed(text)
    with transaction.atomic():
        if entry in _View.of(scope, place).says(REMOVED):
            settings.remove_entry(scope, place, REMOVED, entry, clock, actor)
        view = _View.of(scope, place)
        if entry not in view.found.listed and (entry in view.found.removed or not view.built_in(entry)):
            settings.add_entry(scope, place, LISTED, entry, clock, actor)
    return answer(words.BLOCKED_NOW, entry=entry)


def remove(scope: Scope, place: Place, text: str, clock: Clock, actor: Actor = SYSTEM) -> Answer:
    """Take an entry off for those this place speaks for; where it stands above, that is remembered."""
    entry = _parsed(text)
    with transaction.atomic():
        view = _View.of(scope, place)
        if refusal := view.refusal(entry):
            raise refusal
        for name in (LISTED, PINNED):
            if entry in view.says(name):
                settings.remove_entry(scope, place, name, entry, clock, actor)
        if entry in view.above.listed or view.built_in(entry):
            settings.add_entry(scope, place, REMOVED, entry, clock, actor)
    return answer(words.BLOCKED_NO_MORE, entry=entry)


def pin(scope: Scope, place: Place, text: str, clock: Clock, actor: Actor = SYSTEM) -> Answer:
    """No level below takes it off any more; it is listed here if it was not."""
    entry = _parsed(text)
    with transaction.atomic():
        add(scope, place, entry, clock, actor)
        settings.add_entry(scope, place, PINNED, entry, clock, actor)
    return answer(words.PINNED_NOW, entry=entry)


def unpin(scope: Scope, place: Place, text: str, clock: Clock, actor: Actor = SYSTEM) -> Answer:
    """What was taken off below before it was pinned is off again."""
    entry = _parsed(text)
    if entry not in _View.of(scope, place).says(PINNED):
        raise Unacceptable(words.NOT_PINNED, entry=entry, level=say(LEVEL_WORDS[place.level]))
    settings.remove_entry(scope, place, PINNED, entry, clock, actor)
    return answer(words.PINNED_NO_MORE, entry=entry)


def _parsed(text: str) -> str:
    """One entry."""
    _, info = values.known(LISTED)
    found: Sequence[str] = values.parse(info, text)
    if len(found) != 1:
        raise Unacceptable(words.ENTRY_BAD, value=text.strip() or "Nothing")
    return found[0]
