"""Settings as one document: out, back in, into another customer, and what is refused."""

import json
from typing import Any

import pytest

from crosstie.accounts import audit, tenants
from crosstie.accounts.governance import settings, settings_file
from crosstie.accounts.words import Unacceptable
from crosstie.store.models import SettingValue
from tests.unit.accounts.homes import Home

ANN = "ann@acme.example"


@pytest.fixture
def set_up(home: Home) -> Home:
    profile = tenants.add_profile(home.scope, "Sales", home.clock)
    person = home.person("Ann", ANN)
    put(home, settings.for_person(home.scope, person.person_id), "blocklist", "eve@oak.example")
    put(home, settings.for_person(home.scope, person.person_id), "mail.auto-save", "off")
    put(home, settings.for_profile(home.scope, profile), "mail.lookback-days", 14)
    put(home, settings.EVERYBODY, "mail.auto-save", "on", locked=True)
    return home


def put(home: Home, place: Any, name: str, value: object, **options: Any) -> None:
    settings.put(home.scope, place, name, value, home.clock, **options)


def kept(home: Home) -> list[Any]:
    rows = SettingValue.of(home.scope).order_by("level", "name", "pk")
    return list(rows.values("level", "name", "value", "locked", "profile__name", "person__address"))


def bring_in(home: Home, document: object, **options: Any) -> list[settings_file.Change]:
    return settings_file.bring_in(home.scope, json.dumps(document), home.clock, **options)


def test_a_document_names_every_value_of_every_level(set_up: Home) -> None:
    assert settings_file.export(set_up.scope) == {
        "crosstie-settings": 1,
        "everybody": {"mail.auto-save": {"value": True, "locked": True}},
        "profiles": {"Sales": {"mail.lookback-days": {"value": 14, "locked": False}}},
        "people": {
            ANN: {
                "blocklist": {"value": ["eve@oak.example"], "locked": False},
                "mail.auto-save": {"value": False, "locked": False},
            }
        },
    }


def test_what_went_out_comes_back_as_it_was(set_up: Home) -> None:
    document, before = settings_file.export(set_up.scope), kept(set_up)
    assert bring_in(set_up, document) == []
    SettingValue.of(set_up.scope).delete()
    assert len(bring_in(set_up, document)) == 4, "values below a lock too"
    assert kept(set_up) == before


def test_it_fits_another_customer_with_the_same_names(set_up: Home, stranger: Home) -> None:
    tenants.add_profile(stranger.scope, "Sales", stranger.clock)
    document = settings_file.export(set_up.scope) | {"people": {}}
    bring_in(stranger, document)
    assert settings_file.export(stranger.scope) == document
    assert settings_file.export(set_up.scope) != document


def test_a_dry_run_says_everything_and_changes_nothing(set_up: Home) -> None:
    before = kept(set_up)
    document = {"crosstie-settings": 1, "everybody": {"mail.save-unlinked": {"value": "yes"}}}
    changes = bring_in(set_up, document, dry=True, replace=True)
    assert settings_file.Change("everybody", "mail.save-unlinked", None, True) in changes
    assert settings_file.Change("Sales", "mail.lookback-days", 14, None) in changes
    assert len(changes) == 5
    assert kept(set_up) == before


def test_without_replace_what_is_not_named_stays(set_up: Home) -> None:
    bring_in(set_up, {"crosstie-settings": 1, "everybody": {"mail.save-unlinked": {"value": True}}})
    assert len(kept(set_up)) == 5
    bring_in(set_up, {"crosstie-settings": 1}, replace=True)
    assert kept(set_up) == []


def test_each_change_is_in_the_audit(set_up: Home) -> None:
    bring_in(set_up, {"crosstie-settings": 1, "everybody": {"mail.save-unlinked": {"value": True}}})
    assert audit.recent(set_up.scope)[0].action == "settings.set"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "FILE-NOT-JSON"),
        ("[" * 100_000, "FILE-NOT-JSON"),
        (" " * (settings_file.LARGEST + 1), "FILE-TOO-LARGE"),
        ("[]", "FILE-OTHER"),
        ('{"crosstie-settings": 2}', "FILE-OTHER"),
        ('{"crosstie-settings": 1, "persons": {}}', "FILE-PART"),
        ('{"crosstie-settings": 1, "people": []}', "FILE-SHAPE"),
        ('{"crosstie-settings": 1, "everybody": {"mail.auto-save": true}}', "FILE-SHAPE"),
        ('{"crosstie-settings": 1, "everybody": {"mail.auto-save": {"locked": true}}}', "FILE-VALUE"),
        ('{"crosstie-settings": 1, "everybody": {"mail.auto-save": {"value": true, "locked": 1}}}', "FILE-VALUE"),
        ('{"crosstie-settings": 1, "everybody": {"mail.auto-sav": {"value": true}}}', "SETTING-UNKNOWN"),
        ('{"crosstie-settings": 1, "everybody": {"mail.auto-save": {"value": [1]}}}', "NOT-A-SWITCH"),
        ('{"crosstie-settings": 1, "profiles": {"Nobody": {}}}', "UNKNOWN"),
        ('{"crosstie-settings": 1, "people": {"no@one.example": {}}}', "UNKNOWN"),
        (
            '{"crosstie-settings": 1, "everybody": {"mail.save-unlinked": {"value": true}},'
            f' "people": {{"{ANN}": {{"mail.lookback-days": {{"value": 3}}}}}}}}',
            "SETTING-LEVEL",
        ),
        (
            f'{{"crosstie-settings": 1, "people": {{"{ANN}": {{"mail.auto-save": {{"value": true}}}}}}}}',
            "SETTING-LOCKED",
        ),
    ],
)
def test_what_cannot_be_taken_in_changes_nothing(set_up: Home, text: str, code: str) -> None:
    before = kept(set_up)
    with pytest.raises(Unacceptable) as refused:
        settings_file.bring_in(set_up.scope, text, set_up.clock)
    assert refused.value.code == code
    assert kept(set_up) == before
