"""Each setting of events is stored, locked by an administrator, reaches a session, and changes what happens."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.clocks import StepClock
from tests.simulation import outboxes
from tests.simulation.cases_event_settings import CASES, NO_SETTING, PUBLISHED, VISIT, Case

if TYPE_CHECKING:
    from crosstie.domain.settings import Settings
    from tests.unit.accounts.homes import Home

USUAL = ("events.auto-save-meetings", "events.auto-save-appointments", "events.from-salesforce")
MAILS = {"events.meeting-updates", "events.attendee-removals"}
"""Whoever sets these lets attendees be told."""


@pytest.fixture
def home(tables: None) -> "Home":
    from tests.unit.accounts.homes import Home

    return Home.make("Larch", StepClock())


def test_every_setting_of_events_has_a_case() -> None:
    from crosstie.domain.settings import catalogue

    assert {name for name in catalogue() if name.startswith("events.")} <= CASES.keys()


def test_a_published_name_is_another_one_of_its_setting_and_what_is_argued_away_has_none() -> None:
    from crosstie.domain.settings import catalogue

    aliases = {alias: name for name, (_, info) in catalogue().items() for alias in info.aliases}
    assert {alias: aliases.get(alias) for alias in PUBLISHED} == PUBLISHED
    ours = {alias for alias, name in aliases.items() if name.startswith("events.")}
    assert ours <= PUBLISHED.keys()
    assert not aliases.keys() & NO_SETTING.keys()


def cases() -> list[Any]:
    return [
        pytest.param(name, case, id=f"{name} = {case.given}")
        for name, several in CASES.items()
        for case in several
    ]


@pytest.mark.parametrize(("name", "case"), cases())
def test_the_setting_changes_what_happens(name: str, case: Case, home: "Home") -> None:
    from crosstie.accounts.connection import mailboxes
    from crosstie.accounts.governance import settings
    from crosstie.accounts.words import Unacceptable
    from crosstie.domain.settings import Level, catalogue

    if name in MAILS:
        outboxes.want()
    person = home.person()
    box, mine = home.mailbox(person), settings.for_person(home.scope, person.person_id)
    for other, value in {**dict.fromkeys(USUAL, "on"), **case.besides}.items():
        if other != name:
            settings.put(home.scope, settings.EVERYBODY, other, value, home.clock)
    without = mailboxes.info(box.scope, box.mailbox_id).settings
    settings.put(home.scope, settings.EVERYBODY, name, case.given, home.clock, locked=True)
    told = mailboxes.info(box.scope, box.mailbox_id).settings
    attribute, _ = catalogue()[name]
    assert getattr(told, attribute) != getattr(without, attribute)
    assert settings.explain(home.scope, mine, name).locked_by is Level.GLOBAL
    with pytest.raises(Unacceptable):
        settings.put(home.scope, mine, name, case.given, home.clock)
    assert (lived(case, without), lived(case, told)) == (case.before, case.after)


def lived(case: Case, settings: "Settings") -> object:
    from tests.simulation.desk import Desk
    from tests.simulation.house import House, Make

    house = House(Make(settings=settings))
    house.org.core.add_field("Event", VISIT)
    house.round()
    return case.scene(Desk(house))
