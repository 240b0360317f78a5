"""What is asked before settings take items away, or name fields that an org cannot compare."""

from typing import TYPE_CHECKING

import pytest

from crosstie.accounts import settings
from crosstie.accounts.layers import Place
from crosstie.accounts.words import Unacceptable
from crosstie.jobs import conditions, withdrawing
from tests.unit.web.test_calendar import brought
from tests.unit.web.test_leaving import ref

if TYPE_CHECKING:
    from tests.unit.web.office import Office

DOWN = withdrawing.DOWN


def test_what_a_level_would_take_away_is_counted(office: "Office") -> None:
    brought(office, office.signed_in(), "Call", "Visit")
    person = settings.for_person(office.scope, ref(office).person_id)
    places = (person, Place(person.profile_id), settings.EVERYBODY)
    assert [withdrawing.losing(office.scope, one, DOWN, "off") for one in places] == [2, 0, 0]
    assert [withdrawing.losing(office.scope, one, DOWN, None) for one in places] == [2, 0, 0]
    assert withdrawing.losing(office.scope, person, DOWN, "on") == 0
    assert withdrawing.losing(office.scope, person, "mail.auto-save", "off") == 0
    settings.put(office.scope, settings.EVERYBODY, DOWN, "on", office.clock)
    assert withdrawing.losing(office.scope, person, DOWN, None) == 0
    settings.unset(office.scope, person, DOWN, office.clock)
    assert [withdrawing.losing(office.scope, one, DOWN, "off") for one in places] == [2, 2, 2]
    assert [withdrawing.losing(office.scope, one, DOWN, None) for one in places] == [0, 0, 2]


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
