"""Get, set and explain settings. A change reaches sessions at once: what it decided is looked at again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from crosstie.accounts import audit, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.governance import entries, layers, values
from crosstie.accounts.governance.layers import InForce, Layer, Place
from crosstie.accounts.nearest import hint
from crosstie.accounts.words import LEVEL_WORDS, Unacceptable
from crosstie.domain.clock import Clock
from crosstie.domain.settings import Level, SettingInfo, Settings, catalogue
from crosstie.domain.speech import say
from crosstie.store import recheck
from crosstie.store.models import Mailbox, Person, Profile, Scope, SettingValue
from crosstie.store.sql import lock_settings

_ORDER = list(Level)
OF_ADMINISTRATORS = frozenset({"notices.addresses"})
"""They concern nobody else, and are shown to nobody else."""
OF_PAIRS = frozenset({"events.unsync-conditions"})
"""They speak against events that are kept alike as well."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A setting's value, where it comes from, and the sentence that says so."""

    name: str
    help: str
    value: Any
    shown: str
    origins: tuple[Level, ...]
    locked_by: Level | None
    sentence: str
    own: Any = None
    """What the place itself says, as JSON has it; None where it says nothing."""
    may_set: bool = True
    """Whether the place may say something."""


class Refusals(ValueError):
    """Of several settings some could not be taken, and none was."""

    def __init__(self, by_name: Mapping[str, Unacceptable]) -> None:
        super().__init__(", ".join(by_name))
        self.by_name = by_name


def for_person(scope: Scope, person_id: int) -> Place:
    profile_id = (
        Person.of(Scope(scope.tenant_id)).values_list("profile_id", flat=True).filter(pk=person_id).first()
    )
    if profile_id is None:
        raise Unacceptable(words.UNKNOWN, what="person", name=person_id, hint="")
    return Place(profile_id, person_id)


def for_profile(scope: Scope, profile_id: int) -> Place:
    if not Profile.of(Scope(scope.tenant_id)).filter(pk=profile_id).exists():
        raise Unacceptable(words.UNKNOWN, what="profile", name=profile_id, hint="")
    return Place(profile_id)


EVERYBODY = Place()


def resolve(scope: Scope, place: Place) -> Settings:
    """What is in force."""
    return layers.resolve(layers.read(scope, place))


def get(scope: Scope, place: Place, name: str) -> Any:
    return explain(scope, place, name).value


def explain(scope: Scope, place: Place, name: str) -> Explanation:
    _, info = values.known(name)
    return _explanation(info, layers.read(scope, place), place)


def without_own(scope: Scope, place: Place, name: str) -> Any:
    """What would be in force if this place's own level said nothing."""
    _, info = values.known(name)
    return layers.in_force(info, layers.above(layers.read(scope, place), place.level)).value


def explain_all(scope: Scope, place: Place) -> Sequence[Explanation]:
    """Every setting of the catalogue, in its order."""
    found = layers.read(scope, place)
    return [_explanation(info, found, place) for _, info in catalogue().values()]


def put(
    scope: Scope,
    place: Place,
    name: str,
    given: object,
    clock: Clock,
    *,
    locked: bool = False,
    actor: Actor = SYSTEM,
) -> Explanation:
    """Set the value at this place's own level; `given` is text, or a value as JSON has it."""
    _, info = values.known(name)
    value = values.parse(info, given)
    with transaction.atomic():
        lock_settings(scope.tenant_id)
        _check_allowed(info, place, layers.read(scope, place), value)
        before = _in_force_below(scope, place, info)
        key = _key(place)
        stored = {"value": values.to_json(value), "locked": locked and place.level is not Level.USER}
        SettingValue.of(Scope(scope.tenant_id)).update_or_create(**key, name=info.name, defaults=stored)
        details = {"level": place.level.value, "name": info.name, **stored}
        audit.record(scope, Deed(clock.now(), actor, "settings.set", _target(place), details))
        _look_again(scope, place, info, before, clock)
    return explain(scope, place, info.name)


def unset(scope: Scope, place: Place, name: str, clock: Clock, actor: Actor = SYSTEM) -> Explanation:
    """Take this level's own value away: what the levels above say is in force again."""
    _, info = values.known(name)
    with transaction.atomic():
        lock_settings(scope.tenant_id)
        before = _in_force_below(scope, place, info)
        SettingValue.of(Scope(scope.tenant_id)).filter(**_key(place), name=info.name).delete()
        details = {"level": place.level.value, "name": info.name}
        audit.record(scope, Deed(clock.now(), actor, "settings.unset", _target(place), details))
        _look_again(scope, place, info, before, clock)
    return explain(scope, place, info.name)


def put_several(
    scope: Scope, place: Place, given: Mapping[str, object], clock: Clock, actor: Actor = SYSTEM
) -> Sequence[Explanation]:
    """Setting → its new value, or None to take the place's own away: all or, with Refusals, none. Settings go by
    their own names alone.
    """
    refused: dict[str, Unacceptable] = {}
    with transaction.atomic():
        for name, value in given.items():
            try:
                with transaction.atomic():
                    _put_or_unset(scope, place, name, value, clock, actor)
            except Unacceptable as refusal:
                refused[name] = refusal
        if refused:
            raise Refusals(refused)
    return [explain(scope, place, name) for name in given]


def _put_or_unset(scope: Scope, place: Place, name: str, value: object, clock: Clock, actor: Actor) -> None:
    if name not in catalogue():
        raise Unacceptable(words.SETTING_UNKNOWN, name=name[:80], hint=hint(name[:80], catalogue()))
    _check_level(catalogue()[name][1], place.level)
    if value is None:
        unset(scope, place, name, clock, actor)
    else:
        put(scope, place, name, value, clock, actor=actor)


def add_entry(
    scope: Scope, place: Place, name: str, entry: str, clock: Clock, actor: Actor = SYSTEM
) -> Explanation:
    """One more entry of a list at this level, such as the address a person does not want saved."""
    return _change_entries(scope, place, name, clock, actor, add=entry)


def remove_entry(
    scope: Scope, place: Place, name: str, entry: str, clock: Clock, actor: Actor = SYSTEM
) -> Explanation:
    """Entries of other levels stay."""
    return _change_entries(scope, place, name, clock, actor, remove=entry)


def _change_entries(
    scope: Scope, place: Place, name: str, clock: Clock, actor: Actor, *, add: str = "", remove: str = ""
) -> Explanation:
    _, info = values.known(name)
    if not isinstance(values.default(info), tuple):
        raise Unacceptable(words.NOT_A_LIST, name=info.name)
    added, removed = values.parse(info, add), values.parse(info, remove)
    with transaction.atomic():
        lock_settings(scope.tenant_id)
        row = (
            SettingValue.of(Scope(scope.tenant_id))
            .select_for_update()
            .filter(**_key(place), name=info.name)
            .first()
        )
        old = values.from_json(info, row.value) if row else ()
        new = [entry for entry in (*old, *added) if entry not in removed]
        return put(scope, place, name, new, clock, locked=bool(row and row.locked), actor=actor)


def _check_allowed(info: SettingInfo, place: Place, found: Sequence[Layer], value: Any) -> None:
    level = place.level
    _check_level(info, level)
    for layer in layers.above(found, level):
        if layer.locks(info.name):
            raise Unacceptable(words.SETTING_LOCKED, name=info.name, level=say(LEVEL_WORDS[layer.level]))
    if info.name == entries.REMOVED:
        standing, said = entries.combine(layers.above(found, level)), _own(found, level, info)
        for refusal in (entries.stays(standing, entry, level) for entry in value if entry not in said):
            if refusal:
                raise refusal


def _check_level(info: SettingInfo, level: Level) -> None:
    if _is_below(info, level):
        lowest = "everybody" if info.lowest is Level.GLOBAL else "a profile or everybody"
        raise Unacceptable(words.SETTING_LEVEL, name=info.name, lowest=lowest)


def _is_below(info: SettingInfo, level: Level) -> bool:
    """Whether the setting is not this level's to speak of."""
    return _ORDER.index(level) > _ORDER.index(info.lowest)


def _own(found: Sequence[Layer], level: Level, info: SettingInfo) -> Sequence[str]:
    """What the level says of a list already."""
    (own,) = [layer for layer in found if layer.level is level]
    said: Sequence[str] = values.from_json(info, own.says(info.name) or [])
    return said


def _look_again(scope: Scope, place: Place, info: SettingInfo, before: InForce, clock: Clock) -> None:
    """Wake the mailboxes that this place speaks for, as far as the setting decides whether mails are saved."""
    codes = recheck.codes_of(*_epochs(info))
    after = _in_force_below(scope, place, info)
    if not codes or (after.value, after.locked_by) == (before.value, before.locked_by):
        return
    for org_id, mailbox_ids in _mailboxes(scope, place).items():
        recheck.flag(Scope(scope.tenant_id, org_id), mailbox_ids, codes, clock.now())


def _in_force_below(scope: Scope, place: Place, info: SettingInfo) -> InForce:
    return layers.in_force(info, layers.read(scope, place))


def _epochs(info: SettingInfo) -> tuple[str, ...]:
    if info.name.startswith("attachments."):
        return ()
    if info.name in OF_PAIRS:
        return ("settings", "pairs")
    return ("blocklist",) if info.name.startswith("blocklist") else ("settings",)


def _mailboxes(scope: Scope, place: Place) -> dict[int, list[int]]:
    """Org id → its mailboxes, the orgs in one order for everybody, so that two changes cannot deadlock."""
    rows = Mailbox.of(Scope(scope.tenant_id))
    if place.person_id:
        rows = rows.filter(person_id=place.person_id)
    elif place.profile_id:
        rows = rows.filter(person__profile_id=place.profile_id)
    found: dict[int, list[int]] = {}
    for org_id, mailbox_id in rows.order_by("org_id", "pk").values_list("org_id", "pk"):
        found.setdefault(org_id, []).append(mailbox_id)
    return found


def _key(place: Place) -> dict[str, Any]:
    """The columns that say whose value a row is."""
    level = place.level
    return {
        "level": level.value,
        "profile_id": place.profile_id if level is Level.PROFILE else None,
        "person_id": place.person_id,
    }


def _target(place: Place) -> str:
    if place.person_id:
        return f"person {place.person_id}"
    return f"profile {place.profile_id}" if place.profile_id else "tenant"


def _explanation(info: SettingInfo, read: Sequence[Layer], place: Place) -> Explanation:
    found, level = layers.in_force(info, read), place.level
    origin = (
        "the default"
        if not found.origins
        else "set for " + " and ".join(map(LEVEL_WORDS.__getitem__, found.origins))
    )
    if found.locked_by:
        origin += ", and locked there"
    shown = values.show(found.value)
    phrase = words.answer(words.SETTING_FROM, name=info.name, value=shown, origin=origin)
    return Explanation(
        name=info.name,
        help=say(info.help),
        value=found.value,
        shown=shown,
        origins=found.origins,
        locked_by=found.locked_by,
        sentence=phrase.sentence,
        own=read[_ORDER.index(level)].says(info.name),
        may_set=not _is_below(info, level)
        and not any(layer.locks(info.name) for layer in layers.above(read, level)),
    )
