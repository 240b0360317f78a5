"""Strangers on meetings become records: each once, whatever goes wrong on the way, and the Event is theirs."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crosstie.domain.settings import AutoTrackMode, PrivateEvents, Resolving
from tests.simulation.desk import SOON, Desk, house
from tests.simulation.effects import Effects, Moment, WorkerDied, stride
from tests.simulation.house import House
from tests.simulation.letters import NORA, STRANGER
from tests.simulation.sweep import DEATH_MINUTES, SETTLE_MINUTES, restlessness
from tests.simulation.test_resolving import accounts, contacts, leads, require_region
from tests.simulation.test_series import WEEKLY

LATER = SOON + timedelta(hours=3)


def desk(**settings: Any) -> Desk:
    return Desk(house(**{"resolving": Resolving.LEAD, **settings}))


def settled(desk: Desk) -> Desk:
    desk.sync()
    desk.sync()
    return desk


def sentences(desk: Desk) -> list[str]:
    """All that was said in Ada's calendar."""
    rows = [row.entry for row in desk.house.memory.journal.values()]
    return [House.said(row) for row in rows if not row.item_id.startswith("made:")]


def test_a_stranger_becomes_a_lead_of_whose_meeting_it_is() -> None:
    ada = desk()
    ada.put(guests=[STRANGER])
    ada.sync()
    (lead,) = leads(ada.house)
    assert (lead["LastName"], lead["Company"], lead["OwnerId"]) == ("Wim", "willow.test", ada.user)
    assert ada.event()["WhoId"] == lead["Id"]
    assert any("with a new Lead" in said for said in sentences(ada))
    settled(ada)
    assert restlessness(ada.house) == []
    assert ada.mails_sent() == []


def test_colleagues_who_meet_a_stranger_at_once_make_one_lead() -> None:
    ada = desk()
    ben = Desk(ada.house, "ben")
    ada.put(guests=[STRANGER])
    ben.put("Demo", LATER, guests=[STRANGER])
    settled(ada)
    (lead,) = leads(ada.house)
    assert [ada.event()["WhoId"], ben.event()["WhoId"]] == [lead["Id"]] * 2


def test_a_contact_gets_an_account_and_the_meeting_is_related_to_it() -> None:
    ada = desk(resolving=Resolving.CONTACT)
    ada.put(guests=[STRANGER])
    settled(ada)
    (contact,), (account,) = contacts(ada.house), accounts(ada.house)
    (event,) = ada.events("WhatId")
    assert (event["WhoId"], event["WhatId"]) == (contact["Id"], account["Id"])


def test_a_series_makes_a_stranger_known_once() -> None:
    ada = desk()
    series = ada.repeat("Weekly", WEEKLY)
    ada.invite(series, STRANGER)
    settled(ada)
    (lead,) = leads(ada.house)
    assert {event["WhoId"] for event in ada.events()} == {lead["Id"]}
    assert len(ada.events()) > 4


def test_where_somebody_is_known_only_the_mode_flexible_makes_the_others_known() -> None:
    ada = desk()
    ada.put(guests=[NORA, STRANGER])
    settled(ada)
    assert leads(ada.house) == []
    ada.house.set("ada", mail_auto_track_mode=AutoTrackMode.FLEXIBLE)
    ada.put("Demo", LATER, guests=[NORA, STRANGER])
    settled(ada)
    assert len(leads(ada.house)) == 1
    assert len(ada.events()) == 2


def test_a_mark_makes_them_known_with_saving_off() -> None:
    ada = desk(events_meetings=False)
    meeting = ada.put(guests=[STRANGER])
    settled(ada)
    assert leads(ada.house) == []
    ada.change(meeting, categories=("Salesforce",))
    settled(ada)
    assert ada.event()["WhoId"] == leads(ada.house)[0]["Id"]


def test_a_meeting_waits_until_an_account_is_at_the_domain_of_somebody_on_it() -> None:
    ada = desk(resolving=Resolving.OFF)
    ada.put(guests=[STRANGER])
    settled(ada)
    assert ada.events() == []
    willow = {"Name": "Willow", "Website": "https://www.willow.test"}
    account = ada.house.org.insert(ada.house.org.admin, "Account", willow)
    ada.house.run_for(60)
    assert [event["WhatId"] for event in ada.events("WhatId")] == [account]


@pytest.mark.parametrize("how", [PrivateEvents.HOLD, PrivateEvents.SAVE])
def test_who_is_on_a_private_meeting_stays_unknown(how: PrivateEvents) -> None:
    ada = desk(events_private=how)
    ada.put(guests=[STRANGER], sensitivity="private")
    settled(ada)
    assert leads(ada.house) == []


@pytest.mark.parametrize("address", ["info@willow.test", "ben@larch.test", "rival@elm.test", "pat@gmail.com"])
def test_of_whom_no_record_is_made(address: str) -> None:
    ada = desk(blocklist=("elm.test",), exclude_free_mail=False, events_internal=True)
    ada.put(guests=[address])
    settled(ada)
    assert leads(ada.house, address) == []


def test_a_lead_that_was_deleted_is_not_made_again_until_somebody_marks_the_item() -> None:
    ada = desk()
    ada.put(guests=[STRANGER])
    settled(ada)
    ada.house.org.delete(ada.house.org.admin, leads(ada.house)[0]["Id"])
    again = ada.put("Again", LATER, guests=[STRANGER])
    settled(ada)
    assert leads(ada.house) == []
    assert "EVENT-PERSON-DELETED" in ada.reasons()
    ada.change(again, categories=("Salesforce",))
    settled(ada)
    assert leads(ada.house) == []
    assert [event["Subject"] for event in ada.events()] == ["Again"]  # the other one went with its Lead


def test_a_required_field_is_named_and_the_meeting_is_saved_when_it_is_not_any_more(
    tmp_path: Path,
) -> None:
    ada = desk()
    require_region(ada.house, tmp_path)
    ada.put(guests=[STRANGER])
    settled(ada)
    assert any("Lead.Region__c" in said for said in sentences(ada))
    ada.house.org.setup.required("Lead", "Region__c", False)
    ada.days(1)
    settled(ada)
    assert ada.event()["WhoId"] == leads(ada.house)[0]["Id"]


def test_who_cannot_be_made_is_no_reason_to_leave_out_who_is_known(tmp_path: Path) -> None:
    ada = desk(mail_auto_track_mode=AutoTrackMode.FLEXIBLE)
    require_region(ada.house, tmp_path)
    ada.put(guests=[NORA, STRANGER])
    settled(ada)
    assert ada.event()["WhoId"] == ada.house.company.contacts[NORA]
    assert any("without a Lead" in said and "Lead.Region__c" in said for said in sentences(ada))


# -- whatever goes wrong ----------------------------------------------------------------------------------
EVERY = 12
"""Of the points of that life; SWEEP=all in the environment takes all of them."""


def lived(effects: Effects) -> tuple[Desk, int]:
    """With the number of effects until it is done."""
    ada = desk(resolving=Resolving.CONTACT)
    house = ada.house
    if effects.moment is Moment.STOPPED:
        effects.meanwhile = lambda: _second_worker(house)
    house.effects, house.ports = effects, house.new_worker(effects)
    ben = Desk(ada.house, "ben")
    ada.put(guests=[STRANGER])
    ben.put("Demo", LATER, guests=[STRANGER])
    for _ in range(3):
        try:
            ada.sync()
        except WorkerDied:
            house.restart()
            house.pass_minutes(DEATH_MINUTES)
    working = len(effects.names)
    house.run_for(SETTLE_MINUTES)
    return ada, working


def _second_worker(house: House) -> None:
    ports, house.ports = house.ports, house.new_worker()
    house.pass_minutes(DEATH_MINUTES)
    house.round()
    house.ports = ports


def test_an_accident_makes_nobody_twice_and_loses_no_meeting() -> None:
    quiet = Effects()
    _, working = lived(quiet)
    on_wire = [" /" in name for name in quiet.names[:working]]
    points = [(at, one) for at in range(working) for one in Moment if on_wire[at] or one is not Moment.LOST]
    random.Random(7).shuffle(points)
    found = []
    for at, moment in points[:: stride(EVERY)]:
        ada, _ = lived(Effects(strike_at=at, moment=moment))
        here, there = contacts(ada.house), accounts(ada.house)
        events = [*ada.events(), *Desk(ada.house, "ben").events()]
        who = {one["WhoId"] for one in events}
        if (len(here), len(there), len(events)) != (1, 1, 2) or who != {here[0]["Id"]}:
            found.append(
                f"{moment} {at}: {len(here)} Contacts, {len(there)} Accounts, {len(events)} Events, {who}"
            )
    assert found == []
