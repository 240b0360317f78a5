"""A customer's settings as one document: to keep, to compare, and to bring into another installation.

Profiles are told by their names and people by their addresses, so that a document fits other databases too::

    {"crosstie-settings": 1,
     "everybody": {"mail.auto-save": {"value": true, "locked": false}},
     "profiles": {"Sales": {...}}, "people": {"ann@example.com": {...}}}
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from crosstie.accounts import words
from crosstie.accounts.audit import SYSTEM, Actor
from crosstie.accounts.governance import layers, settings, values
from crosstie.accounts.governance.layers import Place
from crosstie.accounts.words import Unacceptable
from crosstie.domain.clock import Clock
from crosstie.store.models import Person, Profile, Scope, SettingValue

FORMAT, VERSION = "crosstie-settings", 1
LARGEST = 5_000_000
"""Characters of a document that is taken in."""
_EVERYBODY, _PROFILES, _PEOPLE = "everybody", "profiles", "people"
_PARTS = {_EVERYBODY, _PROFILES, _PEOPLE}


@dataclass(frozen=True, slots=True)
class Change:
    """What taking a document in does (or would do) to one value; None stands for no value of its own."""

    whose: str
    name: str
    before: Any
    after: Any
    locked: bool = False


@dataclass(frozen=True, slots=True)
class _Wanted:
    place: Place
    whose: str
    said: Mapping[str, Any]
    """Setting → value and lock, checked."""


def export(scope: Scope) -> dict[str, Any]:
    """Every value that is set at any level; what is the default everywhere is not named."""
    rows = SettingValue.of(Scope(scope.tenant_id)).select_related("profile", "person").order_by("name", "pk")
    document: dict[str, Any] = {FORMAT: VERSION, _EVERYBODY: {}, _PROFILES: {}, _PEOPLE: {}}
    for row in rows:
        part = document[_EVERYBODY]
        if row.profile:
            part = document[_PROFILES].setdefault(row.profile.name, {})
        elif row.person:
            part = document[_PEOPLE].setdefault(row.person.address, {})
        part[row.name] = {"value": row.value, "locked": row.locked}
    return document


def bring_in(
    scope: Scope, text: str, clock: Clock, *, replace: bool = False, dry: bool = False, actor: Actor = SYSTEM
) -> list[Change]:
    """Set what the document says; all of it or, with a sentence, nothing. `replace` takes the rest away.

    A level's values are set before the locks above them, which would refuse them.
    """
    wanted = list(_wanted(scope, _document(text)))
    with transaction.atomic():
        changes = [change for one in reversed(wanted) for change in _set(scope, one, clock, actor)]
        if replace:
            changes += _take_away(scope, wanted, clock, actor)
        transaction.set_rollback(dry)
    return changes


def _document(text: str) -> Mapping[str, Any]:
    if len(text) > LARGEST:
        raise Unacceptable(words.FILE_TOO_LARGE, largest=LARGEST)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unacceptable(words.FILE_NOT_JSON) from error
    if not isinstance(found, dict) or found.get(FORMAT) != VERSION:
        raise Unacceptable(words.FILE_OTHER, format=FORMAT, version=VERSION)
    if strange := sorted(found.keys() - _PARTS - {FORMAT}):
        raise Unacceptable(words.FILE_PART, part=strange[0], parts=", ".join(sorted(_PARTS)))
    return found


def _wanted(scope: Scope, document: Mapping[str, Any]) -> Iterator[_Wanted]:
    """Everybody first, then profiles, then people."""
    tenant = Scope(scope.tenant_id)
    profiles = dict(Profile.of(tenant).values_list("name", "pk"))
    people = dict(Person.of(tenant).values_list("address", "pk"))
    yield _Wanted(Place(), _EVERYBODY, _said(document.get(_EVERYBODY, {}), _EVERYBODY))
    for part, known in ((_PROFILES, profiles), (_PEOPLE, people)):
        for name, said in _mapping(document.get(part, {}), part).items():
            if name not in known:
                what = "profile" if part == _PROFILES else "person"
                raise Unacceptable(words.UNKNOWN, what=what, name=name, hint="")
            place = Place(known[name]) if part == _PROFILES else settings.for_person(tenant, known[name])
            yield _Wanted(place, name, _said(said, name))


def _said(found: Any, whose: str) -> Mapping[str, Any]:
    said = {}
    for name, one in _mapping(found, whose).items():
        given = _mapping(one, f"{whose}: {name}")
        if "value" not in given or not isinstance(given.get("locked", False), bool):
            raise Unacceptable(words.FILE_VALUE, whose=whose, name=name)
        _, info = values.known(name)
        said[info.name] = {"value": values.parse(info, given["value"]), "locked": given.get("locked", False)}
    return said


def _mapping(found: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise Unacceptable(words.FILE_SHAPE, where=where)
    return found


def _own(scope: Scope, place: Place) -> Mapping[str, layers.Stored]:
    read = layers.read(scope, place)
    return next(layer.stored for layer in read if layer.level is place.level)


def _set(scope: Scope, one: _Wanted, clock: Clock, actor: Actor) -> Iterator[Change]:
    own = _own(scope, one.place)
    for name, given in one.said.items():
        before, value = own.get(name), values.to_json(given["value"])
        if before is None or (before.value, before.locked) != (value, given["locked"]):
            settings.put(scope, one.place, name, given["value"], clock, locked=given["locked"], actor=actor)
            yield Change(one.whose, name, before.value if before else None, value, given["locked"])


def _take_away(scope: Scope, wanted: list[_Wanted], clock: Clock, actor: Actor) -> list[Change]:
    named = {(one.place, name) for one in wanted for name in one.said}
    rows = SettingValue.of(Scope(scope.tenant_id)).select_related("profile", "person")
    changes = []
    for row in rows:
        place = Place(row.profile_id)
        if row.person_id:
            place = settings.for_person(scope, row.person_id)
        if (place, row.name) not in named:
            whose = row.profile.name if row.profile else row.person.address if row.person else _EVERYBODY
            settings.unset(scope, place, row.name, clock, actor)
            changes.append(Change(whose, row.name, row.value, None))
    return changes
