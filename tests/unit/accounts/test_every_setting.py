"""Every setting of the catalogue is stored, resolved level by level, locked by an administrator, and audited."""

from enum import StrEnum
from typing import Any

import pytest

from crosstie.accounts import audit
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.governance import settings, values
from crosstie.accounts.governance.layers import Place
from crosstie.accounts.words import Unacceptable
from crosstie.domain.folders import FolderWishes
from crosstie.domain.settings import Level, Settings, catalogue
from crosstie.store.models import SettingValue
from tests.unit.accounts.homes import Home

LISTED = {
    "blocklist": ("shop.example", "news@fair.example"),
    "blocklist.pinned": ("shop.example", "news@fair.example"),
    "org.internal-domains": ("acme.example", "acme-labs.example"),
    "mail.folders": ("inbox/*", "Projects/North South"),
    "mail.folders-excluded": ("inbox/Private", "archive"),
    "links.never": ("Case", "Opportunity"),
    "attachments.blocked-extensions": ("exe", "bat"),
    "attachments.allowed-extensions": ("pdf", "docx"),
    "categories.fields": ("Fair 2026->Task.Type=Call", "Hot->EmailMessage.Level__c=2"),
    "events.defaults": ("Reason__c=Visit", "Kind__c=On site"),
    "events.unsync-conditions": ("Status__c=Vacated", "Closed__c=true"),
    "resolving.defaults": ("Lead.LeadSource=Web", "Account.Industry=Health Care"),
    "attachments.min-bytes-by-extension": ("pdf:2000", "ics:100"),
    "notices.addresses": ("help@acme.example", "desk@acme.example"),
}
"""Two entries of each list."""
SINGLE = {
    "resolving.account": ("001000000000001AAA", "001000000000002AAA"),
    "mail.thread-field": ("ThreadId__c", "Thread__c"),
    "direction.field": ("Way__c", "Direction__c"),
    "direction.inbound-label": ("In", "From outside"),
    "direction.outbound-label": ("Out", "To outside"),
}
"""Two values of each text."""
SIMPLE = sorted(catalogue().keys() - {"blocklist.removed"})
"""The other one rests on what is listed above it (test_blocklist.py)."""


def others(name: str) -> tuple[Any, Any]:
    """Two values, as people write them: the first is not the default."""
    attribute, _ = catalogue()[name]
    default = getattr(Settings(), attribute)
    if isinstance(default, bool):
        return values.show(not default), values.show(default)
    if isinstance(default, StrEnum):
        return next((one.value, default.value) for one in type(default) if one is not default)
    if isinstance(default, int):
        return str(default - 1), str(default)
    if isinstance(default, str):
        return SINGLE[name]
    return LISTED[name]


def places(home: Home) -> list[Place]:
    """Everybody, the profile, the person: as far down as any setting goes."""
    mine = settings.for_person(home.scope, home.person().person_id)
    return [settings.EVERYBODY, settings.for_profile(home.scope, mine.profile_id or 0), mine]


def reach(name: str) -> int:
    """How many levels may set it."""
    return list(Level).index(catalogue()[name][1].lowest) + 1


@pytest.mark.parametrize("name", SIMPLE)
def test_each_level_that_may_set_it_does(home: Home, name: str) -> None:
    attribute, info = catalogue()[name]
    levels = places(home)
    for place, level in zip(levels[: reach(name)], Level, strict=False):
        given, _ = others(name)
        put = settings.put(home.scope, place, name, given, home.clock)
        assert put.value == values.parse(info, given) != values.default(info)
        assert getattr(settings.resolve(home.scope, levels[-1]), attribute) == put.value
        assert put.origins == (level,)
        assert audit.recent(home.scope, 1)[0].details["name"] == name
        settings.unset(home.scope, place, name, home.clock)
        assert settings.resolve(home.scope, levels[-1]) == Settings()
    for place in levels[reach(name) :]:
        with pytest.raises(Unacceptable) as caught:
            settings.put(home.scope, place, name, others(name)[0], home.clock)
        assert caught.value.code == "SETTING-LEVEL"


@pytest.mark.parametrize("name", SIMPLE)
def test_an_administrator_locks_it(home: Home, name: str) -> None:
    attribute, _ = catalogue()[name]
    levels = places(home)
    forced, other = others(name)
    settings.put(home.scope, settings.EVERYBODY, name, forced, home.clock, locked=True)
    before = settings.resolve(home.scope, levels[-1])
    for place in levels[1 : reach(name)]:
        with pytest.raises(Unacceptable) as caught:
            settings.put(home.scope, place, name, other, home.clock)
        assert caught.value.code == "SETTING-LOCKED"
    assert SettingValue.of(home.scope).count() == 1
    assert getattr(before, attribute) != getattr(Settings(), attribute)
    assert settings.explain(home.scope, levels[-1], name).locked_by is Level.GLOBAL


def test_a_session_gets_the_folders_of_everybody_the_profile_and_the_person(home: Home) -> None:
    person = home.person()
    box = home.mailbox(person)
    mine = settings.for_person(home.scope, person.person_id)
    settings.put(home.scope, settings.EVERYBODY, "mail.folders", "inbox/*", home.clock)
    settings.put(home.scope, mine, "mail.folders", "Projects/North South", home.clock)
    settings.put(home.scope, mine, "mail.folders-excluded", "inbox/Private", home.clock)
    wishes = mailboxes.info(box.scope, box.mailbox_id).folders
    assert wishes == FolderWishes(("inbox/*", "Projects/North South"), ("inbox/Private",))
