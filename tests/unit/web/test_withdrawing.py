"""What is asked before settings take items away, or name fields that an org cannot compare."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crosstie.accounts.governance import settings
from crosstie.accounts.governance.layers import Place
from crosstie.accounts.words import Unacceptable
from crosstie.cli import main
from crosstie.jobs import conditions, withdrawing
from tests.unit.web.test_calendar import brought
from tests.unit.web.test_leaving import ref

if TYPE_CHECKING:
    from tests.unit.web.office import Office

DOWN = withdrawing.DOWN


def losing(office: "Office", place: Place, given: str | None, *, name: str = DOWN, locked: bool = False) -> int:
    def act() -> object:
        if given is None:
            return settings.unset(office.scope, place, name, office.clock)
        return settings.put(office.scope, place, name, given, office.clock, locked=locked)

    return withdrawing.losing(office.scope, [name], act)


def test_what_a_level_would_take_away_is_counted(office: "Office") -> None:
    brought(office, office.signed_in(), "Call", "Visit")
    person = settings.for_person(office.scope, ref(office).person_id)
    places = (person, Place(person.profile_id), settings.EVERYBODY)
    assert [losing(office, one, "off") for one in places] == [2, 0, 0]
    assert [losing(office, one, None) for one in places] == [2, 0, 0]
    assert losing(office, person, "on") == 0
    assert losing(office, person, "off", name="mail.auto-save") == 0
    assert [losing(office, one, "off", locked=True) for one in places[1:]] == [2, 2]
    settings.put(office.scope, settings.EVERYBODY, DOWN, "on", office.clock)
    assert losing(office, person, None) == 0
    settings.unset(office.scope, person, DOWN, office.clock)
    assert [losing(office, one, "off") for one in places] == [2, 2, 2]
    assert [losing(office, one, None) for one in places] == [0, 0, 2]


def test_a_lock_that_is_lifted_counts_too(office: "Office") -> None:
    """Below it stands an *off* that nobody heard."""
    brought(office, office.signed_in(), "Call", "Visit")
    person = settings.for_person(office.scope, ref(office).person_id)
    settings.put(office.scope, person, DOWN, "off", office.clock)
    settings.put(office.scope, settings.EVERYBODY, DOWN, "on", office.clock, locked=True)
    assert [losing(office, settings.EVERYBODY, given) for given in ("on", None)] == [2, 2]
    assert losing(office, settings.EVERYBODY, "on", locked=True) == 0


def test_a_document_that_would_empty_calendars_is_not_taken_in_unasked(
    office: "Office", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brought(office, office.signed_in(), "Call", "Visit")
    file = tmp_path / "settings.json"
    off = {"crosstie-settings": 1, "everybody": {DOWN: {"value": False, "locked": True}}}
    file.write_text(json.dumps(off))
    assert main(["settings", "import", str(file)]) == 2
    assert "2 item(s) that came from Salesforce" in capsys.readouterr().err
    person = settings.for_person(office.scope, ref(office).person_id)
    assert settings.get(office.scope, person, DOWN)
    assert main(["settings", "import", str(file), "--yes"]) == 0
    assert not settings.get(office.scope, person, DOWN)


def test_a_condition_is_refused_whose_field_the_org_cannot_compare(office: "Office") -> None:
    for name, given in (
        ("events.unsync-conditions", "ShowAs=Free, isprivate=true"),
        ("SalesforceEventUnsyncConditions", "Subject=Vacated"),
        ("mail.auto-save", "on"),
    ):
        conditions.check(office.scope, name, given)
    for given, field in (
        ("StartDateTime=2026", "StartDateTime"),
        ("Description=x", "Description"),
        ("ShowAs=Free,Nowhere__c=1", "Nowhere__c"),
        ("WhoId=003000000000001", "WhoId"),
    ):
        with pytest.raises(Unacceptable) as refused:
            conditions.check(office.scope, "events.unsync-conditions", given)
        assert refused.value.code == "CONDITION-BAD"
        assert refused.value.sentence.startswith(f"{field} of Event cannot be a condition")
